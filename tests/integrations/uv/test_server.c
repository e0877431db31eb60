/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

#include <arpa/inet.h>

/*
 * A server and its clients on one loop. Each line that a client sends is a request with a context
 * of its own, whose session is made and ended asynchronously; the reply is sent when the context is
 * closed.
 */

enum {
	LINE_MAX_ = 64,
	CLIENTS = 5,
	LINES = 4
};

/* ---- The application ---- */

struct session {
	struct di_call *call;
	enum di_outcome outcome;
};

static int begun, ended[3];
static struct session sessions[CLIENTS * LINES];

static int session_new(struct di_call *call);
static int session_end(struct di_call *call, struct session *session, enum di_outcome outcome);

/* clang-format off */
#define WEB(X) \
	X(async_context_resource, web_session, struct session, (session_new), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(web, WEB);

static void session_is_there(void *data, const struct di_error *err)
{
	struct session *session = data;

	web_session_complete(session->call, err != NULL ? ECANCELED : 0, session);
}

static void give_up(void *data, struct di_call *call)
{
	(void)data;
	web_session_complete(call, ECANCELED, NULL);
}

/* It takes a moment; that of a client who says so, for ever. */
static int session_new(struct di_call *call)
{
	struct session *session = &sessions[begun++];

	session->call = call;
	if (strcmp(seen_user_get(), "wait") == 0)
		di_call_on_cancel(call, give_up, NULL);
	else if (di_uv_timer(uv, 1, 0, session_is_there, session, NULL) == NULL)
		return ENOMEM;
	return DI_PENDING;
}

static void session_is_over(void *data, const struct di_error *err)
{
	struct session *session = data;

	ended[session->outcome]++;
	di_call_end(session->call, err != NULL ? ECANCELED : 0);
}

static int session_end(struct di_call *call, struct session *session, enum di_outcome outcome)
{
	session->call = call;
	session->outcome = outcome;
	return di_uv_timer(uv, 1, 0, session_is_over, session, NULL) != NULL ? DI_PENDING : ENOMEM;
}

DI_CONTAINER_DEFINE(web, WEB);

/* ---- The server ---- */

struct connection {
	uv_tcp_t tcp;
	uv_write_t writing;
	char line[LINE_MAX_];
	size_t size;
	char reply[LINE_MAX_ + 16];
	struct di_context *context;
	struct di_uv_request *asking;
	int gone;
};

static uv_tcp_t listener;
static struct connection connections[CLIENTS];
static int accepted, requests_closed;

static void read_more(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct connection *connection = (struct connection *)(void *)handle;

	(void)suggested;
	*buffer = uv_buf_init(connection->line + connection->size,
			      (unsigned)(sizeof(connection->line) - connection->size));
}

static void written(uv_write_t *writing, int status)
{
	(void)writing;
	ck_assert_int_eq(status, 0);
}

static void reply_to(struct connection *connection)
{
	uv_buf_t buffer = uv_buf_init(connection->reply, (unsigned)strlen(connection->reply));

	connection->size = 0;
	uv_write(&connection->writing, (uv_stream_t *)&connection->tcp, &buffer, 1, written);
}

static void request_is_closed(void *data, enum di_status status, const struct di_error *err)
{
	struct connection *connection = data;

	ck_assert_msg(status == DI_OK, "%s", err != NULL ? err->detail : "");
	requests_closed++;
	connection->context = NULL;
	if (connection->gone)
		uv_close((uv_handle_t *)&connection->tcp, NULL);
	else
		reply_to(connection);
}

static void handle(struct connection *connection, const struct session *session)
{
	enum di_outcome outcome = strcmp(connection->line, "bad") == 0 ? DI_FAILED : DI_DONE;

	ck_assert_ptr_eq(di_context_current(&web), connection->context);
	ck_assert_str_eq(seen_user_get(), connection->line);
	snprintf(connection->reply, sizeof(connection->reply), "%s %s\n", connection->line,
		 outcome == DI_DONE ? "done" : "failed");
	if (session == NULL)
		outcome = DI_CANCELLED;
	ck_assert_int_eq(di_context_leave(connection->context, NULL), DI_OK);
	ck_assert_int_eq(di_uv_context_close(uv, connection->context, outcome, request_is_closed,
					     connection, NULL),
			 DI_OK);
}

static void session_answered(void *data, void *value, const struct di_error *err)
{
	struct connection *connection = data;

	connection->asking = NULL;
	ck_assert_int_eq(err != NULL, connection->gone);
	handle(connection, value);
}

static void begin_request(struct connection *connection)
{
	connection->context = open_in(root, &di_scope_request);
	enter_as(connection->context, connection->line);
	connection->asking = di_uv_get(uv, connection->context, &web_session, 60000,
				       session_answered, connection, &error);
	leave_again(connection->context);
	ck_assert_ptr_nonnull(connection->asking);
}

static void end_connection(struct connection *connection)
{
	connection->gone = 1;
	if (connection->context == NULL)
		uv_close((uv_handle_t *)&connection->tcp, NULL);
	else if (connection->asking != NULL)
		di_uv_cancel(connection->asking);
}

static void read_more(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct connection *connection = (struct connection *)(void *)stream;
	char *end;

	(void)buffer;
	if (count < 0) {
		uv_read_stop(stream);
		end_connection(connection);
		return;
	}
	connection->size += (size_t)count;
	end = memchr(connection->line, '\n', connection->size);
	if (end == NULL)
		return;
	*end = '\0';
	begin_request(connection);
}

static void accept_one(uv_stream_t *server, int status)
{
	struct connection *connection = &connections[accepted++];

	ck_assert_int_eq(status, 0);
	*connection = (struct connection){ .size = 0 };
	uv_tcp_init(&loop, &connection->tcp);
	ck_assert_int_eq(uv_accept(server, (uv_stream_t *)&connection->tcp), 0);
	uv_read_start((uv_stream_t *)&connection->tcp, give_buffer, read_more);
}

static struct sockaddr_in listen_somewhere(void)
{
	struct sockaddr_in address;
	int size = sizeof(address);

	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_init(&loop, &listener);
	ck_assert_int_eq(uv_tcp_bind(&listener, (struct sockaddr *)&address, 0), 0);
	ck_assert_int_eq(uv_listen((uv_stream_t *)&listener, CLIENTS, accept_one), 0);
	ck_assert_int_eq(uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &size), 0);
	return address;
}

