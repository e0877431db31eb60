/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>

/*
 * Values made by the flow that opened their context, where nothing else is going on; and what comes
 * in between. Who made a value, and how, may not be seen.
 */

PART(pool)
PART_OF_1(a)
PART_OF_1(stand)
PART_OF_1(cursor)
PART_OF_2(b)
PART_OF_2(c)
PART_OF_1(d)
PART_OF_1(guest)

static struct stop at_creation = STOP_INIT, at_other_creation = STOP_INIT;
static part_hook_fn *in_asking;
static struct di_context *asked_in;

static int slow_new(struct part **out, struct part *a)
{
	stop_here(&at_creation);
	return part_new(out, "slow", (struct part *const[]){ a, NULL });
}
PART_END(slow)
PART_OF_1(after)

static int other_new(struct part **out)
{
	stop_here(&at_other_creation);
	return part_new(out, "other", (struct part *const[]){ NULL });
}
PART_END(other)
PART_OF_2(both)

static int nothing_new(struct part **out, struct part *a)
{
	(void)out;
	(void)a;
	return 0;
}

/* Does what the test wants before it is made. */
static int asking_new(struct part **out, struct part *b, struct di_context *home)
{
	asked_in = home;
	if (in_asking != NULL)
		in_asking(b);
	return part_new(out, "asking", (struct part *const[]){ b, NULL });
}
PART_END(asking)

struct large {
	char bytes[5000];
};

static int large_init(struct large *large, struct part *c)
{
	return large->bytes[0] == 0 && large->bytes[4999] == 0 && c->alive ? 0 : EINVAL;
}

static int wide_new(struct part **out, struct large *large)
{
	(void)large;
	return part_new(out, "wide", (struct part *const[]){ NULL });
}
PART_END(wide)

