/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * Contexts that another flow closes while somebody who has asked them has not been called back yet:
 * their memory, seen from inside.
 */

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

PART(session)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static _Atomic(const void *) watched;
static atomic_int released;

static void *allocate(size_t size, void *data)
{
	(void)data;
	return malloc(size);
}

static void release(void *block, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (block == atomic_load(&watched))
		atomic_fetch_add(&released, 1);
	free(block);
}

static void setup_threads(void)
{
	static const struct di_allocator allocator = { allocate, release, NULL };
	struct di_options options = { .abi = DI_ABI, .allocator = &allocator };

	watchdog(60);
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* ---- Who is asked, and called back when the test says. ---- */

struct queue {
	struct di_executor executor;
	struct di_task *task;
};

static void post(struct di_executor *executor, struct di_task *task)
{
	((struct queue *)(void *)executor)->task = task;
}

static struct queue queue = { { post }, NULL };
static enum di_status answered;

static void take(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	answered = value == NULL ? failure->status : DI_OK;
}

/* The thread opens one in its place, which the test closes while it is asked. */
struct opener {
	struct di_context *parent, *opened, *next;
	struct latch open, go_on;
};

static void *open_twice(void *data)
{
	struct opener *opener = data;

	opener->opened = di_context_open(opener->parent, &di_scope_request, NULL);
	latch_open(&opener->open);
	latch_wait(&opener->go_on);
	opener->next = di_context_open(opener->parent, &di_scope_request, NULL);
	return NULL;
}

static pthread_t open_and_close(struct opener *opener, struct di_context *parent)
{
	pthread_t thread;

	*opener = (struct opener){ .parent = parent };
	latch_init(&opener->open);
	latch_init(&opener->go_on);
	thread = thread_start(open_twice, opener, 0);
	latch_wait(&opener->open);
	atomic_store(&watched, opener->opened);
	atomic_store(&released, 0);
	di_get_async_on(&queue.executor, opener->opened, &app_session, take, NULL, &error);
	close_as(opener->opened, DI_DONE);
	ck_assert_int_eq(atomic_load(&released), 0);
	return thread;
}

static void call_back(void)
{
	answered = DI_OK;
	queue.task->run(queue.task);
	ck_assert_int_eq(answered, DI_ECLOSED);
}

static void open_next(struct opener *opener, pthread_t thread)
{
	latch_open(&opener->go_on);
	thread_join(thread);
	ck_assert_ptr_nonnull(opener->next);
}

START_TEST(its_flow_opens_another_and_who_calls_back_releases_it)
{
	struct opener opener;
	pthread_t thread = open_and_close(&opener, root);

	open_next(&opener, thread);
	ck_assert_ptr_ne(opener.next, opener.opened);
	ck_assert_int_eq(atomic_load(&released), 0);
	call_back();
	ck_assert_int_eq(atomic_load(&released), 1);
	ck_assert_ptr_eq(root->children, opener.next);
	close_as(opener.next, DI_DONE);
}
END_TEST

/* And so does the parent where it becomes another one. */
START_TEST(its_parent_may_close_and_open_again_before)
{
	struct di_context *parent = open_in(root, &di_scope_request);
	struct opener opener;
	pthread_t thread = open_and_close(&opener, parent);

	close_as(parent, DI_DONE);
	parent = opener.parent = open_in(root, &di_scope_job);
	ck_assert_ptr_null(parent->children);
	ck_assert_int_eq(atomic_load(&released), 0);
	call_back();
	ck_assert_int_eq(atomic_load(&released), 1);
	open_next(&opener, thread);
	close_as(opener.next, DI_DONE);
	close_as(parent, DI_DONE);
}
END_TEST

#ifdef DI_DEBUG

START_TEST(who_calls_back_releases_it)
{
	struct opener opener;
	pthread_t thread = open_and_close(&opener, root);

	ck_assert_ptr_null(root->children);
	call_back();
	ck_assert_int_eq(atomic_load(&released), 1);
	open_next(&opener, thread);
	close_as(opener.next, DI_DONE);
}
END_TEST

static void add(TCase *tcase)
{
	tcase_add_test(tcase, who_calls_back_releases_it);
}

#else

/* Its flow may be looking there this moment. */
START_TEST(it_stays_in_the_place_of_its_flow)
{
	struct opener opener;
	pthread_t thread = open_and_close(&opener, root);
	struct di_context **place = &root->places[opener.opened->place % DI__PLACES];

	ck_assert_ptr_eq(*place, opener.opened);
	call_back();
	ck_assert_int_eq(atomic_load(&released), 0);
	ck_assert_ptr_eq(*place, opener.opened);
	ck_assert_int_eq(opener.opened->state, DI__STALE);
	open_next(&opener, thread);
	ck_assert_ptr_eq(opener.next, opener.opened);
	close_as(opener.next, DI_DONE);
}
END_TEST

static void add(TCase *tcase)
{
	tcase_add_test(tcase, it_stays_in_the_place_of_its_flow);
}

#endif

static Suite *suite(void)
{
	Suite *all = suite_create("di/park_pinned");
	TCase *tcase = tcase_create("threads");

	tcase_add_checked_fixture(tcase, setup_threads, teardown);
	tcase_add_test(tcase, its_flow_opens_another_and_who_calls_back_releases_it);
	tcase_add_test(tcase, its_parent_may_close_and_open_again_before);
	add(tcase);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
