/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"
#include "tests/support/threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Tables that are too large to be written by hand: they cost heap and time, and no stack. */

enum {
	ROWS = 10000,
	WIDTH = 100, /* of a layer */
	SMALL_STACK = 256 * 1024
};

struct node {
	int number, needs;
};

static int made, ended;

static int make(struct node **out, int needs)
{
	*out = malloc(sizeof(**out));
	if (*out == NULL)
		return 12;
	**out = (struct node){ made++, needs };
	return 0;
}

static int node_new(struct node **out)
{
	return make(out, 0);
}

static int node_of_1(struct node **out, struct node *a)
{
	return a->number < made ? make(out, 1) : 1;
}

static int node_of_8(struct node **out, struct node *a, struct node *b, struct node *c,
		     struct node *d, struct node *e, struct node *f, struct node *g, struct node *h)
{
	const struct node *const all[] = { a, b, c, d, e, f, g, h };

	for (int i = 0; i < 8; i++) {
		if (all[i]->number >= made)
			return 1;
	}
	return make(out, 8);
}

static void node_free(struct node *node)
{
	ended += node->number == made - 1 - ended;
	free(node);
}

DI_LIST_TYPE(nodes, struct node);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct node, (node_new)) \
	X(constructor, struct node, (node_of_1, struct node *)) \
	X(constructor, struct node, (node_of_8, struct node *, struct node *, struct node *, \
				     struct node *, struct node *, struct node *, struct node *, \
				     struct node *)) \
	X(destructor,  struct node, node_free) \
	X(list,        nodes, struct node)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);

static char names[ROWS + 1][16];

static void add(struct di_builder *to, int number, const char *kind, const int *needs, size_t count)
{
	struct di_argument arguments[8] = { 0 };
	struct di_row row = { .name = names[number],
			      .kind_name = kind,
			      .constructor = count == 0   ? "node_new"
					     : count == 1 ? "node_of_1"
							  : "node_of_8",
			      .arguments = arguments,
			      .arguments_count = count,
			      .destructor = "node_free" };

	for (size_t i = 0; i < count; i++)
		arguments[i].text = names[needs[i]];
	ck_assert_int_eq(di_builder_row(to, &row, NULL), DI_OK);
}

/* Each needs the one before it; they are added from the last on. */
static void add_chain(struct di_builder *to, int rows, const char *kind)
{
	for (int i = rows - 1; i >= 0; i--) {
		int before = i - 1;

		add(to, i, kind, &before, i > 0);
	}
}

/* All need the first, and a list needs all. */
static void add_fan(struct di_builder *to, int rows, const char *kind)
{
	static struct di_member members[ROWS];
	int first = 0;

	for (int i = 0; i < rows; i++) {
		add(to, i, kind, &first, i > 0);
		members[i].provider = names[i];
	}
	ck_assert_int_eq(di_builder_row(to,
					&(struct di_row){ .name = "all",
							  .kind_name = "list",
							  .type = "struct nodes",
							  .members = members,
							  .members_count = (size_t)rows },
					NULL),
			 DI_OK);
}

/* Each needs eight of the layer before it. */
static void add_layers(struct di_builder *to, int rows, const char *kind)
{
	for (int i = 0; i < rows; i++) {
		int needs[8];

		for (int k = 0; k < 8; k++)
			needs[k] = i / WIDTH * WIDTH - WIDTH + (i * 7 + k * 13) % WIDTH;
		add(to, i, kind, needs, i < WIDTH ? 0 : 8);
	}
}

typedef void add_fn(struct di_builder *to, int rows, const char *kind);

struct plan {
	add_fn *add;
	const char *kind, *last;
	int resolve_all;
};

static const struct di_table *build(const struct plan *plan, int rows)
{
	struct di_builder *to = di_builder_new("large", NULL, NULL);
	const struct di_table *table;
	struct di_error err = { 0 };

	di_builder_export(to, &exports, &err);
	plan->add(to, rows, plan->kind);
	table = di_builder_build(to, &err);
	if (table == NULL)
		fprintf(stderr, "%s\n", err.detail);
	di_builder_free(to);
	return table;
}

