/* SPDX-License-Identifier: MIT */
#include "tests/support/cell.h"
#include "tests/support/fixture.h"
#include "tests/support/last_words.h"
#include "tests/support/ring.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>

/*
 * Many threads change two containers that others use at the same time: they reset, override, drop,
 * open and close, while constructors fail, resolve in circles over both containers, and finalizers
 * fail. Nobody may look at a value that another may end; constructors and finalizers count instead.
 *
 * DI_STRESS_ERA=n runs one era alone: threads then draw the same numbers again, but they do not run
 * in the same order again.
 */
enum {
	THREADS = 16,
	STEPS = 400,
	ROUNDS = 10,
	WORLDS = 2,
	SEASON = 256 /* steps of all threads */
};

enum row {
	S0,
	S1,
	S2,
	S3,
	R0,
	R1,
	P0,
	P1,
	ROWS
};

_Static_assert((int)ROWS <= (int)CELL_ROWS, "too many rows");

/*
 * A container, and a request context below its root that any thread may open, use, change or close.
 */
static struct world {
	struct di_container *container;
	struct di_context *root, *request;
	/* Of the request context; less than 0: it is closed, or being opened or closed. */
	atomic_int users;
	struct cell_place in_root, in_request;
} worlds[WORLDS];

enum {
	SHUT = -1,
	MOVING = -2
};

static atomic_uint steps;
static atomic_int drops, opens, overrides;
/* Of the roots: what ended something, and what came while something was being made. */
static atomic_int resets, early_resets;

