/* SPDX-License-Identifier: MIT */
#include "tests/samples/notes_fixture.h"

/* ---- What the service does ---- */

static struct client *client;

static void setup(void)
{
	make_folder();
	start((const char *const[]){ "--max-body", "1000", NULL });
	client = client_new();
}

static void teardown(void)
{
	client_free(client);
	stop();
	remove_folder();
}

/* Expects the last reply to be that note. */
static void expect_note(json_int_t id, const char *title, const char *text)
{
	json_t *note = json_of(client);

	ck_assert_int_eq(json_integer_value(json_object_get(note, "id")), id);
	ck_assert_str_eq(json_string_value(json_object_get(note, "title")), title);
	ck_assert_str_eq(json_string_value(json_object_get(note, "text")), text);
	ck_assert_int_gt(json_integer_value(json_object_get(note, "created")), 1600000000);
	ck_assert_int_ge(json_integer_value(json_object_get(note, "changed")),
			 json_integer_value(json_object_get(note, "created")));
	ck_assert_uint_eq(json_object_size(note), 5);
	json_decref(note);
	ck_assert(has_header(client, "Content-Type: application/json"));
}

START_TEST(health_is_for_everyone)
{
	ck_assert_int_eq(call(client, "GET", "/health", NULL, NULL), 200);
	ck_assert_str_eq(client->body, "{\"status\":\"ok\"}");
}
END_TEST

START_TEST(a_note_is_added_read_changed_and_removed)
{
	const char *draft = "{\"title\":\"caf\xC3\xA9 \\u20ac\",\"text\":\"two\\nlines\"}";

	ck_assert_int_eq(call(client, "POST", "/notes", "ada", draft), 201);
	ck_assert(has_header(client, "Location: /notes/1"));
	expect_note(1, "caf\xC3\xA9 \xE2\x82\xAC", "two\nlines");
	ck_assert_int_eq(call(client, "GET", "/notes/1", "ada", NULL), 200);
	expect_note(1, "caf\xC3\xA9 \xE2\x82\xAC", "two\nlines");
	ck_assert_int_eq(call(client, "PUT", "/notes/1", "ada", "{\"title\":\"new\"}"), 200);
	expect_note(1, "new", "");
	ck_assert_int_eq(call(client, "GET", "/notes/1", "ada", NULL), 200);
	expect_note(1, "new", "");
	ck_assert_int_eq(call(client, "DELETE", "/notes/1", "ada", NULL), 204);
	ck_assert_str_eq(client->body, "");
	ck_assert_int_eq(call(client, "GET", "/notes/1", "ada", NULL), 404);
}
END_TEST

static void add_some(int count)
{
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
}

START_TEST(a_list_comes_page_by_page)
{
	json_t *json, *array;

	ck_assert_int_eq(call(client, "GET", "/notes", "ada", NULL), 200);
	ck_assert_str_eq(client->body, "{\"notes\":[]}");
	add_some(5);
	ck_assert_uint_eq(count_notes(client, "ada"), 5);
	ck_assert_int_eq(call(client, "GET", "/notes?after=2&limit=2", "ada", NULL), 200);
	json = json_of(client);
	array = json_object_get(json, "notes");
	ck_assert_uint_eq(json_array_size(array), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(array, 0), "id")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(array, 1), "id")), 4);
	json_decref(json);
}
END_TEST

START_TEST(users_have_their_own_notes)
{
	add_some(2);
	ck_assert_uint_eq(count_notes(client, "grace"), 0);
	ck_assert_int_eq(call(client, "GET", "/notes/1", "grace", NULL), 404);
	ck_assert_int_eq(call(client, "PUT", "/notes/1", "grace", "{\"title\":\"x\"}"), 404);
	ck_assert_int_eq(call(client, "DELETE", "/notes/1", "grace", NULL), 404);
	ck_assert_int_eq(call(client, "GET", "/notes/1", "ada", NULL), 200);
	expect_note(1, "t", "");
}
END_TEST

