/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* Blocks with a context of their own, and the marks that make a context end worse. */

PART(session)
PART_OF_1(query)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new),            session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void observe(void *data, const struct di_event *event)
{
	char text[200];

	(void)data;
	if (event->kind == DI_EVENT_FAILED)
		journal_write("told of %s", di_error_text(event->error, text, sizeof(text)));
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .observer = { observe, NULL } };

	container_begin(&app, &options);
}

static void expect_no_children(void)
{
	struct part fake = { .name = "fake" };

	expect_ok(app_session_override(root, &fake, &error));
}

/* ---- DI_WITH_CONTEXT ---- */

START_TEST(falling_off_the_end_is_done)
{
	DI_WITH_CONTEXT (request, root, &di_scope_request) {
		ck_assert_ptr_eq(di_context_parent(request), root);
		ck_assert_ptr_eq(di_context_scope(request), &di_scope_request);
		ck_assert_ptr_nonnull(app_session_get(request, &error));
		ck_assert_ptr_nonnull(app_query_get(request, &error));
	}
	journal_expect("created session", "created query from session", "ended query done",
		       "ended session done");
	expect_no_children();
}
END_TEST

START_TEST(break_is_failed_and_ends_the_block)
{
	int after = 0;

	DI_WITH_CONTEXT (request, root, &di_scope_request) {
		app_session_get(request, &error);
		if (root != NULL)
			break;
		after = 1;
	}
	ck_assert_int_eq(after, 0);
	journal_expect("created session", "ended session failed");
	expect_no_children();
}
END_TEST

static int return_from_within(int number)
{
	DI_WITH_CONTEXT (request, root, &di_scope_request) {
		app_session_get(request, &error);
		return number + journal_length();
	}
	return -1;
}

START_TEST(return_is_failed_and_its_value_is_worked_out_before)
{
	ck_assert_int_eq(return_from_within(10), 11);
	journal_expect("created session", "ended session failed");
	expect_no_children();
}
END_TEST

START_TEST(goto_is_failed)
{
	DI_WITH_CONTEXT (request, root, &di_scope_request) {
		app_session_get(request, &error);
		goto out;
	}
	ck_abort();
out:
	journal_expect("created session", "ended session failed");
	expect_no_children();
}
END_TEST

START_TEST(blocks_nest_and_end_innermost_first)
{
	DI_WITH_CONTEXT (outer, root, &di_scope_request) {
		app_session_get(outer, &error);
		DI_WITH_CONTEXT (inner, outer, &di_scope_request) {
			app_session_get(inner, &error);
			app_query_get(inner, &error);
			break;
		}
		journal_write("between");
	}
	journal_expect("created session", "created session", "created query from session",
		       "ended query failed", "ended session failed", "between",
		       "ended session done");
}
END_TEST

START_TEST(a_block_in_a_loop_gets_a_context_each_time)
{
	int i;

	for (i = 0; i < 3; i++) {
		DI_WITH_CONTEXT (request, root, &di_scope_request)
			app_session_get(request, &error);
	}
	journal_expect("created session", "ended session done", "created session",
		       "ended session done", "created session", "ended session done");
}
END_TEST

START_TEST(a_block_whose_context_cannot_be_opened_does_not_run)
{
	memory.fail_always = 1;
	DI_WITH_CONTEXT (request, root, &di_scope_request)
		ck_abort_msg("it ran");
	memory.fail_always = 0;
	ck_assert_int_eq(journal_length(), 1);
	journal_clear();
}
END_TEST

START_TEST(ends_that_fail_go_to_the_observer)
{
	parts_fail_end("session", EIO, 1);
	DI_WITH_CONTEXT (request, root, &di_scope_request)
		app_session_get(request, &error);
	journal_expect("created session", "ended badly session",
		       "told of session_end failed for app_session: Input/output error");
}
END_TEST

START_TEST(a_context_that_cannot_be_closed_goes_to_the_observer)
{
	struct di_context *left = NULL;

	DI_WITH_CONTEXT (request, root, &di_scope_request)
		left = open_in(request, &di_scope_inject);
	journal_expect("told of in use: the context of scope request has 1 open child");
	close_as(left, DI_DONE);
	container_free_expect(DI_EOPEN);
	journal_clear();
}
END_TEST

/* ---- Marks ---- */