static void large_end(struct large *large)
{
	memset(large, 1, sizeof(*large));
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),                       pool_end) \
	X(context_resource, app_a,       struct part, (a_new, app_pool),                a_end,      request) \
	X(context_resource, app_stand,   struct part, (stand_new, app_pool),            stand_end,  request) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_a),              cursor_end) \
	X(context_resource, app_b,       struct part, (b_new, app_a, app_cursor),       b_end,      request) \
	X(context_resource, app_c,       struct part, (c_new, app_b, app_cursor),       c_end,      request) \
	X(context_resource, app_d,       struct part, (d_new, app_c),                   d_end,      request) \
	X(context_resource, app_guest,   struct part, (guest_new, app_d),               guest_end,  inject) \
	X(context_resource, app_slow,    struct part, (slow_new, app_a),                slow_end,   request) \
	X(context_resource, app_after,   struct part, (after_new, app_slow),            after_end,  request) \
	X(context_resource, app_other,   struct part, (other_new),                      other_end,  request) \
	X(context_resource, app_both,    struct part, (both_new, app_slow, app_other),  both_end,   request) \
	X(context_resource, app_nothing, struct part, (nothing_new, app_a),             pool_end,   request) \
	X(context_resource, app_asking,  struct part, (asking_new, app_b, DI_CONTEXT),  asking_end, request) \
	X(context_resource, app_large,   struct large, DI_INIT(large_init, app_c),      large_end,  request) \
	X(context_resource, app_wide,    struct part, (wide_new, app_large),            wide_end,   request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void begin_with(const struct di_allocator *allocator)
{
	struct di_options options = { .abi = DI_ABI, .allocator = allocator };

	watchdog(60);
	in_asking = NULL;
	stop_init(&at_creation, 0);
	stop_init(&at_other_creation, 0);
	container_begin(&app, allocator != NULL ? &options : NULL);
	/* What is missing above is made step by step, and then what needs it too. */
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	request = open_in(root, &di_scope_request);
}

static void setup(void)
{
	begin_with(NULL);
}

static void setup_threads(void)
{
	begin_with(&threads_allocator);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* Nothing is being made, and what is there is found without us. */
static void expect_quiet(const struct di_context *context)
{
	ck_assert_uint_eq(context->making, 0);
	ck_assert_ptr_eq(context->lane.table, &app);
	ck_assert_ptr_null(di__flow_get()->run);
}

static void close_and_open_again(void)
{
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
}

/* ---- Made and ended ---- */

START_TEST(needs_are_made_first_and_ended_last)
{
	int i;

	for (i = 0; i < 3; i++) {
		journal_clear();
		ck_assert_ptr_nonnull(app_d_get(request, &error));
		expect_quiet(request);
		journal_expect("created a from pool", "created cursor from a",
			       "created b from a cursor", "created cursor from a",
			       "created c from b cursor", "created d from c");
		close_and_open_again();
		journal_expect("ended d done", "ended c done", "ended cursor done", "ended b done",
			       "ended cursor done", "ended a done");
	}
}
END_TEST

START_TEST(storage_is_zeroed_each_time)
{
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_msg(app_large_get(request, &error) != NULL, "%s", error_text());
		close_and_open_again();
	}
}
END_TEST

START_TEST(products_are_dropped_with_what_was_made_for_them)
{
	struct part *mine = app_cursor_get(request, &error), *c = app_c_get(request, &error);

	expect_error(app_cursor_drop(request, c->needs[1], &error), DI_EBUSY);
	expect_ok(app_cursor_drop(request, mine, &error));
	ck_assert_int_eq(parts_alive("cursor"), 2);
	expect_quiet(request);
	expect_ok(di_reset(request, &app_c, &error));
	ck_assert_int_eq(parts_alive("cursor"), 1);
	expect_ok(di_reset(request, &app_a, &error));
	ck_assert_int_eq(parts_alive("cursor"), 0);
	ck_assert_ptr_nonnull(app_d_get(request, &error));
	ck_assert_int_eq(parts_alive("cursor"), 2);
}
END_TEST

/* ---- Failing ---- */

static const struct {
	const char *name, *path;
	int cursors; /* that stay */
} failing[] = { { "pool", "app_pool <- app_a <- app_b <- app_c <- app_d", 0 },
		{ "a", "app_a <- app_b <- app_c <- app_d", 0 },
		{ "cursor", "app_cursor <- app_b <- app_c <- app_d", 0 },
		{ "b", "app_b <- app_c <- app_d", 0 },
		{ "c", "app_c <- app_d", 1 },
		{ "d", "app_d", 2 } };

static void expect_failure(struct di_context *at, const char *name, const char *path)
{
	char text[200];

	parts_fail_new(name, EIO, 1);
	if (at == request)
		expect_null(app_d_get(at, &error), DI_ECREATE);
	else
		expect_null(app_guest_get(at, &error), DI_ECREATE);
	snprintf(text, sizeof(text), "%s_new failed for app_%s: Input/output error", name, name);
	expect_text(text);
	snprintf(text, sizeof(text), "(%s%s)", path, at != request ? " <- app_guest" : "");
	if (strchr(text, '<') != NULL)
		expect_text(text);
}

/* Asked for in its home, or below; in new memory, and in what was used before. */
START_TEST(failure_at_any_depth_leaves_everything_whole)
{
	const char *name = failing[_i / 2].name;
	int i;

	if (_i / 2 == 0) {
		close_as(request, DI_DONE);
		expect_ok(di_reset(root, &app_pool, &error));
		request = open_in(root, &di_scope_request);
	}
	for (i = 0; i < 3; i++) {
		struct di_context *at = _i % 2 == 0 ? request : open_in(request, &di_scope_inject);

		expect_failure(at, name, failing[_i / 2].path);
		ck_assert_int_eq(parts_alive("cursor"), failing[_i / 2].cursors);
		ck_assert_int_eq(parts_alive("d"), 0);
		expect_quiet(request);
		ck_assert_ptr_nonnull(app_d_get(request, &error));
		ck_assert_int_eq(parts_alive("cursor"), 2);
		expect_quiet(request);
		if (at != request)
			close_as(at, DI_DONE);
		close_as(request, DI_DONE);
		ck_assert_int_eq(parts_alive("cursor") + parts_alive("a"), 0);
		if (_i / 2 == 0)
			expect_ok(di_reset(root, &app_pool, &error));
		expect_quiet(root);
		request = open_in(root, &di_scope_request);
	}
}
END_TEST

START_TEST(a_constructor_that_makes_nothing_has_failed)
{
	int i;

	for (i = 0; i < 3; i++) {
		expect_null(app_nothing_get(request, &error), DI_ENULL);
		expect_text("nothing_new made nothing");
		expect_quiet(request);
		close_and_open_again();
	}
}
END_TEST

/* The n-th allocation fails, in a container of its own. */
static int try_without_memory(unsigned long n)
{
	struct failing_allocator scarce;
	struct di_options options = { .abi = DI_ABI, .allocator = &scarce.allocator };
	struct di_container *own;
	struct di_context *context;
	int made;

	failing_allocator_init(&scarce);
	own = di_container_new(&app, &options, &error);
	context = di_context_open(di_container_root(own), &di_scope_request, &error);
	ck_assert_ptr_nonnull(app_pool_get(di_container_root(own), &error));
	failing_allocator_fail(&scarce, n);
	error.status = DI_OK;
	made = app_wide_get(context, &error) != NULL;
	if (!made) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		expect_text("for its place on the stack");
		expect_text("(app_large <- app_wide)");
		expect_quiet(context);
		ck_assert_msg(app_wide_get(context, &error) != NULL, "%s", error_text());
	}
	expect_ok(di_context_close(context, DI_DONE, &error));
	expect_ok(di_container_free(own, &error));
	failing_allocator_check(&scarce);
	return made;
}

