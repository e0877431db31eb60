/* SPDX-License-Identifier: MIT */
#include "tests/samples/notes_fixture.h"

#include <pthread.h>
#include <sqlite3.h>

static struct client *client;

static void setup(void)
{
	make_folder();
	client = client_new();
}

static void teardown(void)
{
	client_free(client);
	remove_folder();
}

/* ---- The database is in someone else's hands ---- */

static sqlite3 *open_database(void)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(db_path, &db), SQLITE_OK);
	return db;
}

static void execute(sqlite3 *db, const char *text)
{
	ck_assert_int_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
}

static void expect_busy(long status)
{
	ck_assert_int_eq(status, 503);
	expect_error(client, "the database is busy, try again");
	ck_assert(has_header(client, "Retry-After: 1"));
}

START_TEST(a_locked_database_is_a_503_for_writers_only)
{
	sqlite3 *db;

	start((const char *const[]){ "--busy-timeout", "20", NULL });
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
	db = open_database();
	execute(db, "BEGIN IMMEDIATE");
	expect_busy(call(client, "POST", "/notes", "ada", "{\"title\":\"u\"}"));
	expect_busy(call(client, "PUT", "/notes/1", "ada", "{\"title\":\"u\"}"));
	expect_busy(call(client, "DELETE", "/notes/1", "ada", NULL));
	ck_assert_uint_eq(count_notes(client, "ada"), 1);
	execute(db, "ROLLBACK");
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"v\"}"), 201);
	ck_assert_uint_eq(count_notes(client, "ada"), 2);
	sqlite3_close(db);
	stop();
}
END_TEST

/* With a rollback journal a reader keeps a writer from committing, but not from writing. */
START_TEST(a_failing_commit_is_a_503_and_leaves_nothing)
{
	sqlite3 *db;

	start((const char *const[]){ "--journal", "delete", "--busy-timeout", "20", "--verbose",
				     NULL });
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
	db = open_database();
	execute(db, "BEGIN; SELECT * FROM note");
	expect_busy(call(client, "POST", "/notes", "ada", "{\"title\":\"u\"}"));
	ck_assert(told("session_end failed for notes_session: Device or resource busy"));
	execute(db, "COMMIT");
	ck_assert_uint_eq(count_notes(client, "ada"), 1);
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"v\"}"), 201);
	ck_assert_uint_eq(count_notes(client, "ada"), 2);
	sqlite3_close(db);
	stop();
}
END_TEST

START_TEST(a_failing_constructor_is_a_500_that_keeps_its_reason_to_the_log)
{
	char moved[320];

	snprintf(moved, sizeof(moved), "%s/moved.db", folder);
	start((const char *const[]){ "--journal", "delete", NULL });
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
	ck_assert_int_eq(rename(db_path, moved), 0);
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"u\"}"), 500);
	expect_error(client, "internal error");
	ck_assert_int_eq(call(client, "GET", "/notes", "ada", NULL), 500);
	expect_error(client, "internal error");
	ck_assert(told("notes: POST /notes: session_begin failed for notes_session: Stale file "
		       "handle (notes_session <- notes_add)\n"));
	ck_assert(told("notes: GET /notes: session_begin failed for notes_session: Stale file "
		       "handle (notes_session <- notes_query <- notes_list)\n"));
	ck_assert_int_eq(call(client, "GET", "/health", NULL, NULL), 200);
	ck_assert_int_eq(rename(moved, db_path), 0);
	ck_assert_uint_eq(count_notes(client, "ada"), 1);
	stop();
}
END_TEST

/* ---- Starting ---- */

/* Runs the program to its end; what it said on its standard error can be asked for by logged(). */
static int run(const char *const *arguments)
{
	launch(arguments);
	return program_end(&service, 0);
}

START_TEST(a_database_that_cannot_be_made_keeps_the_service_from_starting)
{
	ck_assert_int_eq(
		run((const char *const[]){ "--port", "0", "--db", "/nonexistent/notes.db", NULL }),
		1);
	ck_assert(logged("notes: cannot start: "));
	ck_assert(told("notes: cannot start: store_open failed for notes_store: No such file or "
		       "directory\n"));
}
END_TEST

START_TEST(a_file_that_is_no_database_keeps_the_service_from_starting)
{
	FILE *file = fopen(db_path, "w");

	for (int i = 0; i < 1000; i++)
		fputs("this is no database\n", file);
	fclose(file);
	ck_assert_int_eq(run((const char *const[]){ "--port", "0", "--db", db_path, NULL }), 1);
	ck_assert(told("store_open failed for notes_store: Bad message"));
}
END_TEST

START_TEST(a_port_in_use_is_told)
{
	char text[16];
	struct program first;

	start(NULL);
	first = service;
	snprintf(text, sizeof(text), "%d", (int)port);
	ck_assert_int_eq(run((const char *const[]){ "--port", text, "--db", db_path, NULL }), 1);
	ck_assert(logged(": Address already in use\n"));
	service = first;
	stop();
}
END_TEST

