/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * Cycles that no table can show: constructors that resolve themselves. Each of the nodes does what
 * its plan says when it is made.
 */
struct plan {
	const struct di_provider *asks; /* what its constructor resolves, or NULL */
	struct di_context *from;        /* where, NULL for its own home */
	pthread_barrier_t *meets;       /* whom it meets before that */
	int shrugs;                     /* 1: it is made even if that fails */
	struct di_error error;          /* what it got */
	int made;
};

enum {
	NODES = 4
};

static struct plan plans[NODES];

static int node_init(struct plan **self, int number, struct di_context *home)
{
	struct plan *plan = &plans[number];

	plan->error = (struct di_error){ .status = DI_OK };
	*self = plan;
	if (plan->meets != NULL)
		pthread_barrier_wait(plan->meets);
	if (plan->asks != NULL &&
	    di_resolve(plan->from != NULL ? plan->from : home, &plan->error, plan->asks) == NULL &&
	    !plan->shrugs)
		return EDEADLK;
	plan->made = 1;
	return 0;
}

#define NODE(number_)                                                                              \
	static int node_##number_##_new(struct plan **out, struct di_context *home)                \
	{                                                                                          \
		return node_init(out, number_, home);                                              \
	}

NODE(0)
NODE(1)
NODE(2)
NODE(3)

PART(leaf)

static int user_new(struct part **out, struct plan *plan)
{
	(void)plan;
	return part_new(out, "user", (struct part *const[]){ NULL });
}

PART_END(user)

/* clang-format off */
#define APP(X) \
	X(singleton, app_leaf,  struct part, (leaf_new),               leaf_end) \
	X(singleton, app_a,     struct plan, (node_0_new, DI_CONTEXT), di_keep) \
	X(singleton, app_b,     struct plan, (node_1_new, DI_CONTEXT), di_keep) \
	X(singleton, app_c,     struct plan, (node_2_new, DI_CONTEXT), di_keep) \
	X(factory,   app_made,  struct part, (user_new, app_a),        user_end) \
	X(singleton, app_user,  struct part, (user_new, app_b),        user_end)
#define OTHER(X) \
	X(singleton, other_d,   struct plan, (node_3_new, DI_CONTEXT), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static struct di_container *other_container;
static pthread_barrier_t barrier;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	memset(plans, 0, sizeof(plans));
	container_begin(&app, &options);
	other_container = di_container_new(&other, &options, &error);
}

static void teardown(void)
{
	di_container_free(other_container, NULL);
	container_end();
	watchdog(0);
}

static const char *text_of(const struct di_error *err)
{
	static char text[512];

	return di_error_text(err, text, sizeof(text));
}

/* ---- In one thread ---- */

