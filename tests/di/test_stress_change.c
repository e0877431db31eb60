/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/last_words.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Many threads change two containers that others use at the same time: they reset, override, drop,
 * open and close, while constructors fail, resolve in circles over both containers, and finalizers
 * fail. Nobody may look at a value that another may end; constructors and finalizers count instead.
 */
enum {
	THREADS = 16,
	STEPS = 400,
	WORLDS = 2
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

struct cell {
	int world, row, in_root;
	atomic_int alive;
	const struct cell *needs[2];
};

/* A container, and a request context below its root that any thread may open, use, change or close. */
static struct world {
	struct di_container *container;
	struct di_context *root, *request;
	atomic_int
		users; /* of the request context; less than 0: it is closed, or being opened or closed */
	/* In the root and in the request context, how many are being made and alive. */
	atomic_int making[2][ROWS], alive[2][ROWS];
} worlds[WORLDS];

enum {
	SHUT = -1,
	MOVING = -2
};

static _Thread_local uint64_t seed;
static _Thread_local unsigned bad_ends; /* finalizers that failed on this thread */
static atomic_int noisy, made, ended, deferred, ran;
static atomic_int drops, failures, opens;
static atomic_int faults;
static const char *_Atomic fault; /* the last */
static int era;

static uint32_t below(uint32_t limit)
{
	return random_next(&seed) % limit;
}

static void expect(int holds, const char *what)
{
	if (holds)
		return;
	faults++;
	fault = what;
}

/* ---- Constructors and finalizers ---- */

static int ask_around(void);
static struct di_context *home_of_the_running(void);

static struct world *world_of(const struct di_context *context)
{
	while (di_context_parent(context) != NULL)
		context = di_context_parent(context);
	return &worlds[context == worlds[1].root];
}

static int decide(enum row row)
{
	if (!noisy)
		return 0;
	if (below(12) == 0)
		return EIO;
	return row == S2 || row == R0 || row == P0 ? ask_around() : 0;
}

static struct cell *allocate(struct cell made_as)
{
	struct cell *cell = malloc(sizeof(*cell));

