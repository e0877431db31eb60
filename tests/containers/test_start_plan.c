/* SPDX-License-Identifier: MIT */
#include "containers/start.h"
#include "providers/factory.h"
#include "providers/object.h"
#include "providers/resource.h"
#include "providers/singleton.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Random graphs, started on one to five threads, compared with what a model says of them: what is
 * made, how often, after and before what it ends, and which error is returned.
 */

enum {
	ROWS = 24,
	NEEDS = 3,
	ROUNDS = 400,
	VALUES = 512
};

struct row {
	const struct di_kind *kind;
	int needs[NEEDS];
	int needs_count;
	int fails;
	int overridden;
};

struct value {
	int row;
	int alive;
	int needs_count;
	struct value *needs[NEEDS];
};

static struct row rows[ROWS];
static struct di_table table;
static struct di_provider providers[ROWS];
static const struct di_provider *listed[ROWS];
static const struct di_provider *needs[ROWS][NEEDS];
static char names[ROWS][8];
static const struct di_type type = { 16, "struct value", 0 };

static struct value values[VALUES];
static struct value objects[ROWS], fakes[ROWS];
static atomic_int values_count, made[ROWS], failed[ROWS], wrong;

static int create(void *const *args, void **out)
{
	const struct di_provider *provider = di__provider_of_args(args);
	struct value *value = &values[atomic_fetch_add(&values_count, 1)];
	int i, row = (int)provider->index;

	for (i = 0; i < provider->needs_count; i++) {
		value->needs[i] = args[i];
		if (!value->needs[i]->alive)
			atomic_fetch_add(&wrong, 1);
	}
	value->row = row;
	value->needs_count = provider->needs_count;
	if (rows[row].fails) {
		atomic_store(&failed[row], 1);
		return EIO;
	}
	value->alive = 1;
	atomic_fetch_add(&made[row], 1);
	*out = value;
	return 0;
}

static int destroy(void *ended, enum di_outcome outcome)
{
	struct value *value = ended;
	int i;

	(void)outcome;
	for (i = 0; i < value->needs_count; i++) {
		if (!value->needs[i]->alive)
			atomic_fetch_add(&wrong, 1);
	}
	value->alive = 0;
	atomic_fetch_sub(&made[value->row], 1);
	return 0;
}

/* ---- Drawing. ---- */

static int below(uint64_t *seed, int limit)
{
	return (int)(random_next(seed) % (uint32_t)limit);
}

static void draw_row(int at, uint64_t *seed)
{
	static const struct di_kind *const kinds[] = { &di_resource,  &di_resource, &di_resource,
						       &di_singleton, &di_factory,  &di_object };
	struct row *row = &rows[at];
	int i;

	memset(row, 0, sizeof(*row));
	row->kind = kinds[below(seed, 6)];
	row->needs_count = at > 0 && row->kind != &di_object ? below(seed, NEEDS + 1) : 0;
	for (i = 0; i < row->needs_count; i++)
		row->needs[i] = at - 1 - below(seed, at < 8 ? at : 8);
	row->overridden = below(seed, 12) == 0;
}

static void describe_row(int at)
{
	struct di_provider *provider = &providers[at];
	const struct row *row = &rows[at];
	int i;

	snprintf(names[at], sizeof(names[at]), "r%d", at);
	for (i = 0; i < row->needs_count; i++)
		needs[at][i] = &providers[row->needs[i]];
	*provider = (struct di_provider){ .name = names[at],
					  .table = &table,
					  .kind = row->kind,
					  .type = &type,
					  .index = (uint32_t)at,
					  .needs_count = (uint16_t)row->needs_count,
					  .lane = offsetof(struct di__lane, root),
					  .needs = needs[at],
					  .constructor = "create",
					  .destructor = "destroy" };
	if (row->kind == &di_object) {
		objects[at] = (struct value){ .row = at, .alive = 1 };
		provider->object = &objects[at];
	} else {
		provider->create = create;
		provider->destroy = destroy;
	}
	if (row->kind == &di_factory)
		provider->lane = offsetof(struct di__lane, own);
	listed[at] = provider;
}

static void draw(uint64_t *seed, int fails)
{
	int i;

	for (i = 0; i < ROWS; i++)
		draw_row(i, seed);
	for (i = 0; i < fails; i++)
		rows[below(seed, ROWS)].fails = 1;
	table = (struct di_table){ .abi = DI_ABI,
				   .provider_size = sizeof(struct di_provider),
				   .name = "drawn",
				   .providers = listed,
				   .count = ROWS };
	for (i = 0; i < ROWS; i++)
		describe_row(i);
}

