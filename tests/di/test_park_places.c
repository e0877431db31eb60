/* SPDX-License-Identifier: MIT */
#include "di/park.h"
#include "di/spare.h"

#include "tests/di/scoped_app.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * Where closed contexts are parked, seen from inside; test_park.c tests what can be seen from
 * outside.
 */

static struct di_context *park(struct di_context *parent)
{
	struct di_context *context = open_in(parent, &di_scope_request);

	close_as(context, DI_DONE);
	return context;
}

#ifdef DI_DEBUG

START_TEST(debug_builds_park_nothing)
{
	struct di_context *context = park(root);
	int i;

	ck_assert_int_eq(context->state, DI__CLOSED);
	ck_assert_ptr_null(root->children);
	for (i = 0; i < DI__PLACES; i++)
		ck_assert_ptr_null(root->places[i]);
}
END_TEST

static void add_one_flow(TCase *tcase)
{
	tcase_add_test(tcase, debug_builds_park_nothing);
}

static void add_flows(Suite *all)
{
	(void)all;
}

#else

static void setup_threads(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(60);
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* ---- The parent's lock ---- */

struct holder {
	struct di_context *context;
	struct latch held, done;
};

static void *hold(void *data)
{
	struct holder *holder = data;
	struct di_flow *flow = di__flow_get();

	di__lock_context(holder->context, flow);
	latch_open(&holder->held);
	latch_wait(&holder->done);
	di__unlock_context(holder->context, flow);
	return NULL;
}

static pthread_t hold_lock(struct holder *holder, struct di_context *context)
{
	pthread_t thread;

	*holder = (struct holder){ context, LATCH_INIT, LATCH_INIT };
	thread = thread_start(hold, holder, 0);
	latch_wait(&holder->held);
	return thread;
}

static void let_go(struct holder *holder, pthread_t thread)
{
	latch_open(&holder->done);
	thread_join(thread);
}

static void make(struct di_context *parent)
{
	ck_assert_ptr_nonnull(app_shared_get(parent, &error));
	ck_assert_ptr_nonnull(app_local_get(parent, &error));
	if (parent != root)
		ck_assert_ptr_nonnull(app_session_get(parent, &error));
}

static void fail_to_make(struct di_context *parent)
{
	parts_fail_new("whole", EIO, 1);
	parts_fail_new("session", EIO, 1);
	expect_null(app_whole_get(parent, &error), DI_ECREATE);
	if (parent != root)
		expect_null(app_session_get(parent, &error), DI_ECREATE);
}

static void fail_to_close(struct di_context *parent)
{
	struct di_context *child = open_in(parent, &di_scope_inject);

	if (parent != root)
		expect_error(di_context_close(parent, DI_DONE, &error), DI_EBUSY);
	close_as(child, DI_DONE);
}

static void reset(struct di_context *parent)
{
	make(parent);
	expect_ok(di_reset(parent, &app_local, &error));
}

static void do_nothing(struct di_context *parent)
{
	(void)parent;
}

/* What is done in the parent before. */
static void (*const before[])(struct di_context *parent) = { do_nothing, make, fail_to_make,
							     fail_to_close, reset };

START_TEST(to_open_what_is_parked_takes_no_lock_of_the_parent)
{
	struct di_context *parent = _i % 2 == 0 ? root : open_in(root, &di_scope_request);
	struct holder holder;
	pthread_t thread;
	int i;

	before[_i / 2](parent);
	park(parent);
	thread = hold_lock(&holder, parent);
	for (i = 0; i < 3; i++)
		park(parent);
	let_go(&holder, thread);
	if (parent != root)
		close_as(parent, DI_DONE);
}
END_TEST

START_TEST(what_a_private_context_leaves_is_opened_so_too)
{
	struct di_context *call = di__context_open_private(root, &di_scope_inject, &error);
	struct holder holder;
	pthread_t thread;

	ck_assert_int_eq(call->private_, 1);
	close_as(call, DI_DONE);
	thread = hold_lock(&holder, root);
	ck_assert_ptr_eq(open_in(root, &di_scope_inject), call);
	ck_assert_int_eq(call->private_, 0);
	close_as(call, DI_DONE);
	ck_assert_ptr_eq(di__context_open_private(root, &di_scope_inject, &error), call);
	ck_assert_int_eq(call->private_, 1);
	close_as(call, DI_DONE);
	let_go(&holder, thread);
}
END_TEST

/* ---- What is as a new one has it ---- */

PART_FAKE(fake)

START_TEST(all_is_as_a_new_context_has_it)
{
	struct di_context *context = open_in(root, &di_scope_request);
	uint32_t i;

	if (_i == 1)
		expect_ok(app_whole_override(context, &fake, &error));
	ck_assert_ptr_nonnull(app_session_get(context, &error));
	ck_assert_ptr_nonnull(app_shared_get(context, &error));
	expect_ok(di_context_mark(context, DI_FAILED, &error));
	ck_assert_uint_ne(di_context_number(context), 0);
	close_as(context, DI_DONE);
	context = open_in(root, &di_scope_request);
	ck_assert_int_eq(context->state, DI__OPEN);
	ck_assert_ptr_eq(context->lane.table, &app);
	ck_assert_ptr_eq(context->lane.own[-1], context);
	for (i = 0; i < app.count; i++) {
		ck_assert_ptr_null(context->lane.own[i]);
		ck_assert(context->entries[i] == NULL || context->entries[i]->state == DI__KEPT);
	}
	ck_assert_ptr_eq(context->lane.root, root->lane.own);
	ck_assert_ptr_eq(context->root_array, root);
	ck_assert_ptr_null(context->flags);
	ck_assert_ptr_null(context->newest);
	ck_assert_int_eq(context->overridden + context->used + context->wipe + context->mark, 0);
	ck_assert_uint_eq(context->making + context->entered + context->aliases_count, 0);
	ck_assert_uint_eq(context->number, 0);
	close_as(context, DI_DONE);
}
END_TEST

START_TEST(what_was_overridden_is_not_parked)
{
	struct di_context *context = open_in(root, &di_scope_request);

	ck_assert_int_eq(context->parks, 1);
	expect_ok(app_shared_override(context, &fake, &error));
	close_as(context, DI_DONE);
	ck_assert_int_eq(context->state, DI__CLOSED);
	ck_assert_ptr_null(root->children);
}
END_TEST

START_TEST(a_change_of_the_parent_makes_it_stale)
{
	struct di_context *context = park(root);

	ck_assert_int_eq(context->state, DI__PARKED);
	if (_i == 0)
		expect_ok(app_shared_override(root, &fake, &error));
	else
		expect_ok(di_reset(root, &app_shared, &error));
	ck_assert_int_eq(context->state, DI__STALE);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), context);
	ck_assert_int_eq(context->overridden, _i == 0);
	close_as(context, DI_DONE);
}
END_TEST

