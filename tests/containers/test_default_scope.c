/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* The scope of rows that name none. */

PART(session)
PART(call)
PART_OF_1(page)
PART(own)

#define app_DEFAULT_SCOPE DI_SCOPE(request)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new),           session_end) \
	X(context_resource, app_call,    struct part, (call_new),              call_end, inject) \
	X(context_resource, app_page,    struct part, (page_new, app_session), page_end) \
	X(state,            app_user,    struct part) \
	X(state,            app_locale,  struct part, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);
#define own_DEFAULT_SCOPE DI_SCOPE(DI_STRICT(job))
#define OWN(X)                                                                                     \
	X(context_resource, own_work, struct part, (own_new), own_end)                             \
	X(state, own_name, struct part)

DI_CONTAINER_DECLARE(own, OWN);
DI_CONTAINER_DEFINE(own, OWN);

START_TEST(a_row_that_names_no_scope_has_that_of_its_table)
{
	static struct part user = { .name = "user", .alive = 1 };
	struct di_context *request;

	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_session.scope, &di_scope_request);
	ck_assert_ptr_eq(app_user.scope, &di_scope_request);
	ck_assert_ptr_eq(app_page_get(request, &error)->needs[0], app_session_get(request, &error));
	expect_null(app_session_get(root, &error), DI_ENOCONTEXT);
	expect_ok(app_user_put(request, &user, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &user);
	container_end();
}
END_TEST

START_TEST(a_row_that_names_one_keeps_it)
{
	ck_assert_ptr_eq(app_call.scope, &di_scope_inject);
	ck_assert_ptr_eq(app_locale.scope, &di_scope_any);
	ck_assert_int_eq(app_session.kind->strict, 0);
}
END_TEST

START_TEST(the_default_may_be_strict_and_of_ones_own)
{
	struct di_context *job;

	container_begin(&own, NULL);
	job = open_in(root, &di_scope_job);
	ck_assert_ptr_nonnull(own_work_get(job, &error));
	expect_null(own_work_get(open_in(job, &di_scope_inject), &error), DI_ENOCONTEXT);
	expect_text("own_work: no context of the needed scope is open: it is strict");
	ck_assert_ptr_eq(own_name.scope, &di_scope_job);
	container_end();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("containers/default_scope");
	TCase *tcase = tcase_create("default");

	tcase_add_test(tcase, a_row_that_names_no_scope_has_that_of_its_table);
	tcase_add_test(tcase, a_row_that_names_one_keeps_it);
	tcase_add_test(tcase, the_default_may_be_strict_and_of_ones_own);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
