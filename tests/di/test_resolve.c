/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

PART(clock)
PART_OF_1(store)
PART_OF_1(cursor)
PART_OF_2(query)
PART_OF_2(report)
PART_OF_2(session)

/* A value whose constructor does what the test says. */
static void (*at_creation)(struct di_context *home);

static int probe_new(struct part **out, struct di_context *home)
{
	if (at_creation != NULL)
		at_creation(home);
	return part_new(out, "probe", (struct part *const[]){ NULL });
}

PART_END(probe)

static int none_new(struct part **out)
{
	*out = NULL;
	return 0;
}

static struct part *nothing_new(void)
{
	return NULL;
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),                         clock_end) \
	X(singleton,        app_store,   struct part, (store_new, app_clock),              store_end) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),             cursor_end) \
	X(factory,          app_query,   struct part, (query_new, app_clock, app_cursor),  query_end) \
	X(singleton,        app_report,  struct part, (report_new, app_query, app_cursor), report_end) \
	X(context_resource, app_session, struct part, (session_new, app_store, app_query), session_end, request) \
	X(context_resource, app_probe,   struct part, (probe_new, DI_CONTEXT),             probe_end, any) \
	X(singleton,        app_none,    struct part, (none_new),                          di_keep) \
	X(singleton,        app_nothing, struct part, DI_RETURNS(nothing_new),             di_keep) \
	X(state,            app_user,    const char,  request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

#define OTHER(X) X(singleton, other_clock, struct part, (clock_new), clock_end)

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static struct di_context *request;

static void setup(void)
{
	at_creation = NULL;
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Values ---- */

START_TEST(a_value_is_made_on_first_use_and_once)
{
	struct part *first = app_store_get(root, &error);

	ck_assert_ptr_nonnull(first);
	journal_expect("created clock", "created store from clock");
	ck_assert_ptr_eq(app_store_get(root, &error), first);
	ck_assert_ptr_eq(di_resolve(root, &error, &app_store), first);
	journal_expect_nothing();
}
END_TEST

START_TEST(a_value_has_the_same_address_wherever_it_is_seen_from)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct part *store = app_store_get(inner, &error);
	struct part *session = app_session_get(inner, &error);
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_eq(app_store_get(root, &error), store);
		ck_assert_ptr_eq(app_store_get(request, &error), store);
		ck_assert_ptr_eq(app_store_get(inner, &error), store);
		ck_assert_ptr_eq(app_session_get(request, &error), session);
		ck_assert_ptr_eq(app_session_get(inner, &error), session);
	}
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_int_eq(parts_alive("session"), 1);
}
END_TEST

START_TEST(needs_are_made_in_the_order_of_the_arguments)
{
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	journal_expect("created clock", "created store from clock", "created cursor from store",
		       "created query from clock cursor", "created session from store query");
}
END_TEST

START_TEST(a_factory_makes_a_new_value_each_time)
{
	struct part *first = app_cursor_get(request, &error);
	struct part *second = app_cursor_get(request, &error);

	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_ne(first, second);
	ck_assert_ptr_eq(first->needs[0], second->needs[0]);
}
END_TEST

START_TEST(two_containers_of_a_table_share_nothing)
{
	struct di_container *twin = di_container_new(&app, NULL, &error);
	struct part *here = app_clock_get(root, &error);
	struct part *there = app_clock_get(di_container_root(twin), &error);

	ck_assert_ptr_nonnull(there);
	ck_assert_ptr_ne(here, there);
	expect_ok(di_container_free(twin, &error));
	ck_assert(here->alive);
	ck_assert(!there->alive);
	ck_assert_ptr_eq(app_clock_get(root, &error), here);
}
END_TEST

static int use_everything(void)
{
	struct di_context *inner = di_context_open(request, &di_scope_request, NULL);

	return app_report_get(root, NULL) != NULL && app_session_get(inner, NULL) != NULL &&
	       di_context_close(inner, DI_DONE, NULL) == DI_OK &&
	       di_container_free(container, NULL) == DI_EOPEN && parts_alive("report") == 0;
}

START_TEST(a_container_is_usable_in_a_child_process)
{
	int ended = 1;
	pid_t child;

	app_session_get(request, &error);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(!use_everything());
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	ck_assert_int_eq(ended, 0);
	ck_assert_ptr_nonnull(app_report_get(request, &error));
}
END_TEST

/* ---- Failing ---- */

START_TEST(a_failed_creation_is_tried_again_by_the_next_resolve)
{
	parts_fail_new("store", ENOENT, 2);
	expect_null(app_store_get(root, &error), DI_ECREATE);
	expect_null(app_session_get(request, &error), DI_ECREATE);
	journal_expect("created clock", "failed store", "failed store");
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_int_eq(parts_alive("clock"), 1);
}
END_TEST

START_TEST(an_error_may_be_left_unasked_for)
{
	parts_fail_new("clock", ENOENT, 1);
	ck_assert_ptr_null(app_store_get(root, NULL));
	ck_assert_ptr_nonnull(app_store_get(root, NULL));
}
END_TEST

START_TEST(a_constructor_that_makes_NULL_has_failed)
{
	expect_null(app_none_get(root, &error), DI_ENULL);
	ck_assert_str_eq(error_text(), "app_none: NULL is no value: none_new made nothing");
	expect_null(app_nothing_get(root, &error), DI_ENULL);
	ck_assert_str_eq(error_text(), "app_nothing: NULL is no value: nothing_new made nothing");
}
END_TEST