START_TEST(it_stays_when_the_parent_is_parked_with_it)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inner = park(request);

	close_as(request, DI_DONE);
	ck_assert_int_eq(inner->state, DI__PARKED);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), request);
	ck_assert_ptr_eq(open_in(request, &di_scope_request), inner);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(where_the_parent_is_used_anew_it_is_a_spare)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inner = park(request);

	close_as(request, DI_DONE);
	ck_assert_ptr_eq(open_in(root, &di_scope_job), request);
	ck_assert_int_eq(inner->state, DI__CLOSED);
	ck_assert_ptr_null(request->children);
	ck_assert_ptr_eq(request->spares, inner);
	ck_assert_ptr_eq(open_in(request, &di_scope_inject), inner);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

/* ---- Other flows ---- */

static void *look_at(void *data)
{
	struct di_flow *flow = di__flow_get();

	di__lock_context(data, flow);
	di__unlock_context(data, flow);
	return data;
}

START_TEST(what_another_flow_has_come_near_is_retired_and_parks_again)
{
	struct di_context *context = open_in(root, &di_scope_request);

	thread_join(thread_start(look_at, context, 0));
	close_as(context, DI_DONE);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), context);
	ck_assert(!di__lock_was_revoked(&context->lock));
	close_as(context, DI_DONE);
	ck_assert_int_eq(context->state, DI__PARKED);
	thread_join(thread_start(look_at, context, 0));
	ck_assert_ptr_eq(open_in(root, &di_scope_request), context);
	close_as(context, DI_DONE);
}
END_TEST

