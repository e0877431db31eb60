/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* Contexts opened with more said: rows begun afresh, items. */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_whole,   struct part, (whole_new),             whole_end,   app) \
	X(singleton,        app_board,   struct part, (board_new, app_whole),  board_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(context_resource, app_cart,    struct part, (cart_new, app_session), cart_end,    request) \
	X(context_resource, app_other,   struct part, (other_new),             other_end,   request) \
	X(context_resource, app_asking,  struct part, (asking_new),            asking_end,  request) \
	X(factory,          app_query,   struct part, (query_new, app_cart),   query_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART(whole)
PART_OF_1(board)
PART_OF_1(session)
PART_OF_1(cart)
PART(other)
PART(asking)
PART_OF_1(query)

DI_CONTAINER_DEFINE(app, APP);

/* clang-format off */
#define ELSE(X) X(context_resource, else_other, struct part, (other_new), other_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(elsewhere, ELSE);
DI_CONTAINER_DEFINE(elsewhere, ELSE);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);
DI_KEY_DECLARE(trace, const char);
DI_KEY_DEFINE(trace, const char);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static struct di_context *open_with(const struct di_context_options *options)
{
	struct di_context *context = di_context_open_with(request, options, &error);

	ck_assert_msg(context != NULL, "%s", error_text());
	return context;
}

static struct di_context *open_afresh(const struct di_provider *provider)
{
	const struct di_provider *const afresh[] = { provider };

	return open_with(&(struct di_context_options){
		.abi = DI_ABI, .scope = &di_scope_inject, .afresh = afresh, .afresh_count = 1 });
}

/* ---- Beginning afresh ---- */

START_TEST(a_row_begins_afresh_whatever_the_scope)
{
	struct part *outer = app_session_get(request, &error), *inner;
	struct di_context *again = open_afresh(&app_session);

	inner = app_session_get(again, &error);
	ck_assert_ptr_nonnull(inner);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0], outer->needs[0]);
	ck_assert_ptr_eq(app_session_get(request, &error), outer);
	close_as(again, DI_DONE);
	ck_assert(!inner->alive && outer->alive);
	ck_assert_ptr_eq(app_session_get(request, &error), outer);
}
END_TEST

START_TEST(what_is_built_from_it_begins_afresh_and_the_rest_does_not)
{
	struct part *cart = app_cart_get(request, &error), *other = app_other_get(request, &error);
	struct di_context *again = open_afresh(&app_session);

	journal_clear();
	ck_assert_ptr_ne(app_cart_get(again, &error), cart);
	ck_assert_ptr_eq(app_other_get(again, &error), other);
	journal_expect("created session from pool", "created cart from session");
	app_query_get(again, &error);
	journal_expect("created query from cart");
	close_as(again, DI_DONE);
	journal_expect("ended query done", "ended cart done", "ended session done");
	ck_assert_ptr_eq(app_cart_get(request, &error), cart);
}
END_TEST

START_TEST(a_dependent_alone_begins_afresh_from_the_outer_value)
{
	struct part *session = app_session_get(request, &error);
	struct di_context *again;

	app_cart_get(request, &error);
	again = open_afresh(&app_cart);
	ck_assert_ptr_eq(app_session_get(again, &error), session);
	ck_assert_ptr_ne(app_cart_get(again, &error), app_cart_get(request, &error));
	ck_assert_ptr_eq(app_cart_get(again, &error)->needs[0], session);
	close_as(again, DI_DONE);
}
END_TEST

START_TEST(a_row_begun_by_name_needs_no_context_of_its_scope)
{
	close_as(request, DI_DONE);
	request = root;
	request = open_afresh(&app_session);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	expect_null(app_other_get(request, &error), DI_ENOCONTEXT);
	close_as(request, DI_DONE);
	journal_expect("created pool", "created session from pool", "ended session done");
}
END_TEST

