/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Tables that nobody would write, built at run time: depth must cost heap and not stack.
 */
enum {
	ROWS = 10000,
	SMALL_STACK = 256 * 1024
};

struct node {
	int number; /* in the order of creation */
	int alive;
	struct node *first_need;
};

static struct di_provider rows[ROWS];
static const struct di_provider *row_pointers[ROWS];
static const struct di_provider *row_needs[ROWS][DI_NEEDS_MAX + 1];
static char row_names[ROWS][16];
static struct di_table table = { .abi = DI_ABI,
				 .provider_size = sizeof(struct di_provider),
				 .name = "long",
				 .providers = row_pointers };
static const struct di_type node_type = { sizeof(struct node), "struct node", 0 };

static struct node nodes[ROWS];
static int made, ended, out_of_order;

static int node_create(void *const *args, void **out)
{
	struct node *node = &nodes[made];

	node->number = made++;
	node->alive = 1;
	node->first_need = *args;
	if (node->first_need != NULL && !node->first_need->alive)
		out_of_order++;
	*out = node;
	return 0;
}

static int node_create_alone(void *const *args, void **out)
{
	void *none[] = { NULL };

	(void)args;
	return node_create(none, out);
}

static int node_fail(void *const *args, void **out)
{
	(void)args;
	(void)out;
	return ENOSPC;
}

static int node_destroy(void *value, enum di_outcome outcome)
{
	struct node *node = value;

	(void)outcome;
	out_of_order += node->number != made - 1 - ended;
	node->alive = 0;
	ended++;
	return 0;
}

static void row_init(int row, const struct di_kind *kind)
{
	snprintf(row_names[row], sizeof(row_names[row]), "n%d", row);
	row_pointers[row] = &rows[row];
	rows[row] = (struct di_provider){ .name = row_names[row],
					  .table = &table,
					  .kind = kind,
					  .type = &node_type,
					  .index = (uint32_t)row,
					  .lane = kind->home == DI_HOME_ROOT
							  ? offsetof(struct di__lane, root)
							  : offsetof(struct di__lane, own),
					  .needs = row_needs[row],
					  .create = node_create_alone,
					  .destroy = node_destroy,
					  .constructor = "node_create",
					  .destructor = "node_destroy" };
}

static void row_needs_row(int row, int need)
{
	row_needs[row][rows[row].needs_count++] = &rows[need];
	rows[row].create = node_create;
}

static int length;

/* So many rows without needs. */
static void begin(int count, const struct di_kind *kind)
{
	int i;

	watchdog(200);
	made = ended = out_of_order = 0;
	length = count;
	table.count = (uint32_t)count;
	for (i = 0; i < count; i++)
		row_init(i, kind);
}

static void begin_chain(const struct di_kind *kind)
{
	int i;

	begin(di_check_quick() ? 1000 : ROWS, kind);
	for (i = 1; i < length; i++)
		row_needs_row(i, i - 1);
}

/* What one small thread does: all of a container's life. */
struct life {
	int resolves;
	void *value, *again;
	struct di_error error;
	enum di_status freed;
};

static void *live(void *data)
{
	struct life *life = data;
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *own = di_container_new(&table, &options, &life->error);
	struct di_context *context = di_container_root(own);
	int i;

	for (i = 0; i < life->resolves; i++)
		di_resolve(context, &life->error, &rows[length - 1 - i]);
	life->value = di_resolve(context, &life->error, &rows[length - 1]);
	life->again = di_resolve(context, &life->error, &rows[length - 1]);
	life->freed = di_container_free(own, NULL);
	return NULL;
}

static struct life live_on_a_small_stack(int resolves)
{
	struct life life = { .resolves = resolves };

	thread_join(thread_start(live, &life, SMALL_STACK));
	watchdog(0);
	return life;
}

static void expect_all_made_and_ended(const struct life *life, int count)
{
	ck_assert_ptr_nonnull(life->value);
	ck_assert_ptr_eq(life->value, life->again);
	ck_assert_int_eq(life->freed, DI_OK);
	ck_assert_int_eq(made, count);
	ck_assert_int_eq(ended, count);
	ck_assert_int_eq(out_of_order, 0);
}

START_TEST(a_chain_of_10000_needs_resolves_on_a_small_stack)
{
	struct life life;
	int i;

	begin_chain(&di_singleton);
	life = live_on_a_small_stack(0);
	expect_all_made_and_ended(&life, length);
	for (i = 1; i < length; i++)
		ck_assert_ptr_eq(nodes[i].first_need, &nodes[i - 1]);
}
END_TEST

