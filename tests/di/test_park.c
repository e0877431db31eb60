/* SPDX-License-Identifier: MIT */
#include "tests/di/parked_app.h"

#include <sys/wait.h>
#include <unistd.h>

/*
 * A thread that closes a context mostly opens the next one in the same place, and is then given the
 * same one. Nothing of that may be seen, but that it takes no memory: which debug builds do not do.
 */

PART_FAKE(fake)
PART_FAKE(second_fake)
PART_FAKE(somebody)

/* ---- The same one ---- */

#ifndef DI_DEBUG
START_TEST(the_context_that_was_closed_last_is_the_next)
{
	struct di_context *outer = park(root, &di_scope_request), *inner = NULL;
	unsigned long allocations = 0;
	int i;

	for (i = 0; i < 10; i++) {
		struct di_context *opened;

		ck_assert_ptr_eq(open_in(root, &di_scope_request), outer);
		opened = open_in(outer, &di_scope_inject);
		ck_assert(inner == NULL || opened == inner);
		inner = opened;
		ck_assert_ptr_nonnull(app_call_get(inner, &error));
		close_as(inner, DI_DONE);
		close_as(outer, DI_DONE);
		if (i == 1)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

static int use(struct part *call)
{
	return call->alive ? 0 : EIO;
}

DI_HANDLER(app_use, int, (void), (use, app_call));

START_TEST(handlers_take_no_memory)
{
	unsigned long allocations = 0;
	int result, i;

	for (i = 0; i < 10; i++) {
		struct di_context *request = open_in(root, &di_scope_request);

		expect_ok(app_use(request, &result, &error));
		expect_ok(app_use(request, &result, &error));
		close_as(request, DI_DONE);
		if (i == 1)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

/* Its values come out of entries that were used before. */
START_TEST(a_context_that_was_overridden_is_as_good_as_new_when_it_is_used_again)
{
	struct di_context *request = open_in(root, &di_scope_request);
	unsigned long allocations = 0;
	int i;

	expect_ok(app_store_override(request, &fake, &error));
	close_as(request, DI_DONE);
	for (i = 0; i < 10; i++) {
		request = open_in(root, &di_scope_request);
		ck_assert_str_eq(app_session_get(request, &error)->needs[0]->name, "store");
		park(request, &di_scope_inject);
		close_as(request, DI_DONE);
		if (i == 1)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST
#endif

/* ---- What is left of the one before: nothing ---- */

static int deferred;

static int count_call(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	deferred++;
	return 0;
}

static void leave_item(struct di_context *context)
{
	expect_ok(note_put(context, "left", &error));
}

static void leave_mark(struct di_context *context)
{
	expect_ok(di_context_mark(context, DI_FAILED, &error));
}

static void leave_override(struct di_context *context)
{
	expect_ok(app_store_override(context, &fake, &error));
	expect_ok(app_session_override(context, &second_fake, &error));
	ck_assert_ptr_eq(app_report_get(context, &error)->needs[0], &fake);
}

static void leave_substitute(struct di_context *context)
{
	expect_ok(di_override_with(context, &app_store, &app_spare, &error));
	ck_assert_str_eq(app_session_get(context, &error)->needs[0]->name, "spare_store");
}

static void leave_state(struct di_context *context)
{
	expect_ok(app_user_put(context, &somebody, &error));
	ck_assert_ptr_eq(app_user_get(context, &error), &somebody);
}

static void leave_second_state(struct di_context *context)
{
	leave_state(context);
	expect_ok(app_user_put(context, &fake, &error));
}

static void leave_call(struct di_context *context)
{
	expect_ok(di_context_defer(context, count_call, NULL, &error));
}

static void leave_product(struct di_context *context)
{
	ck_assert_ptr_nonnull(app_basket_get(context, &error));
	ck_assert_ptr_nonnull(app_cursor_get(context, &error));
}

static void leave_entered(struct di_context *context)
{
	expect_ok(di_context_enter(context, &error));
	ck_assert_ptr_nonnull(app_tool_get(context, &error));
	expect_ok(di_context_leave(context, &error));
}

static void leave_children(struct di_context *context)
{
	struct di_context *inner = open_in(context, &di_scope_inject);

	expect_ok(note_put(inner, "left", &error));
	expect_ok(app_store_override(inner, &fake, &error));
	ck_assert_ptr_nonnull(app_call_get(inner, &error));
	close_as(inner, DI_FAILED);
	park(context, &di_scope_inject);
}

static void leave_nothing(struct di_context *context)
{
	(void)context;
}

static void (*const leave[])(struct di_context *context) = {
	leave_nothing,    leave_item,    leave_mark,         leave_override,
	leave_substitute, leave_state,   leave_second_state, leave_call,
	leave_product,    leave_entered, leave_children
};

static void expect_new(struct di_context *context)
{
	struct di_context *inner = open_in(context, &di_scope_inject);
	struct part *session, *basket;

	ck_assert_ptr_eq(di_context_parent(context), root);
	ck_assert_ptr_eq(di_context_parent(inner), context);
	ck_assert_ptr_null(note_fetch(inner));
	expect_null(app_user_get(inner, &error), DI_ENOVALUE);
	ck_assert_int_eq(parts_alive("session") + parts_alive("basket") + parts_alive("tool"), 0);
	session = app_session_get(inner, &error);
	ck_assert_str_eq(session->needs[0]->name, "store");
	ck_assert_ptr_eq(app_store_get(inner, &error), app_store_get(root, &error));
	ck_assert_ptr_eq(app_report_get(inner, &error), app_report_get(root, &error));
	basket = app_call_get(inner, &error)->needs[0];
	ck_assert_ptr_eq(basket->needs[0], session);
	close_as(inner, DI_DONE);
	journal_clear();
	deferred = 0;
	close_as(context, DI_DONE);
	journal_expect("ended session done");
	ck_assert_int_eq(deferred, 0);
}

START_TEST(nothing_of_the_one_before_is_left)
{
	struct di_context *context;
	uint64_t number = 0;
	int i;

	ck_assert_ptr_nonnull(app_report_get(root, &error));
	for (i = 0; i < 3; i++) {
		context = open_in(root, &di_scope_request);
		leave[_i](context);
		ck_assert_uint_ne(di_context_number(context), number);
		number = di_context_number(context);
		close_as(context, DI_DONE);
		context = open_in(root, &di_scope_request);
		ck_assert_uint_ne(di_context_number(context), number);
		expect_new(context);
	}
}
END_TEST

START_TEST(what_the_options_said_is_not_left)
{
	const struct di_provider *const rows[] = { &app_tool };
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_request,
					      .afresh = rows,
					      .afresh_count = _i == 0 ? 0 : 1,
					      .isolate_items = 1 };
	struct di_context *context;

	expect_ok(note_put(root, "of the root", &error));
	park(root, &di_scope_request);
	context = di_context_open_with(root, &options, &error);
	ck_assert_ptr_nonnull(context);
	ck_assert_ptr_null(note_fetch(context));
	park(context, &di_scope_request);
	ck_assert_ptr_null(note_fetch(context));
	close_as(context, DI_DONE);
	context = open_in(root, &di_scope_request);
	ck_assert_str_eq(note_fetch(context), "of the root");
	close_as(context, DI_DONE);
}
END_TEST

/* ---- Closed is closed ---- */

START_TEST(parked_children_are_no_children)
{
	struct di_context *request = open_in(root, &di_scope_request), *inner;

	inner = open_in(request, &di_scope_inject);
	park(request, &di_scope_inject);
	park(request, &di_scope_job);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_text("the context of scope request has 1 open child");
	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	expect_text("the context of scope request has 1 open child");
	ck_assert_ptr_nonnull(app_session_get(inner, &error));
	park(request, &di_scope_inject);
	close_as(inner, DI_DONE);
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(app_store_override(request, &fake, &error));
	park(request, &di_scope_inject);
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(freeing_closes_only_what_is_open)
{
	struct di_context *request;

	close_up_to(open_below(root, 0), root);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	close_up_to(open_below(request, 1), request);
	park(root, &di_scope_request);
	journal_clear();
	container_free_expect(DI_EOPEN);
	expect_text("1 of them, the innermost in: request, app");
	journal_expect("ended session cancelled", "ended store done");
}
END_TEST

START_TEST(the_description_shows_only_what_is_open)
{
	struct di_context *request;
	char text[1024];

	close_up_to(open_below(root, 0), root);
	request = open_in(root, &di_scope_request);
	park(request, &di_scope_inject);
	park(root, &di_scope_job);
	di_container_describe(container, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "scope request"));
	ck_assert_ptr_null(strstr(text, "scope job"));
	ck_assert_ptr_null(strstr(text, "scope inject"));
	close_as(request, DI_DONE);
}
END_TEST

static enum di_status close_again(void *data, struct di_error *err)
{
	return di_context_close(data, DI_DONE, err);
}

static enum di_status open_child(void *data, struct di_error *err)
{
	return di_context_open(data, &di_scope_inject, err) != NULL ? DI_OK : DI_ECLOSED;
}

static enum di_status enter(void *data, struct di_error *err)
{
	return di_context_enter(data, err);
}

static enum di_status resolve(void *data, struct di_error *err)
{
	return app_session_get(data, err) != NULL ? DI_OK : DI_ECLOSED;
}

static enum di_status override(void *data, struct di_error *err)
{
	return app_store_override(data, &fake, err);
}

static misuse_fn *const uses[] = { close_again, open_child, enter, resolve, override };

/* Also where it has children that are ready to be opened again. */
START_TEST(a_parked_context_is_closed)
{
	struct di_context *request = open_in(root, &di_scope_request);

	park(request, &di_scope_inject);
	close_as(request, DI_DONE);
	misuse_expect(uses[_i], request, DI_ECLOSED, "closed");
}
END_TEST

/* ---- User code meanwhile ---- */

static struct part *found_by_finalizer;

static void open_another(struct part *part)
{
	struct di_context *other;

	(void)part;
	if (found_by_finalizer != NULL)
		return;
	other = di_context_open(root, &di_scope_request, NULL);
	found_by_finalizer = app_session_get(other, NULL);
	di_context_close(other, DI_FAILED, NULL);
}

START_TEST(a_finalizer_may_open_and_close_in_the_same_place)
{
	struct di_context *request;
	int i;

	parts_on_end("session", open_another);
	for (i = 0; i < 3; i++) {
		request = open_in(root, &di_scope_request);
		ck_assert_ptr_nonnull(app_session_get(request, &error));
		found_by_finalizer = NULL;
		journal_clear();
		close_as(request, DI_DONE);
		ck_assert_ptr_nonnull(found_by_finalizer);
		ck_assert_int_eq(parts_alive("session"), 0);
		journal_expect("created session from store", "ended session failed",
			       "ended session done");
	}
}
END_TEST

/* What constructors resolve is recorded, in whatever context they do. */
START_TEST(a_constructor_that_opens_a_context_depends_on_what_it_resolves_there)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *finder;

	ck_assert_ptr_nonnull(app_store_get(root, &error));
	park(root, &di_scope_inject);
	park(request, &di_scope_inject);
	finds_below = _i == 0 ? NULL : request;
	finder = app_finder_get(root, &error);
	ck_assert_ptr_nonnull(finder);
	park(root, &di_scope_inject);
	park(request, &di_scope_inject);
	close_as(request, DI_DONE);
	finds_below = NULL;
	expect_ok(di_reset(root, &app_store, &error));
	ck_assert(!finder->alive);
	expect_ok(app_store_override(root, &fake, &error));
	ck_assert_ptr_eq(app_finder_get(root, &error)->needs[0], &fake);
}
END_TEST

static int opened, closed;

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	opened += event->kind == DI_EVENT_OPENED;
	closed += event->kind == DI_EVENT_CLOSED;
}

START_TEST(observers_are_told_of_each)
{
	struct di_options options = { .abi = DI_ABI, .observer = { observe, NULL } };
	struct di_container *observed = di_container_new(&app, &options, &error);
	int i;

	opened = closed = 0;
	for (i = 0; i < 5; i++)
		park(di_container_root(observed), &di_scope_request);
	ck_assert_int_eq(opened, 5);
	ck_assert_int_eq(closed, 5);
	expect_ok(di_container_free(observed, &error));
}
END_TEST

/* Says by its status what the child missed: Check would go on there with the next test. */
static int use_and_free(void)
{
	struct di_context *request = di_context_open(root, &di_scope_request, NULL);

	if (request == NULL || app_session_get(request, NULL) == NULL ||
	    di_context_close(request, DI_DONE, NULL) != DI_OK)
		return 1;
	if (app_work_override(root, &fake, NULL) != DI_OK)
		return 2;
	request = di_context_open(root, &di_scope_request, NULL);
	if (app_work_get(request, NULL) != &fake ||
	    di_context_close(request, DI_DONE, NULL) != DI_OK)
		return 3;
	return di_container_free(container, NULL) == DI_OK ? 0 : 4;
}

START_TEST(parked_contexts_go_on_in_a_child_process)
{
	int ended = 1;
	pid_t child;

	close_up_to(open_below(root, 0), root);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(use_and_free());
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	ck_assert_int_eq(ended, 0);
	close_up_to(open_below(root, 0), root);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/park");
	TCase *tcase = tcase_create("park");

	tcase_add_checked_fixture(tcase, setup, teardown);
#ifndef DI_DEBUG
	tcase_add_test(tcase, the_context_that_was_closed_last_is_the_next);
	tcase_add_test(tcase, handlers_take_no_memory);
	tcase_add_test(tcase,
		       a_context_that_was_overridden_is_as_good_as_new_when_it_is_used_again);
#endif
	tcase_add_loop_test(tcase, nothing_of_the_one_before_is_left, 0,
			    sizeof(leave) / sizeof(leave[0]));
	tcase_add_loop_test(tcase, what_the_options_said_is_not_left, 0, 2);
	tcase_add_test(tcase, parked_children_are_no_children);
	tcase_add_test(tcase, freeing_closes_only_what_is_open);
	tcase_add_test(tcase, the_description_shows_only_what_is_open);
	tcase_add_loop_test(tcase, a_parked_context_is_closed, 0, sizeof(uses) / sizeof(uses[0]));
	tcase_add_test(tcase, a_finalizer_may_open_and_close_in_the_same_place);
	tcase_add_loop_test(
		tcase, a_constructor_that_opens_a_context_depends_on_what_it_resolves_there, 0, 2);
	tcase_add_test(tcase, observers_are_told_of_each);
	tcase_add_test(tcase, parked_contexts_go_on_in_a_child_process);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
