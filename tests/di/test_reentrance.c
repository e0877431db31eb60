/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* What constructors, finalizers and observers may do to the container they run for. */

PART(clock)
PART_OF_1(store)
PART_OF_1(cursor)
PART_OF_2(session)

/* A value whose constructor and finalizer do what the test says. */
static void (*at_creation)(struct di_context *home);
static void (*at_end)(void);

static int probe_new(struct part **out, struct di_context *home)
{
	if (at_creation != NULL)
		at_creation(home);
	return part_new(out, "probe", (struct part *const[]){ NULL });
}

static int probe_end(struct part *part, enum di_outcome outcome)
{
	if (at_end != NULL)
		at_end();
	return part_end(part, outcome);
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),                          clock_end) \
	X(singleton,        app_store,   struct part, (store_new, app_clock),               store_end) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),              cursor_end) \
	X(context_resource, app_session, struct part, (session_new, app_store, app_cursor), session_end, request) \
	X(context_resource, app_probe,   struct part, (probe_new, DI_CONTEXT),              probe_end, any) \
	X(state,            app_user,    const char,  request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	at_creation = NULL;
	at_end = NULL;
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Constructors and finalizers ---- */

static int keep_outcome(void *data, enum di_outcome outcome)
{
	*(enum di_outcome *)data = outcome;
	return 0;
}

static enum di_outcome deferred_as;

static void use_everything(struct di_context *home)
{
	struct di_context *inner;
	char text[256];

	ck_assert_ptr_eq(home, request);
	ck_assert_ptr_nonnull(app_session_get(home, &error));
	ck_assert_uint_gt(di_container_describe(container, text, sizeof(text)), 0);
	expect_ok(di_context_defer(home, keep_outcome, &deferred_as, &error));
	expect_ok(app_user_put(home, "somebody", &error));
	expect_ok(di_context_mark(home, DI_FAILED, &error));
	inner = open_in(home, &di_scope_inject);
	ck_assert_ptr_nonnull(app_cursor_get(inner, &error));
	close_as(inner, DI_DONE);
}

START_TEST(a_constructor_may_use_its_own_context)
{
	deferred_as = DI_DONE;
	at_creation = use_everything;
	ck_assert_ptr_nonnull(app_probe_get(request, &error));
	ck_assert_str_eq(app_user_get(request, &error), "somebody");
	close_as(request, DI_DONE);
	ck_assert_int_eq(deferred_as, DI_FAILED);
}
END_TEST

static void change_nothing(struct di_context *home)
{
	struct part fake = { .name = "fake" };

	expect_error(di_context_close(home, DI_DONE, &error), DI_EBUSY);
	expect_error(di_reset(home, &app_session, &error), DI_EBUSY);
	expect_error(app_store_override(home, &fake, &error), DI_EBUSY);
}

START_TEST(a_constructor_cannot_end_or_change_its_own_context)
{
	at_creation = change_nothing;
	ck_assert_ptr_nonnull(app_probe_get(request, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
}
END_TEST

static struct part *at_end_store, *at_end_session;

static void resolve_at_end(void)
{
	char text[256];

	at_end_store = app_store_get(request, NULL);
	at_end_session = app_session_get(request, NULL);
	di_container_describe(container, text, sizeof(text));
	expect_null(app_cursor_get(request, &error), DI_ECLOSED);
}

START_TEST(a_finalizer_sees_what_is_still_alive_and_makes_nothing_new)
{
	struct part *session = app_session_get(request, &error);

	app_probe_get(request, &error);
	at_end = resolve_at_end;
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(at_end_session, session);
	ck_assert_ptr_eq(at_end_store, session->needs[0]);
}
END_TEST

START_TEST(a_finalizer_does_not_see_what_has_ended)
{
	app_probe_get(request, &error);
	app_session_get(request, &error);
	at_end = resolve_at_end;
	close_as(request, DI_DONE);
	ck_assert_ptr_null(at_end_session);
}
END_TEST

/* ---- Observers ---- */

static int events;

static void describe_and_count(void *data, const struct di_event *event)
{
	char text[64];

	(void)data;
	(void)event;
	if (container != NULL)
		di_container_describe(container, text, sizeof(text));
	events++;
}

START_TEST(an_observer_may_describe_at_every_event)
{
	struct di_options options = { .abi = DI_ABI, .observer = { describe_and_count, NULL } };

	container_end();
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	events = 0;
	parts_fail_new("session", EIO, 1);
	app_session_get(request, NULL);
	app_cursor_get(root, &error);
	close_as(request, DI_DONE);
	ck_assert_int_ge(events, 7);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/resolve/reentrance");
	TCase *tcase = tcase_create("reentrance");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_constructor_may_use_its_own_context);
	tcase_add_test(tcase, a_constructor_cannot_end_or_change_its_own_context);
	tcase_add_test(tcase, a_finalizer_sees_what_is_still_alive_and_makes_nothing_new);
	tcase_add_test(tcase, a_finalizer_does_not_see_what_has_ended);
	tcase_add_test(tcase, an_observer_may_describe_at_every_event);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