START_TEST(a_chain_of_10000_products_resolves_on_a_small_stack)
{
	struct life life;

	begin_chain(&di_factory);
	rows[0].kind = &di_singleton;
	rows[length - 1].kind = &di_singleton;
	life = live_on_a_small_stack(0);
	expect_all_made_and_ended(&life, length);
}
END_TEST

START_TEST(a_failure_at_the_end_of_a_chain_unwinds_all_of_it)
{
	struct life life;
	char text[1024], counted[64];

	begin_chain(&di_singleton);
	rows[0].create = node_fail;
	life = live_on_a_small_stack(0);
	ck_assert_ptr_null(life.value);
	ck_assert_int_eq(life.error.status, DI_ECREATE);
	ck_assert_int_eq(life.error.cause, ENOSPC);
	ck_assert_str_eq(life.error.outermost, rows[length - 1].name);
	ck_assert_ptr_eq(strstr(life.error.path, "n0 <- n1 <- n2 <- "), life.error.path);
	snprintf(counted, sizeof(counted), " <- ... %u more ... <- n%d)", life.error.hidden,
		 length - 1);
	di_error_text(&life.error, text, sizeof(text));
	ck_assert_msg(strstr(text, counted) != NULL, "%s", text);
	ck_assert_int_eq(made, 0);
}
END_TEST

START_TEST(a_ring_of_10000_needs_is_a_cycle)
{
	struct life life;

	begin_chain(&di_singleton);
	row_needs_row(0, length - 1);
	life = live_on_a_small_stack(0);
	ck_assert_ptr_null(life.value);
	ck_assert_int_eq(life.error.status, DI_ECYCLE);
	ck_assert_str_eq(life.error.provider, rows[length - 1].name);
	ck_assert_str_eq(life.error.outermost, rows[length - 1].name);
	ck_assert_int_eq(made, 0);
}
END_TEST

START_TEST(thousands_that_need_one_share_it)
{
	struct life life;
	int i;

	begin(di_check_quick() ? 1000 : ROWS, &di_singleton);
	for (i = 1; i < length; i++)
		row_needs_row(i, 0);
	life = live_on_a_small_stack(length);
	expect_all_made_and_ended(&life, length);
	for (i = 1; i < length; i++)
		ck_assert_ptr_eq(nodes[i].first_need, &nodes[0]);
}
END_TEST

START_TEST(a_value_built_from_a_tree_of_thousands_makes_each_once)
{
	struct life life;
	int i, k;

	begin(di_check_quick() ? 1000 : ROWS, &di_singleton);
	for (i = 0; i < length; i++) {
		for (k = 1; k <= DI_NEEDS_MAX && i * DI_NEEDS_MAX + k < length; k++)
			row_needs_row(length - 1 - i, length - 1 - (i * DI_NEEDS_MAX + k));
	}
	life = live_on_a_small_stack(0);
	expect_all_made_and_ended(&life, length);
}
END_TEST

START_TEST(layers_that_each_need_the_whole_layer_below_make_each_once)
{
	struct life life;
	int i, k;

	begin((di_check_quick() ? 1000 : ROWS) / DI_NEEDS_MAX * DI_NEEDS_MAX, &di_singleton);
	for (i = DI_NEEDS_MAX; i < length; i++) {
		for (k = 0; k < DI_NEEDS_MAX; k++)
			row_needs_row(i, (i / DI_NEEDS_MAX - 1) * DI_NEEDS_MAX + k);
	}
	life = live_on_a_small_stack(DI_NEEDS_MAX);
	expect_all_made_and_ended(&life, length);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/resolve/long_chain");
	TCase *tcase = tcase_create("graphs");

	tcase_add_test(tcase, a_chain_of_10000_needs_resolves_on_a_small_stack);
	tcase_add_test(tcase, a_chain_of_10000_products_resolves_on_a_small_stack);
	tcase_add_test(tcase, a_failure_at_the_end_of_a_chain_unwinds_all_of_it);
	tcase_add_test(tcase, a_ring_of_10000_needs_is_a_cycle);
	tcase_add_test(tcase, thousands_that_need_one_share_it);
	tcase_add_test(tcase, a_value_built_from_a_tree_of_thousands_makes_each_once);
	tcase_add_test(tcase, layers_that_each_need_the_whole_layer_below_make_each_once);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