static void forget(void)
{
	int i;

	memset(values, 0, sizeof(values));
	atomic_store(&values_count, 0);
	atomic_store(&wrong, 0);
	for (i = 0; i < ROWS; i++) {
		atomic_store(&made[i], 0);
		atomic_store(&failed[i], 0);
		fakes[i] = (struct value){ .row = i, .alive = 1 };
	}
}

/* ---- The model: one thread. ---- */

struct model {
	int made[ROWS];    /* how often */
	int reached[ROWS]; /* in that order, from 1; the first time */
	int count;
	int path[ROWS + 1]; /* of the first failure, innermost first */
	int path_length;
};

/* Whether it could be made. */
static int model_make(struct model *model, int at)
{
	const struct row *row = &rows[at];
	int i;

	if (row->overridden || row->kind == &di_object ||
	    (row->kind != &di_factory && model->made[at] > 0))
		return 1;
	for (i = 0; i < row->needs_count; i++) {
		if (!model_make(model, row->needs[i])) {
			model->path[model->path_length++] = at;
			return 0;
		}
	}
	if (model->reached[at] == 0)
		model->reached[at] = ++model->count;
	if (row->fails) {
		model->path[model->path_length++] = at;
		return 0;
	}
	model->made[at]++;
	return 1;
}

/* All resources; after the first failure no more. */
static int model_start(struct model *model)
{
	int i;

	memset(model, 0, sizeof(*model));
	for (i = 0; i < ROWS; i++) {
		if (rows[i].kind == &di_resource && !model_make(model, i))
			return 0;
	}
	return 1;
}

/* ---- Comparing. ---- */

static void begin(uint32_t threads)
{
	struct di_options options = { .abi = DI_ABI, .start_threads = threads };
	int i;

	forget();
	container_begin(&table, &options);
	for (i = 0; i < ROWS; i++) {
		if (rows[i].overridden && (uint32_t)i < table.count)
			expect_ok(di_override(root, &providers[i], &fakes[i], &error));
	}
}

static void end(void)
{
	int i;

	container_free_expect(DI_OK);
	for (i = 0; i < ROWS; i++)
		ck_assert_int_eq(atomic_load(&made[i]), 0);
	ck_assert_int_eq(atomic_load(&wrong), 0);
	container_end();
}

static void compare_made(const struct model *model)
{
	int i;

	for (i = 0; i < ROWS; i++)
		ck_assert_msg(atomic_load(&made[i]) == model->made[i], "r%d: made %d, not %d", i,
			      atomic_load(&made[i]), model->made[i]);
}

START_TEST(several_threads_make_what_one_makes)
{
	uint64_t seed = UINT64_C(20210829) + (uint64_t)_i;
	struct model model;
	int round;

	for (round = 0; round < ROUNDS / (di_check_quick() ? 20 : 1); round++) {
		draw(&seed, 0);
		ck_assert(model_start(&model));
		begin((uint32_t)_i);
		expect_ok(di_container_start(container, &error));
		compare_made(&model);
		end();
	}
}
END_TEST

static int count_failed(void)
{
	int i, count = 0;

	for (i = 0; i < ROWS; i++)
		count += atomic_load(&failed[i]);
	return count;
}

/*
 * The error is the one that a single thread meets. What is made anew each time fails for whoever
 * comes first.
 */
static void compare_error(const struct model *model)
{
	char path[ROWS * 8] = "";
	int i;

	ck_assert_str_eq(error.provider, names[model->path[0]]);
	if (rows[model->path[0]].kind == &di_factory)
		return;
	for (i = 0; i < model->path_length; i++) {
		strcat(path, i > 0 ? " <- " : "");
		strcat(path, names[model->path[i]]);
	}
	ck_assert_str_eq(error.path, path);
}

START_TEST(the_error_of_one_that_fails_is_the_same)
{
	uint64_t seed = UINT64_C(7) + (uint64_t)_i;
	struct model model;
	int round;

	for (round = 0; round < ROUNDS / (di_check_quick() ? 20 : 1); round++) {
		draw(&seed, 1);
		begin((uint32_t)_i);
		if (model_start(&model)) {
			expect_ok(di_container_start(container, &error));
			compare_made(&model);
		} else {
			expect_error(di_container_start(container, &error), DI_ECREATE);
			ck_assert_int_eq(count_failed(), 1);
			compare_error(&model);
		}
		end();
	}
}
END_TEST

