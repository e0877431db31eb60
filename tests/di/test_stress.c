/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/last_words.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Many threads do everything at once to one container: constructors that fail and that resolve in
 * circles, finalizers that fail, contexts that open and close, overrides in contexts of one's own. Then
 * the noise stops, and what is left must be whole. Each era has its own seed, so that a failure can be
 * run again. What threads change that others use is in test_stress_change.c.
 */
enum {
	THREADS = 16,
	STEPS = 60
};

struct cell {
	int row, in_root;
	atomic_int alive;
	const struct cell *needs[2];
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

static _Thread_local uint64_t seed;
static _Thread_local unsigned bad_ends; /* finalizers that failed on this thread */
static atomic_int noisy, made, ended, faults, deferred, ran, cycles, failures, overrides;
static _Atomic(struct cell *) seen_in_root[ROWS];
static atomic_int making_in_root[ROWS], alive_in_root[ROWS];
static int era;

static uint32_t below(uint32_t limit)
{
	return random_next(&seed) % limit;
}

static const struct di_provider *any_of_the_ring(void);
static struct di_context *home_of_the_running(void);

/* Half of the time a member of the ring asks for another one, or for what needs another one. */
static int ask_around(void)
{
	struct di_error err = { 0 };

	/* So that others come in between. */
	sched_yield();
	if (below(2) || di_resolve(home_of_the_running(), &err, any_of_the_ring()) != NULL)
		return 0;
	cycles += err.status == DI_ECYCLE;
	faults += err.status != DI_ECYCLE && err.status != DI_ECREATE;
	return below(8) ? EAGAIN : 0;
}

static int decide(int row)
{
	if (!noisy)
		return 0;
	if (below(12) == 0)
		return EIO;
	return row >= C0 && row <= C3 ? ask_around() : 0;
}

static struct cell *cell_of(int row, int in_root, const struct cell *a, const struct cell *b)
{
	struct cell *cell = malloc(sizeof(*cell));

	if (cell == NULL)
		abort();
	*cell = (struct cell){ .row = row, .in_root = in_root, .needs = { a, b } };
	cell->alive = 1;
	made++;
	return cell;
}

/* What is kept in the root is made by one thread at a time, and once as long as it lives. */
static int cell_new(struct cell **out, int row, const struct cell *a, const struct cell *b)
{
	int in_root = home_of_the_running() == root && row != F0 && row != F1;
	int cause;

	if (in_root)
		faults += atomic_fetch_add(&making_in_root[row], 1) != 0;
	cause = decide(row);
	if (cause == 0) {
		if (in_root)
			faults += atomic_fetch_add(&alive_in_root[row], 1) != 0;
		*out = cell_of(row, in_root, a, b);
	}
	if (in_root)
		making_in_root[row]--;
	return cause;
}

static int cell_end(struct cell *cell)
{
	int i, bad = noisy && below(16) == 0;

	for (i = 0; i < 2; i++)
		faults += cell->needs[i] != NULL && !cell->needs[i]->alive;
	faults += atomic_exchange(&cell->alive, 0) != 1;
	alive_in_root[cell->row] -= cell->in_root;
	ended++;
	bad_ends += (unsigned)bad;
	free(cell);
	return bad ? EIO : 0;
}

#define CELL(row_)                                                                                 \
	static int row_##_new(struct cell **out)                                                   \
	{                                                                                          \
		return cell_new(out, row_, NULL, NULL);                                            \
	}
#define CELL_OF_1(row_)                                                                            \
	static int row_##_new(struct cell **out, struct cell *a)                                   \
	{                                                                                          \
		return cell_new(out, row_, a, NULL);                                               \
	}
#define CELL_OF_2(row_)                                                                            \
	static int row_##_new(struct cell **out, struct cell *a, struct cell *b)                   \
	{                                                                                          \
		return cell_new(out, row_, a, b);                                                  \
	}

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

static const struct di_provider *any_of_the_ring(void)
{
	static const struct di_provider *const ring[] = { &app_c0, &app_c1, &app_c2,
							  &app_c3, &app_m0, &app_m1 };

	return ring[below(6)];
}

static struct di_context *home_of_the_running(void)
{
	return di_context_current(&app);
}

static struct di_context *shared;

/* ---- What threads do ---- */

static struct cell *resolve(struct di_context *context, uint32_t row)
{
	struct di_error err = { 0 };
	struct cell *cell = di_resolve(context, &err, app.providers[row]);

