/* SPDX-License-Identifier: MIT */
#include "tests/di/closing_app.h"

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

PART_FAKE(fake)

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- While closing ---- */

static struct part *kept;

static void expect_kept_alive(struct part *part)
{
	(void)part;
	ck_assert_ptr_eq(app_first_get(request, &error), kept);
	ck_assert_ptr_eq(di_resolve(request, &error, &app_first), kept);
}

static void expect_itself_gone(struct part *part)
{
	(void)part;
	expect_null(app_first_get(request, &error), DI_ECLOSED);
}

START_TEST(live_values_resolve_until_their_own_finalizer_starts)
{
	kept = app_first_get(request, &error);
	app_second_get(request, &error);
	parts_on_end("second", expect_kept_alive);
	parts_on_end("first", expect_itself_gone);
	close_as(request, DI_DONE);
	journal_expect("created first", "created second", "ended second done", "ended first done");
}
END_TEST

static void create_third(struct part *part)
{
	(void)part;
	expect_null(app_third_get(request, &error), DI_ECLOSED);
	expect_null(app_query_get(request, &error), DI_ECLOSED);
}

START_TEST(nothing_is_created_in_a_closing_context)
{
	app_session_get(request, &error);
	app_first_get(request, &error);
	parts_on_end("first", create_third);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("third") + parts_alive("query"), 0);
}
END_TEST

static void create_outside(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_outer_get(request, &error));
}

START_TEST(a_finalizer_may_create_in_an_outer_context)
{
	app_first_get(request, &error);
	parts_on_end("first", create_outside);
	close_as(request, DI_DONE);
	journal_expect("created first", "created outer", "ended first done");
}
END_TEST

static int never(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ck_abort_msg("a call that was not deferred has run");
	return 0;
}

static void change_in_vain(struct part *part)
{
	(void)part;
	ck_assert_ptr_null(di_context_open(request, &di_scope_inject, &error));
	ck_assert_int_eq(error.status, DI_ECLOSED);
	expect_error(di_context_defer(request, never, NULL, &error), DI_ECLOSED);
	expect_error(di_context_mark(request, DI_CANCELLED, &error), DI_ECLOSED);
	expect_error(note_put(request, "late", &error), DI_ECLOSED);
	expect_error(app_third_override(request, &fake, &error), DI_ECLOSED);
	expect_error(di_reset(request, &app_config, &error), DI_ECLOSED);
	expect_error(app_query_drop(request, part, &error), DI_ECLOSED);
}

START_TEST(nothing_is_opened_or_changed_in_a_closing_context)
{
	app_config_get(request, &error);
	app_first_get(request, &error);
	parts_on_end("first", change_in_vain);
	close_as(request, DI_DONE);
	journal_expect("created config", "created first", "ended first done", "ended config done");
}
END_TEST

static void fetch_note(struct part *part)
{
	(void)part;
	ck_assert_str_eq(note_fetch(request), "here");
}

START_TEST(items_are_there_until_the_last_finalizer)
{
	app_first_get(request, &error);
	expect_ok(note_put(request, "here", &error));
	parts_on_end("first", fetch_note);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/closing");
	TCase *closing = tcase_create("closing");

	tcase_add_checked_fixture(closing, setup, container_end);
	tcase_add_test(closing, live_values_resolve_until_their_own_finalizer_starts);
	tcase_add_test(closing, nothing_is_created_in_a_closing_context);
	tcase_add_test(closing, a_finalizer_may_create_in_an_outer_context);
	tcase_add_test(closing, nothing_is_opened_or_changed_in_a_closing_context);
	tcase_add_test(closing, items_are_there_until_the_last_finalizer);
	suite_add_tcase(suite, closing);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
