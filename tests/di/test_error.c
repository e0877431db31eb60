/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <stdio.h>

PART(a)
PART_OF_1(b)
PART_OF_1(c)
PART_OF_1(leaf)

static struct part *errno_new(void)
{
	errno = EPERM;
	return NULL;
}

/* Among the names are one of 70 characters, too long to be kept, and one of 63, just not. */

/* clang-format off */
#define CHAIN(X) \
	X(singleton, app_a,   struct part, (a_new),             a_end) \
	X(singleton, app_b,   struct part, (b_new, app_a),      b_end) \
	X(singleton, app_c,   struct part, (c_new, app_b),      c_end) \
	X(factory,   app_f1,  struct part, (leaf_new, app_c),   leaf_end) \
	X(factory,   app_f2,  struct part, (leaf_new, app_f1),  leaf_end) \
	X(factory,   app_f3,  struct part, (leaf_new, app_f2),  leaf_end) \
	X(singleton, app_returned, struct part, DI_RETURNS(errno_new), di_keep)
#define LONG(X) \
	X(singleton, a123456789a123456789a123456789a123456789a123456789a123456789a123456789, struct part, (leaf_new, app_a), leaf_end) \
	X(singleton, b123456789b123456789b123456789b123456789b123456789b123456789b12, struct part, \
	  (leaf_new, a123456789a123456789a123456789a123456789a123456789a123456789a123456789), leaf_end) \
	X(singleton, app_long_name_number_1, struct part, (leaf_new, b123456789b123456789b123456789b123456789b123456789b123456789b12), leaf_end) \
	X(singleton, app_long_name_number_2, struct part, (leaf_new, app_long_name_number_1), leaf_end) \
	X(singleton, app_long_name_number_3, struct part, (leaf_new, app_long_name_number_2), leaf_end) \
	X(singleton, app_long_name_number_4, struct part, (leaf_new, app_long_name_number_3), leaf_end) \
	X(singleton, app_long_name_number_5, struct part, (leaf_new, app_long_name_number_4), leaf_end) \
	X(singleton, app_long_name_number_6, struct part, (leaf_new, app_long_name_number_5), leaf_end) \
	X(singleton, app_long_name_number_7, struct part, (leaf_new, app_long_name_number_6), leaf_end) \
	X(singleton, app_long_name_number_8, struct part, (leaf_new, app_long_name_number_7), leaf_end) \
	X(singleton, app_long_name_number_9, struct part, (leaf_new, app_long_name_number_8), leaf_end)
/* clang-format on */
#define APP(X) CHAIN(X) LONG(X)

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

/* ---- Statuses ---- */

static const struct {
	enum di_status status;
	const char *name, *text;
} statuses[] = {
	{ DI_OK, "DI_OK", "success" },
	{ DI_EINVAL, "DI_EINVAL", "invalid argument" },
	{ DI_ENOMEM, "DI_ENOMEM", "out of memory" },
	{ DI_ECREATE, "DI_ECREATE", "a constructor failed" },
	{ DI_ENULL, "DI_ENULL", "NULL is no value" },
	{ DI_ENOVALUE, "DI_ENOVALUE", "no value was provided" },
	{ DI_ENOCONTEXT, "DI_ENOCONTEXT", "no context of the needed scope is open" },
	{ DI_ECYCLE, "DI_ECYCLE", "the value needs itself" },
	{ DI_EBUSY, "DI_EBUSY", "in use" },
	{ DI_ECLOSED, "DI_ECLOSED", "closed" },
	{ DI_EFINALIZE, "DI_EFINALIZE", "a finalizer failed" },
	{ DI_EOPEN, "DI_EOPEN", "contexts were still open and were closed as cancelled" },
	{ DI_EABI, "DI_EABI", "compiled against other headers of di" },
	{ DI_ETHREAD, "DI_ETHREAD", "it belongs to another thread" },
	{ DI_EAGAIN, "DI_EAGAIN", "it is asynchronous" },
	{ DI_ETIMEDOUT, "DI_ETIMEDOUT", "it was not done in time" },
	{ DI_ECANCELLED, "DI_ECANCELLED", "it was cancelled" },
};

#define STATUSES (int)(sizeof(statuses) / sizeof(statuses[0]))

START_TEST(a_status_has_a_name_and_a_text)
{
	ck_assert_str_eq(di_status_name(statuses[_i].status), statuses[_i].name);
	ck_assert_str_eq(di_status_text(statuses[_i].status), statuses[_i].text);
}
END_TEST