START_TEST(head_is_get_without_the_body)
{
	add_some(1);
	ck_assert_int_eq(call(client, "HEAD", "/notes/1", "ada", NULL), 200);
	ck_assert(has_header(client, "Content-Type: application/json"));
	ck_assert_str_eq(client->body, "");
	ck_assert_int_eq(call(client, "HEAD", "/health", NULL, NULL), 200);
	ck_assert_int_eq(call(client, "HEAD", "/notes", "ada", NULL), 200);
}
END_TEST

START_TEST(notes_outlive_the_service)
{
	add_some(3);
	stop();
	start(NULL);
	ck_assert_uint_eq(count_notes(client, "ada"), 3);
}
END_TEST

/* ---- Bad input ---- */

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* clang-format off */
static const struct {
	const char *method, *path, *user, *body;
	int status;
	const char *error;  /* as it stands in the JSON; NULL where jansson has the say */
	const char *header; /* or NULL */
} bad[] = {
	{ "GET",    "/notes",     NULL,      NULL, 401, "the header X-User is missing", "WWW-Authenticate: X-User" },
	{ "POST",   "/notes",     NULL,      "{}", 401, "the header X-User is missing", "WWW-Authenticate: X-User" },
	{ "GET",    "/notes/1",   NULL,      NULL, 401, "the header X-User is missing", "WWW-Authenticate: X-User" },
	{ "GET",    "/notes",     "",        NULL, 401, "X-User is not the name of a user", "WWW-Authenticate: X-User" },
	{ "GET",    "/notes",     "two x",   NULL, 401, "X-User is not the name of a user", "WWW-Authenticate: X-User" },
	{ "POST",   "/notes",     "ada",     NULL, 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "",   400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":", 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"t\"}}", 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"\xFF\xFE\"}", 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "\xFF", 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"\\ud800\"}", 400, NULL, NULL },
	{ "POST",   "/notes",     "ada",     "[1]", 400, "the body is not a JSON object", NULL },
	{ "POST",   "/notes",     "ada",     "{}", 400, "title is missing", NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":5}", 400, "title is not a string", NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"\"}", 400, "title is empty", NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"" HUNDRED HUNDRED "!\"}", 400,
						"title is longer than 200 characters", NULL },
	{ "POST",   "/notes",     "ada",     "{\"title\":\"t\",\"text\":1}", 400, "text is not a string", NULL },
	{ "PUT",    "/notes/1",   "ada",     "{\"title\":\"\"}", 400, "title is empty", NULL },
	{ "PUT",    "/notes/1",   "ada",     "{", 400, NULL, NULL },
	{ "PUT",    "/notes/1",   "ada",     "{\"title\":\"t\"}", 404, "no such note", NULL },
	{ "GET",    "/notes/1",   "ada",     NULL, 404, "no such note", NULL },
	{ "DELETE", "/notes/1",   "ada",     NULL, 404, "no such note", NULL },
	{ "GET",    "/notes/0",   "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes/-1",  "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes/x",   "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes/1x",  "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes/",    "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes/9223372036854775807", "ada", NULL, 404, "no such note", NULL },
	{ "GET",    "/notes/9223372036854775808", "ada", NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/",          "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notesx",    "ada",     NULL, 404, "there is nothing at this path", NULL },
	{ "GET",    "/notes?limit=0",    "ada", NULL, 400, "limit is not from 1 to 1000", NULL },
	{ "GET",    "/notes?limit=1001", "ada", NULL, 400, "limit is not from 1 to 1000", NULL },
	{ "GET",    "/notes?limit=",     "ada", NULL, 400, "limit is not from 1 to 1000", NULL },
	{ "GET",    "/notes?after=x",    "ada", NULL, 400, "after is not the id of a note", NULL },
	{ "PUT",    "/notes",     "ada",     "{}", 405, "this path does not take that method", "Allow: GET, HEAD, POST" },
	{ "DELETE", "/notes",     "ada",     NULL, 405, "this path does not take that method", "Allow: GET, HEAD, POST" },
	{ "POST",   "/notes/1",   "ada",     "{}", 405, "this path does not take that method", "Allow: GET, HEAD, PUT, DELETE" },
	{ "POST",   "/health",    NULL,      "{}", 405, "this path does not take that method", "Allow: GET, HEAD" },
	{ "POST",   "/notes",     "ada",     HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
					     HUNDRED HUNDRED HUNDRED "!", 413, "the body is larger than 1000 bytes", NULL },
};
/* clang-format on */

/* In one run of the service: whatever it is sent, the next request finds it well. */
START_TEST(bad_input_is_told_what_is_wrong_and_changes_nothing)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		long status = call(client, bad[i].method, bad[i].path, bad[i].user, bad[i].body);

		ck_assert_msg(status == bad[i].status, "%s %s %s: %ld %s", bad[i].method,
			      bad[i].path, bad[i].body ? bad[i].body : "", status, client->body);
		if (bad[i].error)
			expect_error(client, bad[i].error);
		else
			ck_assert_ptr_nonnull(
				strstr(client->body, "{\"error\":\"malformed JSON at line 1"));
		if (bad[i].header)
			ck_assert(has_header(client, bad[i].header));
		json_decref(json_of(client));
		ck_assert_uint_eq(count_notes(client, "ada"), 0);
	}
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"good\"}"), 201);
	expect_note(1, "good", "");
	ck_assert(!logged("notes:"));
}
END_TEST