struct opener {
	struct di_context *opened, *next;
	struct latch open, go_on;
};

static void *open_twice(void *data)
{
	struct opener *opener = data;

	opener->opened = di_context_open(root, &di_scope_request, NULL);
	latch_open(&opener->open);
	latch_wait(&opener->go_on);
	opener->next = di_context_open(root, &di_scope_request, NULL);
	di_context_close(opener->next, DI_DONE, NULL);
	return NULL;
}

/* It may be looking there this moment. */
START_TEST(what_stands_in_the_place_of_another_flow_is_left_there)
{
	struct opener opener = { NULL, NULL, LATCH_INIT, LATCH_INIT };
	pthread_t thread = thread_start(open_twice, &opener, 0);
	struct di_context *opened;

	latch_wait(&opener.open);
	opened = opener.opened;
	ck_assert_ptr_nonnull(app_session_get(opened, &error));
	close_as(opened, DI_DONE);
	ck_assert_int_eq(opened->state, DI__STALE);
	ck_assert_ptr_eq(root->places[opened->place % DI__PLACES], opened);
	ck_assert_ptr_ne(open_in(root, &di_scope_request), opened);
	latch_open(&opener.go_on);
	thread_join(thread);
	ck_assert_ptr_eq(opener.next, opened);
	ck_assert_int_eq(opened->state, DI__PARKED);
}
END_TEST

static void *open_and_close_at(void *data)
{
	struct di_flow *flow = di__flow_get();
	uint32_t place = flow->place;
	struct di_context *context;

	flow->place = *(uint32_t *)data;
	context = di_context_open(root, &di_scope_request, NULL);
	di_context_close(context, DI_DONE, NULL);
	flow->place = place;
	return context;
}

/* Also where a flow has none at all. */
START_TEST(a_place_is_of_one_flow)
{
	const uint32_t others[] = { di__flow_get()->place + DI__PLACES, DI__NOWHERE };
	struct di_context *mine = park(root), *other;
	uint32_t place = others[_i];

	other = thread_join(thread_start(open_and_close_at, &place, 0));
	ck_assert_ptr_ne(other, mine);
	ck_assert_int_eq(other->state, DI__CLOSED);
	ck_assert_int_eq(mine->state, DI__PARKED);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), mine);
	other = thread_join(thread_start(open_and_close_at, &place, 0));
	close_as(mine, DI_DONE);
	ck_assert_int_eq(mine->state, DI__PARKED);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), mine);
	close_as(mine, DI_DONE);
}
END_TEST

/* It may have been released since. */
START_TEST(what_stands_in_the_place_of_another_is_not_looked_at)
{
	struct di_flow *flow = di__flow_get();
	uint32_t at = flow->place % DI__PLACES;

	root->places[at] = (struct di_context *)(uintptr_t)64;
	root->holders[at] = (uint8_t)(flow->place + DI__PLACES);
	ck_assert_ptr_null(di__park_find(root, &di_scope_request, flow));
	root->places[at] = NULL;
}
END_TEST

static void *where(void *data)
{
	struct di_context *context;

	*(uint32_t *)data = di__flow_get()->place;
	context = open_and_close_at(data);
	return context->opener == di__flow_get()->number ? context : NULL;
}

START_TEST(the_place_of_a_thread_that_has_ended_is_the_next_ones)
{
	uint32_t first = 0, second = 0, mine = di__flow_get()->place;
	void *left = thread_join(thread_start(where, &first, 0));

	ck_assert_ptr_nonnull(left);
	ck_assert_uint_ne(first, mine);
	ck_assert_ptr_eq(thread_join(thread_start(where, &second, 0)), left);
	ck_assert_uint_eq(first, second);
}
END_TEST

static void *open_and_leave(void *data)
{
	struct di_context **opened = data;

	*opened = di_context_open(root, &di_scope_request, NULL);
	return NULL;
}