START_TEST(a_constructor_that_resolves_its_own_value_is_a_cycle)
{
	plans[0].asks = &app_a;
	expect_null(app_a_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(text_of(&plans[0].error), "app_a: the value needs itself: "
						   "while it is being made (app_a <- app_a)");
	ck_assert_str_eq(error_text(), "node_0_new failed for app_a: Resource deadlock avoided");
}
END_TEST

START_TEST(a_cycle_over_needs_and_constructors_has_its_whole_path)
{
	plans[1].asks = &app_made;
	plans[0].asks = &app_user;
	expect_null(app_user_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(plans[0].error.status, DI_ECYCLE);
	ck_assert_str_eq(plans[0].error.path, "app_user <- app_a <- app_made <- app_b <- app_user");
	ck_assert_str_eq(plans[1].error.path, "app_a <- app_made <- app_b <- app_user");
	ck_assert_str_eq(error.path, "app_b <- app_user");
}
END_TEST

START_TEST(a_constructor_may_live_with_a_cycle)
{
	plans[0].asks = &app_a;
	plans[0].shrugs = 1;
	ck_assert_ptr_nonnull(app_a_get(root, &error));
	ck_assert_int_eq(plans[0].error.status, DI_ECYCLE);
	plans[0].asks = NULL;
	ck_assert_ptr_nonnull(app_a_get(root, &error));
}
END_TEST

START_TEST(what_failed_in_a_cycle_is_made_when_there_is_none)
{
	plans[0].asks = &app_b;
	plans[1].asks = &app_a;
	expect_null(app_a_get(root, &error), DI_ECREATE);
	plans[1].asks = NULL;
	ck_assert_ptr_nonnull(app_a_get(root, &error));
	ck_assert_ptr_nonnull(app_b_get(root, &error));
}
END_TEST

START_TEST(a_cycle_over_two_containers_is_found)
{
	plans[0].asks = &other_d;
	plans[0].from = di_container_root(other_container);
	plans[3].asks = &app_a;
	plans[3].from = root;
	expect_null(app_a_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(plans[3].error.status, DI_ECYCLE);
	ck_assert_str_eq(plans[3].error.path, "app_a <- other_d <- app_a");
	ck_assert_str_eq(plans[0].error.path, "other_d <- app_a");
}
END_TEST

/* ---- Over several threads ---- */

struct resolver {
	struct di_context *context;
	const struct di_provider *provider;
	void *value;
	struct di_error error;
};

static void resolve_one(int number, void *data)
{
	struct resolver *resolver = (struct resolver *)data + number;

	resolver->value = di_resolve(resolver->context, &resolver->error, resolver->provider);
}

/* Each resolves one, and all are in their constructors before one asks. */
static void resolve_at_once(struct resolver *resolvers, int count)
{
	pthread_barrier_init(&barrier, NULL, (unsigned)count);
	crowd_run(count, resolve_one, resolvers);
	pthread_barrier_destroy(&barrier);
}

static int count_cycles(void)
{
	int i, found = 0;

	for (i = 0; i < NODES; i++)
		found += plans[i].error.status == DI_ECYCLE;
	return found;
}

START_TEST(two_threads_that_need_each_others_values_do_not_wait_forever)
{
	struct resolver resolvers[] = { { .context = root, .provider = &app_a },
					{ .context = root, .provider = &app_b } };
	int loser;

	plans[0] = (struct plan){ .asks = &app_b, .meets = &barrier };
	plans[1] = (struct plan){ .asks = &app_a, .meets = &barrier };
	resolve_at_once(resolvers, 2);
	ck_assert_int_eq(count_cycles(), 1);
	loser = plans[0].error.status == DI_ECYCLE ? 0 : 1;
	ck_assert_str_eq(text_of(&plans[loser].error),
			 loser == 0 ? "app_a: the value needs itself: flows wait for each other "
				      "(app_a <- app_b <- app_a)"
				    : "app_b: the value needs itself: flows wait for each other "
				      "(app_b <- app_a <- app_b)");
	ck_assert_int_eq(plans[!loser].error.status, DI_ECREATE);
	ck_assert_str_eq(plans[!loser].error.path,
			 loser == 0 ? "app_a <- app_b" : "app_b <- app_a");
	ck_assert_ptr_null(resolvers[0].value);
	ck_assert_ptr_null(resolvers[1].value);
}
END_TEST

START_TEST(when_the_one_that_finds_the_cycle_gives_way_both_are_made)
{
	struct resolver resolvers[] = { { .context = root, .provider = &app_a },
					{ .context = root, .provider = &app_user } };

	plans[0] = (struct plan){ .asks = &app_user, .meets = &barrier, .shrugs = 1 };
	plans[1] = (struct plan){ .asks = &app_made, .meets = &barrier, .shrugs = 1 };
	resolve_at_once(resolvers, 2);
	ck_assert_int_eq(count_cycles(), 1);
	ck_assert_ptr_nonnull(resolvers[0].value);
	ck_assert_ptr_nonnull(resolvers[1].value);
	ck_assert(plans[0].made && plans[1].made);
	if (plans[0].error.status == DI_ECYCLE)
		ck_assert_str_eq(plans[0].error.path,
				 "app_a <- app_made <- app_b <- app_user <- app_a");
	else
		ck_assert_str_eq(plans[1].error.path,
				 "app_user <- app_a <- app_made <- app_b <- app_user");
}
END_TEST

static const char *ring_of(int loser)
{
	static const char *const rings[] = {
		"app_a <- app_c <- app_b <- app_a",
		"app_b <- app_a <- app_c <- app_b",
		"app_c <- app_b <- app_a <- app_c",
	};

	return rings[loser];
}

START_TEST(three_threads_in_a_ring_do_not_wait_forever)
{
	struct resolver resolvers[] = { { .context = root, .provider = &app_a },
					{ .context = root, .provider = &app_b },
					{ .context = root, .provider = &app_c } };
	int i;

	plans[0] = (struct plan){ .asks = &app_b, .meets = &barrier };
	plans[1] = (struct plan){ .asks = &app_c, .meets = &barrier };
	plans[2] = (struct plan){ .asks = &app_a, .meets = &barrier };
	resolve_at_once(resolvers, 3);
	ck_assert_int_eq(count_cycles(), 1);
	for (i = 0; i < 3; i++) {
		ck_assert_ptr_null(resolvers[i].value);
		if (plans[i].error.status == DI_ECYCLE)
			ck_assert_str_eq(plans[i].error.path, ring_of(i));
	}
	for (i = 0; i < 3; i++)
		plans[i] = (struct plan){ .made = 0 };
	ck_assert_ptr_nonnull(app_a_get(root, &error));
	ck_assert_ptr_nonnull(app_b_get(root, &error));
	ck_assert_ptr_nonnull(app_c_get(root, &error));
}
END_TEST

START_TEST(two_threads_over_two_containers_do_not_wait_forever)
{
	struct resolver resolvers[] = {
		{ .context = root, .provider = &app_a },
		{ .context = di_container_root(other_container), .provider = &other_d },
	};

	plans[0] = (struct plan){ .asks = &other_d,
				  .from = di_container_root(other_container),
				  .meets = &barrier };
	plans[3] = (struct plan){ .asks = &app_a, .from = root, .meets = &barrier };
	resolve_at_once(resolvers, 2);
	ck_assert_int_eq(count_cycles(), 1);
	if (plans[0].error.status == DI_ECYCLE)
		ck_assert_str_eq(plans[0].error.path, "app_a <- other_d <- app_a");
	else
		ck_assert_str_eq(plans[3].error.path, "other_d <- app_a <- other_d");
}
END_TEST

START_TEST(two_threads_that_wait_for_a_third_are_no_cycle)
{
	struct resolver resolvers[] = { { .context = root, .provider = &app_a },
					{ .context = root, .provider = &app_b },
					{ .context = root, .provider = &app_c } };

	plans[0] = (struct plan){ .asks = &app_c, .meets = &barrier };
	plans[1] = (struct plan){ .asks = &app_a, .meets = &barrier };
	plans[2] = (struct plan){ .asks = &app_leaf, .meets = &barrier };
	resolve_at_once(resolvers, 3);
	ck_assert_int_eq(count_cycles(), 0);
	ck_assert(plans[0].made && plans[1].made && plans[2].made);
	ck_assert_int_eq(parts_alive("leaf"), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/cycle");
	TCase *alone = tcase_create("one thread");
	TCase *threads = tcase_create("several threads");
	int rounds = di_check_quick() ? 1 : 20;

	tcase_add_checked_fixture(alone, setup, teardown);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_add_test(alone, a_constructor_that_resolves_its_own_value_is_a_cycle);
	tcase_add_test(alone, a_cycle_over_needs_and_constructors_has_its_whole_path);
	tcase_add_test(alone, a_constructor_may_live_with_a_cycle);
	tcase_add_test(alone, what_failed_in_a_cycle_is_made_when_there_is_none);
	tcase_add_test(alone, a_cycle_over_two_containers_is_found);
	tcase_add_loop_test(threads, two_threads_that_need_each_others_values_do_not_wait_forever,
			    0, rounds);
	tcase_add_loop_test(threads, when_the_one_that_finds_the_cycle_gives_way_both_are_made, 0,
			    rounds);
	tcase_add_loop_test(threads, three_threads_in_a_ring_do_not_wait_forever, 0, rounds);
	tcase_add_loop_test(threads, two_threads_over_two_containers_do_not_wait_forever, 0,
			    rounds);
	tcase_add_loop_test(threads, two_threads_that_wait_for_a_third_are_no_cycle, 0, rounds);
	suite_add_tcase(all, alone);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