START_TEST(a_whole_table_begins_afresh)
{
	const struct di_table *const tables[] = { &app };
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_inject,
					      .afresh_tables = tables,
					      .afresh_tables_count = 1 };
	struct part *pool = app_pool_get(request, &error), *cart = app_cart_get(request, &error);
	struct part *other = app_other_get(request, &error),
		    *board = app_board_get(request, &error);
	struct di_context *again;

	expect_ok(app_user_put(request, &fake, &error));
	again = open_with(&options);
	ck_assert_ptr_eq(app_user_get(again, &error), &fake);
	ck_assert_ptr_eq(app_pool_get(again, &error), pool);
	ck_assert_ptr_ne(app_cart_get(again, &error), cart);
	ck_assert_ptr_ne(app_other_get(again, &error), other);
	ck_assert_ptr_ne(app_board_get(again, &error), board);
	ck_assert_ptr_eq(app_board_get(again, &error)->needs[0], app_whole_get(again, &error));
	journal_clear();
	close_as(again, DI_DONE);
	journal_expect("ended board done", "ended whole done", "ended other done",
		       "ended cart done", "ended session done");
}
END_TEST

START_TEST(a_row_that_is_meant_in_several_ways_begins_once)
{
	const struct di_provider *const afresh[] = { &app_session, &app_cart, &app_session };
	const struct di_table *const tables[] = { &app, &app };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .afresh = afresh, .afresh_count = 3
	};
	int i;

	app_cart_get(request, &error);
	for (i = 0; i < 2; i++) {
		struct di_context *again = open_with(&options);

		journal_clear();
		ck_assert_ptr_nonnull(app_cart_get(again, &error));
		ck_assert_ptr_nonnull(app_session_get(again, &error));
		journal_expect("created session from pool", "created cart from session");
		close_as(again, DI_DONE);
		journal_expect("ended cart done", "ended session done");
		/* Then by their table and by their scope too. */
		options.afresh_tables = tables;
		options.afresh_tables_count = 2;
		options.scope = &di_scope_request;
	}
}
END_TEST

START_TEST(an_override_further_out_ends_where_it_begins_afresh)
{
	struct di_context *again;

	expect_ok(app_session_override(request, &fake, &error));
	again = open_afresh(&app_session);
	ck_assert_ptr_ne(app_session_get(again, &error), &fake);
	ck_assert_ptr_eq(app_session_get(request, &error), &fake);
	close_as(again, DI_DONE);
	ck_assert_ptr_eq(app_session_get(request, &error), &fake);
}
END_TEST

static void ask_for_session(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_session_get(di_context_current(&app), &error));
}

START_TEST(what_a_constructor_resolved_itself_counts_as_built_from)
{
	struct part *outer;
	struct di_context *again;

	parts_on_new("asking", ask_for_session);
	outer = app_asking_get(request, &error);
	again = open_afresh(&app_session);
	ck_assert_ptr_ne(app_asking_get(again, &error), outer);
	close_as(again, DI_DONE);
	ck_assert_ptr_eq(app_asking_get(request, &error), outer);
}
END_TEST

START_TEST(a_row_that_stands_for_another_counts_as_it)
{
	struct part *outer;
	struct di_context *again;

	expect_ok(di_override_with(request, &app_session, &app_other, &error));
	outer = app_cart_get(request, &error);
	again = open_afresh(&app_other);
	ck_assert_ptr_ne(app_cart_get(again, &error), outer);
	ck_assert_ptr_eq(app_cart_get(again, &error)->needs[0], app_other_get(again, &error));
	close_as(again, DI_DONE);
}
END_TEST

/* ---- Items ---- */

START_TEST(items_are_there_from_the_beginning)
{
	const struct di_item items[] = { { &note, "n" }, { &trace, "t" } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .items = items, .items_count = 2
	};
	struct di_context *context;

	expect_ok(note_put(request, "outer", &error));
	context = open_with(&options);
	ck_assert_str_eq(note_fetch(context), "n");
	ck_assert_str_eq(trace_fetch(context), "t");
	ck_assert_str_eq(note_fetch(request), "outer");
	close_as(context, DI_DONE);
}
END_TEST

START_TEST(isolated_items_start_empty)
{
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_inject,
					      .isolate_items = 1 };
	struct di_context *isolated, *below;

	expect_ok(note_put(request, "outer", &error));
	isolated = open_with(&options);
	below = open_in(isolated, &di_scope_inject);
	ck_assert_ptr_null(note_fetch(isolated));
	ck_assert_ptr_null(note_fetch(below));
	expect_ok(note_put(isolated, "own", &error));
	ck_assert_str_eq(note_fetch(below), "own");
	close_as(below, DI_DONE);
	close_as(isolated, DI_DONE);
	ck_assert_str_eq(note_fetch(request), "outer");
}
END_TEST

