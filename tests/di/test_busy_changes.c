/* SPDX-License-Identifier: MIT */
#include "tests/di/busy_app.h"

/* Whatever would end or change a context that is in use is refused, and changes nothing. */

PART_FAKE(fake)
PART_FAKE(user)

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static enum di_status close_context(void)
{
	return di_context_close(request, DI_FAILED, &error);
}

static enum di_status reset(void)
{
	return di_reset(request, &app_second, &error);
}

static enum di_status override(void)
{
	return app_second_override(request, &fake, &error);
}

static enum di_status override_with(void)
{
	return di_override_with(request, &app_second, &app_first, &error);
}

static enum di_status override_all(void)
{
	const struct di_override_pair pair = { "app_second", &fake };

	return di_override_all(request, &pair, 1, &error);
}

static enum di_status put_again(void)
{
	return app_user_put(request, &fake, &error);
}

typedef enum di_status attempt_fn(void);

static attempt_fn *const attempts[] = { close_context, reset,        override,
					override_with, override_all, put_again };

enum {
	ATTEMPTS = sizeof(attempts) / sizeof(attempts[0])
};

static attempt_fn *tried;
static int times_tried;

static void expect_busy(const char *text)
{
	expect_error(tried(), DI_EBUSY);
	expect_text(text);
	times_tried++;
}

static void try_while_making(struct part *part)
{
	(void)part;
	expect_busy("in use: something is being made or dropped in the context of scope request");
}

static void try_while_resetting(struct part *part)
{
	(void)part;
	expect_busy("in use: the context of scope request is being reset or overridden");
}

static void try_while_dropping(struct part *part)
{
	(void)part;
	expect_busy("in use: something is being made or dropped in the context of scope request");
}

static void begin_attempt(int number)
{
	tried = attempts[number];
	times_tried = 0;
	expect_ok(app_user_put(request, &user, &error));
}

static void expect_tried_and_unchanged(void)
{
	ck_assert_int_eq(times_tried, 1);
	ck_assert_ptr_eq(app_user_get(request, &error), &user);
	expect_unchanged();
}

START_TEST(open_children_keep_a_context_from_being_closed_or_changed)
{
	struct di_context *one = open_in(request, &di_scope_inject);
	struct di_context *two = open_in(request, &di_scope_inject);

	begin_attempt(_i);
	app_first_get(request, &error);
	expect_busy("in use: the context of scope request has 2 open children");
	close_as(one, DI_DONE);
	close_as(two, DI_DONE);
	expect_tried_and_unchanged();
}
END_TEST

START_TEST(a_creation_keeps_its_context_from_being_closed_or_changed)
{
	begin_attempt(_i);
	parts_on_new("first", try_while_making);
	ck_assert_ptr_nonnull(app_first_get(request, &error));
	expect_tried_and_unchanged();
}
END_TEST

START_TEST(a_reset_keeps_its_context_from_being_closed_or_changed)
{
	begin_attempt(_i);
	app_first_get(request, &error);
	parts_on_end("fourth", try_while_resetting);
	ck_assert_ptr_nonnull(app_fourth_get(request, &error));
	expect_ok(di_reset(request, &app_fourth, &error));
	expect_tried_and_unchanged();
}
END_TEST

START_TEST(a_drop_keeps_its_context_from_being_closed_or_changed)
{
	struct part *third = app_third_get(request, &error);

	begin_attempt(_i);
	app_first_get(request, &error);
	parts_on_end("third", try_while_dropping);
	expect_ok(app_third_drop(request, third, &error));
	expect_tried_and_unchanged();
}
END_TEST

static int never(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ck_abort_msg("a call that was not deferred has run");
	return 0;
}

static void use_while_resetting(struct part *part)
{
	static const char *const changing =
		"in use: the context of scope request is being reset or overridden";

	(void)part;
	expect_null(di_context_open(request, &di_scope_inject, &error), DI_EBUSY);
	expect_text(changing);
	expect_error(di_context_defer(request, never, NULL, &error), DI_EBUSY);
	expect_text(changing);
	expect_null(app_second_get(request, &error), DI_EBUSY);
	expect_text("app_second: in use: its context is being reset or overridden");
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("the context of scope request is being closed, reset or overridden");
	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_context_mark(request, DI_DONE, &error));
	expect_ok(note_put(request, "value", &error));
	times_tried++;
}

START_TEST(a_context_that_is_being_reset_opens_makes_and_defers_nothing)
{
	times_tried = 0;
	app_first_get(request, &error);
	ck_assert_ptr_nonnull(app_fourth_get(request, &error));
	parts_on_end("fourth", use_while_resetting);
	expect_ok(di_reset(request, &app_fourth, &error));
	ck_assert_int_eq(times_tried, 1);
	ck_assert_str_eq(note_fetch(request), "value");
	expect_unchanged();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/busy/changes");
	TCase *busy = tcase_create("changes");

	tcase_add_checked_fixture(busy, setup, container_end);
	tcase_add_loop_test(busy, open_children_keep_a_context_from_being_closed_or_changed, 0,
			    ATTEMPTS);
	tcase_add_loop_test(busy, a_creation_keeps_its_context_from_being_closed_or_changed, 0,
			    ATTEMPTS);
	tcase_add_loop_test(busy, a_reset_keeps_its_context_from_being_closed_or_changed, 0,
			    ATTEMPTS);
	tcase_add_loop_test(busy, a_drop_keeps_its_context_from_being_closed_or_changed, 0,
			    ATTEMPTS);
	tcase_add_test(busy, a_context_that_is_being_reset_opens_makes_and_defers_nothing);
	suite_add_tcase(suite, busy);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