	if (cell == NULL)
		abort();
	*cell = made_as;
	cell->alive = 1;
	made++;
	return cell;
}

static int cell_new(struct cell **out, enum row row, const struct cell *a, const struct cell *b)
{
	const struct di_context *home = home_of_the_running();
	struct world *world = world_of(home);
	int in_root = home == world->root, cached = row < P0, cause;

	expect((a == NULL || a->alive) && (b == NULL || b->alive), "made from what has ended");
	expect(atomic_fetch_add(&world->making[in_root][row], 1) == 0 || !cached,
	       "two threads make one value");
	cause = decide(row);
	if (cause == 0) {
		expect(atomic_fetch_add(&world->alive[in_root][row], 1) == 0 || !cached,
		       "a value is made twice");
		*out = allocate((struct cell){ .world = (int)(world - worlds),
					       .row = (int)row,
					       .in_root = in_root,
					       .needs = { a, b } });
	}
	world->making[in_root][row]--;
	return cause;
}

static int cell_end(struct cell *cell)
{
	int i, bad = noisy && below(16) == 0;

	for (i = 0; i < 2; i++)
		expect(cell->needs[i] == NULL || cell->needs[i]->alive,
		       "ended after what it was built from");
	expect(atomic_exchange(&cell->alive, 0) == 1, "ended twice");
	worlds[cell->world].alive[cell->in_root][cell->row]--;
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

static struct di_context *home_of_the_running(void)
{
	return di_context_current(&app);
}

static void judge(enum di_status status)
{
	failures += status == DI_ECREATE;
	expect(status == DI_OK || status == DI_ECREATE || status == DI_ECYCLE || status == DI_EBUSY,
	       "an error that nothing explains");
}

static void *resolve(struct di_context *context, uint32_t row)
{
	struct di_error err = { 0 };
	void *value = di_resolve(context, &err, app.providers[row]);

	judge(value != NULL ? DI_OK : err.status);
	return value;
}

/* A constructor asks for any value of either container, also for one that is being made for it. */
static int ask_around(void)
{
	struct di_context *home = home_of_the_running();
	const struct world *world = world_of(home);
	struct di_context *other = worlds[world == worlds].root;

	/* So that others come in between. */
	sched_yield();
	if (below(2))
		return 0;
	if (resolve(below(2) ? home : other, below(R0)) != NULL)
		return 0;
	return below(4) ? EAGAIN : 0;
}

/* ---- What threads do ---- */

/* What ends values says how many finalizers failed. */
static void judge_end(enum di_status status, const struct di_error *err, unsigned bad_before)
{
	unsigned failed = status == DI_EFINALIZE ? 1 + err->more : 0;

	expect(status == DI_OK || status == DI_EBUSY || status == DI_EFINALIZE,
	       "an error at an end that nothing explains");
	expect(failed == bad_ends - bad_before, "failed finalizers are not counted");
}

static void reset(struct di_context *context, uint32_t row)
{
	unsigned before = bad_ends;
	struct di_error err = { 0 };
	enum di_status status = di_reset(context, app.providers[row], &err);

	judge_end(status, &err, before);
}

/* Another thread may have ended the product, and a third one got its memory for one of its own. */
static void make_and_drop(struct di_context *context)
{
	unsigned before = bad_ends;
	struct di_error err = { 0 };
	uint32_t row = below(2) ? P0 : P1;
	void *product = resolve(context, row);
	enum di_status status;

	if (product == NULL || below(4) == 0)
		return;
	status = di_context_drop(context, app.providers[row], product, &err);
	if (status == DI_EINVAL)
		return;
	judge_end(status, &err, before);
	drops += status != DI_EBUSY;
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
	enum di_status status = di_context_defer(context, count_run, NULL, NULL);

	judge(status);
	deferred += status == DI_OK;
}

static struct cell fake = { .row = ROWS, .alive = 1 };

/*
 * Never in the root: there an override stays. An override is seen at once and by everyone, whatever they
 * are about to keep for the next time.
 */
static void override(struct di_context *context)
{
	static const struct di_provider *const rows[] = { &app_s0, &app_s2, &app_p0 };
	uint32_t row = below(3);
	enum di_status status;

	if (below(3) == 0) {
		judge(di_override_with(context, &app_s3, &app_s0, NULL));
		return;
	}
	status = di_override(context, rows[row], &fake, NULL);
	judge(status);
	if (status != DI_OK)
		return;
	sched_yield();
	expect(di_resolve(context, NULL, rows[row]) == &fake, "an override is not seen");
}

static void use_request(struct di_context *context)
{
	switch (below(8)) {
	case 0:
		reset(context, below(2) ? R0 : R1);
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
		resolve(context, below(ROWS));
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
	if (world->request != NULL && below(2))
		override(world->request);
	world->users = world->request != NULL ? 0 : SHUT;
}

/* Whoever comes last; mostly not who has opened it. */
static void close_request(struct world *world)
{
	unsigned before = bad_ends;
	struct di_error err = { 0 };
	enum di_status status;
	int none = 0;

	if (!atomic_compare_exchange_strong(&world->users, &none, MOVING))
		return;
	status = di_context_close(world->request, (enum di_outcome)below(3), &err);
	judge_end(status, &err, before);
	expect(status != DI_EBUSY, "a context that nobody uses is busy");
	world->users = SHUT;
}

static void take_step(struct world *world)
{
	switch (below(16)) {
	case 0:
		open_request(world);
		break;
	case 1:
	case 2:
		close_request(world);
		break;
	case 3:
	case 4:
	case 5:
		visit_request(world);
		break;
	case 6:
	case 7:
	case 8:
	case 9:
		reset(world->root, below(R0));
		break;
	case 10:
		make_and_drop(world->root);
		break;
	case 11:
		defer(world->root);
		break;
	default:
		resolve(world->root, below(R0));
	}
}

static void make_noise(int number, void *data)
{
	int i;

	(void)data;
	seed = (uint64_t)era * 1000003 + (uint64_t)number + 1;
	for (i = 0; i < STEPS; i++)
		take_step(&worlds[below(WORLDS)]);
	/* Left by the end of the thread. */
	expect(di_context_enter(worlds[0].root, NULL) == DI_OK, "a root cannot be entered");
}

/* ---- Eras ---- */

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	last_words_begin("this was era ", 55);
	made = ended = deferred = ran = faults = 0;
	drops = failures = opens = 0;
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
	ck_assert_int_gt(failures, 0);
	ck_assert_int_gt(opens, 0);
}

START_TEST(whatever_threads_change_meanwhile_all_is_made_once_and_ended_once)
{
	int i;

	era = _i + 1;
	last_words_number((unsigned)era);
	noisy = 1;
	crowd_run(THREADS, make_noise, NULL);
	noisy = 0;
	for (i = 0; i < WORLDS; i++)
		end_world(&worlds[i]);
	ck_assert_msg(faults == 0, "era %d: %d faults, one is: %s", _i + 1, faults, fault);
	ck_assert_msg(made == ended, "era %d: %d made, %d ended", _i + 1, made, ended);
	ck_assert_msg(deferred == ran, "era %d: %d deferred, %d run", _i + 1, deferred, ran);
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
			    di_check_quick() ? 1 : 50);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