/* ---- Clients that do not speak HTTP, or stop in the middle of it ---- */

static const char *const pieces[] = {
	"",
	"\r\n",
	"\x16\x03\x01\x02\x00\x01\x00\x01",
	"GET",
	"GET /notes HTTP/1.1\r\nX-User: ada\r\n",
	"BREW /notes HTTP/1.1\r\nHost: x\r\nX-User: ada\r\n\r\n",
	"POST /notes HTTP/1.1\r\nHost: x\r\nX-User: ada\r\nContent-Length: 50\r\n\r\n{\"title\"",
	"POST /notes HTTP/1.1\r\nHost: x\r\nX-User: ada\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n",
	"POST /notes HTTP/1.1\r\nHost: x\r\nX-User: ada\r\nContent-Length: -1\r\n\r\n",
	"POST /notes HTTP/1.1\r\nHost: x\r\nX-User: a\x01z\r\nContent-Length: 0\r\n\r\n",
};

START_TEST(half_requests_and_garbage_change_nothing)
{
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		int fd = http_connect(port);

		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(http_send_text(fd, pieces[i]), 0);
		close(fd);
		ck_assert_uint_eq(count_notes(client, "ada"), 0);
	}
}
END_TEST

START_TEST(an_unknown_method_is_a_405)
{
	struct http_reply reply;

	ck_assert_int_eq(http_call_once(port, "BREW", "/notes", "X-User: ada\r\n", NULL, &reply),
			 405);
	ck_assert(http_has_header(&reply, "Allow", "GET, HEAD, POST"));
	http_reply_release(&reply);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("samples/notes");
	TCase *service_case = tcase_create("service");
	TCase *input = tcase_create("input");

	tcase_add_checked_fixture(service_case, setup, teardown);
	tcase_add_checked_fixture(input, setup, teardown);
	tcase_set_timeout(service_case, 120);
	tcase_set_timeout(input, 120);
	tcase_add_test(service_case, health_is_for_everyone);
	tcase_add_test(service_case, a_note_is_added_read_changed_and_removed);
	tcase_add_test(service_case, a_list_comes_page_by_page);
	tcase_add_test(service_case, users_have_their_own_notes);
	tcase_add_test(service_case, head_is_get_without_the_body);
	tcase_add_test(service_case, notes_outlive_the_service);
	tcase_add_test(input, bad_input_is_told_what_is_wrong_and_changes_nothing);
	tcase_add_test(input, half_requests_and_garbage_change_nothing);
	tcase_add_test(input, an_unknown_method_is_a_405);
	suite_add_tcase(suite, service_case);
	suite_add_tcase(suite, input);
	return suite;
}

int main(void)
{
	int status;

	curl_global_init(CURL_GLOBAL_ALL);
	status = di_check_run(suite());
	curl_global_cleanup();
	return status;
}