/* A thread may close what is its own while it ends, when the place is given up already. */
START_TEST(what_a_thread_leaves_open_keeps_its_place)
{
	struct di_context *left, *other;
	uint32_t place;

	thread_join(thread_start(open_and_leave, &left, 0));
	place = left->place;
	other = thread_join(thread_start(open_and_close_at, &place, 0));
	ck_assert_int_eq(left->parks, 1);
	ck_assert_ptr_eq(root->places[place % DI__PLACES], left);
	ck_assert_int_eq(other->state, DI__CLOSED);
	close_as(left, DI_DONE);
	ck_assert_ptr_eq(thread_join(thread_start(open_and_close_at, &place, 0)), left);
	ck_assert_int_eq(left->state, DI__PARKED);
}
END_TEST

enum {
	MANY = DI__NOWHERE + 4
};

static uint32_t places[MANY];
static struct latch all_there = LATCH_INIT;
static pthread_barrier_t counted;

static void *stay(void *data)
{
	struct di_context *context;

	*(uint32_t *)data = di__flow_get()->place;
	context = di_context_open(root, &di_scope_request, NULL);
	pthread_barrier_wait(&counted);
	latch_wait(&all_there);
	return di_context_close(context, DI_DONE, NULL) == DI_OK ? data : NULL;
}

START_TEST(no_two_that_live_have_the_same)
{
	pthread_t threads[MANY];
	uint64_t taken = UINT64_C(1) << di__flow_get()->place;
	int i, without = 0;

	pthread_barrier_init(&counted, NULL, MANY + 1);
	for (i = 0; i < MANY; i++)
		threads[i] = thread_start(stay, &places[i], 0);
	pthread_barrier_wait(&counted);
	for (i = 0; i < MANY; i++) {
		without += places[i] == DI__NOWHERE;
		if (places[i] == DI__NOWHERE)
			continue;
		ck_assert((taken >> places[i] & 1) == 0);
		taken |= UINT64_C(1) << places[i];
	}
	ck_assert_int_eq(without, MANY + 1 - DI__NOWHERE);
	latch_open(&all_there);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(thread_join(threads[i]), &places[i]);
	pthread_barrier_destroy(&counted);
}
END_TEST

static void add_one_flow(TCase *tcase)
{
	tcase_add_loop_test(tcase, all_is_as_a_new_context_has_it, 0, 2);
	tcase_add_test(tcase, what_was_overridden_is_not_parked);
	tcase_add_loop_test(tcase, a_change_of_the_parent_makes_it_stale, 0, 2);
	tcase_add_test(tcase, it_stays_when_the_parent_is_parked_with_it);
	tcase_add_test(tcase, where_the_parent_is_used_anew_it_is_a_spare);
}

static void add_flows(Suite *all)
{
	TCase *tcase = tcase_create("flows");

	tcase_add_checked_fixture(tcase, setup_threads, teardown);
	tcase_add_loop_test(tcase, to_open_what_is_parked_takes_no_lock_of_the_parent, 0,
			    2 * sizeof(before) / sizeof(before[0]));
	tcase_add_test(tcase, what_a_private_context_leaves_is_opened_so_too);
	tcase_add_test(tcase, what_another_flow_has_come_near_is_retired_and_parks_again);
	tcase_add_test(tcase, what_stands_in_the_place_of_another_flow_is_left_there);
	tcase_add_loop_test(tcase, a_place_is_of_one_flow, 0, 2);
	tcase_add_test(tcase, what_stands_in_the_place_of_another_is_not_looked_at);
	tcase_add_test(tcase, the_place_of_a_thread_that_has_ended_is_the_next_ones);
	tcase_add_test(tcase, what_a_thread_leaves_open_keeps_its_place);
	tcase_add_test(tcase, no_two_that_live_have_the_same);
	suite_add_tcase(all, tcase);
}

#endif

static Suite *suite(void)
{
	Suite *all = suite_create("di/park_places");
	TCase *tcase = tcase_create("one flow");

	tcase_add_checked_fixture(tcase, setup, container_end);
	add_one_flow(tcase);
	suite_add_tcase(all, tcase);
	add_flows(all);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