/* ---- Clients ---- */

struct client {
	uv_tcp_t tcp;
	uv_connect_t connecting;
	uv_write_t writing;
	const char
		*lines[LINES + 1]; /* NULL ends them; "wait" is sent, and its answer not awaited */
	int sent;
	char line[LINE_MAX_];
	char replies[LINES * LINE_MAX_];
};

static struct client clients[CLIENTS];
static int clients_open;

static void client_closed(uv_handle_t *handle)
{
	(void)handle;
	if (--clients_open == 0)
		uv_close((uv_handle_t *)&listener, NULL);
}

static void leave_server(uv_write_t *writing, int status)
{
	struct client *client = writing->data;

	ck_assert_int_eq(status, 0);
	uv_close((uv_handle_t *)&client->tcp, client_closed);
}

static void send_next(struct client *client)
{
	const char *line = client->lines[client->sent];
	uv_buf_t buffers[2];

	if (line == NULL) {
		uv_close((uv_handle_t *)&client->tcp, client_closed);
		return;
	}
	client->sent++;
	client->writing.data = client;
	snprintf(client->line, sizeof(client->line), "%s\n", line);
	buffers[0] = uv_buf_init(client->line, (unsigned)strlen(client->line));
	uv_write(&client->writing, (uv_stream_t *)&client->tcp, buffers, 1,
		 strcmp(line, "wait") == 0 ? leave_server : written);
}

static void give_client_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct client *client = (struct client *)(void *)handle;
	size_t used = strlen(client->replies);

	(void)suggested;
	*buffer =
		uv_buf_init(client->replies + used, (unsigned)(sizeof(client->replies) - 1 - used));
}

static void read_reply(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct client *client = (struct client *)(void *)stream;

	ck_assert_int_gt(count, 0);
	buffer->base[count] = '\0';
	if (buffer->base[count - 1] == '\n')
		send_next(client);
}

static void connected(uv_connect_t *connecting, int status)
{
	struct client *client = connecting->data;

	ck_assert_int_eq(status, 0);
	uv_read_start((uv_stream_t *)&client->tcp, give_client_buffer, read_reply);
	send_next(client);
}

static void connect_client(int number, const struct sockaddr_in *address,
			   const char *const lines[LINES])
{
	struct client *client = &clients[number];

	*client = (struct client){ .sent = 0 };
	memcpy(client->lines, lines, LINES * sizeof(lines[0]));
	client->connecting.data = client;
	clients_open++;
	uv_tcp_init(&loop, &client->tcp);
	ck_assert_int_eq(uv_tcp_connect(&client->connecting, &client->tcp,
					(const struct sockaddr *)address, connected),
			 0);
}

/* ---- Tests ---- */

static void setup(void)
{
	begun = accepted = clients_open = requests_closed = 0;
	memset(ended, 0, sizeof(ended));
	begin_with(&web);
}

START_TEST(each_request_has_a_context_whose_session_learns_the_outcome)
{
	static const char *const lines[LINES] = { "hello", "bad", "again", "bad" };
	struct sockaddr_in address = listen_somewhere();
	int i;

	for (i = 0; i < CLIENTS; i++)
		connect_client(i, &address, lines);
	run_loop();
	for (i = 0; i < CLIENTS; i++)
		ck_assert_str_eq(clients[i].replies,
				 "hello done\nbad failed\nagain done\nbad failed\n");
	ck_assert_int_eq(begun, CLIENTS * LINES);
	ck_assert_int_eq(requests_closed, CLIENTS * LINES);
	ck_assert_int_eq(ended[DI_DONE], CLIENTS * 2);
	ck_assert_int_eq(ended[DI_FAILED], CLIENTS * 2);
	container_free_expect(DI_OK);
	end_loop();
}
END_TEST

START_TEST(a_client_that_goes_away_cancels_what_is_being_made_for_it)
{
	static const char *const patient[LINES] = { "hello", "again" };
	static const char *const hasty[LINES] = { "hello", "wait" };
	struct sockaddr_in address = listen_somewhere();

	connect_client(0, &address, patient);
	connect_client(1, &address, hasty);
	run_loop();
	ck_assert_str_eq(clients[0].replies, "hello done\nagain done\n");
	ck_assert_str_eq(clients[1].replies, "hello done\n");
	ck_assert_int_eq(begun, 4);
	ck_assert_int_eq(requests_closed, 4);
	ck_assert_int_eq(ended[DI_DONE], 3);
	container_free_expect(DI_OK);
	end_loop();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/server");
	TCase *tcase = tcase_create("server");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, each_request_has_a_context_whose_session_learns_the_outcome);
	tcase_add_test(tcase, a_client_that_goes_away_cancels_what_is_being_made_for_it);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