	if (cell != NULL) {
		faults += !cell->alive;
		return cell;
	}
	failures++;
	faults += err.status != DI_ECREATE && err.status != DI_ECYCLE;
	return NULL;
}

/* Of a root value there is only one, from whichever thread and context. */
static void resolve_in_root(void)
{
	uint32_t row = below(3) ? C0 + below(R0 - C0) : below(R0);
	struct cell *cell = resolve(below(2) ? root : shared, row), *none = NULL;

	if (cell != NULL && !atomic_compare_exchange_strong(&seen_in_root[row], &none, cell))
		faults += none != cell;
}

/* What ends values says how many finalizers failed. */
static void judge_end(enum di_status status, const struct di_error *err, unsigned bad_before)
{
	unsigned failed = status == DI_EFINALIZE ? 1 + err->more : 0;

	faults += status != DI_OK && status != DI_EFINALIZE;
	faults += failed != bad_ends - bad_before;
}

static void make_and_drop(struct di_context *context)
{
	struct cell *cell = resolve(context, F1);
	unsigned before = bad_ends;
	struct di_error err = { 0 };

	if (cell != NULL && below(2))
		judge_end(app_f1_drop(context, cell, &err), &err, before);
}

static int count_run(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ran++;
	return 0;
}

static void defer(struct di_context *context)
{
	if (di_context_defer(context, count_run, NULL, NULL) == DI_OK)
		deferred++;
	else
		faults++;
}

static struct cell fakes[] = { { .row = ROWS, .alive = 1 }, { .row = ROWS, .alive = 1 } };

static void override(struct di_context *context)
{
	uint32_t row = below(ROWS);
	struct cell *fake = &fakes[below(2)];
	enum di_status status = di_override(context, app.providers[row], fake, NULL);

	faults += status != DI_OK && status != DI_EBUSY;
	if (status != DI_OK)
		return;
	overrides++;
	faults += resolve(context, row) != fake;
}

static int use(int number, struct cell *resource, struct cell *product)
{
	faults += !resource->alive || !product->alive;
	return number;
}

DI_HANDLER(app_use, int, (int), (use, app_r1, app_f0));

static void call(struct di_context *context)
{
	enum di_status status;
	int result = -1;

	status = app_use(context, &result, 3, NULL);
	faults += status != DI_OK && status != DI_ECREATE && status != DI_ECYCLE &&
		  status != DI_EFINALIZE;
	faults += (status == DI_OK || status == DI_EFINALIZE) != (result == 3);
}

static void use_context(struct di_context *context, int depth);

static void live_a_while(struct di_context *parent, int depth)
{
	struct di_context *context = di_context_open(parent, &di_scope_request, NULL);
	uint32_t i, count = below(8);
	struct di_error err = { 0 };
	unsigned before;

	if (context == NULL) {
		faults++;
		return;
	}
	if (below(3) == 0)
		override(context);
	for (i = 0; i < count; i++)
		use_context(context, depth);
	before = bad_ends;
	judge_end(di_context_close(context, (enum di_outcome)below(3), &err), &err, before);
}

/* A context of this thread alone. */
static void use_context(struct di_context *context, int depth)
{
	switch (below(8)) {
	case 0:
		override(context);
		break;
	case 1:
		if (depth < 3)
			live_a_while(context, depth + 1);
		break;
	case 2:
		faults += di_context_enter(context, NULL) != DI_OK;
		resolve(context, below(ROWS));
		faults += di_context_leave(context, NULL) != DI_OK;
		break;
	case 3:
		defer(context);
		break;
	case 4:
		call(context);
		break;
	default:
		resolve(context, below(ROWS));
	}
}

static void make_noise(int number, void *data)
{
	int i;

	(void)data;
	seed = (uint64_t)era * 1000003 + (uint64_t)number + 1;
	for (i = 0; i < STEPS; i++) {
		switch (i < 8 ? 5 : below(6)) {
		case 0:
			live_a_while(below(2) ? root : shared, 0);
			break;
		case 1:
			make_and_drop(shared);
			break;
		case 2:
			resolve(shared, R0 + below(ROWS - R0));
			break;
		case 3:
			call(shared);
			break;
		case 4:
			defer(below(2) ? root : shared);
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

	last_words_begin("this was era ", 55);
	made = ended = faults = deferred = ran = cycles = failures = overrides = 0;
	for (row = 0; row < ROWS; row++) {
		seen_in_root[row] = NULL;
		making_in_root[row] = alive_in_root[row] = 0;
	}
	container_begin(&app, &options);
	shared = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	container_end();
	last_words_end();
}

/* When nothing fails any more, all can be made, and what was made already is what there is. */
static void expect_whole(void)
{
	uint32_t row;

	noisy = 0;
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
	era = _i + 1;
	last_words_number((unsigned)era);
	noisy = 1;
	crowd_run(THREADS, make_noise, NULL);
	expect_whole();
	close_as(shared, DI_DONE);
	container_free_expect(DI_OK);
	ck_assert_msg(faults == 0, "era %d: %d faults", _i + 1, faults);
	ck_assert_msg(made == ended, "era %d: %d made, %d ended", _i + 1, made, ended);
	ck_assert_msg(deferred == ran, "era %d: %d deferred, %d run", _i + 1, deferred, ran);
	ck_assert_int_gt(made, ROWS);
	ck_assert_int_gt(failures, 0);
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
			    di_check_quick() ? 1 : 50);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
