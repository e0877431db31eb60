/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

/* clang-format off */
#define APP(X) \
	X(async_resource, app_store, struct part, (store_new),            store_end) \
	X(async_resource, app_mail,  struct part, (mail_new, app_store),  mail_end) \
	X(resource,       app_plain, struct part, (plain_new),            plain_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
LATER(store, app_store)
LATER_OF_1(mail, app_mail)
PART(plain)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

START_TEST(it_is_made_by_an_asynchronous_start)
{
	expect_error(di_container_start(container, &error), DI_EAGAIN);
	expect_text("app_store");
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	ck_assert_int_eq(later_run(), 2);
	answer_expect(&answer, DI_OK);
	journal_expect("began store", "created plain", "created store", "began mail",
		       "created mail from store");
	expect_ok(di_container_start(container, &error));
}
END_TEST

START_TEST(a_start_tells_the_first_error_once_all_have_settled)
{
	parts_fail_new("store", 5, 1);
	parts_fail_new("plain", 5, 1);
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "store_new failed for app_store");
	answer_text(&answer, "2 more");
}
END_TEST

START_TEST(it_resolves_in_plain_code_once_it_is_there_or_overridden)
{
	expect_null(app_mail_get(root, &error), DI_EAGAIN);
	ck_assert_ptr_nonnull(app_plain_get(root, &error));
	app_mail_get_async(root, answer_take, &answer, &error);
	expect_null(app_mail_get(root, &error), DI_EAGAIN);
	later_run();
	ck_assert_ptr_eq(app_mail_get(root, &error), answer.part);
}
END_TEST

START_TEST(an_overridden_one_is_not_made)
{
	expect_ok(app_mail_override(root, &fake, &error));
	ck_assert_ptr_eq(app_mail_get(root, &error), &fake);
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	later_run();
	journal_expect("began store", "created plain", "created store");
}
END_TEST

START_TEST(a_plain_end_of_one_that_is_there_is_refused_and_changes_nothing)
{
	app_store_get_async(root, answer_take, &answer, &error);
	later_run();
	journal_clear();
	expect_error(di_reset(root, &app_store, &error), DI_EAGAIN);
	expect_error(di_container_free(container, &error), DI_EAGAIN);
	journal_expect_nothing();
	ck_assert_ptr_eq(app_store_get(root, &error), answer.part);
}
END_TEST

START_TEST(a_plain_end_of_one_that_was_not_made_does_nothing)
{
	ck_assert_ptr_nonnull(app_plain_get(root, &error));
	expect_ok(di_reset(root, &app_store, &error));
	container_free_expect(DI_OK);
	journal_expect("created plain", "ended plain done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/async_resource");
	TCase *tcase = tcase_create("async_resource");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, it_is_made_by_an_asynchronous_start);
	tcase_add_test(tcase, a_start_tells_the_first_error_once_all_have_settled);
	tcase_add_test(tcase, it_resolves_in_plain_code_once_it_is_there_or_overridden);
	tcase_add_test(tcase, an_overridden_one_is_not_made);
	tcase_add_test(tcase, a_plain_end_of_one_that_is_there_is_refused_and_changes_nothing);
	tcase_add_test(tcase, a_plain_end_of_one_that_was_not_made_does_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
