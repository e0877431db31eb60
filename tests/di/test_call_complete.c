/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* Constructors that complete by their own name, whatever row they make a value for. */

struct name {
	const char *text;
};

static const struct name front = { "front" }, back = { "back" };

/* clang-format off */
#define APP(X) \
	X(object,          app_front_name, const struct name, &front) \
	X(object,          app_back_name,  const struct name, &back) \
	X(async_singleton, app_front,      struct part, (part_make, app_front_name), part_end_later) \
	X(async_factory,   app_back,       struct part, (part_make, app_back_name),  part_end_later) \
	X(async_singleton, app_other,      struct part, (other_make),                other_end) \
	X(async_singleton, app_wrong,      const struct part, (wrong_make),          di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static int part_make(struct di_call *call, const struct name *name);
static int other_make(struct di_call *call);
static int wrong_make(struct di_call *call);
DI_COMPLETE_DECLARE(part_make, struct part);
DI_COMPLETE_DECLARE(other_make, struct part);
DI_COMPLETE_DECLARE(wrong_make, struct part);

PART_FAKE(made)

static int part_make(struct di_call *call, const struct name *name)
{
	return later_new(call, part_make_complete, name->text, (struct part *const[]){ NULL });
}

static int part_end_later(struct di_call *call, struct part *part, enum di_outcome outcome)
{
	return later_end(call, part, outcome);
}

/* There is no error to read where a call is completed: only debug builds say what is wrong. */
#ifdef DI_DEBUG
#define expect_refused(call_, data_, text_) misuse_expect(call_, data_, DI_EINVAL, text_)
#else
#define expect_refused(call_, data_, text_) ck_assert_int_eq(call_(data_, NULL), DI_EINVAL)
#endif

static enum di_status complete_part(void *call, struct di_error *err)
{
	(void)err;
	return part_make_complete(call, 0, &made);
}

static enum di_status complete_other(void *call, struct di_error *err)
{
	(void)err;
	return other_make_complete(call, 0, &made);
}

static enum di_status complete_wrong(void *call, struct di_error *err)
{
	(void)err;
	return wrong_make_complete(call, 0, &made);
}

static int other_make(struct di_call *call)
{
	expect_refused(complete_part, call, "other_make was given the call, and not part_make");
	ck_assert_int_eq(other_make_complete(call, 0, &made), DI_OK);
	expect_refused(complete_other, call, "it is complete already");
	return DI_PENDING;
}

static int other_end(struct di_call *call, struct part *part)
{
	ck_assert_ptr_eq(part, &made);
	expect_refused(complete_other, call, "the call ends it: complete it by di_call_end()");
	return 0;
}

static int wrong_make(struct di_call *call)
{
	expect_refused(complete_wrong, call,
		       "it provides const struct part, and wrong_make makes struct part");
	return EINVAL;
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

START_TEST(one_constructor_makes_the_values_of_several_rows)
{
	app_front_get_async(root, answer_take, &answer, &error);
	app_back_get_async(root, answer_take, &other, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(app_front_get(root, &error), answer.part);
	ck_assert_str_eq(other.part->name, "back");
	journal_expect("began front", "began back", "created front", "created back");
}
END_TEST

START_TEST(an_errno_is_a_failure_of_the_row)
{
	parts_fail_new("back", ETIMEDOUT, 1);
	app_back_get_async(root, answer_take, &answer, &error);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	ck_assert_str_eq(answer.text, "part_make failed for app_back: Connection timed out");
}
END_TEST

START_TEST(a_call_is_completed_by_the_function_that_was_given_it_once)
{
	app_other_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	expect_ok(di_reset_async(root, &app_other, answer_done, &other, &error));
	answer_expect(&other, DI_OK);
}
END_TEST

static void take_const(void *data, const struct part *part, const struct di_error *failure)
{
	ck_assert_ptr_null(part);
	answer_take(data, NULL, failure);
}

START_TEST(a_row_that_provides_another_type_is_not_completed)
{
	app_wrong_get_async(root, take_const, &answer, &error);
	answer_expect(&answer, DI_ECREATE);
}
END_TEST

START_TEST(there_must_be_a_call)
{
	expect_refused(complete_part, NULL, "there is no call for part_make to complete");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("di/call complete");
	TCase *tcase = tcase_create("complete");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, one_constructor_makes_the_values_of_several_rows);
	tcase_add_test(tcase, an_errno_is_a_failure_of_the_row);
	tcase_add_test(tcase, a_call_is_completed_by_the_function_that_was_given_it_once);
	tcase_add_test(tcase, a_row_that_provides_another_type_is_not_completed);
	tcase_add_test(tcase, there_must_be_a_call);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
