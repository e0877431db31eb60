/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * fork(): where the parent has no other thread, the container goes on in both processes, apart. The
 * child asserts nothing, since Check would go on there with the next test: it says what it missed.
 */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(factory,          app_conn,    struct part, (conn_new, app_pool),    conn_end) \
	X(factory,          app_box,     struct box,  DI_INIT(box_init),       box_end)
/* clang-format on */

struct box {
	int full;
};

DI_CONTAINER_DECLARE(app, APP);

PART(pool)
PART_OF_1(session)
PART_OF_1(conn)

static int box_init(struct box *box)
{
	box->full = 1;
	return 0;
}

static void box_end(struct box *box)
{
	box->full = 0;
}

DI_CONTAINER_DEFINE(app, APP);

enum {
	THREADS = 4,
	ROUNDS = 20000
};

static struct di_context *request;
static struct part *session;

static void begin(const struct di_options *options)
{
	watchdog(120);
	container_begin(&app, options);
	request = open_in(root, &di_scope_request);
	session = app_session_get(request, &error);
	ck_assert_ptr_nonnull(session);
	journal_clear();
}

static void setup(void)
{
	begin(NULL);
}

static void setup_threads(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	begin(&options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* ---- Children ---- */

static int said[2];
static pid_t child;

/* Returns whether this is the child. */
static int fork_here(void)
{
	ck_assert_int_eq(pipe(said), 0);
	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		watchdog(100);
	return child == 0;
}

/* What a child looks at: returns what it missed, or NULL. */
#define child_needs(condition_)                                                                    \
	do {                                                                                       \
		if (!(condition_))                                                                 \
			return #condition_;                                                        \
	} while (0)

static void end_child(const char *missed)
{
	if (missed != NULL && write(said[1], missed, strlen(missed)) < 0)
		_exit(2);
	_exit(missed != NULL);
}

static void expect_child_missed_nothing(void)
{
	char missed[512];
	size_t used = 0;
	ssize_t got = 1;
	int ended = 1;

	close(said[1]);
	while (got > 0 && used + 1 < sizeof(missed)) {
		got = read(said[0], missed + used, sizeof(missed) - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	missed[used] = '\0';
	close(said[0]);
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		continue;
	ck_assert_msg(ended == 0, "the child ended with %d: %s", ended, missed);
}

static const char *end_all(enum di_outcome outcome)
{
	child_needs(di_context_close(request, outcome, NULL) == DI_OK);
	child_needs(di_container_free(container, NULL) == DI_OK);
	child_needs(parts_alive("pool") + parts_alive("session") + parts_alive("conn") == 0);
	return NULL;
}

static const char *use_a_context(struct di_context *context)
{
	struct part *conn = app_conn_get(context, NULL);
	struct part *own = app_session_get(context, NULL);

	child_needs(conn != NULL && conn->needs[0] == app_pool_get(root, NULL));
	child_needs(app_conn_drop(context, conn, NULL) == DI_OK && !conn->alive);
	child_needs(own != NULL && own->alive);
	child_needs(di_context_enter(context, NULL) == DI_OK);
	child_needs(di_context_current(&app) == context);
	child_needs(di_context_leave(context, NULL) == DI_OK);
	return NULL;
}

static const char *use_and_end_all(void)
{
	struct di_context *other = di_context_open(root, &di_scope_request, NULL);
	const char *missed = use_a_context(request);

	child_needs(other != NULL && app_session_get(request, NULL) == session);
	if (missed == NULL)
		missed = use_a_context(other);
	child_needs(app_session_get(other, NULL) != session);
	child_needs(di_context_close(other, DI_DONE, NULL) == DI_OK);
	if (missed == NULL)
		missed = end_all(DI_FAILED);
	child_needs(memory.live == 0 && memory.faults == 0);
	return missed;
}

/* The parent's part is as if nobody had forked. */
static void expect_parent_goes_on(void)
{
	journal_expect_nothing();
	ck_assert(session->alive);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	ck_assert_ptr_nonnull(app_conn_get(request, &error));
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	journal_expect("created conn from pool", "ended conn done", "ended session done",
		       "ended pool done");
}

/* ---- Both go on ---- */

START_TEST(the_child_resolves_opens_closes_and_frees_and_the_parent_goes_on)
{
	if (fork_here())
		end_child(use_and_end_all());
	expect_child_missed_nothing();
	expect_parent_goes_on();
}
END_TEST

START_TEST(the_parent_may_end_everything_before_the_child_does)
{
	int go_on[2];
	char byte = 0;

	ck_assert_int_eq(pipe(go_on), 0);
	if (fork_here())
		end_child(read(go_on[0], &byte, 1) == 1 ? use_and_end_all() : "to be let go");
	expect_parent_goes_on();
	ck_assert_int_eq(write(go_on[1], &byte, 1), 1);
	expect_child_missed_nothing();
	close(go_on[0]);
	close(go_on[1]);
}
END_TEST

static const char *free_what_is_open(void)
{
	struct di_error own = { 0 };

	child_needs(di_container_free(container, &own) == DI_EOPEN);
	child_needs(strstr(own.detail, "1 of them, the innermost in: request, app") != NULL);
	child_needs(parts_alive("pool") + parts_alive("session") == 0 && memory.live == 0);
	return NULL;
}

START_TEST(the_child_may_free_with_open_contexts)
{
	if (fork_here())
		end_child(free_what_is_open());
	expect_child_missed_nothing();
	expect_parent_goes_on();
}
END_TEST

static const char *leave_and_end_all(void)
{
	child_needs(di_context_current(&app) == request);
	child_needs(di_context_close(request, DI_DONE, NULL) == DI_EBUSY);
	child_needs(di_context_leave(request, NULL) == DI_OK);
	child_needs(di_context_current(&app) == NULL);
	return end_all(DI_DONE);
}

START_TEST(what_the_parent_had_entered_the_child_has_entered)
{
	expect_ok(di_context_enter(request, &error));
	if (fork_here())
		end_child(leave_and_end_all());
	expect_child_missed_nothing();
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
	expect_parent_goes_on();
}
END_TEST

static enum {
	STAYS,
	IS_PARENT,
	IS_CHILD
} forked;

static void fork_once(struct part *part)
{
	(void)part;
	if (forked == STAYS)
		forked = fork_here() ? IS_CHILD : IS_PARENT;
}

static const char *use_and_end_all_with(const struct part *conn)
{
	child_needs(conn != NULL && conn->alive && conn->needs[0]->alive);
	return use_and_end_all();
}

START_TEST(a_constructor_may_fork)
{
	struct part *conn;

	forked = STAYS;
	parts_on_new("conn", fork_once);
	conn = app_conn_get(request, NULL);
	if (forked == IS_CHILD)
		end_child(use_and_end_all_with(conn));
	expect_child_missed_nothing();
	ck_assert_ptr_nonnull(conn);
	expect_ok(app_conn_drop(request, conn, &error));
	journal_clear();
	expect_parent_goes_on();
}
END_TEST

START_TEST(a_finalizer_may_fork)
{
	struct part *conn = app_conn_get(request, &error);

	forked = STAYS;
	parts_on_end("conn", fork_once);
	expect_ok(app_conn_drop(request, conn, NULL));
	if (forked == IS_CHILD)
		end_child(use_and_end_all());
	expect_child_missed_nothing();
	journal_clear();
	expect_parent_goes_on();
}
END_TEST

/* ---- Threads ---- */

static int done[THREADS + 1];

static void *use_often(void *data)
{
	int *all_done = data, rounds = di_check_quick() ? ROUNDS / 100 : ROUNDS;

	while (rounds-- > 0) {
		struct box *box = app_box_get(request, NULL);

		if (box == NULL || !box->full || app_box_drop(request, box, NULL) != DI_OK)
			return NULL;
	}
	*all_done = 1;
	return NULL;
}

/* In threads and in this one at once. */
static const char *use_in_threads(void)
{
	pthread_t threads[THREADS];
	int i, all;

	memset(done, 0, sizeof(done));
	for (i = 0; i < THREADS; i++)
		threads[i] = thread_start(use_often, &done[i], 0);
	use_often(&done[THREADS]);
	all = done[THREADS];
	for (i = 0; i < THREADS; i++) {
		thread_join(threads[i]);
		all += done[i];
	}
	child_needs(all == THREADS + 1);
	return use_a_context(request);
}

static const char *use_in_threads_and_end_all(void)
{
	const char *missed = use_in_threads();

	return missed != NULL ? missed : end_all(DI_DONE);
}

/* The locks are biased to the thread that forked, which is another one of the same number now. */
START_TEST(the_child_may_start_threads_of_its_own)
{
	if (fork_here())
		end_child(use_in_threads_and_end_all());
	expect_child_missed_nothing();
	expect_parent_goes_on();
}
END_TEST

static void *enter_and_end(void *data)
{
	return di_context_enter(data, NULL) == DI_OK && app_conn_get(data, NULL) != NULL ? data
											 : NULL;
}

START_TEST(threads_that_have_ended_do_not_count)
{
	ck_assert_ptr_eq(thread_join(thread_start(enter_and_end, request, 0)), request);
	ck_assert_ptr_null(use_in_threads());
	if (fork_here())
		end_child(use_in_threads_and_end_all());
	expect_child_missed_nothing();
	ck_assert_ptr_null(use_in_threads());
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/fork");
	TCase *both = tcase_create("both go on"), *threads = tcase_create("threads");

	tcase_add_checked_fixture(both, setup, teardown);
	tcase_add_test(both, the_child_resolves_opens_closes_and_frees_and_the_parent_goes_on);
	tcase_add_test(both, the_parent_may_end_everything_before_the_child_does);
	tcase_add_test(both, the_child_may_free_with_open_contexts);
	tcase_add_test(both, what_the_parent_had_entered_the_child_has_entered);
	tcase_add_test(both, a_constructor_may_fork);
	tcase_add_test(both, a_finalizer_may_fork);
	suite_add_tcase(all, both);

	tcase_add_checked_fixture(threads, setup_threads, teardown);
	tcase_add_test(threads, the_child_may_start_threads_of_its_own);
	tcase_add_test(threads, threads_that_have_ended_do_not_count);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