START_TEST(without_memory_everything_stays_whole)
{
	unsigned long n;

	for (n = 1; !try_without_memory(n); n++)
		ck_assert_uint_lt(n, 50);
	ck_assert_uint_gt(n, 1);
}
END_TEST

/* ---- What constructors do ---- */

static struct part *got;
static struct di_context *was_current;

static void look_around(struct part *b)
{
	struct di_context *inner = di_context_open(request, &di_scope_inject, NULL);

	was_current = di_context_current(&app);
	got = app_d_get(inner, NULL);
	if (di_context_enter(inner, NULL) != DI_OK || di_context_current(&app) != inner ||
	    di_context_leave(inner, NULL) != DI_OK || got->needs[0]->needs[0] != b)
		got = NULL;
	di_context_close(inner, DI_DONE, NULL);
}

START_TEST(a_constructor_may_resolve_open_and_enter)
{
	int i;

	in_asking = look_around;
	for (i = 0; i < 3; i++) {
		got = NULL;
		was_current = asked_in = NULL;
		ck_assert_ptr_nonnull(app_asking_get(request, &error));
		ck_assert_ptr_nonnull(got);
		ck_assert_ptr_eq(was_current, request);
		ck_assert_ptr_eq(asked_in, request);
		expect_quiet(request);
		/* It was built from what it resolved. */
		expect_ok(di_reset(request, &app_d, &error));
		ck_assert_int_eq(parts_alive("asking") + parts_alive("d"), 0);
		ck_assert_int_eq(parts_alive("b"), 1);
		close_and_open_again();
	}
}
END_TEST

static struct di_error ring_error;

static void ask_for_itself(struct part *b)
{
	(void)b;
	app_asking_get(request, &ring_error);
}

START_TEST(a_ring_is_found)
{
	in_asking = ask_for_itself;
	ck_assert_ptr_nonnull(app_asking_get(request, &error));
	ck_assert_int_eq(ring_error.status, DI_ECYCLE);
	expect_quiet(request);
}
END_TEST

static const struct di_provider of_no_table = { .name = "stray" };

static enum di_status resolve_stray(void *data, struct di_error *err)
{
	struct di_error own = { 0 };

