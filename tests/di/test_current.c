/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

PART(clock)
PART_OF_1(session)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),              clock_end) \
	X(context_resource, app_session, struct part, (session_new, app_clock), session_end, request)
#define OTHER(X) \
	X(singleton,        other_clock, struct part, (clock_new),              clock_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static struct di_container *other_container;
static struct di_context *other_root, *request;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&app, &options);
	other_container = di_container_new(&other, &options, &error);
	other_root = di_container_root(other_container);
	request = open_in(root, &di_scope_request);
}

static void leave_all(const struct di_table *table)
{
	while (di_context_current(table) != NULL &&
	       di_context_leave(di_context_current(table), NULL) == DI_OK)
		continue;
}

/* A test that failed may have left something entered. */
static void teardown(void)
{
	di_container_free(other_container, NULL);
	container_end();
	leave_all(&app);
	watchdog(0);
}

/* ---- Enter and leave ---- */

START_TEST(nothing_is_current_before_something_is_entered)
{
	ck_assert_ptr_null(di_context_current(&app));
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
	ck_assert_ptr_null(di_context_current(&app));
}
END_TEST

START_TEST(the_innermost_entered_context_is_current)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	expect_ok(di_context_enter(root, &error));
	expect_ok(di_context_enter(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	expect_ok(di_context_leave(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), root);
	expect_ok(di_context_leave(root, &error));
}
END_TEST

START_TEST(a_context_may_be_entered_any_number_of_times)
{
	enum {
		TIMES = 100
	};
	int i;

	for (i = 0; i < TIMES; i++)
		expect_ok(di_context_enter((i & 1) ? root : request, &error));
	for (i = TIMES - 1; i >= 0; i--) {
		ck_assert_ptr_eq(di_context_current(&app), (i & 1) ? root : request);
		expect_ok(di_context_leave((i & 1) ? root : request, &error));
	}
	ck_assert_ptr_null(di_context_current(&app));
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(each_container_has_a_current_context_of_its_own)
{
	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(other_root, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	ck_assert_ptr_eq(di_context_current(&other), other_root);
	expect_ok(di_context_leave(other_root, &error));
	ck_assert_ptr_null(di_context_current(&other));
	expect_ok(di_context_leave(request, &error));
}
END_TEST

static enum di_status leave(void *data, struct di_error *err)
{
	return di_context_leave(data, err);
}

static enum di_status enter(void *data, struct di_error *err)
{
	return di_context_enter(data, err);
}

START_TEST(only_what_was_entered_last_can_be_left)
{
	const char *text = "only the context that was entered last can be left";

	misuse_expect(leave, request, DI_EINVAL, text);
	expect_ok(di_context_enter(root, &error));
	expect_ok(di_context_enter(request, &error));
	misuse_expect(leave, root, DI_EINVAL, text);
	misuse_expect(leave, NULL, DI_EINVAL, text);
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_context_leave(root, &error));
}
END_TEST

START_TEST(no_context_and_closed_ones_cannot_be_entered)
{
	misuse_expect(enter, NULL, DI_EINVAL, "there is no context to enter");
	close_as(request, DI_DONE);
	misuse_expect(enter, request, DI_ECLOSED, "a closed context cannot be entered");
	ck_assert_ptr_null(di_context_current(&app));
}
END_TEST

START_TEST(an_entered_context_cannot_be_closed)
{
	expect_ok(di_context_enter(request, &error));
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	ck_assert_str_eq(
		error_text(),
		"in use: the context of scope request is entered; di_context_leave() it first");
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	expect_ok(di_context_leave(request, &error));
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(explicit_contexts_work_without_any_of_it)
{
	expect_ok(di_context_enter(root, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	expect_null(app_session_get(di_context_current(&app), &error), DI_ENOCONTEXT);
	expect_ok(di_context_leave(root, &error));
}
END_TEST

START_TEST(freeing_a_container_leaves_what_the_caller_had_entered)
{
	expect_ok(di_context_enter(other_root, &error));
	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(root, &error));
	container_free_expect(DI_EOPEN);
	ck_assert_ptr_null(di_context_current(&app));
	ck_assert_ptr_eq(di_context_current(&other), other_root);
	expect_ok(di_context_leave(other_root, &error));
}
END_TEST

/* ---- Constructors and finalizers ---- */

static void expect_home(struct part *part)
{
	(void)part;
	ck_assert_ptr_eq(di_context_current(&app), request);
	ck_assert_ptr_null(di_context_current(&other));
	journal_write("at home");
}

static void expect_root(struct part *part)
{
	(void)part;
	ck_assert_ptr_eq(di_context_current(&app), root);
	journal_write("at root");
}

START_TEST(while_a_constructor_or_finalizer_runs_its_home_is_current)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	parts_on_new("session", expect_home);
	parts_on_end("session", expect_home);
	parts_on_new("clock", expect_root);
	expect_ok(di_context_enter(inner, &error));
	ck_assert_ptr_nonnull(app_session_get(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	expect_ok(di_context_leave(inner, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	journal_expect("at root", "created clock", "at home", "created session from clock",
		       "at home", "ended session done");
}
END_TEST

static void enter_inside(struct part *part)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	expect_ok(di_context_enter(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	ck_assert_ptr_nonnull(app_clock_get(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	expect_ok(di_context_leave(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	close_as(inner, DI_DONE);
	(void)part;
}

START_TEST(a_constructor_may_enter_contexts_of_its_own)
{
	parts_on_new("session", enter_inside);
	expect_ok(di_context_enter(root, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), root);
	expect_ok(di_context_leave(root, &error));
}
END_TEST

static void leave_outer(struct part *part)
{
	(void)part;
	misuse_expect(leave, root, DI_EINVAL, "only the context that was entered last can be left");
}

START_TEST(a_constructor_cannot_leave_what_its_caller_entered)
{
	parts_on_new("session", leave_outer);
	expect_ok(di_context_enter(root, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), root);
	expect_ok(di_context_leave(root, &error));
}
END_TEST

static void free_what_its_caller_entered(struct part *part)
{
	(void)part;
	expect_ok(di_container_free(other_container, &error));
	other_container = NULL;
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
}

START_TEST(a_constructor_may_free_another_container_that_its_caller_had_entered)
{
	parts_on_new("clock", free_what_its_caller_entered);
	expect_ok(di_context_enter(other_root, &error));
	expect_ok(di_context_enter(root, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), root);
	expect_ok(di_context_leave(root, &error));
}
END_TEST

/* ---- Several flows ---- */

struct visit {
	struct di_context *before, *inside;
	struct latch entered, go_on;
	int leaves;
};

static void *visit(void *data)
{
	struct visit *self = data;

	self->before = di_context_current(&app);
	di_context_enter(request, NULL);
	self->inside = di_context_current(&app);
	latch_open(&self->entered);
	latch_wait(&self->go_on);
	if (self->leaves)
		di_context_leave(request, NULL);
	return NULL;
}

static pthread_t visit_start(struct visit *self, int leaves)
{
	pthread_t thread;

	*self = (struct visit){ .entered = LATCH_INIT, .go_on = LATCH_INIT, .leaves = leaves };
	thread = thread_start(visit, self, 0);
	latch_wait(&self->entered);
	return thread;
}

START_TEST(each_flow_has_entered_what_it_entered)
{
	struct visit other_flow;
	pthread_t thread;

	expect_ok(di_context_enter(root, &error));
	thread = visit_start(&other_flow, 1);
	ck_assert_ptr_null(other_flow.before);
	ck_assert_ptr_eq(other_flow.inside, request);
	ck_assert_ptr_eq(di_context_current(&app), root);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(),
			 "in use: another flow has entered the context of scope request");
	latch_open(&other_flow.go_on);
	thread_join(thread);
	expect_ok(di_context_leave(root, &error));
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_thread_that_ends_leaves_what_it_had_entered_and_closes_nothing)
{
	struct visit other_flow;
	struct part *session = app_session_get(request, &error);
	pthread_t thread = visit_start(&other_flow, 0);

	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	latch_open(&other_flow.go_on);
	thread_join(thread);
	ck_assert(session->alive);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_flow_cannot_leave_what_another_has_entered)
{
	struct visit other_flow;
	pthread_t thread = visit_start(&other_flow, 1);

	misuse_expect(leave, request, DI_EINVAL,
		      "only the context that was entered last can be left");
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	latch_open(&other_flow.go_on);
	thread_join(thread);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/current");
	TCase *entering = di_check_case(all, "enter and leave", setup, teardown);
	TCase *inside = di_check_case(all, "constructors and finalizers", setup, teardown);
	TCase *flows = di_check_case(all, "flows", setup, teardown);

	tcase_add_test(entering, nothing_is_current_before_something_is_entered);
	tcase_add_test(entering, the_innermost_entered_context_is_current);
	tcase_add_test(entering, a_context_may_be_entered_any_number_of_times);
	tcase_add_test(entering, each_container_has_a_current_context_of_its_own);
	tcase_add_test(entering, only_what_was_entered_last_can_be_left);
	tcase_add_test(entering, no_context_and_closed_ones_cannot_be_entered);
	tcase_add_test(entering, an_entered_context_cannot_be_closed);
	tcase_add_test(entering, explicit_contexts_work_without_any_of_it);
	tcase_add_test(entering, freeing_a_container_leaves_what_the_caller_had_entered);
	tcase_add_test(inside, while_a_constructor_or_finalizer_runs_its_home_is_current);
	tcase_add_test(inside, a_constructor_may_enter_contexts_of_its_own);
	tcase_add_test(inside, a_constructor_cannot_leave_what_its_caller_entered);
	tcase_add_test(inside,
		       a_constructor_may_free_another_container_that_its_caller_had_entered);
	tcase_add_test(flows, each_flow_has_entered_what_it_entered);
	tcase_add_test(flows, a_thread_that_ends_leaves_what_it_had_entered_and_closes_nothing);
	tcase_add_test(flows, a_flow_cannot_leave_what_another_has_entered);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
