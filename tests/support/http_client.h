/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_HTTP_CLIENT_H
#define DI_TESTS_HTTP_CLIENT_H

/**
 * HTTP byte by byte, to 127.0.0.1: for what well-behaved clients do not send.
 *
 * Nothing here asserts, so that any thread may use it. A server that does not answer for half a
 * minute counts as one that has closed the connection.
 */

#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_HEAD_SIZE = 4096
};

/** One reply. Release it with http_reply_release(); zeroed is legal. */
struct http_reply {
	int status;                /**< 0: the connection ended before a whole reply came */
	char head[HTTP_HEAD_SIZE]; /**< status line and headers, each line with its "\r\n" */
	char *body;                /**< with a NUL behind it, or NULL */
	size_t body_size;
};

/** Returns a connected socket, or -1. */
int http_connect(uint16_t port);

/** Sends the bytes as they are. Returns 0, or -1 if the other side is gone. */
int http_send(int fd, const void *bytes, size_t size);
int http_send_text(int fd, const char *text);

/** Reads one reply whose length is told, and nothing behind it. Returns its status. */
int http_receive(int fd, struct http_reply *reply);

/** Like http_receive(), for a reply without body: to HEAD. */
int http_receive_head(int fd, struct http_reply *reply);

/** Sends a request, body NULL for none, and reads the reply. Each header ends with "\r\n". */
int http_call(int fd, const char *method, const char *url, const char *headers, const char *body,
	      struct http_reply *reply);

/** The same on a connection of its own. */
int http_call_once(uint16_t port, const char *method, const char *url, const char *headers,
		   const char *body, struct http_reply *reply);

/** Whether the reply has that header with exactly that value. */
int http_has_header(const struct http_reply *reply, const char *name, const char *value);

void http_reply_release(struct http_reply *reply);

#endif