CELL(S0)
CELL_OF_1(S1)
CELL_OF_1(S2)
CELL_OF_2(S3)
CELL_OF_1(R0)
CELL_OF_2(R1)
CELL_OF_1(P0)
CELL_OF_2(P1)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_s0, struct cell, (S0_new),                 cell_end) \
	X(resource,         app_s1, struct cell, (S1_new, app_s0),         cell_end) \
	X(singleton,        app_s2, struct cell, (S2_new, app_s0),         cell_end) \
	X(singleton,        app_s3, struct cell, (S3_new, app_s1, app_s2), cell_end) \
	X(context_resource, app_r0, struct cell, (R0_new, app_s1),         cell_end, request) \
	X(context_resource, app_r1, struct cell, (R1_new, app_r0, app_s3), cell_end, request) \
	X(factory,          app_p0, struct cell, (P0_new, app_s1),         cell_end) \
	X(factory,          app_p1, struct cell, (P1_new, app_p0, app_s2), cell_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

/* ---- Constructors and finalizers ---- */

static struct di_context *home_of_the_running(void)
{
	return di_context_current(&app);
}

static struct world *world_of(const struct di_context *context)
{
	while (di_context_parent(context) != NULL)
		context = di_context_parent(context);
	return &worlds[context == worlds[1].root];
}

static struct cell_place *place_of(int row)
{
	const struct di_context *home = home_of_the_running();
	struct world *world = world_of(home);

	if (row == P0 || row == P1)
		return NULL;
	return home == world->root ? &world->in_root : &world->in_request;
}

static void judge(enum di_status status)
{
	cell_expect(status == DI_OK || status == DI_EBUSY, "an error that nothing explains");
}

static void *resolve(struct di_context *context, uint32_t row)
{
	struct di_error err = { 0 };
	void *value = di_resolve(context, &err, app.providers[row]);

	if (value == NULL && err.status != DI_EBUSY)
		cell_judge_failure(&err);
	return value;
}

/* A constructor asks for any value of either container, also for one that is being made for it. */
static void *resolve_around(int row)
{
	struct di_context *home = home_of_the_running();
	const struct world *world = world_of(home);
	struct di_context *other = worlds[world == worlds].root;

	if (row == R0 && cell_below(2))
		return resolve(home, R0 + cell_below(2));
	return resolve(cell_below(2) ? home : other, cell_below(R0));
}

static int ask_around(int row)
{
	/* So that others come in between. */
	sched_yield();
	if (cell_below(2) || resolve_around(row) != NULL)
		return 0;
	return cell_below(4) ? EAGAIN : 0;
}

static int act(int row)
{
	if (row == S2 && ring_runs())
		return ring_act((int)(world_of(home_of_the_running()) - worlds));
	return cells.noisy && (row == S2 || row == R0 || row == P0) ? ask_around(row) : 0;
}

static const struct cell_rules rules = { place_of, act };

/* ---- What threads do ---- */

static void reset(struct di_context *context, uint32_t row)
{
	struct cell_ends before = cell_ends;
	struct di_error err = { 0 };
	enum di_status status = di_reset(context, app.providers[row], &err);
	unsigned ended = cell_judge_end(status, &err, before);

	if (row >= R0)
		return;
	resets += ended > 0;
	early_resets += status == DI_EBUSY && strstr(err.detail, "being made") != NULL;
}

/* Another thread may have ended the product, and a third one got its memory for one of its own. */
static void make_and_drop(struct di_context *context)
{
	uint32_t row = cell_below(2) ? P0 : P1;
	void *product = resolve(context, row);
	struct cell_ends before = cell_ends;
	struct di_error err = { 0 };
	enum di_status status;

	if (product == NULL || cell_below(4) == 0)
		return;
	status = di_context_drop(context, app.providers[row], product, &err);
	if (status == DI_EINVAL)
		return;
	cell_judge_end(status, &err, before);
	drops += status != DI_EBUSY;
}

static void defer(struct di_context *context)
{
	judge(cell_defer(context));
}

static struct cell fake = { .row = ROWS, .alive = 1 };

/*
 * Never in the root: there an override stays. An override is seen at once and by everyone, whatever
 * they are about to keep for the next time.
 */
static void override(struct di_context *context)
{
	static const struct di_provider *const rows[] = { &app_s0, &app_s2, &app_p0 };
	uint32_t row = cell_below(3);
	enum di_status status;

	if (cell_below(3) == 0) {
		judge(di_override_with(context, &app_s3, &app_s0, NULL));
		return;
	}
	status = di_override(context, rows[row], &fake, NULL);
	judge(status);
	if (status != DI_OK)
		return;
	overrides++;
	sched_yield();
	cell_expect(di_resolve(context, NULL, rows[row]) == &fake, "an override is not seen");
}

static void use_request(struct di_context *context)
{
	switch (cell_below(8)) {
	case 0:
		reset(context, cell_below(2) ? R0 : R1);
		break;
	case 1:
		override(context);
		break;
	case 2:
		make_and_drop(context);
		break;
	case 3:
		defer(context);
		break;
	default:
		resolve(context, cell_below(ROWS));
	}
}

/* Stays open while somebody uses it. */
static void visit_request(struct world *world)
{
	int users = world->users, i;

	do {
		if (users < 0)
			return;
	} while (!atomic_compare_exchange_weak(&world->users, &users, users + 1));
	for (i = 0; i < 4; i++)
		use_request(world->request);
	world->users--;
}

static void open_request(struct world *world)
{
	struct di_error err = { 0 };
	int shut = SHUT;

	if (!atomic_compare_exchange_strong(&world->users, &shut, MOVING))
		return;
	world->request = di_context_open(world->root, &di_scope_request, &err);
	opens += world->request != NULL;
	judge(world->request != NULL ? DI_OK : err.status);
	if (world->request != NULL && cell_below(4))
		override(world->request);
	world->users = world->request != NULL ? 0 : SHUT;
}

/* Whoever comes last; mostly not who has opened it. */
static void close_request(struct world *world)
{
	struct cell_ends before = cell_ends;
	struct di_error err = { 0 };
	enum di_status status;
	int none = 0;

	if (!atomic_compare_exchange_strong(&world->users, &none, MOVING))
		return;
	status = di_context_close(world->request, (enum di_outcome)cell_below(3), &err);
	cell_judge_end(status, &err, before);
	cell_expect(status != DI_EBUSY, "a context that nobody uses is busy");
	world->users = SHUT;
}

/* The root's values are used and reset, and made in between. */
static void take_calm_step(struct world *world)
{
	close_request(world);
	switch (cell_below(16)) {
	case 0:
		make_and_drop(world->root);
		break;
	case 1:
		defer(world->root);
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		reset(world->root, cell_below(R0));
		break;
	default:
		resolve(world->root, cell_below(R0));
	}
}

static void take_busy_step(struct world *world)
{
	switch (cell_below(16)) {
	case 0:
		make_and_drop(world->root);
		break;
	case 1:
		defer(world->root);
		break;
	case 2:
		reset(world->root, cell_below(R0));
		break;
	case 3:
		close_request(world);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		open_request(world);
		break;
	case 8:
	case 9:
	case 10:
	case 11:
		visit_request(world);
		break;
	default:
		resolve(world->root, cell_below(R0));
	}
}

/* For half of the time a world has no request context, without which its root can be reset. */
static void take_step(int number)
{
	unsigned season = steps++ / SEASON;

	if ((season + (unsigned)number) % 2 == 0)
		take_calm_step(&worlds[number]);
	else
		take_busy_step(&worlds[number]);
}

static void make_noise(int number, void *data)
{
	int i;

	(void)data;
	cells_join(number);
	for (i = 0; i < STEPS; i++) {
		take_step((int)cell_below(WORLDS));
		/* Lest one thread takes all its steps while another is in a constructor. */
		sched_yield();
	}
	/* Left by the end of the thread. */
	cell_expect(di_context_enter(worlds[0].root, NULL) == DI_OK, "a root cannot be entered");
}

/* ---- Eras ---- */

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	last_words_begin("DI_STRESS_ERA=", 55);
	steps = 0;
	drops = opens = overrides = resets = early_resets = 0;
	for (i = 0; i < WORLDS; i++) {
		memset(&worlds[i], 0, sizeof(worlds[i]));
		worlds[i].container = di_container_new(&app, &options, &error);
		ck_assert_ptr_nonnull(worlds[i].container);
		worlds[i].root = di_container_root(worlds[i].container);
		worlds[i].users = SHUT;
	}
}

