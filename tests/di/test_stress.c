/* SPDX-License-Identifier: MIT */
#include "tests/support/cell.h"
#include "tests/support/fixture.h"
#include "tests/support/last_words.h"
#include "tests/support/ring.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>

/*
 * Many threads do everything at once to one container: constructors that fail and that resolve in
 * circles, finalizers that fail, contexts that open and close, overrides in contexts of one's own.
 * Then the noise stops, and what is left must be whole. What threads change that others use is in
 * test_stress_change.c.
 *
 * DI_STRESS_ERA=n runs one era alone: threads then draw the same numbers again, but they do not run
 * in the same order again.
 */
enum {
	THREADS = 16,
	STEPS = 60,
	ROUNDS = 10
};

enum row {
	S0,
	S1,
	S2,
	S3,
	C0,
	C1,
	C2,
	C3,
	M0,
	M1,
	R0,
	R1,
	F0,
	F1,
	A0,
	ROWS
};

_Static_assert((int)ROWS <= (int)CELL_ROWS, "too many rows");

static atomic_int overrides;
static _Atomic(struct cell *) seen_in_root[ROWS];
static struct cell_place in_root;

CELL(S0)
CELL_OF_1(S1)
CELL_OF_1(S2)
CELL_OF_2(S3)
CELL(C0)
CELL(C1)
CELL(C2)
CELL_OF_1(C3)
CELL_OF_1(M0)
CELL_OF_2(M1)
CELL_OF_1(R0)
CELL_OF_2(R1)
CELL_OF_1(F0)
CELL_OF_1(F1)
CELL_OF_1(A0)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_s0, struct cell, (S0_new),                 cell_end) \
	X(singleton,        app_s1, struct cell, (S1_new, app_s0),         cell_end) \
	X(resource,         app_s2, struct cell, (S2_new, app_s1),         cell_end) \
	X(singleton,        app_s3, struct cell, (S3_new, app_s0, app_s2), cell_end) \
	X(singleton,        app_c0, struct cell, (C0_new),                 cell_end) \
	X(singleton,        app_c1, struct cell, (C1_new),                 cell_end) \
	X(singleton,        app_c2, struct cell, (C2_new),                 cell_end) \
	X(singleton,        app_c3, struct cell, (C3_new, app_s1),         cell_end) \
	X(singleton,        app_m0, struct cell, (M0_new, app_c0),         cell_end) \
	X(singleton,        app_m1, struct cell, (M1_new, app_c1, app_s3), cell_end) \
	X(context_resource, app_r0, struct cell, (R0_new, app_s1),         cell_end, request) \
	X(context_resource, app_r1, struct cell, (R1_new, app_r0, app_c2), cell_end, request) \
	X(factory,          app_f0, struct cell, (F0_new, app_r0),         cell_end) \
	X(factory,          app_f1, struct cell, (F1_new, app_s3),         cell_end) \
	X(context_resource, app_a0, struct cell, (A0_new, app_f1),         cell_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *home_of_the_running(void)
{
	return di_context_current(&app);
}

/* What is kept in the root is made by one thread at a time, and once as long as it lives. */
static struct cell_place *place_of(int row)
{
	return home_of_the_running() == root && row != F0 && row != F1 ? &in_root : NULL;
}

/* A member of the ring asks for another one, or for what needs one; R0 also for what needs it. */
static const struct di_provider *any_around(int row)
{
	static const struct di_provider *const ring[] = { &app_c0, &app_c1, &app_c2,
							  &app_c3, &app_m0, &app_m1 };

	return row == R0 && cell_below(2) ? &app_r1 : ring[cell_below(6)];
}

static int ask_around(int row)
{
	struct di_error err = { 0 };

	/* So that others come in between. */
	sched_yield();
	if (cell_below(2) || di_resolve(home_of_the_running(), &err, any_around(row)) != NULL)
		return 0;
	cell_judge_failure(&err);
	return cell_below(8) ? EAGAIN : 0;
}

static int act(int row)
{
	int in_ring = row >= C0 && row <= C3;

	if (in_ring && ring_runs())
		return ring_act(row - C0);
	return cells.noisy && (in_ring || row == R0) ? ask_around(row) : 0;
}

static const struct cell_rules rules = { place_of, act };

static struct di_context *shared;

/* ---- What threads do ---- */

static struct cell *resolve(struct di_context *context, uint32_t row)
{
	struct di_error err = { 0 };
	struct cell *cell = di_resolve(context, &err, app.providers[row]);

	if (cell != NULL)
		cell_expect(cell->alive, "what has ended is resolved");
	else
		cell_judge_failure(&err);
	return cell;
}

/* Of a root value there is only one, from whichever thread and context. */
static void resolve_in_root(void)
{
	uint32_t row = cell_below(3) ? C0 + cell_below(R0 - C0) : cell_below(R0);
	struct cell *cell = resolve(cell_below(2) ? root : shared, row), *none = NULL;

	if (cell != NULL && !atomic_compare_exchange_strong(&seen_in_root[row], &none, cell))
		cell_expect(none == cell, "there are two of a root value");
}

static void make_and_drop(struct di_context *context)
{
	struct cell *cell = resolve(context, F1);
	struct cell_ends before = cell_ends;
	struct di_error err = { 0 };
	enum di_status status;

	if (cell == NULL || cell_below(2))
		return;
	status = app_f1_drop(context, cell, &err);
	cell_expect(status != DI_EBUSY, "a product that nobody holds is busy");
	cell_judge_end(status, &err, before);
}

static void defer(struct di_context *context)
{
	cell_expect(cell_defer(context) == DI_OK, "nothing can be deferred");
}

static struct cell fakes[] = { { .row = ROWS, .alive = 1 }, { .row = ROWS, .alive = 1 } };

static void override(struct di_context *context)
{
	uint32_t row = cell_below(ROWS);
	struct cell *fake = &fakes[cell_below(2)];
	enum di_status status = di_override(context, app.providers[row], fake, NULL);

	cell_expect(status == DI_OK || status == DI_EBUSY, "an override fails");
	if (status != DI_OK)
		return;
	overrides++;
	cell_expect(resolve(context, row) == fake, "an override is not seen");
}

static int use(int number, struct cell *resource, struct cell *product)
{
	cell_expect(resource->alive && product->alive, "a handler gets what has ended");
	return number;
}

DI_HANDLER(app_use, int, (int), (use, app_r1, app_f0));

static void call(struct di_context *context)
{
	struct di_error err = { 0 };
	int result = -1;
	enum di_status status = app_use(context, &result, 3, &err);
	int called = status == DI_OK || status == DI_EFINALIZE;

	cell_expect(called == (result == 3), "a handler is not called, or though it failed");
	if (!called)
		cell_judge_failure(&err);
}

static void use_context(struct di_context *context, int depth);

static void live_a_while(struct di_context *parent, int depth)
{
	struct di_context *context = di_context_open(parent, &di_scope_request, NULL);
	uint32_t i, count = cell_below(8);
	struct di_error err = { 0 };
	struct cell_ends before;
	enum di_status status;

	cell_expect(context != NULL, "no context can be opened");
	if (context == NULL)
		return;
	if (cell_below(3) == 0)
		override(context);
	for (i = 0; i < count; i++)
		use_context(context, depth);
	before = cell_ends;
	status = di_context_close(context, (enum di_outcome)cell_below(3), &err);
	cell_expect(status != DI_EBUSY, "a context of one thread is busy");
	cell_judge_end(status, &err, before);
}

/* A context of this thread alone. */
static void use_context(struct di_context *context, int depth)
{
	switch (cell_below(8)) {
	case 0:
		override(context);
		break;
	case 1:
		if (depth < 3)
			live_a_while(context, depth + 1);
		break;
	case 2:
		cell_expect(di_context_enter(context, NULL) == DI_OK, "no entering");
		resolve(context, cell_below(ROWS));
		cell_expect(di_context_leave(context, NULL) == DI_OK, "no leaving");
		break;
	case 3:
		defer(context);
		break;
	case 4:
		call(context);
		break;
	default:
		resolve(context, cell_below(ROWS));
	}
}

static void make_noise(int number, void *data)
{
	int i;

	(void)data;
	cells_join(number);
	for (i = 0; i < STEPS; i++) {
		switch (i < 8 ? 5 : cell_below(6)) {
		case 0:
			live_a_while(cell_below(2) ? root : shared, 0);
			break;
		case 1:
			make_and_drop(shared);
			break;
		case 2:
			resolve(shared, R0 + cell_below(ROWS - R0));
			break;
		case 3:
			call(shared);
			break;
		case 4:
			defer(cell_below(2) ? root : shared);
			break;
		default:
			resolve_in_root();
		}
	}
}

/* ---- Eras ---- */

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int row;

	last_words_begin("DI_STRESS_ERA=", 55);
	overrides = 0;
	memset(&in_root, 0, sizeof(in_root));
	for (row = 0; row < ROWS; row++)
		seen_in_root[row] = NULL;
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	last_words_end();
}