	if (di_resolve(data, err, &of_no_table) != NULL)
		return DI_OK;
	di_resolve(data, err == NULL ? &own : err, &of_no_table);
	return err == NULL ? own.status : err->status;
}

/* Also while the inline path is off. */
START_TEST(a_provider_of_no_table_is_refused)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	misuse_expect(resolve_stray, inner, DI_EINVAL, "it is of the table (none)");
	DI__STORE(inner->lane.table, NULL);
	misuse_expect(resolve_stray, inner, DI_EINVAL, "it is of the table (none)");
	close_as(inner, DI_DONE);
}
END_TEST

/* ---- Other threads ---- */

/* Opens a context of its own and makes a value that others wait for. */
static void *make_slow(void *data)
{
	struct part *slow;

	request = di_context_open(root, &di_scope_request, NULL);
	slow = app_slow_get(request, data);
	return slow;
}

struct waiter {
	struct di_error err;
	void *value;
};

static void *wait_for_slow(void *data)
{
	struct waiter *waiter = data;

	waiter->value = app_slow_get(request, &waiter->err);
	return NULL;
}

static int somebody_waits_for(const struct di_provider *provider)
{
	struct di_flow *flow = di__flow_get();
	int waits;

	di__lock_context(request, flow);
	waits = (request->entries[provider->index]->traits & DI__AWAITED) != 0;
	di__unlock_context(request, flow);
	return waits;
}

START_TEST(others_get_what_the_maker_gets)
{
	struct waiter waiter = { .value = NULL };
	struct di_error err = { 0 };
	struct di_context *first = request;
	pthread_t maker, other;
	struct part *made;

	stop_init(&at_creation, 1);
	if (_i == 1)
		parts_fail_new("slow", EIO, 1);
	maker = thread_start(make_slow, &err, 0);
	stop_wait(&at_creation);
	other = thread_start(wait_for_slow, &waiter, 0);
	while (!somebody_waits_for(&app_slow))
		sched_yield();
	ck_assert_ptr_nonnull(app_b_get(request, &error));
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	stop_let_go(&at_creation);
	made = thread_join(maker);
	thread_join(other);
	ck_assert_ptr_eq(made, waiter.value);
	ck_assert_int_eq(made != NULL, _i == 0);
	ck_assert_int_eq(err.status, _i == 0 ? DI_OK : DI_ECREATE);
	ck_assert_int_eq(waiter.err.status, err.status);
	expect_quiet(request);
	close_as(request, DI_DONE);
	request = first;
}
END_TEST

static void *make_both(void *data)
{
	request = di_context_open(root, &di_scope_request, NULL);
	return app_both_get(request, data);
}

static void *make_other(void *data)
{
	return app_other_get(request, data);
}

START_TEST(what_others_make_meanwhile_is_waited_for)
{
	struct di_context *first = request;
	pthread_t maker, other;
	struct part *both;

	stop_init(&at_creation, 1);
	stop_init(&at_other_creation, 1);
	maker = thread_start(make_both, NULL, 0);
	stop_wait(&at_creation);
	other = thread_start(make_other, NULL, 0);
	stop_wait(&at_other_creation);
	stop_let_go(&at_creation);
	while (!somebody_waits_for(&app_other))
		sched_yield();
	stop_let_go(&at_other_creation);
	both = thread_join(maker);
	ck_assert_ptr_nonnull(both);
	ck_assert_ptr_eq(both->needs[1], thread_join(other));
	ck_assert_int_eq(both->needs[1]->number, 0);
	expect_quiet(request);
	close_as(request, DI_DONE);
	request = first;
}
END_TEST

static void *make_after(void *data)
{
	request = di_context_open(root, &di_scope_request, NULL);
	return app_after_get(request, data);
}

