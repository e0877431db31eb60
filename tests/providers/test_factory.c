/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),                         pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool),            session_end, request) \
	X(factory,          app_inner,   struct part, (inner_new, app_pool),              inner_end) \
	X(factory,          app_query,   struct part, (query_new, app_session, app_inner), query_end) \
	X(context_resource, app_maker,   struct di_context *, DI_INIT(maker_init, DI_CONTEXT), di_keep, request) \
	X(factory,          app_twice,   struct part, (twice_new, app_inner, app_inner),  twice_end) \
	X(singleton,        app_holder,  struct part, (holder_new, app_inner, app_inner), holder_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART_OF_1(session)
PART_OF_1(inner)
PART_OF_2(query)
PART_OF_2(twice)
PART_OF_2(holder)

/* Makes products whenever it wants to, long after it was made itself. */
static int maker_init(struct di_context **self, struct di_context *home)
{
	*self = home;
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(a_product_is_made_each_time)
{
	struct part *a = app_inner_get(root, &error), *b = app_inner_get(root, &error);

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_ne(a, b);
	journal_expect("created pool", "created inner from pool", "created inner from pool");
}
END_TEST

START_TEST(each_need_gets_a_product_of_its_own)
{
	struct part *twice = app_twice_get(root, &error);
	struct part *holder = app_holder_get(root, &error);

	ck_assert_ptr_ne(twice->needs[0], twice->needs[1]);
	ck_assert_ptr_ne(holder->needs[0], holder->needs[1]);
	ck_assert_ptr_eq(app_holder_get(root, &error), holder);
	ck_assert_int_eq(parts_alive("inner"), 4);
}
END_TEST

static int depth;

static void ask_for_another(struct part *part)
{
	(void)part;
	if (depth-- > 0)
		ck_assert_ptr_nonnull(app_inner_get(root, &error));
}

START_TEST(a_constructor_may_ask_for_more_products_of_its_factory)
{
	struct part *outermost;

	app_pool_get(root, &error);
	depth = 2;
	parts_on_new("inner", ask_for_another);
	outermost = app_inner_get(root, &error);
	ck_assert_ptr_nonnull(outermost);
	journal_expect("created pool", "created inner from pool", "created inner from pool",
		       "created inner from pool");
	expect_ok(app_inner_drop(root, outermost, &error));
	ck_assert_int_eq(parts_alive("inner"), 0);
}
END_TEST

START_TEST(whoever_keeps_its_context_makes_products_when_it_wants_and_sees_overrides)
{
	struct di_context *request = open_in(root, &di_scope_request), *inner;
	struct di_context *maker = *app_maker_get(request, &error);
	struct part *first = app_inner_get(maker, &error);

	ck_assert_ptr_ne(app_inner_get(maker, &error), first);
	inner = open_in(request, &di_scope_request);
	expect_ok(app_inner_override(inner, &fake, &error));
	ck_assert_ptr_eq(app_inner_get(*app_maker_get(inner, &error), &error), &fake);
	ck_assert_ptr_ne(app_inner_get(maker, &error), &fake);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("inner"), 0);
}
END_TEST

START_TEST(products_end_newest_first_with_the_context_they_were_asked_in)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_inner_get(request, &error);
	app_query_get(request, &error);
	journal_clear();
	close_as(request, DI_CANCELLED);
	journal_expect("ended query cancelled", "ended inner cancelled", "ended session cancelled",
		       "ended inner cancelled");
}
END_TEST

START_TEST(a_product_lives_as_shortly_as_what_it_needs)
{
	ck_assert_int_eq(app_inner.life, 0);
	ck_assert_int_eq(app_query.life, di_scope_request.rank);
	expect_null(app_query_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_query");
}
END_TEST

START_TEST(what_was_made_for_a_failed_product_alone_ends_as_failed)
{
	struct di_context *request = open_in(root, &di_scope_request);

	parts_fail_new("query", EIO, 1);
	expect_null(app_query_get(request, &error), DI_ECREATE);
	journal_expect("created pool", "created session from pool", "created inner from pool",
		       "failed query", "ended inner failed");
	close_as(request, DI_DONE);
	journal_expect("ended session done");
}
END_TEST

START_TEST(an_overridden_factory_gives_the_same_value_each_time)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(app_inner_override(request, &fake, &error));
	ck_assert_ptr_eq(app_inner_get(request, &error), &fake);
	ck_assert_ptr_eq(app_inner_get(request, &error), &fake);
	ck_assert_ptr_eq(app_query_get(request, &error)->needs[1], &fake);
	ck_assert_ptr_ne(app_inner_get(root, &error), &fake);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended query done", "ended session done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/factory");
	TCase *tcase = tcase_create("factory");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_product_is_made_each_time);
	tcase_add_test(tcase, each_need_gets_a_product_of_its_own);
	tcase_add_test(tcase, a_constructor_may_ask_for_more_products_of_its_factory);
	tcase_add_test(tcase,
		       whoever_keeps_its_context_makes_products_when_it_wants_and_sees_overrides);
	tcase_add_test(tcase, products_end_newest_first_with_the_context_they_were_asked_in);
	tcase_add_test(tcase, a_product_lives_as_shortly_as_what_it_needs);
	tcase_add_test(tcase, what_was_made_for_a_failed_product_alone_ends_as_failed);
	tcase_add_test(tcase, an_overridden_factory_gives_the_same_value_each_time);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
