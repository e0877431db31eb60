/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <integrations/microhttpd/microhttpd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/**
 * Serves what the counter of each request counts, asks once over a socket, and prints the answer.
 */

static enum di_status count(void *data, struct di_context *context,
			    const struct di_mhd_request *http, struct di_mhd_reply *reply,
			    struct di_error *err)
{
	char text[64];
	int counted = app_count(context, err);

	(void)data;
	if (counted < 0)
		return err->status;
	snprintf(text, sizeof(text), "%s %s counted to %d\n", http->method, http->url, counted);
	if (di_mhd_reply_body(reply, "text/plain", text, strlen(text)) != 0)
		return DI_ENOMEM;
	return DI_OK;
}

/* Writes the whole answer of the server at port to text. */
static void ask(uint16_t port, char *text, size_t size)
{
	static const char request[] =
		"GET /here HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int connection = socket(AF_INET, SOCK_STREAM, 0);
	size_t length = 0;
	ssize_t got;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(connection, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	    write(connection, request, strlen(request)) == (ssize_t)strlen(request)) {
		while (length < size - 1 &&
		       (got = read(connection, text + length, size - 1 - length)) > 0)
			length += (size_t)got;
	}
	text[length] = '\0';
	close(connection);
}

int main(void)
{
	struct di_error err;
	struct di_mhd_options options = { .abi = DI_ABI, .handle = count };
	struct di_container *container = di_container_new(&app, NULL, &err);
	struct di_mhd *mhd = di_mhd_new(di_container_root(container), &options, &err);
	char text[1024];
	const char *body;

	if (mhd == NULL || di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL) != 0)
		return 1;
	ask(di_mhd_port(mhd), text, sizeof(text));
	if (di_mhd_stop(mhd, 60000) != 0 || counters_alive() != 0)
		return 2;
	di_mhd_free(mhd);
	if (di_container_free(container, &err) != DI_OK)
		return 3;
	body = strstr(text, "\r\n\r\n");
	if (body == NULL)
		return 4;
	fputs(body + 4, stdout);
	return 0;
}