/* What went wrong, for the thread of the test. */
static void *fault(const char *text)
{
	return (void *)(uintptr_t)text;
}

static void *run(void *data)
{
	struct plan *plan = data;
	const struct di_table *table = build(plan, ROWS);
	struct di_container *made_of = di_container_new(table, NULL, NULL);
	struct di_context *at = di_container_root(made_of);

	if (made_of == NULL)
		return fault("it was not built");
	for (uint32_t i = 0; i < table->count && plan->resolve_all; i++) {
		if (di_resolve(at, NULL, table->providers[i]) == NULL)
			return fault("a row does not resolve");
	}
	if (di_resolve(at, NULL, di_table_find(table, plan->last)) == NULL)
		return fault("the last row does not resolve");
	if (di_container_free(made_of, NULL) != DI_OK || di_table_free(table, NULL) != DI_OK)
		return fault("it does not end");
	return made == ROWS && ended == ROWS
		       ? NULL
		       : fault("not each was made once, or the order is wrong");
}

static void run_on_small_stack(add_fn *how, const char *kind, const char *last, int resolve_all)
{
	struct plan plan = { how, kind, last, resolve_all };
	const char *wrong;

	made = ended = 0;
	wrong = thread_join(thread_start(run, &plan, SMALL_STACK));
	ck_assert_msg(wrong == NULL, "%s; %d made, %d ended in order", wrong, made, ended);
}

START_TEST(a_chain_of_10000_is_built_and_resolved_on_a_small_stack)
{
	run_on_small_stack(add_chain, "singleton", "n9999", 0);
}
END_TEST

START_TEST(a_chain_of_10000_factories_is_built_and_resolved_on_a_small_stack)
{
	run_on_small_stack(add_chain, "factory", "n9999", 0);
}
END_TEST

START_TEST(a_fan_of_10000_is_built_and_resolved_on_a_small_stack)
{
	run_on_small_stack(add_fan, "singleton", "all", 0);
}
END_TEST

START_TEST(layers_of_10000_are_built_and_resolved_on_a_small_stack)
{
	run_on_small_stack(add_layers, "singleton", "n9999", 1);
}
END_TEST

/* ---- Faults by the thousand. ---- */

static int reported;

static void count_report(const struct di_fault *fault, void *data)
{
	(void)data;
	reported += fault->text[0] != '\0';
}

/* A cycle of all, and each row needs the first besides: there are as many cycles as rows. */
static void *check_cycles(void *unused)
{
	struct di_builder_options options = { .abi = DI_ABI, .report = count_report };
	struct di_builder *to = di_builder_new("cycles", &options, NULL);
	enum di_status status;

	(void)unused;
	di_builder_export(to, &exports, NULL);
	for (int i = 0; i < ROWS; i++) {
		int needs[8] = { 0 };

		needs[7] = i + 1 < ROWS ? i + 1 : 0;
		add(to, i, "factory", needs, 8);
	}
	status = di_builder_check(to, NULL);
	di_builder_free(to);
	return status == DI_EINVAL ? NULL : fault("it was no fault");
}

START_TEST(as_many_cycles_as_rows_are_found_on_a_small_stack)
{
	reported = 0;
	ck_assert_ptr_null(thread_join(thread_start(check_cycles, NULL, SMALL_STACK)));
	ck_assert_int_eq(reported, ROWS * 7 + 1);
}
END_TEST

