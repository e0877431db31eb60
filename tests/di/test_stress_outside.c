/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/cell.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>

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

enum row {
	pool,
	line,
	tape,
	page,
	desk,
	lamp,
	cursor,
	guest,
	meal
};

static struct di_context *nested[NESTED];
static pthread_barrier_t barrier;

CELL(pool)
CELL_OF_1(line)
CELL_OF_1(tape)
CELL_OF_2(page)
CELL_OF_2(desk)
CELL_OF_2(lamp)
CELL_OF_1(cursor)
CELL_OF_2(guest)
CELL_OF_2(meal)

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct cell, (pool_new),                       cell_end) \
	X(context_resource, app_line,   struct cell, (line_new, app_pool),            cell_end, request) \
	X(factory,          app_tape,   struct cell, (tape_new, app_line),            cell_end) \
	X(context_resource, app_page,   struct cell, (page_new, app_tape, app_line),  cell_end, request) \
	X(context_resource, app_desk,   struct cell, (desk_new, app_tape, app_line),  cell_end, job) \
	X(context_resource, app_lamp,   struct cell, (lamp_new, app_page, app_desk),  cell_end, job) \
	X(factory,          app_cursor, struct cell, (cursor_new, app_desk),            cell_end) \
	X(context_resource, app_guest,  struct cell, (guest_new, app_cursor, app_page), cell_end, inject) \
	X(context_resource, app_meal,   struct cell, (meal_new, app_guest, app_lamp), cell_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static const struct di_provider *const rows[] = { &app_line,   &app_page,  &app_desk, &app_lamp,
						  &app_cursor, &app_guest, &app_meal };

/* What it is, or why there is none: only what constructors do to each other. */
static void ask(void)
{
	struct di_error err = { .status = DI_OK };
	struct di_context *context = nested[cell_below(NESTED)];
	const struct cell *cell = di_resolve(context, &err, rows[cell_below(7)]);

	if (cell != NULL)
		cell_expect(cell->alive, "what was resolved had ended");
	else if (err.status != DI_ENOCONTEXT)
		cell_judge_failure(&err);
}

static int act(int row)
{
	(void)row;
	if (cell_below(4) == 0)
		sched_yield();
	if (cell_below(12) == 0)
		ask();
	return cell_below(24) == 0 ? EIO : 0;
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
		cell_expect(nested[i]->making == 0, "something is being made at the end");
		cell_expect(nested[i]->lane.table == &app, "the inline path is off at the end");
	}
	while (i-- > 0) {
		struct di_error err = { .status = DI_OK };
		struct cell_ends before = cell_ends;

		cell_judge_end(di_context_close(nested[i], DI_DONE, &err), &err, before);
	}
}

static void go_on(int number, void *data)
{
	int round, i;

	(void)data;
	cells_join(number);
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
	static const struct cell_rules rules = { .act = act };

	cells_begin(cells_era(_i), &rules);
	cells_join(THREADS);
	nested[0] = nested[1] = nested[2] = root;
	while (app_pool_get(root, NULL) == NULL)
		;
	crowd_run(THREADS, go_on, NULL);
	cells_check_faults();
	container_free_expect(DI_OK);
	cells_check();
	ck_assert_int_gt(cells.made, 0);
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