/* The first cursor belongs to the query, the second one to the report. */
START_TEST(what_was_made_for_a_failed_value_alone_ends_as_failed_newest_first)
{
	parts_fail_new("report", EIO, 1);
	expect_null(app_report_get(root, &error), DI_ECREATE);
	journal_expect("created clock", "created store from clock", "created cursor from store",
		       "created query from clock cursor", "created cursor from store",
		       "failed report", "ended cursor failed", "ended query failed",
		       "ended cursor failed");
	ck_assert_int_eq(parts_alive("clock"), 1);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_ptr_nonnull(app_report_get(root, &error));
}
END_TEST

START_TEST(products_of_others_stay_when_a_creation_fails)
{
	struct part *cursor = app_cursor_get(root, &error);

	parts_fail_new("query", EIO, 1);
	expect_null(app_report_get(root, &error), DI_ECREATE);
	ck_assert(cursor->alive);
	ck_assert_int_eq(parts_alive("cursor"), 1);
}
END_TEST

static void ask_for_products(struct di_context *home)
{
	app_cursor_get(home, &error);
	app_query_get(home, &error);
	parts_fail_new("probe", EIO, 1);
}

START_TEST(what_a_failing_constructor_had_asked_for_itself_ends_with_it)
{
	app_store_get(root, &error);
	journal_clear();
	at_creation = ask_for_products;
	expect_null(app_probe_get(request, &error), DI_ECREATE);
	journal_expect("created cursor from store", "created cursor from store",
		       "created query from clock cursor", "failed probe", "ended query failed",
		       "ended cursor failed", "ended cursor failed");
}
END_TEST

START_TEST(finalizers_that_fail_while_unwinding_are_counted)
{
	parts_fail_new("report", EIO, 1);
	parts_fail_end("cursor", EBUSY, 2);
	expect_null(app_report_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error.function, "report_new");
	ck_assert_uint_eq(error.more, 2);
}
END_TEST

START_TEST(without_a_context_of_the_scope_the_open_ones_are_named)
{
	struct di_context *inner = open_in(root, &di_scope_inject);

	expect_null(app_session_get(inner, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error_text(),
			 "app_session: no context of the needed scope is open: "
			 "it needs a context of scope request; open are: inject, app");
	journal_expect_nothing();
}
END_TEST

START_TEST(a_state_that_was_not_put_has_no_value)
{
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
	ck_assert_str_eq(error_text(), "app_user: no value was provided: put one first");
	expect_null(app_user_get(root, &error), DI_ENOCONTEXT);
}
END_TEST

/* ---- Misuse ---- */

/* What is asked for, and where. */
struct question {
	struct di_context *context;
	const struct di_provider *provider;
};

static enum di_status ask(void *data, struct di_error *err)
{
	const struct question *question = data;
	struct di_error own = { 0 };

	if (di_resolve(question->context, err, question->provider) != NULL)
		return DI_OK;
	di_resolve(question->context, &own, question->provider);
	return own.status;
}

START_TEST(the_context_of_another_container_is_refused)
{
	misuse_expect(ask, (&(struct question){ root, &other_clock }), DI_EINVAL,
		      "it is of the table other, the context of app");
}
END_TEST

START_TEST(no_context_is_refused)
{
	misuse_expect(ask, (&(struct question){ NULL, &app_store }), DI_EINVAL,
		      "there is no context");
}
END_TEST

START_TEST(no_provider_is_refused)
{
	misuse_expect(ask, (&(struct question){ root, NULL }), DI_EINVAL, "there is no provider");
}
END_TEST

START_TEST(a_closed_context_is_refused)
{
	app_store_get(request, &error);
	close_as(request, DI_DONE);
	misuse_expect(ask, (&(struct question){ request, &app_store }), DI_ECLOSED,
		      "the context was closed before");
}
END_TEST

static TCase *case_of(const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, container_end);
	return tcase;
}

static Suite *suite(void)
{
	Suite *all = suite_create("di/resolve");
	TCase *values = case_of("values");
	TCase *failing = case_of("failing");
	TCase *misuse = case_of("misuse");

	tcase_add_test(values, a_value_is_made_on_first_use_and_once);
	tcase_add_test(values, a_value_has_the_same_address_wherever_it_is_seen_from);
	tcase_add_test(values, needs_are_made_in_the_order_of_the_arguments);
	tcase_add_test(values, a_factory_makes_a_new_value_each_time);
	tcase_add_test(values, two_containers_of_a_table_share_nothing);
	tcase_add_test(values, a_container_is_usable_in_a_child_process);
	tcase_add_test(failing, a_failed_creation_is_tried_again_by_the_next_resolve);
	tcase_add_test(failing, an_error_may_be_left_unasked_for);
	tcase_add_test(failing, a_constructor_that_makes_NULL_has_failed);
	tcase_add_test(failing, what_was_made_for_a_failed_value_alone_ends_as_failed_newest_first);
	tcase_add_test(failing, products_of_others_stay_when_a_creation_fails);
	tcase_add_test(failing, what_a_failing_constructor_had_asked_for_itself_ends_with_it);
	tcase_add_test(failing, finalizers_that_fail_while_unwinding_are_counted);
	tcase_add_test(failing, without_a_context_of_the_scope_the_open_ones_are_named);
	tcase_add_test(failing, a_state_that_was_not_put_has_no_value);
	tcase_add_test(misuse, the_context_of_another_container_is_refused);
	tcase_add_test(misuse, no_context_is_refused);
	tcase_add_test(misuse, no_provider_is_refused);
	tcase_add_test(misuse, a_closed_context_is_refused);
	suite_add_tcase(all, values);
	suite_add_tcase(all, failing);
	suite_add_tcase(all, misuse);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
