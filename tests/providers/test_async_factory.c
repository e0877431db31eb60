/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

/* clang-format off */
#define APP(X) \
	X(async_singleton, app_base,  struct part, (base_new),            base_end) \
	X(async_factory,   app_query, struct part, (query_new, app_base), query_end) \
	X(factory,         app_plain, struct part, (plain_new, app_base), plain_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
LATER(base, app_base)
LATER_OF_1(query, app_query)
PART_OF_1(plain)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

START_TEST(each_get_makes_another_product)
{
	app_query_get_async(root, answer_take, &answer, &error);
	app_query_get_async(root, answer_take, &other, &error);
	later_run();
	ck_assert_ptr_ne(answer.part, other.part);
	journal_expect("began base", "created base", "began query", "began query",
		       "created query from base", "created query from base");
}
END_TEST

START_TEST(plain_code_makes_none_but_has_the_one_that_overrides_it)
{
	app_query_get_async(root, answer_take, &answer, &error);
	later_run();
	expect_null(app_query_get(root, &error), DI_EAGAIN);
	expect_text("app_query");
	expect_ok(di_reset_async(root, &app_query, answer_done, &other, &error));
	later_run();
	expect_ok(app_query_override(root, &fake, &error));
	ck_assert_ptr_eq(app_query_get(root, &error), &fake);
}
END_TEST

START_TEST(a_plain_factory_with_an_asynchronous_need_waits_for_it_or_refuses)
{
	expect_null(app_plain_get(root, &error), DI_EAGAIN);
	expect_text("(app_base <- app_plain)");
	di_get_async(root, &app_plain, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_nonnull(app_plain_get(root, &error));
}
END_TEST

START_TEST(a_product_is_dropped_before_its_context_ends)
{
	app_query_get_async(root, answer_take, &answer, &error);
	later_run();
	journal_clear();
	expect_ok(
		di_context_drop_async(root, &app_query, answer.part, answer_done, &other, &error));
	later_run();
	journal_expect("ending query", "ended query done");
	expect_error(
		di_context_drop_async(root, &app_query, answer.part, answer_done, &other, &error),
		DI_EINVAL);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/async_factory");
	TCase *tcase = tcase_create("async_factory");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, each_get_makes_another_product);
	tcase_add_test(tcase, plain_code_makes_none_but_has_the_one_that_overrides_it);
	tcase_add_test(tcase, a_plain_factory_with_an_asynchronous_need_waits_for_it_or_refuses);
	tcase_add_test(tcase, a_product_is_dropped_before_its_context_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
