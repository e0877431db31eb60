/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/later.h"

/*
 * What constructors do to contexts between two creations of one resolve, or before its value is
 * kept where it was asked for.
 */

PART(pool)
PART_OF_1(line)
PART_OF_1(tape)
PART_OF_2(desk)
PART_FAKE(fake)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool, struct part, (pool_new),                     pool_end) \
	X(context_resource, app_line, struct part, (line_new, app_pool),           line_end, request) \
	X(context_resource, app_tape, struct part, (tape_new, app_line),           tape_end, request) \
	X(context_resource, app_desk, struct part, (desk_new, app_tape, app_line), desk_end, inject) \
	X(async_context_resource, app_slow, struct part, (slow_new),               slow_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(slow, app_slow)

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request, *inner;

static void setup(void)
{
	parts_clear();
	container_begin(&app, NULL);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
	journal_clear();
}

/* ---- Entering ---- */

static const struct di_context *current;

static void enter_inner(struct part *part)
{
	(void)part;
	expect_ok(di_context_enter(inner, &error));
}

static void look_at_current(struct part *part)
{
	(void)part;
	current = di_context_current(&app);
}

START_TEST(what_one_constructor_enters_is_not_current_in_the_next)
{
	parts_on_new("line", enter_inner);
	parts_on_new(_i ? "desk" : "tape", look_at_current);
	ck_assert_ptr_nonnull(app_desk_get(inner, &error));
	ck_assert_ptr_eq(current, (_i ? inner : request));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	expect_ok(di_context_leave(inner, &error));
}
END_TEST

/* ---- Overriding ---- */

static int overrides;

static void override_inside(struct part *part)
{
	(void)part;
	if (overrides++ == 0)
		expect_ok(app_pool_override(inner, &fake, &error));
}

START_TEST(what_a_constructor_further_out_overrides_in_the_inner_context_is_seen_there)
{
	const struct part *line;

	overrides = 0;
	parts_on_new("line", override_inside);
	ck_assert_ptr_nonnull(app_line_get(inner, &error));
	line = app_line_get(inner, &error);
	ck_assert_ptr_eq(line->needs[0], &fake);
	ck_assert_ptr_eq(app_desk_get(inner, &error)->needs[1], line);
	ck_assert_ptr_ne(app_line_get(request, &error), line);
	journal_expect("created line from pool", "created line from fake", "created tape from line",
		       "created desk from tape line");
}
END_TEST

/* ---- What takes time ---- */

static struct answer answer;

static void begin_slow(struct part *part)
{
	(void)part;
	app_slow_get_async(request, answer_take, &answer, &error);
}

START_TEST(what_a_constructor_has_begun_and_takes_time_hinders_nothing)
{
	later_clear();
	memset(&answer, 0, sizeof(answer));
	parts_on_new(_i ? "tape" : "line", begin_slow);
	ck_assert_ptr_nonnull(app_desk_get(inner, &error));
	ck_assert_ptr_eq(request->lane.table, &app);
	ck_assert_uint_eq(request->making, 1);
	ck_assert_int_eq(later_due(), 1);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_uint_eq(request->making, 0);
	close_as(inner, DI_DONE);
	later_container_end();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_between");
	TCase *tcase = tcase_create("nested contexts");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_loop_test(tcase, what_one_constructor_enters_is_not_current_in_the_next, 0, 2);
	tcase_add_test(tcase,
		       what_a_constructor_further_out_overrides_in_the_inner_context_is_seen_there);
	tcase_add_loop_test(tcase, what_a_constructor_has_begun_and_takes_time_hinders_nothing, 0,
			    2);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