/* Which are met depends on the threads; the error does not, once that is known. */
START_TEST(of_several_errors_the_first_is_returned_and_all_are_counted)
{
	uint64_t seed = UINT64_C(99) + (uint64_t)_i;
	int round;

	for (round = 0; round < ROUNDS / (di_check_quick() ? 20 : 1); round++) {
		struct model model;
		enum di_status status;
		int i;

		draw(&seed, 4);
		for (i = 0; i < ROWS; i++)
			rows[i].fails = rows[i].fails && rows[i].kind != &di_factory;
		begin((uint32_t)_i);
		status = di_container_start(container, &error);
		for (i = 0; i < ROWS; i++)
			rows[i].fails = rows[i].fails && atomic_load(&failed[i]);
		ck_assert_int_eq(model_start(&model), status == DI_OK);
		if (status != DI_OK) {
			compare_error(&model);
			ck_assert_int_ge((int)error.more + 1, count_failed());
		}
		end();
	}
}
END_TEST

START_TEST(after_errors_the_next_start_makes_the_rest)
{
	uint64_t seed = UINT64_C(4711) + (uint64_t)_i;
	int round;

	for (round = 0; round < ROUNDS / (di_check_quick() ? 20 : 1); round++) {
		struct model model;
		int i;

		draw(&seed, 3);
		begin((uint32_t)_i);
		for (i = 0; i < ROWS && di_container_start(container, &error) != DI_OK; i++)
			rows[error.provider[0] == 'r' ? atoi(error.provider + 1) : 0].fails = 0;
		/* What nothing has asked for may fail as it likes. */
		for (i = 0; i < ROWS; i++)
			rows[i].fails = 0;
		ck_assert(model_start(&model));
		compare_made(&model);
		end();
	}
}
END_TEST

START_TEST(each_allocation_may_fail)
{
	uint64_t seed = 5;
	unsigned long n;
	int round;

	for (round = 0; round < 10; round++) {
		struct model model;

		draw(&seed, 0);
		ck_assert(model_start(&model));
		for (n = 1;; n++) {
			enum di_status status;

			begin((uint32_t)_i);
			failing_allocator_fail(&memory, n);
			status = di_container_start(container, &error);
			failing_allocator_fail(&memory, 0);
			if (status != DI_OK) {
				ck_assert_int_eq(status, DI_ENOMEM);
				ck_assert_uint_ge(memory.failures, 1);
				expect_ok(di_container_start(container, &error));
			}
			compare_made(&model);
			end();
			if (status == DI_OK)
				break;
		}
		ck_assert_uint_gt(n, 1);
	}
}
END_TEST

/* ---- Others at the same time. ---- */

static atomic_int refused;

/* Two start the container, the others ask for its rows one by one. */
static void start_or_ask(int number, void *data)
{
	uint64_t seed = *(uint64_t *)data + (uint64_t)number;
	int i;

	if (number < 2) {
		if (di_container_start(container, NULL) != DI_OK)
			atomic_fetch_add(&refused, 1);
		return;
	}
	for (i = 0; i < ROWS; i++) {
		const struct di_provider *provider = &providers[below(&seed, ROWS)];

		if (provider->kind != &di_factory && di_resolve(root, NULL, provider) == NULL)
			atomic_fetch_add(&refused, 1);
	}
}

START_TEST(others_may_start_and_resolve_meanwhile)
{
	uint64_t seed = UINT64_C(31) + (uint64_t)_i;
	int round;

	for (round = 0; round < ROUNDS / 4 / (di_check_quick() ? 20 : 1); round++) {
		struct model model;
		int i;

		draw(&seed, 0);
		atomic_store(&refused, 0);
		ck_assert(model_start(&model));
		begin((uint32_t)_i);
		crowd_run(4, start_or_ask, &seed);
		ck_assert_int_eq(atomic_load(&refused), 0);
		for (i = 0; i < ROWS; i++) {
			if (rows[i].kind != &di_factory)
				ck_assert_int_le(atomic_load(&made[i]), 1);
			ck_assert_int_ge(atomic_load(&made[i]), model.made[i]);
		}
		end();
	}
}
END_TEST

/* ---- Graphs that no table of macros has. ---- */

START_TEST(a_cycle_of_descriptors_is_an_error)
{
	static const struct di_provider *one[] = { &providers[1] };
	static const struct di_provider *two[] = { &providers[2] };
	static const struct di_provider *none[] = { &providers[0] };
	uint64_t seed = 1;
	int i;

	draw(&seed, 0);
	for (i = 0; i < 3; i++) {
		rows[i] = (struct row){ .kind = &di_resource };
		describe_row(i);
		providers[i].needs_count = 1;
	}
	table.count = 3;
	providers[0].needs = one;
	providers[1].needs = two;
	providers[2].needs = none;
	begin(2);
	expect_error(di_container_start(container, &error), DI_ECYCLE);
	end();
}
END_TEST