START_TEST(others_may_come_while_the_last_need_is_made)
{
	struct di_context *first = request;
	struct part *after;
	pthread_t maker;

	stop_init(&at_creation, 1);
	maker = thread_start(make_after, &error, 0);
	stop_wait(&at_creation);
	ck_assert_ptr_nonnull(app_b_get(request, &error));
	stop_let_go(&at_creation);
	after = thread_join(maker);
	ck_assert_ptr_nonnull(after);
	ck_assert_str_eq(after->needs[0]->name, "slow");
	expect_quiet(request);
	close_as(request, DI_DONE);
	request = first;
}
END_TEST

#if !defined(DI_DEBUG) && !defined(DI__LOCK_PLAIN)

/* ---- An override that comes between looking and locking ---- */

static void *hold_lock(void *data)
{
	struct di_context *child = data, *parent = child->parent;
	struct di_flow *flow = di__flow_get();

	di__lock_context(child, flow);
	stop_here(&at_creation);
	/* Until the one who resolves waits for the one who overrides, who waits for us. */
	while (DI__LOAD(parent->lock.word) != 2)
		sched_yield();
	di__unlock_context(child, flow);
	return NULL;
}

static void *put_stand_in(void *data)
{
	return di_override_with(request, &app_a, &app_stand, NULL) == DI_OK ? data : NULL;
}

/* What stands for the need of a need, or for what is asked for. */
static struct part *get_a(void)
{
	struct part *c = app_c_get(request, &error);

	return c != NULL ? c->needs[0]->needs[0] : NULL;
}

static struct part *get_a_itself(void)
{
	return app_a_get(request, &error);
}

START_TEST(what_is_overridden_meanwhile_is_not_made_of_what_it_was)
{
	struct part *(*const get)(void) = _i == 0 ? get_a : get_a_itself;
	struct di_context *child;
	pthread_t holder, changer;
	int i;

	for (i = 0; i < 100; i++) {
		child = open_in(request, &di_scope_inject);
		close_as(child, DI_DONE);
		stop_init(&at_creation, 1);
		holder = thread_start(hold_lock, child, 0);
		stop_wait(&at_creation);
		changer = thread_start(put_stand_in, request, 0);
		while (DI__LOAD(request->lock.word) == 0)
			sched_yield();
		stop_let_go(&at_creation);
		error.status = DI_EBUSY;
		get();
		ck_assert_int_eq(error.status, DI_EBUSY);
		ck_assert_ptr_eq(thread_join(changer), request);
		thread_join(holder);
		ck_assert_str_eq(get()->name, "stand");
		journal_clear();
		close_and_open_again();
	}
}
END_TEST

static void add_override(TCase *tcase)
{
	tcase_add_loop_test(tcase, what_is_overridden_meanwhile_is_not_made_of_what_it_was, 0, 2);
}

#else

static void add_override(TCase *tcase)
{
	(void)tcase;
}

#endif

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct");
	TCase *one = tcase_create("one thread"), *several = tcase_create("several threads");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, needs_are_made_first_and_ended_last);
	tcase_add_test(one, storage_is_zeroed_each_time);
	tcase_add_test(one, products_are_dropped_with_what_was_made_for_them);
	tcase_add_loop_test(one, failure_at_any_depth_leaves_everything_whole, 0,
			    2 * sizeof(failing) / sizeof(failing[0]));
	tcase_add_test(one, a_constructor_that_makes_nothing_has_failed);
	tcase_add_test(one, without_memory_everything_stays_whole);
	tcase_add_test(one, a_constructor_may_resolve_open_and_enter);
	tcase_add_test(one, a_ring_is_found);
	tcase_add_test(one, a_provider_of_no_table_is_refused);
	suite_add_tcase(all, one);

	tcase_add_checked_fixture(several, setup_threads, teardown);
	tcase_add_loop_test(several, others_get_what_the_maker_gets, 0, 2);
	tcase_add_test(several, what_others_make_meanwhile_is_waited_for);
	tcase_add_test(several, others_may_come_while_the_last_need_is_made);
	add_override(several);
	suite_add_tcase(all, several);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