/* While the root has no open children: between two rounds the ring is reset. */
static void go_round(void)
{
	const struct ring_member ring[] = {
		{ root, &app_c0 }, { root, &app_c1 }, { root, &app_c2 }, { root, &app_c3 }
	};

	ring_run(THREADS, ROUNDS, ring, 4);
}

/* When nothing fails any more, all can be made, and what was made already is what there is. */
static void expect_whole(void)
{
	uint32_t row;

	cells.noisy = 0;
	for (row = S0; row < R0; row++) {
		struct cell *cell = di_resolve(root, &error, app.providers[row]);

		ck_assert_msg(cell != NULL, "%s", error_text());
		ck_assert(seen_in_root[row] == NULL || seen_in_root[row] == cell);
	}
	for (row = R0; row < ROWS; row++)
		ck_assert_ptr_nonnull(di_resolve(shared, &error, app.providers[row]));
}

START_TEST(whatever_threads_do_all_is_made_once_and_ended_once)
{
	cells_begin(cells_era(_i), &rules);
	go_round();
	shared = open_in(root, &di_scope_request);
	cells.noisy = 1;
	crowd_run(THREADS, make_noise, NULL);
	expect_whole();
	close_as(shared, DI_DONE);
	container_free_expect(DI_OK);
	cells_check();
	ck_assert_int_gt(cells.made, ROWS);
	ck_assert_int_gt(cells.failures, 0);
	ck_assert_int_gt(cells.cycles, 0);
	ck_assert_int_gt(overrides, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress");
	TCase *tcase = tcase_create("eras");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, whatever_threads_do_all_is_made_once_and_ended_once, 0,
			    cells_eras());
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