/* clang-format off */
static const struct {
	const char *arguments[3];
	int status;
	const char *text;
} lines[] = {
	{ { "--port", "65536" },     2, "notes: --port takes a number from 0 to 65535, not '65536'\n" },
	{ { "--port", "x" },         2, "notes: --port takes a number" },
	{ { "--threads", "0" },      2, "notes: --threads takes a number from 1 to 1024, not '0'\n" },
	{ { "--max-body", "" },      2, "notes: --max-body takes a number" },
	{ { "--busy-timeout", "-1" }, 2, "notes: --busy-timeout takes a number" },
	{ { "--journal", "off" },    2, "notes: --journal takes wal or delete, not 'off'\n" },
	{ { "--unknown" },           2, "Try 'notes --help'.\n" },
	{ { "--port" },              2, "Try 'notes --help'.\n" },
	{ { "argument" },            2, "notes: no argument is taken, but there is 'argument'\n" },
	{ { "--help" },              0, "" },
	{ { "--version" },           0, "" },
};
/* clang-format on */

START_TEST(the_command_line_is_checked)
{
	ck_assert_int_eq(run(lines[_i].arguments), lines[_i].status);
	ck_assert(logged(lines[_i].text));
}
END_TEST

START_TEST(an_address_that_is_none_is_told)
{
	ck_assert_int_eq(run((const char *const[]){ "--listen", "nowhere", "--db", db_path, NULL }),
			 1);
	ck_assert(logged("notes: cannot listen on nowhere:8080: "));
}
END_TEST

/* ---- What is made and torn down ---- */

/* clang-format off */
static const char story[] =
	"app 1: opened\n"
	"app 1: created notes_store\n"
	"request 2: opened\n"
	"request 2: created notes_session\n"
	"app 1: created notes_clock\n"
	"request 2: torn down notes_session (done)\n"
	"request 2: torn down a deferred call (done)\n"
	"request 2: closed (done)\n"
	"request 3: opened\n"
	"inject 4: opened\n"
	"request 3: created notes_session\n"
	"inject 4: created notes_query\n"
	"inject 4: torn down notes_query (done)\n"
	"inject 4: closed (done)\n"
	"request 3: torn down notes_session (done)\n"
	"request 3: torn down a deferred call (done)\n"
	"request 3: closed (done)\n"
	"request 5: opened\n"
	"request 5: created notes_session\n"
	"request 5: torn down notes_session (failed)\n"
	"request 5: torn down a deferred call (failed)\n"
	"request 5: closed (failed)\n"
	"request 6: opened\n"
	"request 6: closed (cancelled)\n"
	"app 1: torn down notes_clock (done)\n"
	"app 1: torn down notes_store (done)\n"
	"app 1: closed (done)\n"
	"contexts opened 6, closed 6\n";
/* clang-format on */

START_TEST(verbose_tells_what_happens_in_its_exact_order)
{
	struct http_reply reply;
	char *log;
	int fd;

	if (other_program()) {
		di_check_skip("samples/notes/service", "the program has no container");
		return;
	}
	start((const char *const[]){ "--threads", "1", "--verbose", NULL });
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
	ck_assert_int_eq(call(client, "GET", "/notes", "ada", NULL), 200);
	ck_assert_int_eq(call(client, "GET", "/notes/7", "ada", NULL), 404);
	fd = http_connect(port);
	http_send_text(fd, "POST /notes HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
			   "Expect: 100-continue\r\n\r\n");
	ck_assert_int_eq(http_receive_head(fd, &reply), 100);
	close(fd);
	stop();
	log = program_read_file(log_path);
	ck_assert_str_eq(log, story);
	free(log);
}
END_TEST

START_TEST(a_summary_counts_contexts_without_telling_of_them)
{
	char *log;

	if (other_program()) {
		di_check_skip("samples/notes/service", "the program has no container");
		return;
	}
	start((const char *const[]){ "--summary", NULL });
	ck_assert_int_eq(call(client, "POST", "/notes", "ada", "{\"title\":\"t\"}"), 201);
	ck_assert_int_eq(call(client, "GET", "/notes", "ada", NULL), 200);
	stop();
	log = program_read_file(log_path);
	/* The root, two requests, and what the list injects. */
	ck_assert_str_eq(log, "contexts opened 4, closed 4\n");
	free(log);
}
END_TEST

/* ---- Many at once ---- */

enum {
	CLIENTS = 8
};

struct load {
	char user[16];
	int requests; /* 0: until the service is gone */
	int added;
	int failed;
};

/* Adds, reads and lists in turn. Returns whether the service answered. */
static int ask(struct client *mine, struct load *load, int turn)
{
	long status;

	if (turn % 2 == 0) {
		status = call(mine, "POST", "/notes", load->user, "{\"title\":\"t\"}");
		load->added += status == 201;
	} else {
		status = call(mine, "GET", turn % 4 == 1 ? "/notes/1" : "/notes?limit=5",
			      load->user, NULL);
	}
	load->failed += status >= 500;
	return status != 0;
}

