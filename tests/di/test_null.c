/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/*
 * NULL for each pointer that a public function takes: legal, or refused with a text that says what
 * is missing. Accessors with an inline path do not look at their context; all others do.
 */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(factory,          app_conn,    struct part, (conn_new, app_pool),    conn_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART_OF_1(session)
PART_OF_1(conn)

DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static int use(struct part *pool)
{
	return pool->number;
}

static int use_conn(struct part *conn)
{
	return conn->number;
}

DI_HANDLER(app_use, int, (), (use, app_pool));
DI_HANDLER(app_use_conn, int, (), (use_conn, app_conn));

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Refused ---- */

static int never(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ck_abort_msg("a refused call has run");
	return 0;
}

/* The status of a call that returns a pointer; err may be NULL. */
static enum di_status status_of(const void *value, const struct di_error *err)
{
	if (value != NULL)
		return DI_OK;
	return err != NULL ? err->status : DI_EINVAL;
}

static const struct di_provider *const no_provider[] = { NULL };
static const struct di_table *const no_table[] = { NULL };
static const struct di_item no_key[] = { { NULL, "value" } };
static const struct di_item no_value[] = { { &note, NULL } };

#define OPTIONS(name_, ...)                                                                        \
	static const struct di_context_options name_ = { .abi = DI_ABI, __VA_ARGS__ };

OPTIONS(inject, .scope = &di_scope_inject)
OPTIONS(without_scope, .scope = NULL)
OPTIONS(without_provider, .scope = &di_scope_inject, .afresh = no_provider, .afresh_count = 1)
OPTIONS(without_table, .scope = &di_scope_inject, .afresh_tables = no_table,
	.afresh_tables_count = 1)
OPTIONS(without_afresh, .scope = &di_scope_inject, .afresh_count = 1)
OPTIONS(without_tables, .scope = &di_scope_inject, .afresh_tables_count = 1)
OPTIONS(without_items, .scope = &di_scope_inject, .items_count = 1)
OPTIONS(without_key, .scope = &di_scope_inject, .items = no_key, .items_count = 1)
OPTIONS(without_value, .scope = &di_scope_inject, .items = no_value, .items_count = 1)

static const struct di_override_pair without_name[] = { { NULL, &fake } };
static const struct di_override_pair without_fake[] = { { "app_pool", NULL } };

#define REFUSED(name_, call_)                                                                      \
	static enum di_status name_(void *data, struct di_error *err)                              \
	{                                                                                          \
		int result = 0;                                                                    \
		(void)data;                                                                        \
		(void)result;                                                                      \
		return call_;                                                                      \
	}

#define REFUSED_POINTER(name_, call_) REFUSED(name_, status_of(call_, err))

/* clang-format off */
REFUSED_POINTER(new_table,        di_container_new(NULL, NULL, err))
REFUSED(start_container,          di_container_start(NULL, err))
REFUSED_POINTER(open_parent,      di_context_open(NULL, &di_scope_request, err))
REFUSED_POINTER(open_scope,       di_context_open(root, NULL, err))
REFUSED_POINTER(with_parent,      di_context_open_with(NULL, &inject, err))
REFUSED_POINTER(with_options,     di_context_open_with(root, NULL, err))
REFUSED_POINTER(with_scope,       di_context_open_with(request, &without_scope, err))
REFUSED_POINTER(with_afresh,      di_context_open_with(request, &without_provider, err))
REFUSED_POINTER(with_table,       di_context_open_with(request, &without_table, err))
REFUSED_POINTER(with_no_afresh,   di_context_open_with(request, &without_afresh, err))
REFUSED_POINTER(with_no_tables,   di_context_open_with(request, &without_tables, err))
REFUSED_POINTER(with_no_items,    di_context_open_with(request, &without_items, err))
REFUSED_POINTER(with_key,         di_context_open_with(request, &without_key, err))
REFUSED_POINTER(with_value,       di_context_open_with(request, &without_value, err))
REFUSED(close_context,            di_context_close(NULL, DI_DONE, err))
REFUSED(mark_context,             di_context_mark(NULL, DI_FAILED, err))
REFUSED(defer_context,            di_context_defer(NULL, never, NULL, err))
REFUSED(defer_function,           di_context_defer(request, NULL, NULL, err))
REFUSED(enter_context,            di_context_enter(NULL, err))
REFUSED(leave_context,            di_context_leave(NULL, err))
REFUSED(reset_context,            di_reset(NULL, &app_pool, err))
REFUSED(reset_provider,           di_reset(root, NULL, err))
REFUSED(drop_context,             di_context_drop(NULL, &app_conn, &fake, err))
REFUSED(drop_provider,            di_context_drop(request, NULL, &fake, err))
REFUSED(drop_value,               app_conn_drop(request, NULL, err))
REFUSED(override_context,         di_override(NULL, &app_pool, &fake, err))
REFUSED(override_provider,        di_override(request, NULL, &fake, err))
REFUSED(override_value,           app_pool_override(request, NULL, err))
REFUSED(stand_in_context,         di_override_with(NULL, &app_pool, &app_conn, err))
REFUSED(stand_in_provider,        di_override_with(request, NULL, &app_conn, err))
REFUSED(stand_in_other,           di_override_with(request, &app_pool, NULL, err))
REFUSED(override_all_context,     di_override_all(NULL, without_fake, 1, err))
REFUSED(override_all_pairs,       di_override_all(request, NULL, 1, err))
REFUSED(override_all_name,        di_override_all(request, without_name, 1, err))
REFUSED(override_all_value,       di_override_all(request, without_fake, 1, err))
REFUSED(put_context,              di_state_put(NULL, &app_user, &fake, err))
REFUSED(put_provider,             di_state_put(request, NULL, &fake, err))
REFUSED(put_value,                app_user_put(request, NULL, err))
REFUSED(item_context,             note_put(NULL, "value", err))
REFUSED(item_key,                 di_context_put(request, NULL, "value", err))
REFUSED(item_value,               note_put(request, NULL, err))
REFUSED_POINTER(resolve_context,  di_resolve(NULL, err, &app_pool))
REFUSED_POINTER(resolve_provider, di_resolve(request, err, NULL))
REFUSED_POINTER(get_context,      app_conn_get(NULL, err))
REFUSED(handle_context,           app_use(NULL, &result, err))
REFUSED(handle_conn_context,      app_use_conn(NULL, &result, err))
/* clang-format on */

#define ROW(function_, status_, text_)                                                             \
	{                                                                                          \
		function_, DI_##status_, text_                                                     \
	}

static const struct {
	misuse_fn *call;
	enum di_status status;
	const char *text;
} refused[] = {
	ROW(new_table, EINVAL, "there is no table"),
	ROW(start_container, EINVAL, "there is no container to start"),
	ROW(open_parent, EINVAL, "there is no parent context"),
	ROW(open_scope, EINVAL, "there is no scope"),
	ROW(with_parent, EINVAL, "there is no parent context"),
	ROW(with_options, EINVAL, "there are no options"),
	ROW(with_scope, EINVAL, "there is no scope"),
	ROW(with_afresh, EINVAL, "there is no provider"),
	ROW(with_table, EINVAL, "a table to begin afresh is not the container's"),
	ROW(with_no_afresh, EINVAL, "the options count what they do not list: afresh is NULL"),
	ROW(with_no_tables, EINVAL,
	    "the options count what they do not list: afresh_tables is NULL"),
	ROW(with_no_items, EINVAL, "the options count what they do not list: items is NULL"),
	ROW(with_key, EINVAL, "there is no key to put"),
	ROW(with_value, ENULL, "the item note needs a value"),
	ROW(close_context, EINVAL, "there is no context to close"),
	ROW(mark_context, EINVAL, "there is no context to mark"),
	ROW(defer_context, EINVAL, "there is no context to defer"),
	ROW(defer_function, EINVAL, "there is no function to defer"),
	ROW(enter_context, EINVAL, "there is no context to enter"),
	ROW(leave_context, EINVAL, "only the context that was entered last can be left"),
	ROW(reset_context, EINVAL, "there is no context"),
	ROW(reset_provider, EINVAL, "there is no provider"),
	ROW(drop_context, EINVAL, "there is no context"),
	ROW(drop_provider, EINVAL, "there is no provider"),
	ROW(drop_value, EINVAL, "NULL is no product"),
	ROW(override_context, EINVAL, "there is no context"),
	ROW(override_provider, EINVAL, "there is no provider"),
	ROW(override_value, ENULL, "an override needs a value"),
	ROW(stand_in_context, EINVAL, "there is no context"),
	ROW(stand_in_provider, EINVAL, "there is no provider"),
	ROW(stand_in_other, EINVAL,
	    "app_pool: invalid argument: there is no provider to put in its place"),
	ROW(override_all_context, EINVAL, "there is no context"),
	ROW(override_all_pairs, EINVAL, "there is no list of overrides"),
	ROW(override_all_name, EINVAL, "app has no provider (NULL)"),
	ROW(override_all_value, ENULL, "an override needs a value"),
	ROW(put_context, EINVAL, "there is no context"),
	ROW(put_provider, EINVAL, "there is no provider"),
	ROW(put_value, ENULL, "a state needs a value"),
	ROW(item_context, EINVAL, "there is no context to put"),
	ROW(item_key, EINVAL, "there is no key to put"),
	ROW(item_value, ENULL, "the item note needs a value"),
	ROW(resolve_context, EINVAL, "there is no context"),
	ROW(resolve_provider, EINVAL, "there is no provider"),
	ROW(get_context, EINVAL, "there is no context"),
	ROW(handle_context, EINVAL, "app_use was called on no context"),
	ROW(handle_conn_context, EINVAL, "app_use_conn was called on no context"),
};

START_TEST(it_is_refused_with_a_text_and_nothing_changes)
{
	misuse_expect(refused[_i].call, NULL, refused[_i].status, refused[_i].text);
	journal_expect_nothing();
	ck_assert_ptr_null(note_fetch(request));
	ck_assert_ptr_nonnull(app_conn_get(request, &error));
	ck_assert_ptr_ne(app_pool_get(request, &error), &fake);
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- Legal ---- */

START_TEST(nothing_is_known_of_no_container)
{
	char text[10] = "text";

	expect_ok(di_container_free(NULL, &error));
	ck_assert_ptr_null(di_container_root(NULL));
	ck_assert_uint_eq(di_container_describe(NULL, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(di_container_describe(NULL, NULL, 0), 0);
	ck_assert_ptr_null(di_table_find(NULL, "app_pool"));
	ck_assert_ptr_null(di_table_find(&app, NULL));
}
END_TEST

START_TEST(nothing_is_known_of_no_context)
{
	ck_assert_ptr_null(di_context_parent(NULL));
	ck_assert_ptr_null(di_context_scope(NULL));
	ck_assert_uint_eq(di_context_number(NULL), 0);
	ck_assert_uint_eq(di_flow_number(NULL), 0);
	ck_assert_ptr_null(note_fetch(NULL));
	ck_assert_ptr_null(di_context_fetch_type(NULL, &note.type));
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(di_context_current(NULL), request);
	expect_ok(di_context_leave(request, &error));
}
END_TEST

static void count_item(void *data, const struct di_key *key, const void *value)
{
	ck_assert_ptr_null(data);
	ck_assert_ptr_eq(key, &note);
	ck_assert_str_eq(value, "value");
}

START_TEST(no_item_is_found_under_no_key)
{
	expect_ok(note_put(request, "value", &error));
	ck_assert_ptr_null(di_context_fetch(request, NULL));
	ck_assert_ptr_null(di_context_fetch_type(request, NULL));
	ck_assert_uint_eq(di_context_items_each(request, NULL, NULL), 0);
	ck_assert_uint_eq(di_context_items_each(NULL, count_item, NULL), 0);
	ck_assert_uint_eq(di_context_items_each(request, count_item, NULL), 1);
}
END_TEST

static int expect_no_data(void *data, enum di_outcome outcome)
{
	journal_write("%s for %s", di_outcome_text(outcome), data == NULL ? "nothing" : "data");
	return 0;
}

START_TEST(what_is_optional_may_be_absent)
{
	struct di_container *second = di_container_new(&app, NULL, NULL);

	ck_assert_ptr_nonnull(second);
	expect_ok(di_container_free(second, NULL));
	expect_ok(di_context_defer(request, expect_no_data, NULL, NULL));
	expect_ok(di_override_all(request, NULL, 0, NULL));
	ck_assert_ptr_eq(di_error_text(&error, NULL, 0), NULL);
	ck_assert_uint_gt(di_container_describe(container, NULL, 0), 0);
	close_as(request, DI_FAILED);
	journal_expect("failed for nothing");
}
END_TEST

START_TEST(errors_may_go_unread)
{
	int result;

	parts_fail_new("pool", 5, 3);
	ck_assert_ptr_null(app_session_get(request, NULL));
	ck_assert_int_eq(app_use(request, &result, NULL), DI_ECREATE);
	ck_assert_int_eq(app_use_conn(request, &result, NULL), DI_ECREATE);
	ck_assert_ptr_nonnull(app_session_get(request, NULL));
	ck_assert_int_eq(app_pool_override(root, &fake, NULL), DI_EBUSY);
	ck_assert_int_eq(di_reset(root, &app_pool, NULL), DI_EBUSY);
	parts_fail_end("session", 5, 1);
	ck_assert_int_eq(di_context_close(request, DI_DONE, NULL), DI_EFINALIZE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/null");
	TCase *misuse = tcase_create("refused"), *legal = tcase_create("legal");

	tcase_add_checked_fixture(misuse, setup, container_end);
	tcase_add_loop_test(misuse, it_is_refused_with_a_text_and_nothing_changes, 0,
			    sizeof(refused) / sizeof(refused[0]));
	suite_add_tcase(all, misuse);

	tcase_add_checked_fixture(legal, setup, container_end);
	tcase_add_test(legal, nothing_is_known_of_no_container);
	tcase_add_test(legal, nothing_is_known_of_no_context);
	tcase_add_test(legal, no_item_is_found_under_no_key);
	tcase_add_test(legal, what_is_optional_may_be_absent);
	tcase_add_test(legal, errors_may_go_unread);
	suite_add_tcase(all, legal);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
