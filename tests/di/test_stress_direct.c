/* SPDX-License-Identifier: MIT */
#include "tests/support/cell.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>

/*
 * Threads make values in contexts of their own, while others look at all contexts again and again
 * and so end the bias of their locks: before, between and while constructors run, some of which
 * fail.
 */
enum {
	MAKERS = 4,
	LOOKERS = 2,
	STEPS = 200,
	ERAS = 8
};

enum row {
	pool,
	base,
	work,
	query,
	cursor,
	batch,
	page,
	call
};

static atomic_int busy;

CELL(pool)
CELL_OF_1(base)
CELL_OF_1(work)
CELL_OF_1(query)
CELL_OF_1(cursor)
CELL_OF_2(batch)
CELL_OF_1(page)
CELL_OF_2(call)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct cell, (pool_new),                        cell_end) \
	X(context_resource, app_base,   struct cell, (base_new, app_pool),              cell_end, request) \
	X(context_resource, app_work,   struct cell, (work_new, app_base),              cell_end, request) \
	X(factory,          app_query,  struct cell, (query_new, app_work),             cell_end) \
	X(factory,          app_cursor, struct cell, (cursor_new, app_query),           cell_end) \
	X(context_resource, app_batch,  struct cell, (batch_new, app_cursor, app_work), cell_end, request) \
	X(context_resource, app_page,   struct cell, (page_new, app_batch),             cell_end, request) \
	X(context_resource, app_call,   struct cell, (call_new, app_page, app_cursor),  cell_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

/* A value, or the error of a constructor. */
static struct cell *get(struct di_context *context, const struct di_provider *provider)
{
	struct di_error err = { .status = DI_OK };
	struct cell *cell = di_resolve(context, &err, provider);

	if (cell != NULL)
		cell_expect(cell->alive, "what was resolved had ended");
	else
		cell_judge_failure(&err);
	return cell;
}

static void close_it(struct di_context *context)
{
	cell_expect(di_context_close(context, DI_DONE, NULL) == DI_OK, "a close has failed");
}

static int act(int row)
{
	(void)row;
	if (cell_below(8) == 0)
		sched_yield();
	return cell_below(32) == 0 ? EIO : 0;
}

static void use_below(struct di_context *context)
{
	struct di_context *inner = di_context_open(context, &di_scope_inject, NULL);

	get(inner, &app_call);
	get(inner, &app_cursor);
	close_it(inner);
}

static void use_product(struct di_context *context)
{
	struct cell *cell = get(context, &app_cursor);

	if (cell != NULL && cell_below(2) == 0)
		cell_expect(app_cursor_drop(context, cell, NULL) == DI_OK, "a drop has failed");
}

static void live(void)
{
	static const struct di_provider *const rows[] = { &app_work, &app_batch, &app_page };
	struct di_context *context = di_context_open(root, &di_scope_request, NULL);
	uint32_t i;

	for (i = cell_below(6); i > 0; i--) {
		switch (cell_below(6)) {
		case 0:
			use_below(context);
			break;
		case 1:
			use_product(context);
			break;
		case 2:
			cell_expect(di_reset(context, &app_base, NULL) == DI_OK,
				    "a reset has failed");
			break;
		default:
			get(context, rows[cell_below(3)]);
			break;
		}
	}
	close_it(context);
}

static void go_on(int number, void *data)
{
	char text[64];
	int i;

	(void)data;
	cells_join(number);
	if (number >= MAKERS) {
		while (busy > 0)
			di_container_describe(container, text, sizeof(text));
		return;
	}
	for (i = 0; i < STEPS; i++)
		live();
	busy--;
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(280);
	busy = MAKERS;
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

START_TEST(whenever_others_look_what_is_made_is_whole_and_ends_once)
{
	static const struct cell_rules rules = { .act = act };

	cells_begin(cells_era(_i), &rules);
	cells_join(MAKERS + LOOKERS);
	while (app_pool_get(root, NULL) == NULL)
		;
	crowd_run(MAKERS + LOOKERS, go_on, NULL);
	cells_check_faults();
	container_free_expect(DI_OK);
	cells_check();
	ck_assert_int_gt(cells.made, 0);
	ck_assert_int_gt(cells.failures, 0);
	ck_assert_int_eq(cells.cycles, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_direct");
	TCase *tcase = tcase_create("making and looking");

	tcase_set_timeout(tcase, 300);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, whenever_others_look_what_is_made_is_whole_and_ends_once, 0,
			    ERAS);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
