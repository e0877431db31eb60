/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

/* A thread that ends inside a context: it leaves what it had entered, and closes nothing. */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request)
#define OTHER(X) \
	X(singleton,        other_pool,  struct part, (pool_new),              pool_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DECLARE(other, OTHER);

PART(pool)
PART_OF_1(session)

DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(other, OTHER);

enum {
	TIMES = 20 /* more than a flow has room for without memory of its own */
};

static struct di_context *request, *inner;
static struct part *session;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
	session = app_session_get(request, &error);
	journal_clear();
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* Everything is open and alive, and nobody is inside. */
static void expect_left(void)
{
	journal_expect_nothing();
	ck_assert(session->alive);
	ck_assert_ptr_eq(app_session_get(inner, &error), session);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	journal_expect("ended session done", "ended pool done");
}

/* ---- How it ends ---- */

enum way {
	RETURNS,
	EXITS,
	IS_CANCELLED,
	WAYS
};

struct leaver {
	enum way way;
	int entered;
	struct latch there, go_on;
};

static void *enter_and_end(void *data)
{
	struct leaver *self = data;
	int i;

	for (i = 0; i < TIMES; i++)
		self->entered += di_context_enter(i & 1 ? inner : request, NULL) == DI_OK;
	latch_open(&self->there);
	latch_wait(&self->go_on);
	if (self->way == EXITS)
		pthread_exit(NULL);
	/* At a place of its own, since a cancelled wait may confuse the tools that look on. */
	if (self->way == IS_CANCELLED) {
		pthread_cancel(pthread_self());
		pthread_testcancel();
	}
	return NULL;
}

START_TEST(however_it_ends_all_it_had_entered_can_be_closed)
{
	struct leaver leaver = { .way = (enum way)_i, .there = LATCH_INIT, .go_on = LATCH_INIT };
	pthread_t thread = thread_start(enter_and_end, &leaver, 0);

	latch_wait(&leaver.there);
	ck_assert_int_eq(leaver.entered, TIMES);
	expect_error(di_context_close(inner, DI_DONE, &error), DI_EBUSY);
	expect_text("the context of scope inject is entered");
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("another flow has entered the context of scope inject");
	latch_open(&leaver.go_on);
	ck_assert_ptr_eq(thread_join(thread), leaver.way == IS_CANCELLED ? PTHREAD_CANCELED : NULL);
	expect_left();
}
END_TEST

/* ---- What it leaves ---- */

static void *enter_two_containers(void *data)
{
	di_context_enter(request, NULL);
	di_context_enter(data, NULL);
	di_context_enter(inner, NULL);
	return di_context_current(&other) == data ? data : NULL;
}

START_TEST(contexts_of_several_containers_are_left)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *second = di_container_new(&other, &options, &error);
	struct di_context *entered = di_container_root(second);

	ck_assert_ptr_eq(thread_join(thread_start(enter_two_containers, entered, 0)), entered);
	expect_ok(di_container_free(second, &error));
	expect_left();
}
END_TEST

static struct di_context *opened;

static void *open_and_enter(void *data)
{
	opened = di_context_open(data, &di_scope_request, NULL);
	di_context_enter(opened, NULL);
	return app_session_get(opened, NULL);
}

START_TEST(what_it_had_opened_stays_open_and_others_close_it)
{
	struct part *made = thread_join(thread_start(open_and_enter, inner, 0));

	ck_assert_ptr_nonnull(made);
	journal_expect("created session from pool");
	ck_assert(made->alive);
	ck_assert_ptr_eq(app_session_get(opened, &error), made);
	expect_error(di_context_close(inner, DI_DONE, &error), DI_EBUSY);
	expect_text("the context of scope inject has 1 open child");
	close_as(opened, DI_FAILED);
	journal_expect("ended session failed");
	expect_left();
}
END_TEST

START_TEST(freeing_the_container_closes_what_it_had_opened_as_cancelled)
{
	ck_assert_ptr_nonnull(thread_join(thread_start(open_and_enter, inner, 0)));
	journal_clear();
	container_free_expect(DI_EOPEN);
	expect_text("3 of them, the innermost in: request, inject, request, app");
	journal_expect("ended session cancelled", "ended session cancelled", "ended pool done");
}
END_TEST

/* ---- Its last steps ---- */

static pthread_key_t late;
static int rounds, entered_late;

/* The second round: what the thread had entered has been left in the first. */
static void enter_late(void *data)
{
	if (rounds++ == 0)
		pthread_setspecific(late, data);
	else
		entered_late = di_context_current(&app) == NULL &&
			       di_context_enter(data, NULL) == DI_OK &&
			       di_context_current(&app) == data;
}

static void *end_with_a_destructor(void *data)
{
	di_context_enter(request, NULL);
	return pthread_setspecific(late, data) == 0 ? data : NULL;
}

START_TEST(what_its_last_destructors_enter_is_left_too)
{
	rounds = entered_late = 0;
	ck_assert_int_eq(pthread_key_create(&late, enter_late), 0);
	ck_assert_ptr_eq(thread_join(thread_start(end_with_a_destructor, inner, 0)), inner);
	ck_assert(entered_late);
	pthread_key_delete(late);
	expect_left();
}
END_TEST

static void *find_nothing_entered(void *data)
{
	struct di_context *before = di_context_current(&app);
	int entered = di_context_enter(data, NULL) == DI_OK && di_context_current(&app) == data;

	return before == NULL && entered && di_context_leave(data, NULL) == DI_OK ? data : NULL;
}

/* It mostly stands in the same memory. */
START_TEST(a_thread_that_comes_after_has_entered_nothing)
{
	struct leaver leaver = { .way = RETURNS, .there = LATCH_INIT, .go_on = LATCH_INIT };

	latch_open(&leaver.go_on);
	thread_join(thread_start(enter_and_end, &leaver, 0));
	ck_assert_ptr_eq(thread_join(thread_start(find_nothing_entered, request, 0)), request);
	expect_left();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/thread_end");
	TCase *tcase = tcase_create("end");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, however_it_ends_all_it_had_entered_can_be_closed, 0, WAYS);
	tcase_add_test(tcase, contexts_of_several_containers_are_left);
	tcase_add_test(tcase, what_it_had_opened_stays_open_and_others_close_it);
	tcase_add_test(tcase, freeing_the_container_closes_what_it_had_opened_as_cancelled);
	tcase_add_test(tcase, what_its_last_destructors_enter_is_left_too);
	tcase_add_test(tcase, a_thread_that_comes_after_has_entered_nothing);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
