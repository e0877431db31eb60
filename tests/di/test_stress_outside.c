/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Threads resolve in the same nested contexts, which one of them has opened: what that makes goes
 * from one context to another while others come to each of them, wait for what it makes there, or
 * make it themselves. Constructors fail, and ask for more themselves.
 */
enum {
	THREADS = 4,
	NESTED = 3,
	ROUNDS = 120,
	GETS = 12,
	ERAS = 6
};

struct cell {
	const struct cell *first, *second; /* what it was made from */
	atomic_int alive;
};

static atomic_int made, ended, faults;
static struct di_context *nested[NESTED];
static pthread_barrier_t barrier;
static _Thread_local uint64_t seed;

static uint32_t below(uint32_t limit)
{
	return random_next(&seed) % limit;
}

static void expect(int holds)
{
	faults += !holds;
}

static int is_alive(const struct cell *cell)
{
	return cell == NULL || cell->alive == 1;
}

static void ask(void);

static int cell_make(struct cell **out, const struct cell *first, const struct cell *second)
{
	struct cell *cell;

	expect(is_alive(first) && is_alive(second));
	if (below(4) == 0)
		sched_yield();
	if (below(12) == 0)
		ask();
	if (below(24) == 0)
		return EIO;
	cell = malloc(sizeof(*cell));
	if (cell == NULL)
		return ENOMEM;
	cell->first = first;
	cell->second = second;
	cell->alive = 1;
	made++;
	*out = cell;
	return 0;
}

static int cell_new(struct cell **out)
{
	return cell_make(out, NULL, NULL);
}

static int cell_of_1(struct cell **out, const struct cell *first)
{
	return cell_make(out, first, NULL);
}

static int cell_of_2(struct cell **out, const struct cell *first, const struct cell *second)
{
	return cell_make(out, first, second);
}

static void cell_end(struct cell *cell)
{
	expect(is_alive(cell->first) && is_alive(cell->second));
	expect(atomic_exchange(&cell->alive, 0) == 1);
	ended++;
	free(cell);
}

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct cell, (cell_new),                       cell_end) \
	X(context_resource, app_line,   struct cell, (cell_of_1, app_pool),            cell_end, request) \
	X(factory,          app_tape,   struct cell, (cell_of_1, app_line),            cell_end) \
	X(context_resource, app_page,   struct cell, (cell_of_2, app_tape, app_line),  cell_end, request) \
	X(context_resource, app_desk,   struct cell, (cell_of_2, app_tape, app_line),  cell_end, job) \
	X(context_resource, app_lamp,   struct cell, (cell_of_2, app_page, app_desk),  cell_end, job) \
	X(factory,          app_cursor, struct cell, (cell_of_1, app_desk),            cell_end) \
	X(context_resource, app_guest,  struct cell, (cell_of_2, app_cursor, app_page), cell_end, inject) \
	X(context_resource, app_meal,   struct cell, (cell_of_2, app_guest, app_lamp), cell_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static const struct di_provider *const rows[] = { &app_line,   &app_page,  &app_desk, &app_lamp,
						  &app_cursor, &app_guest, &app_meal };

/* What it is, or why there is none: only what constructors do to each other. */
static void ask(void)
{
	struct di_error err = { .status = DI_OK };
	const struct cell *cell = di_resolve(nested[below(NESTED)], &err, rows[below(7)]);

	expect(cell != NULL ? cell->alive
			    : err.status == DI_ECREATE || err.status == DI_ECYCLE ||
				      err.status == DI_ENOCONTEXT);
}

static void open_all(void)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_job,
							 &di_scope_inject };
	struct di_context *parent = root;
	int i;

	for (i = 0; i < NESTED; i++)
		parent = nested[i] = di_context_open(parent, scopes[i], NULL);
}

static void close_all(void)
{
	int i;

	for (i = 0; i < NESTED; i++) {
		expect(nested[i]->making == 0);
		expect(nested[i]->lane.table == &app);
	}
	while (i-- > 0)
		expect(di_context_close(nested[i], DI_DONE, NULL) == DI_OK);
}

static void go_on(int number, void *data)
{
	int round, i;

	seed = *(const uint64_t *)data * 1000003 + (uint64_t)number + 1;
	for (round = 0; round < ROUNDS; round++) {
		if (number == 0)
			open_all();
		pthread_barrier_wait(&barrier);
		for (i = 0; i < GETS; i++)
			ask();
		pthread_barrier_wait(&barrier);
		if (number == 0)
			close_all();
	}
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(280);
	made = ended = faults = 0;
	pthread_barrier_init(&barrier, NULL, THREADS);
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	pthread_barrier_destroy(&barrier);
	watchdog(0);
}

START_TEST(whoever_comes_meanwhile_nested_contexts_stay_whole)
{
	uint64_t era = (uint64_t)_i + 1;

	seed = era;
	nested[0] = nested[1] = nested[2] = root;
	while (app_pool_get(root, NULL) == NULL)
		;
	crowd_run(THREADS, go_on, &era);
	container_free_expect(DI_OK);
	ck_assert_int_eq(faults, 0);
	ck_assert_int_gt(made, 0);
	ck_assert_int_eq(made, ended);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_outside");
	TCase *tcase = tcase_create("nested contexts");

	tcase_set_timeout(tcase, 300);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, whoever_comes_meanwhile_nested_contexts_stay_whole, 0, ERAS);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
