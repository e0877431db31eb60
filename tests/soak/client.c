/* SPDX-License-Identifier: MIT */
#include "tests/soak/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 40000,
	COMPLAINTS_MAX = 20
};

int64_t now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void complain(const struct client *client, const char *what)
{
	static int complaints;
	const struct expected *expected = &client->script.expected[client->met];

	if (complaints++ >= COMPLAINTS_MAX)
		return;
	fprintf(stderr, "garbage: %s, step %d: %s; expected %d and '%s', read '%.300s'\n",
		client->plan->name, client->step, what, expected->status, expected->text,
		client->reply);
}

static void reset_at_close(int fd)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void end(struct client *client)
{
	close(client->fd);
	client->fd = -1;
	client->state = IDLE;
}

static void leave(struct client *client)
{
	if (client->script.leaving == LEAVE_RESETTING)
		reset_at_close(client->fd);
	end(client);
}

/* The service has closed the connection: whether what was asked for was done is not known. */
static void lose(struct client *client, struct tally *tally)
{
	for (; client->met < client->script.expecting; client->met++) {
		enum effect effect = client->script.expected[client->met].effect;

		tally->lost++;
		tally->added_maybe += effect == ADDS_A_NOTE;
		tally->removed_maybe += effect == REMOVES_A_NOTE;
	}
	end(client);
}

static void write_script(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;

	/* Not all of it: the text is large. */
	script->size = script->piece = 0;
	script->pause_ms = script->expecting = script->deaf = script->hold_ms = 0;
	script->leaving = LEAVE_CLOSING;
	client->plan->write(client, seed);
	client->sent = client->received = 0;
	client->met = 0;
	client->reply[0] = '\0';
	client->late_ms = now_ms() + PATIENCE_MS;
}

/* ---- Replies ---- */

static const char *find_header(const char *head, const char *name)
{
	size_t length = strlen(name);
	const char *line = strstr(head, "\r\n");

	for (; line && strncmp(line, "\r\n\r\n", 4) != 0; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
			return line + 2 + length + 1;
	}
	return NULL;
}

/* The size of the first reply, or 0 while it is not complete. */
static size_t reply_size(const struct client *client, int bare)
{
	const char *end = strstr(client->reply, "\r\n\r\n");
	const char *length;
	size_t size;

	if (!end)
		return 0;
	size = (size_t)(end + 4 - client->reply);
	length = bare ? NULL : find_header(client->reply, "Content-Length");
	if (length)
		size += strtoul(length, NULL, 10);
	return size <= client->received ? size : 0;
}

static int reply_status(const struct client *client)
{
	return strncmp(client->reply, "HTTP/1.1 ", 9) == 0 ? atoi(client->reply + 9) : 0;
}

static void remember_id(struct client *client)
{
	const char *location = find_header(client->reply, "Location");
	const char *id = location ? strstr(location, "/notes/") : NULL;

	if (id)
		client->id = strtoull(id + strlen("/notes/"), NULL, 10);
}

/* Returns whether it was the expected one. */
static int judge(struct client *client, size_t size, struct tally *tally)
{
	const struct expected *expected = &client->script.expected[client->met];
	char after = client->reply[size];
	int right;

	client->reply[size] = '\0';
	right = reply_status(client) == expected->status && strstr(client->reply, expected->text);
	if (right) {
		remember_id(client);
		tally->answers++;
		tally->added += expected->effect == ADDS_A_NOTE;
		tally->removed += expected->effect == REMOVES_A_NOTE;
	} else {
		tally->wrong++;
		complain(client, "the wrong reply");
	}
	client->reply[size] = after;
	return right;
}

static void forget(struct client *client, size_t size)
{
	memmove(client->reply, client->reply + size, client->received - size + 1);
	client->received -= size;
}

/* Takes the complete replies that have come. Returns 0 if one was wrong. */
static int take_replies(struct client *client, struct tally *tally)
{
	const struct script *script = &client->script;
	size_t size;

	while (client->met < script->expecting &&
	       (size = reply_size(client, script->expected[client->met].bare)) > 0) {
		if (reply_status(client) != 100) {
			if (!judge(client, size, tally))
				return 0;
			client->met++;
		}
		forget(client, size);
	}
	if (client->received == REPLY_SIZE && client->met < script->expecting) {
		tally->wrong++;
		complain(client, "a reply without end");
		return 0;
	}
	return 1;
}

/* ---- Moving ---- */

enum moved {
	GOES_ON,
	IS_CLOSED /* by the service */
};

