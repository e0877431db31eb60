/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <stdlib.h>

/* How values end: every form of destructor. */

/* clang-format off */
#define APP(X) \
	X(singleton, app_plain,   struct part,       (make),       end_plain) \
	X(singleton, app_telling, struct part,       (make),       end_telling) \
	X(singleton, app_told,    struct part,       (make),       end_told) \
	X(singleton, app_both,    struct part,       (make),       end_both) \
	X(singleton, app_kept,    struct part,       (make),       di_keep) \
	X(singleton, app_freed,   char,              (duplicate),  free) \
	X(singleton, app_any,     struct part,       (make),       end_any) \
	X(singleton, app_const,   const struct part, (make_const), end_const) \
	X(singleton, app_const_2, const struct part, (make_const), di_keep) \
	X(factory,   app_product, struct part,       (make),       end_both)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(value)

static int result;

static int make(struct part **out)
{
	*out = &value;
	return 0;
}

static int make_const(const struct part **out)
{
	*out = &value;
	return 0;
}

static int duplicate(char **out)
{
	*out = malloc(100);
	return *out != NULL ? 0 : ENOMEM;
}

static void end_plain(struct part *part)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("plain");
}

static int end_telling(struct part *part)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("telling");
	return result;
}

static void end_told(struct part *part, enum di_outcome outcome)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("told %s", di_outcome_text(outcome));
}

static int end_both(struct part *part, enum di_outcome outcome)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("both %s", di_outcome_text(outcome));
	return result;
}

static void end_any(void *part)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("any");
}

static void end_const(const struct part *part)
{
	ck_assert_ptr_eq(part, &value);
	journal_write("const");
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
	result = 0;
	expect_ok(di_context_mark(root, DI_FAILED, &error));
}

START_TEST(a_plain_destructor_is_called)
{
	app_plain_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("plain");
}
END_TEST

START_TEST(one_that_returns_0_has_ended_well)
{
	app_telling_get(root, &error);
	app_both_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("both failed", "telling");
}
END_TEST

START_TEST(one_that_returns_anything_else_has_failed)
{
	result = EIO;
	app_telling_get(root, &error);
	container_free_expect(DI_EFINALIZE);
	journal_expect("telling");
	ck_assert_str_eq(error.provider, "app_telling");
	ck_assert_str_eq(error.function, "end_telling");
	ck_assert_int_eq(error.cause, EIO);
}
END_TEST

START_TEST(a_negative_result_has_failed_too)
{
	result = -5;
	app_both_get(root, &error);
	container_free_expect(DI_EFINALIZE);
	journal_expect("both failed");
	ck_assert_str_eq(error.function, "end_both");
	ck_assert_int_eq(error.cause, -5);
}
END_TEST

START_TEST(one_with_a_second_parameter_is_told_the_outcome)
{
	app_told_get(root, &error);
	app_both_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("both failed", "told failed");
}
END_TEST

START_TEST(what_is_kept_is_not_ended)
{
	ck_assert_ptr_eq(app_kept_get(root, &error), &value);
	ck_assert_ptr_eq(app_const_2_get(root, &error), &value);
	ck_assert(app_kept.destroy == NULL);
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

/* The leak checker sees whether it was. */
START_TEST(free_is_a_destructor)
{
	ck_assert_ptr_nonnull(app_freed_get(root, &error));
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(a_function_of_any_pointer_is_a_destructor)
{
	app_any_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("any");
}
END_TEST

START_TEST(a_const_value_has_a_const_destructor)
{
	app_const_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("const");
}
END_TEST

START_TEST(di_keep_does_nothing)
{
	di_keep(NULL);
	di_keep(&value);
}
END_TEST

START_TEST(products_end_by_the_same_forms)
{
	struct part *product = app_product_get(root, &error);

	expect_ok(app_product_drop(root, product, &error));
	journal_expect("both done");
	result = EIO;
	product = app_product_get(root, &error);
	expect_error(app_product_drop(root, product, &error), DI_EFINALIZE);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/destructor");
	TCase *forms = tcase_create("forms");

	tcase_add_checked_fixture(forms, setup, container_end);
	tcase_add_test(forms, a_plain_destructor_is_called);
	tcase_add_test(forms, one_that_returns_0_has_ended_well);
	tcase_add_test(forms, one_that_returns_anything_else_has_failed);
	tcase_add_test(forms, a_negative_result_has_failed_too);
	tcase_add_test(forms, one_with_a_second_parameter_is_told_the_outcome);
	tcase_add_test(forms, what_is_kept_is_not_ended);
	tcase_add_test(forms, free_is_a_destructor);
	tcase_add_test(forms, a_function_of_any_pointer_is_a_destructor);
	tcase_add_test(forms, a_const_value_has_a_const_destructor);
	tcase_add_test(forms, di_keep_does_nothing);
	tcase_add_test(forms, products_end_by_the_same_forms);
	suite_add_tcase(suite, forms);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
