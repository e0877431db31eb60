/* SPDX-License-Identifier: MIT */
#include "di/async_row.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <stdio.h>

/*
 * A chain of rows each of which completes at once: depth must cost heap and not stack.
 */
enum {
	ROWS = 10000,
	SMALL_STACK = 256 * 1024
};

static struct di_provider rows[ROWS];
static const struct di_provider *row_pointers[ROWS];
static const struct di_provider *row_needs[ROWS][2];
static char row_names[ROWS][16];
static struct di_table table = { .abi = DI_ABI,
				 .provider_size = sizeof(struct di_provider),
				 .name = "long",
				 .providers = row_pointers };
static const struct di_type node_type = { sizeof(int), "int", 0 };
static int nodes[ROWS];
static int made, ended, out_of_order, failing_row;

static int begin_node(struct di_call *call, void *const *args)
{
	int row = made++;

	(void)args;
	if (row == failing_row)
		return di__call_complete(call, &rows[row], 5, NULL) == DI_OK ? DI_PENDING : 1;
	nodes[row] = row;
	return di__call_complete(call, &rows[row], 0, &nodes[row]) == DI_OK ? DI_PENDING : 1;
}

static int end_node(struct di_call *call, void *value, enum di_outcome outcome)
{
	const int *node = value;

	(void)outcome;
	out_of_order += *node != made - 1 - ended++;
	di_call_end(call, 0);
	return DI_PENDING;
}

static const struct di_async node_async = { begin_node, end_node, NULL };

static int length;

static void begin(void)
{
	int i;

	watchdog(200);
	length = di_check_quick() ? 1000 : ROWS;
	made = ended = out_of_order = 0;
	failing_row = -1;
	table.count = (uint32_t)length;
	for (i = 0; i < length; i++) {
		snprintf(row_names[i], sizeof(row_names[i]), "n%d", i);
		row_pointers[i] = &rows[i];
		row_needs[i][0] = i > 0 ? &rows[i - 1] : NULL;
		rows[i] = (struct di_provider){ .name = row_names[i],
						.table = &table,
						.kind = &di_async_singleton,
						.type = &node_type,
						.index = (uint32_t)i,
						.lane = offsetof(struct di__lane, root),
						.needs_count = i > 0,
						.needs = row_needs[i],
						.object = &node_async,
						.constructor = "begin_node",
						.destructor = "end_node" };
	}
}

static void take(void *data, void *value, const struct di_error *failure)
{
	struct di_error *kept = data;

	(void)value;
	if (failure != NULL)
		*kept = *failure;
	else
		kept->more = 4711;
}

static void freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)failure;
	*(int *)data = status == DI_OK;
}

struct life {
	struct di_error error;
	int freed;
};

static void *live(void *data)
{
	struct life *life = data;
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *own = di_container_new(&table, &options, NULL);

	di_get_async(di_container_root(own), &rows[length - 1], take, &life->error, NULL);
	di_container_free_async(own, freed, &life->freed, NULL);
	return NULL;
}

START_TEST(a_chain_that_completes_at_once_is_made_and_ended_on_a_small_stack)
{
	struct life life = { .freed = 0 };

	begin();
	thread_join(thread_start(live, &life, SMALL_STACK));
	ck_assert_uint_eq(life.error.more, 4711);
	ck_assert_int_eq(made, length);
	ck_assert_int_eq(ended, length);
	ck_assert_int_eq(out_of_order, 0);
	ck_assert_int_eq(life.freed, 1);
}
END_TEST

START_TEST(a_chain_that_fails_at_once_unwinds_on_a_small_stack)
{
	struct life life = { .freed = 0 };

	begin();
	failing_row = 0;
	thread_join(thread_start(live, &life, SMALL_STACK));
	ck_assert_int_eq(life.error.status, DI_ECREATE);
	ck_assert_uint_gt(life.error.hidden, 0);
	ck_assert_str_eq(life.error.outermost, row_names[length - 1]);
	ck_assert_int_eq(life.freed, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_chain");
	TCase *tcase = tcase_create("chain");

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, a_chain_that_completes_at_once_is_made_and_ended_on_a_small_stack);
	tcase_add_test(tcase, a_chain_that_fails_at_once_unwinds_on_a_small_stack);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