START_TEST(no_status_is_forgotten_and_an_unknown_one_has_a_text_too)
{
#define COUNT(name_, text_) +1
	ck_assert_int_eq(0 DI_STATUS_MAP(COUNT), STATUSES);
#undef COUNT
	ck_assert_str_eq(di_status_name((enum di_status)4711), "DI_E?");
	ck_assert_str_eq(di_status_text((enum di_status)4711), "unknown status");
}
END_TEST

/* ---- What a constructor returned ---- */

START_TEST(an_errno_is_told_in_words)
{
	parts_fail_new("a", ENOENT, 1);
	expect_null(app_a_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, ENOENT);
	ck_assert_str_eq(error.provider, "app_a");
	ck_assert_str_eq(error.function, "a_new");
	ck_assert_str_eq(error_text(), "a_new failed for app_a: No such file or directory");
}
END_TEST

START_TEST(what_is_no_errno_is_told_as_a_number)
{
	parts_fail_new("a", -3, 1);
	expect_null(app_a_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, -3);
	ck_assert_str_eq(error_text(), "a_new failed for app_a: it returned -3");
	parts_fail_new("a", 99999, 1);
	expect_null(app_a_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error_text(), "a_new failed for app_a: it returned 99999");
}
END_TEST

START_TEST(a_constructor_that_returns_its_value_tells_by_errno)
{
	expect_null(app_returned_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, EPERM);
	ck_assert_str_eq(error_text(),
			 "errno_new failed for app_returned: Operation not permitted");
}
END_TEST

/* ---- Paths ---- */

