/* SPDX-License-Identifier: MIT */
#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int http_connect(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct timeval patience = { .tv_sec = 30 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	/* Else a body waits for the acknowledgement of its head. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

int http_send(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return -1;
		at += sent;
		size -= (size_t)sent;
	}
	return 0;
}

int http_send_text(int fd, const char *text)
{
	return http_send(fd, text, strlen(text));
}

/* Returns whether all of it came. */
static int receive(int fd, char *into, size_t size)
{
	while (size) {
		ssize_t received = recv(fd, into, size, 0);

		if (received < 0 && errno == EINTR)
			continue;
		if (received <= 0)
			return 0;
		into += received;
		size -= (size_t)received;
	}
	return 1;
}

/* Byte by byte: what follows the head belongs to someone else. */
static int receive_head(int fd, struct http_reply *reply)
{
	size_t size = 0;

	while (size + 1 < sizeof(reply->head) && receive(fd, reply->head + size, 1)) {
		size++;
		reply->head[size] = '\0';
		if (size >= 4 && strcmp(reply->head + size - 4, "\r\n\r\n") == 0)
			return 1;
	}
	return 0;
}

static const char *find_header(const struct http_reply *reply, const char *name)
{
	size_t length = strlen(name);
	const char *line = strstr(reply->head, "\r\n");

	for (; line; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
			return line + 2 + length + 1 + (line[2 + length + 1] == ' ');
	}
	return NULL;
}

int http_receive_head(int fd, struct http_reply *reply)
{
	*reply = (struct http_reply){ .status = 0 };
	if (receive_head(fd, reply) && strncmp(reply->head, "HTTP/1.1 ", 9) == 0)
		reply->status = atoi(reply->head + 9);
	return reply->status;
}

int http_receive(int fd, struct http_reply *reply)
{
	const char *length;

	if (!http_receive_head(fd, reply))
		return 0;
	/* "HTTP/1.1 100 Continue" only comes before the reply. */
	if (reply->status == 100)
		return http_receive(fd, reply);
	length = find_header(reply, "Content-Length");
	reply->body_size = length ? strtoul(length, NULL, 10) : 0;
	reply->body = calloc(1, reply->body_size + 1);
	if (!reply->body || !receive(fd, reply->body, reply->body_size))
		reply->status = 0;
	return reply->status;
}

int http_call(int fd, const char *method, const char *url, const char *headers, const char *body,
	      struct http_reply *reply)
{
	char head[HTTP_HEAD_SIZE];
	char length[64] = "";

	if (body)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", strlen(body));
	snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n", method, url,
		 headers, length);
	*reply = (struct http_reply){ .status = 0 };
	if (http_send_text(fd, head) || (body && http_send_text(fd, body)))
		return 0;
	return strcmp(method, "HEAD") == 0 ? http_receive_head(fd, reply) : http_receive(fd, reply);
}

int http_call_once(uint16_t port, const char *method, const char *url, const char *headers,
		   const char *body, struct http_reply *reply)
{
	int fd = http_connect(port);
	int status;

	*reply = (struct http_reply){ .status = 0 };
	if (fd < 0)
		return 0;
	status = http_call(fd, method, url, headers, body, reply);
	close(fd);
	return status;
}

int http_has_header(const struct http_reply *reply, const char *name, const char *value)
{
	const char *found = find_header(reply, name);
	size_t length = strlen(value);

	return found && strncmp(found, value, length) == 0 &&
	       strncmp(found + length, "\r\n", 2) == 0;
}

void http_reply_release(struct http_reply *reply)
{
	free(reply->body);
	*reply = (struct http_reply){ .status = 0 };
}