static const struct {
	enum di_outcome first, second, close, ends;
} marks[] = {
	{ DI_DONE, DI_DONE, DI_DONE, DI_DONE },
	{ DI_FAILED, DI_DONE, DI_DONE, DI_FAILED },
	{ DI_DONE, DI_FAILED, DI_DONE, DI_FAILED },
	{ DI_CANCELLED, DI_FAILED, DI_DONE, DI_CANCELLED },
	{ DI_FAILED, DI_CANCELLED, DI_FAILED, DI_CANCELLED },
	{ DI_DONE, DI_DONE, DI_FAILED, DI_FAILED },
	{ DI_FAILED, DI_FAILED, DI_CANCELLED, DI_CANCELLED },
};

static int keep(void *data, enum di_outcome outcome)
{
	*(enum di_outcome *)data = outcome;
	return 0;
}

START_TEST(a_context_ends_with_the_worst_of_its_marks_and_its_close)
{
	struct di_context *request = open_in(root, &di_scope_request);
	enum di_outcome ended = DI_DONE;

	expect_ok(di_context_defer(request, keep, &ended, &error));
	expect_ok(di_context_mark(request, marks[_i].first, &error));
	expect_ok(di_context_mark(request, marks[_i].second, &error));
	close_as(request, marks[_i].close);
	ck_assert_str_eq(di_outcome_text(ended), di_outcome_text(marks[_i].ends));
}
END_TEST

START_TEST(a_mark_is_of_one_context_and_one_life)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inner = open_in(request, &di_scope_request);

	app_session_get(request, &error);
	expect_ok(di_context_mark(inner, DI_FAILED, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	app_session_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created session", "ended session done", "created session",
		       "ended session done");
}
END_TEST

START_TEST(a_block_ends_with_its_mark)
{
	DI_WITH_CONTEXT (request, root, &di_scope_request) {
		app_session_get(request, &error);
		expect_ok(di_context_mark(request, DI_CANCELLED, &error));
	}
	journal_expect("created session", "ended session cancelled");
}
END_TEST

static void mark_at_end(struct part *part)
{
	(void)part;
	expect_error(di_context_mark(di_context_current(&app), DI_CANCELLED, &error), DI_ECLOSED);
	ck_assert_str_eq(error_text(), "closed: its outcome is settled");
}

START_TEST(a_closing_context_is_not_marked)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	app_query_get(request, &error);
	parts_on_end("query", mark_at_end);
	close_as(request, DI_FAILED);
	journal_expect("created session", "created query from session", "ended query failed",
		       "ended session failed");
}
END_TEST

static enum di_status mark_nothing(void *data, struct di_error *err)
{
	return di_context_mark(data, DI_FAILED, err);
}

static enum di_status mark_strangely(void *data, struct di_error *err)
{
	return di_context_mark(data, (enum di_outcome)3, err);
}

START_TEST(strange_marks_are_refused)
{
	misuse_expect(mark_nothing, NULL, DI_EINVAL, "there is no context to mark");
	misuse_expect(mark_strangely, root, DI_EINVAL, "3 is no outcome");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/context/with");
	TCase *blocks = tcase_create("blocks");
	TCase *marking = tcase_create("marks");

	tcase_add_checked_fixture(blocks, setup, container_end);
	tcase_add_checked_fixture(marking, setup, container_end);
	tcase_add_test(blocks, falling_off_the_end_is_done);
	tcase_add_test(blocks, break_is_failed_and_ends_the_block);
	tcase_add_test(blocks, return_is_failed_and_its_value_is_worked_out_before);
	tcase_add_test(blocks, goto_is_failed);
	tcase_add_test(blocks, blocks_nest_and_end_innermost_first);
	tcase_add_test(blocks, a_block_in_a_loop_gets_a_context_each_time);
	tcase_add_test(blocks, a_block_whose_context_cannot_be_opened_does_not_run);
	tcase_add_test(blocks, ends_that_fail_go_to_the_observer);
	tcase_add_test(blocks, a_context_that_cannot_be_closed_goes_to_the_observer);
	tcase_add_loop_test(marking, a_context_ends_with_the_worst_of_its_marks_and_its_close, 0,
			    sizeof(marks) / sizeof(marks[0]));
	tcase_add_test(marking, a_mark_is_of_one_context_and_one_life);
	tcase_add_test(marking, a_block_ends_with_its_mark);
	tcase_add_test(marking, a_closing_context_is_not_marked);
	tcase_add_test(marking, strange_marks_are_refused);
	suite_add_tcase(all, blocks);
	suite_add_tcase(all, marking);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
