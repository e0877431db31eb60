/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Threads make values in contexts of their own, while others look at all contexts again and again
 * and so end the bias of their locks: before, between and while constructors run, some of which
 * fail. Each era has its own seed.
 */
enum {
	MAKERS = 4,
	LOOKERS = 2,
	STEPS = 200,
	ERAS = 8
};

struct cell {
	const struct cell *first, *second; /* what it was made from */
	atomic_int alive;
};

static atomic_int made, ended, failed, faults, busy;
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

static int cell_make(struct cell **out, const struct cell *first, const struct cell *second)
{
	struct cell *cell;

	expect(is_alive(first) && is_alive(second));
	if (below(8) == 0)
		sched_yield();
	if (below(32) == 0)
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
	expect(is_alive(cell->first));
	expect(is_alive(cell->second));
	expect(atomic_exchange(&cell->alive, 0) == 1);
	ended++;
	free(cell);
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct cell, (cell_new),                      cell_end) \
	X(context_resource, app_base,   struct cell, (cell_of_1, app_pool),           cell_end, request) \
	X(context_resource, app_work,   struct cell, (cell_of_1, app_base),           cell_end, request) \
	X(factory,          app_query,  struct cell, (cell_of_1, app_work),           cell_end) \
	X(factory,          app_cursor, struct cell, (cell_of_1, app_query),          cell_end) \
	X(context_resource, app_batch,  struct cell, (cell_of_2, app_cursor, app_work), cell_end, request) \
	X(context_resource, app_page,   struct cell, (cell_of_1, app_batch),          cell_end, request) \
	X(context_resource, app_call,   struct cell, (cell_of_2, app_page, app_cursor), cell_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

/* A value, or the error of a constructor. */
static struct cell *get(struct di_context *context, const struct di_provider *provider)
{
	struct di_error err = { .status = DI_OK };
	struct cell *cell = di_resolve(context, &err, provider);

	expect(cell != NULL ? cell->alive : err.status == DI_ECREATE);
	failed += cell == NULL;
	return cell;
}

static void use_below(struct di_context *context)
{
	struct di_context *inner = di_context_open(context, &di_scope_inject, NULL);

	get(inner, &app_call);
	get(inner, &app_cursor);
	expect(di_context_close(inner, DI_DONE, NULL) == DI_OK);
}

static void use_product(struct di_context *context)
{
	struct cell *cursor = get(context, &app_cursor);

	if (cursor != NULL && below(2) == 0)
		expect(app_cursor_drop(context, cursor, NULL) == DI_OK);
}

static void live(void)
{
	static const struct di_provider *const rows[] = { &app_work, &app_batch, &app_page };
	struct di_context *context = di_context_open(root, &di_scope_request, NULL);
	uint32_t i;

	for (i = below(6); i > 0; i--) {
		switch (below(6)) {
		case 0:
			use_below(context);
			break;
		case 1:
			use_product(context);
			break;
		case 2:
			expect(di_reset(context, &app_base, NULL) == DI_OK);
			break;
		default:
			get(context, rows[below(3)]);
			break;
		}
	}
	expect(di_context_close(context, DI_DONE, NULL) == DI_OK);
}

static void go_on(int number, void *data)
{
	char text[64];
	int i;

	seed = *(const uint64_t *)data * 1000003 + (uint64_t)number + 1;
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
	made = ended = failed = faults = 0;
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
	uint64_t era = (uint64_t)_i + 1;

	seed = era;
	while (app_pool_get(root, NULL) == NULL)
		;
	crowd_run(MAKERS + LOOKERS, go_on, &era);
	container_free_expect(DI_OK);
	ck_assert_int_eq(faults, 0);
	ck_assert_int_gt(made, 0);
	ck_assert_int_gt(failed, 0);
	ck_assert_int_eq(made, ended);
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