static void *work(void *data)
{
	struct load *load = data;
	struct client *mine = client_new();
	int turn = 0;

	while ((!load->requests || turn < load->requests) && ask(mine, load, turn))
		turn++;
	load->failed += load->requests && turn < load->requests;
	client_free(mine);
	return NULL;
}

static void begin_load(pthread_t *threads, struct load *loads, int requests)
{
	for (int i = 0; i < CLIENTS; i++) {
		loads[i] = (struct load){ .requests = requests };
		snprintf(loads[i].user, sizeof(loads[i].user), "user%d", i);
		pthread_create(&threads[i], NULL, work, &loads[i]);
	}
}

static void end_load(pthread_t *threads, const struct load *loads)
{
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(loads[i].failed, 0);
	}
}

/* What the summary at the end of the log says. */
static void expect_balance(unsigned long long at_least)
{
	unsigned long long opened, closed;
	char *log = program_read_file(log_path);
	const char *summary = strstr(log, "contexts opened ");

	ck_assert_ptr_nonnull(summary);
	ck_assert_int_eq(sscanf(summary, "contexts opened %llu, closed %llu", &opened, &closed), 2);
	ck_assert_uint_eq(opened, closed);
	ck_assert_uint_ge(opened, at_least);
	free(log);
}

START_TEST(parallel_clients_leave_nothing_open_and_lose_nothing)
{
	int requests = di_check_quick() ? 20 : 500;
	pthread_t threads[CLIENTS];
	struct load loads[CLIENTS];

	start((const char *const[]){ "--verbose", "--busy-timeout", "30000", NULL });
	begin_load(threads, loads, requests);
	end_load(threads, loads);
	for (int i = 0; i < CLIENTS; i++) {
		ck_assert_int_eq(loads[i].added, requests / 2);
		ck_assert_uint_eq(count_notes(client, loads[i].user), (size_t)loads[i].added);
	}
	stop();
	expect_balance((unsigned long long)(CLIENTS * requests));
}
END_TEST

static int count_rows(const char *user)
{
	sqlite3 *db = open_database();
	sqlite3_stmt *statement;
	int count;

	sqlite3_prepare_v2(db, "SELECT count(*) FROM note WHERE owner = ?", -1, &statement, NULL);
	sqlite3_bind_text(statement, 1, user, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

static const int signals[] = { SIGTERM, SIGINT };

START_TEST(a_signal_under_load_ends_the_service_after_its_last_replies)
{
	pthread_t threads[CLIENTS];
	struct load loads[CLIENTS];

	start((const char *const[]){ "--verbose", "--busy-timeout", "30000", NULL });
	begin_load(threads, loads, 0);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(call(client, "GET", "/notes", "ada", NULL), 200);
	ck_assert_int_eq(program_end(&service, signals[_i]), 0);
	end_load(threads, loads);
	/* What was told to be added has been added, and nothing else. */
	for (int i = 0; i < CLIENTS; i++)
		ck_assert_int_eq(count_rows(loads[i].user), loads[i].added);
	ck_assert(!logged("cut off"));
	expect_balance(50);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("samples/notes/service");
	TCase *database = tcase_create("database");
	TCase *starting = tcase_create("starting");
	TCase *order = tcase_create("order");
	TCase *load = tcase_create("load");
	TCase *const cases[] = { database, starting, order, load };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tcase_add_checked_fixture(cases[i], setup, teardown);
		tcase_set_timeout(cases[i], 240);
		suite_add_tcase(suite, cases[i]);
	}
	tcase_add_test(database, a_locked_database_is_a_503_for_writers_only);
	tcase_add_test(database, a_failing_commit_is_a_503_and_leaves_nothing);
	tcase_add_test(database, a_failing_constructor_is_a_500_that_keeps_its_reason_to_the_log);
	tcase_add_test(starting, a_database_that_cannot_be_made_keeps_the_service_from_starting);
	tcase_add_test(starting, a_file_that_is_no_database_keeps_the_service_from_starting);
	tcase_add_test(starting, a_port_in_use_is_told);
	tcase_add_loop_test(starting, the_command_line_is_checked, 0,
			    sizeof(lines) / sizeof(*lines));
	tcase_add_test(starting, an_address_that_is_none_is_told);
	tcase_add_test(order, verbose_tells_what_happens_in_its_exact_order);
	tcase_add_test(order, a_summary_counts_contexts_without_telling_of_them);
	tcase_add_test(load, parallel_clients_leave_nothing_open_and_lose_nothing);
	tcase_add_loop_test(load, a_signal_under_load_ends_the_service_after_its_last_replies, 0,
			    sizeof(signals) / sizeof(*signals));
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
