/* SPDX-License-Identifier: MIT */
#include "tests/support/check_main.h"
#include "tests/support/misuse.h"
#include "tests/support/threads.h"

#include <di/di.h>

#include <check.h>
#include <stdlib.h>

/* What resets, overrides and the end of a container meet while something else is under way. */

struct box {
	struct box *inner;
};

static int alive;
static struct di_context *shared;
static struct di_container *container;
static int makes_in_child_first;

static int box_new_of(struct box **out, struct box *inner)
{
	struct box *box = malloc(sizeof(*box));

	if (box == NULL)
		return 12;
	box->inner = inner;
	alive++;
	*out = box;
	return 0;
}

static int box_new(struct box **out)
{
	return box_new_of(out, NULL);
}

static void box_free(struct box *box)
{
	alive--;
	free(box);
}

static int asking_new(struct box **out, struct di_context *home);
static int closer_end(struct box *box);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_base,    struct box, (box_new),                box_free) \
	X(singleton,        app_twin,    struct box, (box_new),                box_free) \
	X(singleton,        app_over,    struct box, (box_new_of, app_base),   box_free) \
	X(context_resource, app_near,    struct box, (box_new),                box_free, request) \
	X(singleton,        app_asking,  struct box, (asking_new, DI_CONTEXT), box_free) \
	X(singleton,        app_closer,  struct box, (box_new),                closer_end) \
	X(factory,          app_product, struct box, (box_new_of, app_base),   box_free)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

/* Resolves through a child that it opens itself, with or without making something there before. */
static int asking_new(struct box **out, struct di_context *home)
{
	struct di_context *child = di_context_open(home, &di_scope_request, NULL);

	if (makes_in_child_first)
		app_near_get(child, NULL);
	if (box_new_of(out, app_base_get(child, NULL)) != 0)
		return 12;
	return (int)di_context_close(child, DI_DONE, NULL);
}

static enum di_status freed_inside;

static int closer_end(struct box *box)
{
	struct di_error err = { 0 };

	freed_inside = di_container_free(container, &err);
	box_free(box);
	return 0;
}

static void setup(void)
{
	alive = 0;
	container = di_container_new(&app, NULL, NULL);
	shared = di_container_root(container);
}

static void teardown(void)
{
	ck_assert_int_eq(di_container_free(container, NULL), DI_OK);
	ck_assert_int_eq(alive, 0);
}

START_TEST(what_a_constructor_resolves_in_a_child_it_opened_counts_for_reset)
{
	makes_in_child_first = _i;
	/* It is there before, so that only the inline path would find it. */
	ck_assert_ptr_nonnull(app_base_get(shared, NULL));
	ck_assert_ptr_nonnull(app_asking_get(shared, NULL));
	ck_assert_int_eq(alive, 2);
	ck_assert_int_eq(di_reset(shared, &app_base, NULL), DI_OK);
	ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(a_container_is_not_freed_by_a_finalizer_of_its_own)
{
	ck_assert_ptr_nonnull(app_base_get(shared, NULL));
	ck_assert_ptr_nonnull(app_closer_get(shared, NULL));
	ck_assert_int_eq(di_reset(shared, &app_closer, NULL), DI_OK);
	ck_assert_int_eq(freed_inside, DI_EBUSY);
	ck_assert_ptr_nonnull(app_closer_get(shared, NULL));
	freed_inside = DI_OK;
	ck_assert_int_eq(di_container_free(container, NULL), DI_OK);
	ck_assert_int_eq(freed_inside, DI_EBUSY);
	ck_assert_int_eq(alive, 0);
	setup();
}
END_TEST

static enum di_status exchanged[2];

static void exchange(int number, void *data)
{
	struct di_context *context = data;

	exchanged[number] = number == 0 ? di_override_with(context, &app_base, &app_twin, NULL)
					: di_override_with(context, &app_twin, &app_base, NULL);
}

/*
 * One of them may be told that the context is being overridden; in a debug build misuse would
 * abort.
 */
START_TEST(two_threads_cannot_make_two_providers_mean_each_other)
{
	int round, rounds = getenv("DI_TEST_QUICK") != NULL ? 20 : 300;

#ifdef DI_DEBUG
	rounds = 0;
#endif
	for (round = 0; round < rounds; round++) {
		struct di_context *context = di_context_open(shared, &di_scope_request, NULL);

		crowd_run(2, exchange, context);
		ck_assert(exchanged[0] != DI_OK || exchanged[1] != DI_OK);
		ck_assert_ptr_nonnull(app_over_get(context, NULL));
		ck_assert_int_eq(di_context_close(context, DI_DONE, NULL), DI_OK);
	}
}
END_TEST

static struct stop inside;

static int stop_inside(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	stop_here(&inside);
	return 0;
}

static void *close_it(void *data)
{
	return di_context_close(data, DI_DONE, NULL) == DI_OK ? data : NULL;
}

START_TEST(overriding_and_resetting_a_context_that_closes_is_closed)
{
	struct di_context *context = di_context_open(shared, &di_scope_request, NULL);
	static struct box fake;
	struct di_error err = { 0 };
	pthread_t closing;

	stop_init(&inside, 1);
	ck_assert_ptr_nonnull(app_near_get(context, NULL));
	ck_assert_int_eq(di_context_defer(context, stop_inside, NULL, NULL), DI_OK);
	closing = thread_start(close_it, context, 0);
	stop_wait(&inside);
	ck_assert_int_eq(app_base_override(context, &fake, &err), DI_ECLOSED);
	ck_assert_int_eq(di_reset(context, &app_near, &err), DI_ECLOSED);
	ck_assert_int_eq(di_container_free(container, &err), DI_EBUSY);
	stop_let_go(&inside);
	ck_assert_ptr_eq(thread_join(closing), context);
}
END_TEST

START_TEST(products_are_dropped_in_any_order)
{
	enum {
		COUNT = 100
	};
	struct box *products[COUNT];
	int i;

	for (i = 0; i < COUNT; i++)
		products[i] = app_product_get(shared, NULL);
	for (i = 0; i < COUNT; i++)
		ck_assert_int_eq(app_product_drop(shared, products[i * 37 % COUNT], NULL), DI_OK);
	ck_assert_int_eq(alive, 1);
}
END_TEST

static enum di_status close_badly(void *data, struct di_error *err)
{
	return di_context_close(data, (enum di_outcome)7, err);
}

START_TEST(a_number_that_is_no_outcome_closes_nothing)
{
	struct di_context *context = di_context_open(shared, &di_scope_request, NULL);

	misuse_expect(close_badly, context, DI_EINVAL, "that is no outcome");
	ck_assert_int_eq(di_context_close(context, DI_DONE, NULL), DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/change");
	TCase *change = tcase_create("change");

	tcase_add_checked_fixture(change, setup, teardown);
	tcase_add_loop_test(
		change, what_a_constructor_resolves_in_a_child_it_opened_counts_for_reset, 0, 2);
	tcase_add_test(change, a_container_is_not_freed_by_a_finalizer_of_its_own);
	tcase_add_test(change, two_threads_cannot_make_two_providers_mean_each_other);
	tcase_add_test(change, overriding_and_resetting_a_context_that_closes_is_closed);
	tcase_add_test(change, products_are_dropped_in_any_order);
	tcase_add_test(change, a_number_that_is_no_outcome_closes_nothing);
	suite_add_tcase(suite, change);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
