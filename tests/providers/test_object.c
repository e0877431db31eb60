/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

static const int numbers[3] = { 1, 2, 3 };
static int changing;

/* clang-format off */
#define APP(X) \
	X(object,    app_value,    struct part,  &value) \
	X(object,    app_number,   const int,    numbers + 1) \
	X(object,    app_changing, int,          &changing) \
	X(singleton, app_user,     struct part,  (user_new, app_value), user_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(value)
PART_FAKE(fake)
PART_OF_1(user)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(an_object_is_there_without_being_made)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_eq(app_value_get(root, &error), &value);
	ck_assert_ptr_eq(app_value_get(request, &error), &value);
	ck_assert_ptr_eq(app_number_get(request, &error), &numbers[1]);
	*app_changing_get(request, &error) = 5;
	ck_assert_int_eq(changing, 5);
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

START_TEST(an_object_is_not_ended)
{
	ck_assert_ptr_eq(app_value_get(root, &error), &value);
	container_free_expect(DI_OK);
	ck_assert(value.alive);
	journal_expect_nothing();
}
END_TEST

START_TEST(an_object_can_be_needed_and_overridden)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &value);
	expect_ok(app_value_override(request, &fake, &error));
	ck_assert_ptr_eq(app_value_get(request, &error), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_value_get(root, &error), &value);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(an_object_never_counts_as_resolved)
{
	ck_assert_ptr_eq(app_value_get(root, &error), &value);
	expect_ok(app_value_override(root, &fake, &error));
	ck_assert_ptr_eq(app_value_get(root, &error), &fake);
	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &fake);
	expect_error(app_value_override(root, &value, &error), DI_EBUSY);
}
END_TEST

START_TEST(containers_share_the_object_itself)
{
	struct di_container *second = di_container_new(&app, NULL, &error);

	ck_assert_ptr_eq(app_value_get(di_container_root(second), &error),
			 app_value_get(root, &error));
	expect_ok(di_container_free(second, &error));
}
END_TEST

START_TEST(its_life_is_the_longest)
{
	ck_assert_int_eq(di_object.home, DI_HOME_ROOT);
	ck_assert_int_eq(app_value.life, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/object");
	TCase *tcase = tcase_create("object");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, an_object_is_there_without_being_made);
	tcase_add_test(tcase, an_object_is_not_ended);
	tcase_add_test(tcase, an_object_can_be_needed_and_overridden);
	tcase_add_test(tcase, an_object_never_counts_as_resolved);
	tcase_add_test(tcase, containers_share_the_object_itself);
	tcase_add_test(tcase, its_life_is_the_longest);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