static enum moved receive(struct client *client)
{
	for (;;) {
		ssize_t size;

		/* What nobody expects is read and forgotten. */
		if (client->met == client->script.expecting)
			client->received = 0;
		if (client->received == REPLY_SIZE)
			return GOES_ON;
		size = recv(client->fd, client->reply + client->received,
			    REPLY_SIZE - client->received, 0);
		if (size == 0)
			return IS_CLOSED;
		if (size < 0)
			return errno == EAGAIN || errno == EINTR ? GOES_ON : IS_CLOSED;
		client->received += (size_t)size;
		client->reply[client->received] = '\0';
	}
}

static void send_some(struct client *client)
{
	const struct script *script = &client->script;

	while (client->sent < script->size && now_ms() >= client->due_ms) {
		size_t size = script->size - client->sent;
		ssize_t sent;

		if (script->piece && size > script->piece)
			size = script->piece;
		sent = send(client->fd, script->text + client->sent, size, MSG_NOSIGNAL);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		/* Why nothing more is taken is told by reading. */
		client->sent = sent < 0 ? script->size : client->sent + (size_t)sent;
		if (client->sent < script->size && script->pause_ms)
			client->due_ms = now_ms() + script->pause_ms;
	}
}

static void hold(struct client *client)
{
	const struct script *script = &client->script;

	if (script->leaving == LEAVE_SHUT)
		shutdown(client->fd, SHUT_WR);
	client->state = HOLDING;
	client->due_ms = now_ms() + script->hold_ms;
}

/* Goes as far as it can without the service. */
static void go_on(struct client *client, uint64_t *seed)
{
	const struct script *script = &client->script;

	if (client->state == SENDING && client->sent == script->size)
		client->state = LISTENING;
	if (client->state == LISTENING && client->met == script->expecting) {
		if (script->expecting && ++client->step < client->steps) {
			write_script(client, seed);
			client->state = SENDING;
			client->due_ms = 0;
		} else {
			hold(client);
		}
	}
	if (client->state == HOLDING && now_ms() >= client->due_ms)
		leave(client);
}

static int connection_error(const struct client *client)
{
	int error = 0;
	socklen_t size = sizeof(error);

	getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error;
}

static void is_connected(struct client *client, struct tally *tally)
{
	int error = connection_error(client);

	if (error == 0) {
		client->state = SENDING;
		return;
	}
	tally->gone |= error == ECONNREFUSED;
	end(client);
}

void client_begin(struct client *client, const struct plan *plan, uint16_t port, uint64_t serial,
		  uint64_t *seed, struct tally *tally)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (client->fd < 0)
		return;
	fcntl(client->fd, F_SETFL, O_NONBLOCK);
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(client->fd, (const struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS) {
		tally->gone |= errno == ECONNREFUSED;
		end(client);
		return;
	}
	client->plan = plan;
	client->state = CONNECTING;
	client->step = 0;
	client->steps = plan->steps;
	client->serial = serial;
	client->due_ms = 0;
	write_script(client, seed);
}

short client_events(const struct client *client)
{
	if (client->state == CONNECTING)
		return POLLOUT;
	if (client->state == SENDING && now_ms() >= client->due_ms)
		return client->script.deaf ? POLLOUT : POLLIN | POLLOUT;
	return client->script.deaf ? 0 : POLLIN;
}

static void time_out(struct client *client, struct tally *tally)
{
	tally->late += (unsigned)(client->script.expecting - client->met);
	complain(client, "no reply for long");
	end(client);
}

void client_move(struct client *client, short events, uint64_t *seed, struct tally *tally)
{
	enum moved moved = GOES_ON;

	if (client->state == CONNECTING) {
		if (events)
			is_connected(client, tally);
	} else if (client->script.deaf) {
		/* It does not see that its connection has ended, either. */
		moved = events & (POLLERR | POLLHUP) ? IS_CLOSED : GOES_ON;
	} else if (events) {
		moved = receive(client);
		if (!take_replies(client, tally)) {
			end(client);
			return;
		}
	}
	if (client->state == SENDING)
		send_some(client);
	if (moved == IS_CLOSED)
		lose(client, tally);
	else if (client->state > CONNECTING)
		go_on(client, seed);
	if (client->state == SENDING || client->state == LISTENING)
		if (client->met < client->script.expecting && now_ms() >= client->late_ms)
			time_out(client, tally);
}

void client_wind_up(struct client *client)
{
	if (client->state == IDLE)
		return;
	client->steps = client->step + 1;
	client->script.hold_ms = 0;
	if (client->met == client->script.expecting)
		leave(client);
}
