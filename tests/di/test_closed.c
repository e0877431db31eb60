/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* What every function says of a context that is closed, and of one that is closing. */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(context_resource, app_late,    struct part, (late_new),              late_end,    request) \
	X(factory,          app_conn,    struct part, (conn_new, app_pool),    conn_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART_OF_1(session)
PART(late)
PART_OF_1(conn)

DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static int use(struct part *part)
{
	return part->number;
}

DI_HANDLER(app_use, int, (), (use, app_late));
DI_HANDLER(app_use_conn, int, (), (use, app_conn));

static struct di_context *request;
static struct part *conn;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	conn = app_conn_get(request, &error);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	journal_clear();
}

/* ---- The functions ---- */

static int never(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ck_abort_msg("a call that was not deferred has run");
	return 0;
}

static enum di_status status_of(const void *value, const struct di_error *err)
{
	if (value != NULL)
		return DI_OK;
	return err != NULL ? err->status : DI_ECLOSED;
}

static const struct di_context_options inject = { .abi = DI_ABI, .scope = &di_scope_inject };
static const struct di_override_pair pair = { "app_late", &fake };

/* What is done to the context, which is the data. */
#define CALL(name_, call_)                                                                         \
	static enum di_status name_(void *context, struct di_error *err)                           \
	{                                                                                          \
		int result = 0;                                                                    \
		(void)result;                                                                      \
		return call_;                                                                      \
	}

/* clang-format off */
CALL(open_child,    status_of(di_context_open(context, &di_scope_inject, err), err))
CALL(open_with,     status_of(di_context_open_with(context, &inject, err), err))
CALL(close_it,      di_context_close(context, DI_DONE, err))
CALL(enter,         di_context_enter(context, err))
CALL(defer,         di_context_defer(context, never, NULL, err))
CALL(mark,          di_context_mark(context, DI_FAILED, err))
CALL(get,           status_of(app_late_get(context, err), err))
CALL(get_product,   status_of(app_conn_get(context, err), err))
CALL(drop,          app_conn_drop(context, conn, err))
CALL(reset,         di_reset(context, &app_session, err))
CALL(override,      app_late_override(context, &fake, err))
CALL(override_with, di_override_with(context, &app_late, &app_session, err))
CALL(override_all,  di_override_all(context, &pair, 1, err))
CALL(put,           app_user_put(context, &fake, err))
CALL(put_item,      note_put(context, "value", err))
CALL(handle,        app_use(context, &result, err))
CALL(handle_own,    app_use_conn(context, &result, err))
/* clang-format on */

/* ---- Closed ---- */

struct refusal {
	misuse_fn *call;
	const char *text;
};

static const struct refusal mistakes[] = {
	{ open_child, "the context was closed before" },
	{ open_with, "the context was closed before" },
	{ close_it, "the context was closed before" },
	{ enter, "a closed context cannot be entered" },
	{ defer, "the context was closed before" },
	{ get, "the context was closed before" },
	{ get_product, "the context was closed before" },
	{ handle, "the context was closed before" },
	{ handle_own, "the context was closed before" },
	{ mark, "the context was closed before" },
	{ drop, "app_conn: closed: the context was closed before" },
	{ reset, "the context was closed before" },
	{ override, "the context was closed before" },
	{ override_with, "the context was closed before" },
	{ override_all, "the context was closed before" },
	{ put, "the context was closed before" },
	{ put_item, "the context was closed before" },
};

static void expect_nothing_happened(void)
{
	journal_expect("ended session done", "ended conn done");
	ck_assert_int_eq(parts_alive("late"), 0);
	ck_assert_ptr_null(di_context_current(&app));
	ck_assert_ptr_null(note_fetch(root));
	container_free_expect(DI_OK);
}

START_TEST(the_use_of_a_closed_context_is_a_mistake)
{
	close_as(request, DI_DONE);
	misuse_expect(mistakes[_i].call, request, DI_ECLOSED, mistakes[_i].text);
	expect_nothing_happened();
}
END_TEST

/* ---- Closing ---- */

static const struct refusal while_closing[] = {
	{ open_child, "closed: the context of scope request is closing" },
	{ open_with, "closed: the context of scope request is closing" },
	{ defer, "closed: the context of scope request is closing" },
	{ mark, "closed: its outcome is settled" },
	{ get, "app_late: closed: the context of scope request is closing" },
	{ get_product, "app_conn: closed: the context of scope request is closing" },
	{ drop, "app_conn: closed: the context of scope request is closing" },
	{ reset, "closed: the context of scope request is closing" },
	{ override, "closed: the context of scope request is closing" },
	{ override_with, "closed: the context of scope request is closing" },
	{ override_all, "closed: the context of scope request is closing" },
	{ put, "closed: the context of scope request is closing" },
	{ put_item, "closed: the item note comes too late" },
	{ handle,
	  "app_late: closed: the context of scope request is closing (app_late <- app_use)" },
	{ handle_own, "closed: the context of scope request is closing (app_use_conn)" },
};

static const struct refusal *tried;

static void try_while_closing(struct part *part)
{
	(void)part;
	expect_error(tried->call(request, &error), DI_ECLOSED);
	expect_text(tried->text);
	journal_write("refused");
}

START_TEST(a_finalizer_makes_and_changes_nothing_in_its_context)
{
	tried = &while_closing[_i];
	parts_on_end("session", try_while_closing);
	close_as(request, DI_DONE);
	journal_expect("refused", "ended session done", "ended conn done");
}
END_TEST

static const struct refusal mistakes_of_finalizers[] = {
	{ close_it, "the context of scope request is closing already" },
	{ enter, "a closed context cannot be entered" },
};

static void make_a_mistake(struct part *part)
{
	(void)part;
	misuse_expect(tried->call, request, DI_ECLOSED, tried->text);
}

START_TEST(a_finalizer_neither_closes_nor_enters_its_context)
{
	tried = &mistakes_of_finalizers[_i];
	parts_on_end("session", make_a_mistake);
	close_as(request, DI_DONE);
	expect_nothing_happened();
}
END_TEST

#define LENGTH(array_) ((int)(sizeof(array_) / sizeof((array_)[0])))

static Suite *suite(void)
{
	Suite *all = suite_create("di/closed");
	TCase *closed = tcase_create("closed"), *closing = tcase_create("closing");

	tcase_add_checked_fixture(closed, setup, container_end);
	tcase_add_loop_test(closed, the_use_of_a_closed_context_is_a_mistake, 0, LENGTH(mistakes));
	suite_add_tcase(all, closed);

	tcase_add_checked_fixture(closing, setup, container_end);
	tcase_add_loop_test(closing, a_finalizer_makes_and_changes_nothing_in_its_context, 0,
			    LENGTH(while_closing));
	tcase_add_loop_test(closing, a_finalizer_neither_closes_nor_enters_its_context, 0,
			    LENGTH(mistakes_of_finalizers));
	suite_add_tcase(all, closing);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