/* ---- When it is refused ---- */

static enum di_status open_badly(void *data, struct di_error *err)
{
	struct di_context *context = di_context_open_with(request, data, err);

	ck_assert_ptr_null(context);
	return err != NULL ? err->status : DI_EINVAL;
}

#define expect_refused(status_, text_, ...)                                                        \
	do {                                                                                       \
		struct di_context_options options_ = { __VA_ARGS__ };                              \
		misuse_expect(open_badly, &options_, (status_), (text_));                          \
	} while (0)

START_TEST(options_are_checked)
{
	const struct di_provider *const foreign[] = { &else_other }, *const none[] = { NULL };
	const struct di_provider *const singleton[] = { &app_pool }, *const factory[] = {
		&app_query
	};
	const struct di_provider *const state[] = { &app_user };
	const struct di_table *const tables[] = { &elsewhere };
	const struct di_scope *const scope = &di_scope_inject;

	misuse_expect(open_badly, NULL, DI_EINVAL, "there are no options");
	expect_refused(DI_EABI, "the options have abi 0, the library 1", .abi = 0, .scope = scope);
	expect_refused(DI_EINVAL, "there is no scope", .abi = DI_ABI);
	expect_refused(DI_EINVAL, "scope any", .abi = DI_ABI, .scope = &di_scope_any);
	expect_refused(DI_EINVAL, "it is of the table elsewhere", .abi = DI_ABI, .scope = scope,
		       .afresh = foreign, .afresh_count = 1);
	expect_refused(DI_EINVAL, "there is no provider", .abi = DI_ABI, .scope = scope,
		       .afresh = none, .afresh_count = 1);
	expect_refused(DI_EINVAL, "only a context resource can begin afresh", .abi = DI_ABI,
		       .scope = scope, .afresh = singleton, .afresh_count = 1);
	expect_refused(DI_EINVAL, "only a context resource can begin afresh", .abi = DI_ABI,
		       .scope = scope, .afresh = factory, .afresh_count = 1);
	expect_refused(DI_EINVAL, "only a context resource can begin afresh", .abi = DI_ABI,
		       .scope = scope, .afresh = state, .afresh_count = 1);
	expect_refused(DI_EINVAL, "a table to begin afresh is not the container's", .abi = DI_ABI,
		       .scope = scope, .afresh_tables = tables, .afresh_tables_count = 1);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_refused_item_leaves_no_context_behind)
{
	const struct di_item twice[] = { { &note, "a" }, { &note, "b" } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .items = twice, .items_count = 2
	};

	expect_null(di_context_open_with(request, &options, &error), DI_EBUSY);
	expect_text("the context has an item note");
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/afresh");
	TCase *afresh = tcase_create("afresh"), *items = tcase_create("items");
	TCase *refused = tcase_create("refused");

	tcase_add_checked_fixture(afresh, setup, container_end);
	tcase_add_test(afresh, a_row_begins_afresh_whatever_the_scope);
	tcase_add_test(afresh, what_is_built_from_it_begins_afresh_and_the_rest_does_not);
	tcase_add_test(afresh, a_dependent_alone_begins_afresh_from_the_outer_value);
	tcase_add_test(afresh, a_row_begun_by_name_needs_no_context_of_its_scope);
	tcase_add_test(afresh, a_whole_table_begins_afresh);
	tcase_add_test(afresh, a_row_that_is_meant_in_several_ways_begins_once);
	tcase_add_test(afresh, an_override_further_out_ends_where_it_begins_afresh);
	tcase_add_test(afresh, what_a_constructor_resolved_itself_counts_as_built_from);
	tcase_add_test(afresh, a_row_that_stands_for_another_counts_as_it);
	suite_add_tcase(suite, afresh);

	tcase_add_checked_fixture(items, setup, container_end);
	tcase_add_test(items, items_are_there_from_the_beginning);
	tcase_add_test(items, isolated_items_start_empty);
	suite_add_tcase(suite, items);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, options_are_checked);
	tcase_add_test(refused, a_refused_item_leaves_no_context_behind);
	suite_add_tcase(suite, refused);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
