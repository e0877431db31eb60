/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

/*
 * What lives with a thread is no one else's, also where it is made in an outer context for what is
 * asked for further in.
 */

PART(pool)
PART_OF_1(buffer)
PART_OF_1(session)
PART_OF_1(plain)
PART_OF_1(view)
PART_OF_1(guest)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),               pool_end) \
	X(thread_singleton, app_buffer,  struct part, (buffer_new, app_pool),   buffer_end) \
	X(context_resource, app_session, struct part, (session_new, app_buffer), session_end, request) \
	X(context_resource, app_plain,   struct part, (plain_new, app_pool),    plain_end,   request) \
	X(context_resource, app_view,    struct part, (view_new, app_plain),    view_end,    request) \
	X(context_resource, app_guest,   struct part, (guest_new, app_view),    guest_end,   inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request, *inner;
static struct di_error refused;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(60);
	parts_clear();
	memset(&refused, 0, sizeof(refused));
	container_begin(&app, &options);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
	journal_clear();
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

static void *in_thread(thread_fn *function)
{
	return thread_join(thread_start(function, NULL, 0));
}

/* Another thread is refused. */
static void expect_refusal(thread_fn *function, const char *text)
{
	ck_assert_ptr_null(in_thread(function));
	error = refused;
	ck_assert_str_eq(di_status_name(error.status), "DI_ETHREAD");
	expect_text(text);
}

static void *get_session(void *data)
{
	(void)data;
	return app_session_get(inner, &refused);
}

static void *get_guest(void *data)
{
	(void)data;
	return app_guest_get(inner, &refused);
}

START_TEST(what_the_thread_has_further_out_is_not_kept_further_in)
{
	const struct part *session = app_session_get(inner, &error);

	expect_refusal(get_session, "its context, of scope request, belongs to thread");
	ck_assert_ptr_eq(app_session_get(inner, &error), session);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

/* In contexts that the thread opens, and leaves open. */
static void *begin_with(thread_fn *get)
{
	request = di_context_open(root, &di_scope_request, NULL);
	inner = di_context_open(request, &di_scope_inject, NULL);
	return get(NULL) != NULL ? inner : NULL;
}

static void *begin_session(void *data)
{
	(void)data;
	return begin_with(get_session);
}

START_TEST(what_has_ended_with_its_thread_is_made_anew)
{
	ck_assert_ptr_eq(in_thread(begin_session), inner);
	journal_expect("created buffer from pool", "created session from buffer",
		       "ended session cancelled", "ended buffer done");
	ck_assert_int_eq(app_session_get(inner, &error)->alive, 1);
	journal_expect("created buffer from pool", "created session from buffer");
}
END_TEST

/* ---- Where a constructor has asked for it itself. ---- */

static void ask_for_buffer(struct part *part)
{
	struct di_error err;

	(void)part;
	app_buffer_get(di_context_current(&app), &err);
}

static void *end_bias(void *data)
{
	return di_context_mark(data, DI_DONE, NULL) == DI_OK ? data : NULL;
}

/* Another thread comes to that context meanwhile. */
static struct di_context *looked_at;

static void ask_and_let_another_look(struct part *part)
{
	ask_for_buffer(part);
	thread_join(thread_start(end_bias, looked_at, 0));
}

static part_hook_fn *const ways[] = { ask_for_buffer, ask_and_let_another_look,
				      ask_and_let_another_look };

START_TEST(what_is_built_from_it_further_in_is_of_the_thread)
{
	const struct part *guest;

	looked_at = _i == 1 ? request : inner;
	parts_on_new(_i % 2 ? "plain" : "view", ways[_i]);
	guest = app_guest_get(inner, &error);
	ck_assert_ptr_nonnull(guest);
	expect_refusal(get_guest, "its context, of scope inject, belongs to thread");
	ck_assert_ptr_eq(app_guest_get(inner, &error), guest);
	close_as(inner, DI_DONE);
	ck_assert_int_eq(guest->alive, 0);
	close_as(request, DI_DONE);
}
END_TEST

static void *begin_guest(void *data)
{
	(void)data;
	return begin_with(get_guest);
}

START_TEST(it_ends_with_the_thread_before_what_it_was_built_from)
{
	parts_on_new("plain", ask_for_buffer);
	ck_assert_ptr_eq(in_thread(begin_guest), inner);
	journal_expect("created buffer from pool", "created plain from pool",
		       "created view from plain", "created guest from view",
		       "ended guest cancelled", "ended view cancelled", "ended plain cancelled",
		       "ended buffer done");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_held");
	TCase *tcase = tcase_create("of a thread");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_the_thread_has_further_out_is_not_kept_further_in);
	tcase_add_test(tcase, what_has_ended_with_its_thread_is_made_anew);
	tcase_add_loop_test(tcase, what_is_built_from_it_further_in_is_of_the_thread, 0,
			    sizeof(ways) / sizeof(ways[0]));
	tcase_add_test(tcase, it_ends_with_the_thread_before_what_it_was_built_from);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