START_TEST(the_path_goes_from_what_failed_to_what_was_asked_for)
{
	parts_fail_new("b", EIO, 1);
	expect_null(app_f3_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_b <- app_c <- app_f1 <- app_f2 <- app_f3");
	ck_assert_str_eq(error_text(), "b_new failed for app_b: Input/output error "
				       "(app_b <- app_c <- app_f1 <- app_f2 <- app_f3)");
	ck_assert_uint_eq(error.hidden, 0);
	ck_assert_str_eq(error.outermost, "");
}
END_TEST

START_TEST(a_long_path_keeps_its_innermost_names_and_its_outermost)
{
	parts_fail_new("a", EIO, 1);
	expect_null(app_long_name_number_9_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error_text(),
			 "a_new failed for app_a: Input/output error (app_a"
			 " <- a123456789a123456789a123456789a123456789a123456789a123456789a12"
			 " <- b123456789b123456789b123456789b123456789b123456789b123456789b12"
			 " <- app_long_name_number_1 <- app_long_name_number_2"
			 " <- app_long_name_number_3 <- app_long_name_number_4"
			 " <- app_long_name_number_5 <- app_long_name_number_6"
			 " <- ... 2 more ... <- app_long_name_number_9)");
	ck_assert_uint_eq(error.hidden, 2);
	ck_assert_str_eq(error.outermost, "app_long_name_number_9");
	ck_assert_uint_lt(strlen(error.path), DI_PATH_SIZE);
}
END_TEST

START_TEST(one_name_too_many_is_only_the_outermost)
{
	parts_fail_new("a", EIO, 1);
	expect_null(app_long_name_number_7_get(root, &error), DI_ECREATE);
	ck_assert_uint_eq(error.hidden, 0);
	ck_assert_ptr_nonnull(
		strstr(error_text(), " <- app_long_name_number_6 <- app_long_name_number_7)"));
	ck_assert_ptr_null(strstr(error_text(), "more"));
}
END_TEST

/* ---- The struct ---- */

START_TEST(nothing_is_written_on_success)
{
	struct di_error before;

	memset(&error, 0x5a, sizeof(error));
	before = error;
	ck_assert_ptr_nonnull(app_c_get(root, &error));
	ck_assert_int_eq(di_reset(root, &app_c, &error), DI_OK);
	ck_assert_int_eq(app_c_override(root, app_b_get(root, &error), &error), DI_OK);
	ck_assert_int_eq(di_context_enter(root, &error), DI_OK);
	ck_assert_int_eq(di_context_leave(root, &error), DI_OK);
	ck_assert_mem_eq(&error, &before, sizeof(error));
}
END_TEST

START_TEST(an_error_used_again_keeps_nothing_of_the_last)
{
	struct di_error fresh = { 0 };

	parts_fail_new("a", ENOENT, 1);
	expect_null(app_long_name_number_9_get(root, &error), DI_ECREATE);
	error.more = 3;
	expect_error(app_f3_drop(root, (struct part *)&error, &error), DI_EINVAL);
	app_f3_drop(root, (struct part *)&error, &fresh);
	ck_assert_str_eq(error.path, fresh.path);
	ck_assert_str_eq(error.function, "");
	ck_assert_str_eq(error.outermost, "");
	ck_assert_uint_eq(error.hidden, 0);
	ck_assert_uint_eq(error.more, 0);
	ck_assert_int_eq(error.cause, 0);
}
END_TEST

START_TEST(an_error_outlives_its_container)
{
	parts_fail_new("b", EIO, 1);
	expect_null(app_c_get(root, &error), DI_ECREATE);
	container_free_expect(DI_OK);
	ck_assert_str_eq(error_text(),
			 "b_new failed for app_b: Input/output error (app_b <- app_c)");
}
END_TEST

/* ---- The text ---- */

START_TEST(further_errors_are_counted_in_the_text)
{
	parts_fail_end("a", EIO, 1);
	parts_fail_end("b", -7, 1);
	app_c_get(root, &error);
	expect_error(di_reset(root, &app_a, &error), DI_EFINALIZE);
	ck_assert_str_eq(error_text(), "b_end failed for app_b: it returned -7 and 1 more error");
	error.more = 2;
	ck_assert_str_eq(error_text(), "b_end failed for app_b: it returned -7 and 2 more errors");
}
END_TEST

START_TEST(a_text_is_cut_to_the_room_there_is)
{
	char whole[256], buffer[64];
	size_t size, length;

	parts_fail_new("a", ENOENT, 1);
	expect_null(app_b_get(root, &error), DI_ECREATE);
	di_error_text(&error, whole, sizeof(whole));
	length = strlen(whole);
	for (size = 1; size < sizeof(buffer); size++) {
		memset(buffer, 'x', sizeof(buffer));
		ck_assert_ptr_eq(di_error_text(&error, buffer, size), buffer);
		ck_assert_uint_eq(strlen(buffer), size - 1 < length ? size - 1 : length);
		ck_assert_int_eq(strncmp(buffer, whole, size - 1), 0);
		ck_assert_int_eq(buffer[size], 'x');
	}
	buffer[0] = 'x';
	di_error_text(&error, buffer, 0);
	ck_assert_int_eq(buffer[0], 'x');
}
END_TEST

START_TEST(no_error_is_success_and_errno_is_kept)
{
	char text[64];

	errno = EDOM;
	ck_assert_str_eq(di_error_text(NULL, text, sizeof(text)), "success");
	error = (struct di_error){ .status = DI_OK };
	ck_assert_str_eq(di_error_text(&error, text, sizeof(text)), "success");
	error = (struct di_error){ .status = DI_ECREATE, .cause = 99999, .function = "f" };
	di_error_text(&error, text, sizeof(text));
	ck_assert_int_eq(errno, EDOM);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/error");
	TCase *tcase = tcase_create("errors");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_loop_test(tcase, a_status_has_a_name_and_a_text, 0, STATUSES);
	tcase_add_test(tcase, no_status_is_forgotten_and_an_unknown_one_has_a_text_too);
	tcase_add_test(tcase, an_errno_is_told_in_words);
	tcase_add_test(tcase, what_is_no_errno_is_told_as_a_number);
	tcase_add_test(tcase, a_constructor_that_returns_its_value_tells_by_errno);
	tcase_add_test(tcase, the_path_goes_from_what_failed_to_what_was_asked_for);
	tcase_add_test(tcase, a_long_path_keeps_its_innermost_names_and_its_outermost);
	tcase_add_test(tcase, one_name_too_many_is_only_the_outermost);
	tcase_add_test(tcase, nothing_is_written_on_success);
	tcase_add_test(tcase, an_error_used_again_keeps_nothing_of_the_last);
	tcase_add_test(tcase, an_error_outlives_its_container);
	tcase_add_test(tcase, further_errors_are_counted_in_the_text);
	tcase_add_test(tcase, a_text_is_cut_to_the_room_there_is);
	tcase_add_test(tcase, no_error_is_success_and_errno_is_kept);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