/* Singletons that each need the end of a long chain of factories with a short life. */
static void *check_captives(void *unused)
{
	struct di_builder_options options = { .abi = DI_ABI, .report = count_report };
	struct di_builder *to = di_builder_new("captives", &options, NULL);
	struct di_row first = { .name = "n0",
				.kind_name = "context_resource",
				.constructor = "node_new",
				.destructor = "node_free",
				.scope = "request" };
	enum di_status status;

	(void)unused;
	di_builder_export(to, &exports, NULL);
	di_builder_row(to, &first, NULL);
	for (int i = 1; i < ROWS; i++) {
		int need = i - 1, end = ROWS / 2 - 1;

		if (i < ROWS / 2)
			add(to, i, "factory", &need, 1);
		else
			add(to, i, "singleton", &end, 1);
	}
	status = di_builder_check(to, NULL);
	di_builder_free(to);
	return status == DI_EINVAL ? NULL : fault("it was no fault");
}

START_TEST(thousands_that_would_outlive_the_end_of_a_long_way_are_found)
{
	reported = 0;
	ck_assert_ptr_null(thread_join(thread_start(check_captives, NULL, SMALL_STACK)));
	ck_assert_int_eq(reported, ROWS / 2);
}
END_TEST

static void *check_missing(void *unused)
{
	struct di_builder_options options = { .abi = DI_ABI, .report = count_report };
	struct di_builder *to = di_builder_new("missing", &options, NULL);
	enum di_status status;

	(void)unused;
	di_builder_export(to, &exports, NULL);
	strcpy(names[ROWS], "m999");
	for (int i = 0; i < ROWS; i++) {
		int need = ROWS;

		add(to, i, "singleton", &need, 1);
	}
	status = di_builder_check(to, NULL);
	di_builder_free(to);
	return status == DI_EINVAL ? NULL : fault("it was no fault");
}

START_TEST(thousands_of_needs_that_are_no_rows_are_found)
{
	reported = 0;
	ck_assert_ptr_null(thread_join(thread_start(check_missing, NULL, SMALL_STACK)));
	ck_assert_int_eq(reported, ROWS);
}
END_TEST

/* ---- Time. ---- */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The least of a few attempts, as the machine has other things to do. */
static double time_of(const struct plan *plan, int rows)
{
	double least = 1e9;

	for (int attempt = 0; attempt < 5; attempt++) {
		double begun = seconds(), took;

		di_table_free(build(plan, rows), NULL);
		took = seconds() - begun;
		least = took < least ? took : least;
	}
	return least;
}

/* Eight times the rows take about eight times as long; were it by the square, 64 times. */
START_TEST(time_grows_with_the_rows_and_not_with_their_square)
{
	static add_fn *const ways[] = { add_chain, add_fan, add_layers };
	struct plan plan = { ways[_i], "singleton", NULL, 0 };
	double few, many;

	if (di_check_quick())
		return;
	few = time_of(&plan, ROWS / 8);
	many = time_of(&plan, ROWS);
	ck_assert_msg(many < few * 30, "%d rows took %g s, %d took %g s", ROWS / 8, few, ROWS,
		      many);
}
END_TEST

static void begin(void)
{
	for (int i = 0; i <= ROWS; i++)
		snprintf(names[i], sizeof(names[i]), "n%d", i);
}

int main(void)
{
	Suite *suite = suite_create("containers/builder_size");
	TCase *tcase = tcase_create("10000 rows");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, NULL);
	tcase_add_test(tcase, a_chain_of_10000_is_built_and_resolved_on_a_small_stack);
	tcase_add_test(tcase, a_chain_of_10000_factories_is_built_and_resolved_on_a_small_stack);
	tcase_add_test(tcase, a_fan_of_10000_is_built_and_resolved_on_a_small_stack);
	tcase_add_test(tcase, layers_of_10000_are_built_and_resolved_on_a_small_stack);
	tcase_add_test(tcase, as_many_cycles_as_rows_are_found_on_a_small_stack);
	tcase_add_test(tcase, thousands_that_would_outlive_the_end_of_a_long_way_are_found);
	tcase_add_test(tcase, thousands_of_needs_that_are_no_rows_are_found);
	tcase_add_loop_test(tcase, time_grows_with_the_rows_and_not_with_their_square, 0, 3);
	suite_add_tcase(suite, tcase);
	return di_check_run(suite);
}