static void teardown(void)
{
	last_words_end();
}

/* When nothing fails any more all can be made, and the rest ends. */
static void end_world(struct world *world)
{
	uint32_t row;

	for (row = S0; row < R0; row++)
		ck_assert_ptr_nonnull(di_resolve(world->root, &error, app.providers[row]));
	if (world->users == SHUT)
		open_request(world);
	for (row = S0; row < ROWS; row++)
		ck_assert_ptr_nonnull(di_resolve(world->request, &error, app.providers[row]));
	close_request(world);
	ck_assert_int_eq(world->users, SHUT);
	expect_ok(di_container_free(world->container, &error));
}

/* The rest depends on how the threads run. */
static void expect_much_happened(void)
{
	ck_assert_int_gt(drops, 0);
	ck_assert_int_gt(opens, 0);
	ck_assert_int_gt(overrides, 0);
	ck_assert_int_gt(resets, 0);
	ck_assert_int_gt(early_resets, 0);
	ck_assert_int_gt(cells.failures, 0);
	ck_assert_int_gt(cells.cycles, 0);
}

/* Over both containers. */
static void go_round(void)
{
	const struct ring_member ring[] = { { worlds[0].root, &app_s2 },
					    { worlds[1].root, &app_s2 } };

	ring_run(THREADS, ROUNDS, ring, WORLDS);
}

START_TEST(whatever_threads_change_meanwhile_all_is_made_once_and_ended_once)
{
	int i;

	cells_begin(cells_era(_i), &rules);
	go_round();
	cells.noisy = 1;
	crowd_run(THREADS, make_noise, NULL);
	cells.noisy = 0;
	for (i = 0; i < WORLDS; i++)
		end_world(&worlds[i]);
	cells_check();
	expect_much_happened();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_change");
	TCase *tcase = tcase_create("eras");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
			    whatever_threads_change_meanwhile_all_is_made_once_and_ended_once, 0,
			    cells_eras());
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
