/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* What a constructor resolves in a context that it has opened itself. */

PART(pool)
PART(call)
PART_FAKE(fake)
PART_END(session)

static int session_new(struct part **out, struct di_context *home);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),                pool_end) \
	X(context_resource, app_call,    struct part, (call_new),                call_end,    inject) \
	X(context_resource, app_session, struct part, (session_new, DI_CONTEXT), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static int session_new(struct part **out, struct di_context *home)
{
	struct di_context *inner = open_in(home, &di_scope_inject);
	struct part *pool = app_pool_get(inner, &error);

	ck_assert_ptr_nonnull(app_call_get(inner, &error));
	close_as(inner, DI_DONE);
	return part_new(out, "session", (struct part *const[]){ pool, NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
}

START_TEST(what_lives_outside_its_home_is_a_need_of_the_value)
{
	expect_error(app_pool_override(request, &fake, &error), DI_EBUSY);
	expect_text("app_session was built from it here");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_lived_in_the_opened_context_is_none)
{
	expect_ok(app_call_override(request, &fake, &error));
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/recorded");
	TCase *tcase = tcase_create("opened by a constructor");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, what_lives_outside_its_home_is_a_need_of_the_value);
	tcase_add_test(tcase, what_lived_in_the_opened_context_is_none);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