/* ---- Kinds of a program's own. ---- */

static pthread_t maker;
static int made_of_thread;

static int create_of_thread(void *const *args, void **out)
{
	(void)args;
	maker = pthread_self();
	made_of_thread++;
	*out = &objects[0];
	return 0;
}

static int end_of_thread(void *value, enum di_outcome outcome)
{
	(void)value;
	(void)outcome;
	made_of_thread--;
	return 0;
}

START_TEST(what_lives_with_a_thread_is_left_to_the_caller)
{
	static const struct di_kind eager = {
		.name = "eager", .home = DI_HOME_THREAD, .cached = 1, .eager = 1
	};
	uint64_t seed = 3;

	draw(&seed, 0);
	rows[0] = (struct row){ .kind = &eager };
	rows[1] = rows[2] = (struct row){ .kind = &di_resource };
	describe_row(0);
	describe_row(1);
	describe_row(2);
	providers[0].lane = offsetof(struct di__lane, own);
	providers[0].scope = &di__scope_thread;
	providers[0].life = di__scope_thread__rank;
	providers[0].create = create_of_thread;
	providers[0].destroy = end_of_thread;
	table.count = 3;
	table.threads = 1;
	made_of_thread = 0;
	begin(3);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(made_of_thread, 1);
	ck_assert(pthread_equal(maker, pthread_self()));
	ck_assert_int_eq(atomic_load(&made[1]) + atomic_load(&made[2]), 2);
	expect_ok(di_container_start(container, &error));
	end();
	ck_assert_int_eq(made_of_thread, 0);
}
END_TEST

enum {
	LONG = 10000
};

static struct di_provider chain[LONG];
static const struct di_provider *chain_rows[LONG];

static int chain_create(void *const *args, void **out)
{
	*out = &objects[0];
	(void)args;
	return 0;
}

static void *start_long(void *data)
{
	return (void *)(intptr_t)di_container_start(data, NULL);
}

START_TEST(a_long_chain_takes_no_stack)
{
	struct di_options options = { .abi = DI_ABI, .start_threads = 2 };
	struct di_table long_table = { .abi = DI_ABI,
				       .provider_size = sizeof(struct di_provider),
				       .name = "chain",
				       .providers = chain_rows,
				       .count = LONG };
	int i;

	for (i = 0; i < LONG; i++) {
		chain_rows[i] = &chain[i];
		chain[i] =
			(struct di_provider){ .name = "link",
					      .table = &long_table,
					      .kind = i < LONG - 1 ? &di_singleton : &di_resource,
					      .type = &type,
					      .index = (uint32_t)i,
					      .needs_count = i > 0,
					      .lane = offsetof(struct di__lane, root),
					      .needs = i > 0 ? &chain_rows[i - 1] : NULL,
					      .create = chain_create };
	}
	container_begin(&long_table, &options);
	ck_assert_ptr_null(thread_join(thread_start(start_long, container, (size_t)256 * 1024)));
	for (i = 0; i < LONG; i++)
		ck_assert_ptr_nonnull(root->lane.own[i]);
	container_free_expect(DI_OK);
	container_end();
}
END_TEST

static void setup(void)
{
	watchdog(280);
}

static void teardown(void)
{
	watchdog(0);
}

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/start_plan");
	TCase *tcase = tcase_create("random graphs");

	tcase_set_timeout(tcase, 240);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, several_threads_make_what_one_makes, 1, 6);
	tcase_add_loop_test(tcase, the_error_of_one_that_fails_is_the_same, 1, 6);
	tcase_add_loop_test(tcase, of_several_errors_the_first_is_returned_and_all_are_counted, 2,
			    6);
	tcase_add_loop_test(tcase, after_errors_the_next_start_makes_the_rest, 2, 6);
	tcase_add_loop_test(tcase, each_allocation_may_fail, 1, 4);
	tcase_add_loop_test(tcase, others_may_start_and_resolve_meanwhile, 1, 5);
	tcase_add_test(tcase, a_cycle_of_descriptors_is_an_error);
	tcase_add_test(tcase, what_lives_with_a_thread_is_left_to_the_caller);
	tcase_add_test(tcase, a_long_chain_takes_no_stack);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
