/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"

#include <errno.h>

/* Where values of connected containers live and end, and who sees them. */

static struct di_context *request;

static void setup(void)
{
	site_begin();
	request = open_in(root, &di_scope_request);
}

/* ---- Homes ---- */

START_TEST(a_row_needs_rows_of_connected_containers)
{
	struct part *cache = site_cache_get(root, &error);

	ck_assert_msg(cache != NULL, "%s", error_text());
	journal_expect("created pool from config", "created store from pool",
		       "created router from pool", "created cache from store router");
	ck_assert_ptr_eq(cache->needs[0], storage_store_get(storage_root, &error));
	ck_assert_ptr_eq(cache->needs[1], web_router_get(web_root, &error));
	ck_assert_ptr_eq(cache->needs[0]->needs[0], cache->needs[1]->needs[0]);
}
END_TEST

START_TEST(a_member_of_what_a_connected_row_provides_is_passed_by_value)
{
	ck_assert_ptr_nonnull(site_title_get(request, &error));
	journal_expect("title of config", "created title");
}
END_TEST

START_TEST(root_values_live_in_the_container_that_declares_them)
{
	char text[1024];

	site_cache_get(request, &error);
	di_container_describe(storage_container, text, sizeof(text));
	ck_assert_str_eq(text, "context 1, scope app\n  storage_pool: singleton\n"
			       "  storage_store: resource\n");
	di_container_describe(web_container, text, sizeof(text));
	ck_assert_str_eq(text, "connects storage\ncontext 1, scope app\n  web_router: singleton\n");
	di_container_describe(container, text, sizeof(text));
	ck_assert_str_eq(text, "connects storage, web\ncontext 1, scope app\n"
			       "  site_cache: singleton\n  context 2, scope request\n");
}
END_TEST

START_TEST(app_scoped_values_live_with_the_singletons_of_their_container)
{
	struct part *census = storage_census_get(request, &error);

	ck_assert_ptr_nonnull(census);
	ck_assert_ptr_eq(census, storage_census_get(storage_root, &error));
	ck_assert_ptr_eq(census->needs[0], storage_whole_get(root, &error));
	ck_assert_ptr_eq(census->needs[0], storage_whole_get(web_root, &error));
}
END_TEST

START_TEST(a_nested_context_of_scope_app_begins_them_afresh)
{
	struct part *outer = storage_census_get(request, &error);
	struct di_context *nested = open_in(request, &di_scope_app);
	struct part *inner = storage_census_get(nested, &error);

	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_ne(inner->needs[0], outer->needs[0]);
	ck_assert_ptr_eq(inner->needs[0]->needs[0], outer->needs[0]->needs[0]);
	close_as(nested, DI_DONE);
	ck_assert_int_eq(inner->alive, 0);
	ck_assert_int_eq(outer->alive, 1);
}
END_TEST

START_TEST(values_of_a_request_live_in_the_context_in_which_they_are_asked_for)
{
	struct di_context *other = open_in(root, &di_scope_request);
	struct part *session = storage_session_get(request, &error);

	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(storage_session_get(request, &error), session);
	ck_assert_ptr_ne(storage_session_get(other, &error), session);
	ck_assert_ptr_eq(web_visit_get(request, &error)->needs[0], session);
	ck_assert_ptr_eq(site_unit_get(request, &error)->needs[0], session);
	ck_assert_ptr_eq(session->needs[0], storage_store_get(storage_root, &error));
	close_as(request, DI_FAILED);
	ck_assert_int_eq(session->alive, 0);
	ck_assert_int_eq(parts_alive("session"), 1);
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

START_TEST(an_inner_context_sees_the_values_of_the_outer_one)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct part *session = storage_session_get(inner, &error);

	ck_assert_ptr_eq(storage_session_get(request, &error), session);
	ck_assert_ptr_eq(storage_session_get(inner, &error), session);
	close_as(inner, DI_DONE);
	ck_assert_int_eq(session->alive, 1);
}
END_TEST

START_TEST(a_row_of_scope_any_lives_in_the_innermost_context_the_root_included)
{
	struct part *in_request = storage_place_get(request, &error);
	struct part *in_root = storage_place_get(root, &error);

	ck_assert_ptr_ne(in_root, in_request);
	ck_assert_ptr_ne(storage_place_get(storage_root, &error), in_root);
	ck_assert_ptr_eq(storage_place_get(root, &error), in_root);
	ck_assert_ptr_eq(storage_place_get(request, &error), in_request);
}
END_TEST

START_TEST(without_a_context_of_its_scope_the_text_names_those_that_are_open)
{
	struct di_context *inner = open_in(root, &di_scope_inject);

	expect_null(storage_session_get(inner, &error), DI_ENOCONTEXT);
	expect_text("storage_session");
	expect_text("open are: inject, app");
	expect_null(site_unit_get(root, &error), DI_ENOCONTEXT);
	expect_text("site_unit: ");
}
END_TEST

START_TEST(what_one_container_connects_is_seen_through_it)
{
	struct di_context *visit = open_in(web_root, &di_scope_request);

	ck_assert_ptr_eq(web_visit_get(visit, &error)->needs[0],
			 storage_session_get(visit, &error));
	ck_assert_ptr_eq(web_router_get(visit, &error), web_router_get(request, &error));
	ck_assert_ptr_ne(storage_session_get(visit, &error), storage_session_get(request, &error));
}
END_TEST

/* ---- Products ---- */

START_TEST(products_live_where_they_are_asked_for)
{
	struct part *line = storage_line_get(request, &error);
	struct part *query = storage_query_get(request, &error);
	struct part *page = site_page_get(request, &error);

	ck_assert_ptr_ne(storage_line_get(request, &error), line);
	ck_assert_ptr_ne(page->needs[1], query);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended line done", "ended page done", "ended query done", "ended line done",
		       "ended unit done", "ended visit done", "ended query done", "ended line done",
		       "ended session done", "ended line done");
}
END_TEST

START_TEST(a_product_is_dropped_with_what_was_made_for_it)
{
	struct part *query = storage_query_get(request, &error);

	journal_clear();
	expect_ok(storage_query_drop(request, query, &error));
	journal_expect("ended query done", "ended line done");
	expect_error(storage_query_drop(request, query, &error), DI_EINVAL);
}
END_TEST

/* ---- States ---- */

START_TEST(a_state_is_put_into_a_context_of_the_container_that_connects)
{
	struct part user = { .name = "user", .alive = 1 };

	expect_null(storage_user_get(request, &error), DI_ENOVALUE);
	expect_ok(storage_user_put(request, &user, &error));
	ck_assert_ptr_eq(storage_user_get(request, &error), &user);
	expect_null(storage_user_get(root, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(an_app_scoped_state_put_into_the_inner_root_is_seen_below_it_only)
{
	struct part own = { .name = "own", .alive = 1 }, inner = { .name = "inner", .alive = 1 };
	struct di_context *below;

	close_as(request, DI_DONE);
	expect_null(storage_tenant_get(root, &error), DI_ENOVALUE);
	expect_ok(storage_tenant_put(storage_root, &own, &error));
	expect_ok(storage_tenant_put(root, &inner, &error));
	below = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(storage_tenant_get(below, &error), &inner);
	ck_assert_ptr_eq(storage_tenant_get(root, &error), &inner);
	ck_assert_ptr_eq(storage_tenant_get(storage_root, &error), &own);
	ck_assert_ptr_eq(storage_tenant_get(web_root, &error), &own);
	expect_error(storage_tenant_put(root, &own, &error), DI_EBUSY);
	close_as(below, DI_DONE);
	expect_ok(storage_tenant_put(root, &own, &error));
	ck_assert_ptr_eq(storage_tenant_get(root, &error), &own);
}
END_TEST

/* ---- The end ---- */

START_TEST(values_of_all_containers_end_in_exact_reverse_order_of_creation)
{
	web_visit_get(request, &error);
	site_unit_get(request, &error);
	storage_place_get(request, &error);
	journal_clear();
	close_as(request, DI_FAILED);
	journal_expect("ended place failed", "ended unit failed", "ended visit failed",
		       "ended session failed");
	site_mail_get(root, &error);
	storage_place_get(root, &error);
	site_cache_get(root, &error);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended cache done", "ended place done", "ended mail done");
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	journal_clear();
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
	journal_expect("ended store done", "ended pool done");
}
END_TEST

START_TEST(a_finalizer_that_fails_keeps_no_other_container_from_ending)
{
	site_unit_get(request, &error);
	parts_fail_end("visit", EIO, 1);
	parts_fail_end("session", EPIPE, 1);
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	expect_text("web_visit: Input/output error and 1 more error");
	journal_expect("ended unit done", "ended badly visit", "ended badly session");
}
END_TEST

START_TEST(a_context_left_open_is_closed_with_all_in_it_when_its_container_is_freed)
{
	site_unit_get(request, &error);
	journal_clear();
	container_free_expect(DI_EOPEN);
	journal_expect("ended unit cancelled", "ended visit cancelled", "ended session cancelled");
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

START_TEST(what_failed_is_unwound_and_tried_again)
{
	parts_fail_new("visit", EIO, 1);
	expect_null(site_page_get(request, &error), DI_ECREATE);
	expect_text("web_visit_new failed for web_visit: Input/output error "
		    "(web_visit <- site_unit <- site_page)");
	parts_fail_new("unit", EIO, 1);
	expect_null(site_page_get(request, &error), DI_ECREATE);
	parts_fail_new("page", EIO, 1);
	journal_clear();
	expect_null(site_page_get(request, &error), DI_ECREATE);
	journal_expect("created unit from session visit", "created line from pool",
		       "created query from session line", "failed page", "ended query failed",
		       "ended line failed");
	ck_assert_ptr_nonnull(site_page_get(request, &error));
}
END_TEST

/* ---- Start ---- */

START_TEST(start_begins_with_what_is_connected)
{
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool from config", "created store from pool",
		       "created router from pool", "created server from router store",
		       "created mail from server");
	expect_ok(di_container_start(container, &error));
	expect_ok(di_container_start(web_container, &error));
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

START_TEST(start_stops_at_the_first_error_of_any_container)
{
	parts_fail_new("store", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	expect_text("storage_store_new failed for storage_store");
	ck_assert_int_eq(parts_alive("server"), 0);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("mail"), 1);
}
END_TEST

/* ---- One instance, two users ---- */

START_TEST(one_instance_serves_two_containers)
{
	struct di_container *second = site_new(NULL);
	struct di_context *other = open_in(di_container_root(second), &di_scope_request);

	ck_assert_ptr_ne(site_cache_get(request, &error), site_cache_get(other, &error));
	ck_assert_ptr_eq(site_cache_get(request, &error)->needs[0],
			 site_cache_get(other, &error)->needs[0]);
	ck_assert_ptr_ne(storage_session_get(request, &error), storage_session_get(other, &error));
	close_as(other, DI_DONE);
	expect_ok(di_container_free(second, &error));
	ck_assert_int_eq(parts_alive("cache"), 1);
	ck_assert_int_eq(parts_alive("store"), 1);
	expect_error(di_container_free(storage_container, &error), DI_EBUSY);
}
END_TEST

/* ---- Reset ---- */

START_TEST(a_reset_ends_what_was_built_from_it_in_all_containers)
{
	struct part *unit;

	site_page_get(request, &error);
	storage_place_get(request, &error);
	journal_clear();
	expect_ok(di_reset(request, &storage_session, &error));
	journal_expect("ended page done", "ended query done", "ended line done", "ended unit done",
		       "ended visit done", "ended session done");
	unit = site_unit_get(request, &error);
	ck_assert_int_eq(unit->needs[0]->number, 1);
	journal_clear();
	expect_ok(di_reset(request, &web_visit, &error));
	journal_expect("ended unit done", "ended visit done");
	ck_assert_int_eq(unit->needs[0]->alive, 1);
}
END_TEST

static enum di_status reset_elsewhere(void *data, struct di_error *err)
{
	(void)data;
	return di_reset(root, &storage_store, err);
}

START_TEST(a_value_of_a_connected_root_is_reset_there_and_not_while_it_is_connected)
{
	site_cache_get(request, &error);
	close_as(request, DI_DONE);
	misuse_expect(
		reset_elsewhere, NULL, DI_EINVAL,
		"storage_store: invalid argument: its value lives in the connected container of "
		"storage: reset it there");
	expect_error(di_reset(storage_root, &storage_store, &error), DI_EBUSY);
	expect_text("connects the container of storage");
	container_free_expect(DI_OK);
	expect_error(di_reset(storage_root, &storage_store, &error), DI_EBUSY);
	expect_text("web connects the container of storage");
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	expect_ok(di_reset(storage_root, &storage_store, &error));
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

/* ---- Contexts begun with more said ---- */

START_TEST(a_connected_row_begins_afresh_by_name)
{
	const struct di_provider *const afresh[] = { &storage_session };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .afresh = afresh, .afresh_count = 1
	};
	struct part *outer = site_unit_get(request, &error);
	struct di_context *inner = di_context_open_with(request, &options, &error);
	struct part *unit = site_unit_get(inner, &error);

	ck_assert_ptr_ne(unit, outer);
	ck_assert_ptr_eq(unit->needs[0], storage_session_get(inner, &error));
	ck_assert_ptr_ne(unit->needs[0], outer->needs[0]);
	ck_assert_ptr_ne(unit->needs[1], outer->needs[1]);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(site_unit_get(request, &error), outer);
}
END_TEST

START_TEST(a_connected_table_begins_afresh_alone_or_with_others)
{
	const struct di_table *const tables[] = { &web, &storage };
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_inject,
					      .afresh_tables = tables,
					      .afresh_tables_count = 1 };
	struct part *outer = site_unit_get(request, &error);
	struct di_context *inner = di_context_open_with(request, &options, &error);
	struct part *unit = site_unit_get(inner, &error);

	ck_assert_ptr_ne(unit->needs[1], outer->needs[1]);
	ck_assert_ptr_eq(unit->needs[0], outer->needs[0]);
	close_as(inner, DI_DONE);
	options.afresh_tables_count = 2;
	inner = di_context_open_with(request, &options, &error);
	unit = site_unit_get(inner, &error);
	ck_assert_ptr_ne(unit->needs[1], outer->needs[1]);
	ck_assert_ptr_ne(unit->needs[0], outer->needs[0]);
	ck_assert_ptr_eq(unit->needs[1]->needs[0], unit->needs[0]);
	close_as(inner, DI_DONE);
}
END_TEST

/* ---- Handlers, current contexts ---- */

static int serve(int number, const struct part *session, const struct part *cache)
{
	journal_write("serve %d with %s and %s", number, session->name, cache->name);
	return 0;
}

static int draw(const struct part *page, const struct part *query)
{
	journal_write("draw %s and %s", page->name, query->name);
	return 0;
}

DI_HANDLER(site_serve, int, (int), (serve, storage_session, site_cache));
DI_HANDLER(site_draw, int, (void), (draw, site_page, storage_query));
DI_CALLBACK(site_call, int, -1, (int), (serve, storage_session, site_cache));
DI_CALLBACK(site_call_back, int, -1, (void), (draw, site_page, storage_query));

START_TEST(handlers_take_needs_of_several_containers)
{
	int result = -1;

	site_unit_get(request, &error);
	journal_clear();
	expect_ok(site_serve(request, &result, 7, &error));
	expect_ok(site_serve(request, &result, 8, &error));
	ck_assert_int_eq(result, 0);
	journal_expect("created router from pool", "created cache from store router",
		       "serve 7 with session and cache", "serve 8 with session and cache");
	journal_clear();
	expect_ok(site_draw(request, &result, &error));
	journal_expect("created line from pool", "created query from session line",
		       "created page from unit query", "created line from pool",
		       "created query from session line", "draw page and query", "ended query done",
		       "ended line done", "ended page done", "ended query done", "ended line done");
}
END_TEST

START_TEST(callbacks_use_the_innermost_context_that_covers_all_their_needs)
{
	struct di_context *apart = open_in(storage_root, &di_scope_request);
	struct part *session = storage_session_get(request, &error);

	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(apart, &error));
	ck_assert_ptr_eq(di_context_current(&storage), apart);
	ck_assert_ptr_eq(di_context_current(&web), request);
	ck_assert_ptr_eq(di_context_current(&site), request);
	ck_assert_int_eq(site_call(1), 0);
	ck_assert_ptr_null(di_callback_error());
	ck_assert_int_eq(site_call_back(), 0);
	ck_assert_int_eq(parts_alive("session"), 1);
	ck_assert_ptr_eq(storage_session_get(request, &error), session);
	expect_ok(di_context_leave(apart, &error));
	ck_assert_ptr_eq(di_context_current(&storage), request);
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_context_enter(apart, &error));
	ck_assert_int_eq(site_call(1), -1);
	ck_assert_int_eq(di_callback_error()->status, DI_ENOCONTEXT);
	expect_ok(di_context_leave(apart, &error));
}
END_TEST

static struct di_context *seen;

static void note_current(struct part *part)
{
	(void)part;
	seen = di_context_current(&storage);
}

START_TEST(while_a_value_is_made_its_home_is_current_for_the_container_of_its_row)
{
	parts_on_new("session", note_current);
	site_unit_get(request, &error);
	ck_assert_ptr_eq(seen, request);
	parts_on_new("pool", note_current);
	ck_assert_ptr_nonnull(storage_line_get(request, &error));
	parts_on_end("session", note_current);
	seen = NULL;
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(seen, request);
}
END_TEST

/* ---- Observers ---- */

static void write_created(void *data, const struct di_event *event)
{
	(void)data;
	if (event->kind == DI_EVENT_CREATED)
		journal_write("told: %s in %s", event->provider, event->container);
}

START_TEST(the_observer_of_the_home_is_told)
{
	struct di_container *connected[] = { storage_container, web_container };
	struct di_options options = { .abi = DI_ABI,
				      .observer = { write_created, NULL },
				      .connected = connected,
				      .connected_count = 2 };
	struct di_container *observed = di_container_new(&site, &options, &error);
	struct di_context *visit = open_in(di_container_root(observed), &di_scope_request);

	site_unit_get(visit, &error);
	journal_expect("created pool from config", "created store from pool",
		       "created session from store", "told: storage_session in site",
		       "created visit from session", "told: web_visit in site",
		       "created unit from session visit", "told: site_unit in site");
	close_as(visit, DI_DONE);
	expect_ok(di_container_free(observed, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect");
	TCase *tcase = tcase_create("connect");

	tcase_add_checked_fixture(tcase, setup, site_end);
	tcase_add_test(tcase, a_row_needs_rows_of_connected_containers);
	tcase_add_test(tcase, a_member_of_what_a_connected_row_provides_is_passed_by_value);
	tcase_add_test(tcase, root_values_live_in_the_container_that_declares_them);
	tcase_add_test(tcase, app_scoped_values_live_with_the_singletons_of_their_container);
	tcase_add_test(tcase, a_nested_context_of_scope_app_begins_them_afresh);
	tcase_add_test(tcase, values_of_a_request_live_in_the_context_in_which_they_are_asked_for);
	tcase_add_test(tcase, an_inner_context_sees_the_values_of_the_outer_one);
	tcase_add_test(tcase, a_row_of_scope_any_lives_in_the_innermost_context_the_root_included);
	tcase_add_test(tcase, without_a_context_of_its_scope_the_text_names_those_that_are_open);
	tcase_add_test(tcase, what_one_container_connects_is_seen_through_it);
	tcase_add_test(tcase, products_live_where_they_are_asked_for);
	tcase_add_test(tcase, a_product_is_dropped_with_what_was_made_for_it);
	tcase_add_test(tcase, a_state_is_put_into_a_context_of_the_container_that_connects);
	tcase_add_test(tcase, an_app_scoped_state_put_into_the_inner_root_is_seen_below_it_only);
	tcase_add_test(tcase, values_of_all_containers_end_in_exact_reverse_order_of_creation);
	tcase_add_test(tcase, a_finalizer_that_fails_keeps_no_other_container_from_ending);
	tcase_add_test(tcase,
		       a_context_left_open_is_closed_with_all_in_it_when_its_container_is_freed);
	tcase_add_test(tcase, what_failed_is_unwound_and_tried_again);
	tcase_add_test(tcase, start_begins_with_what_is_connected);
	tcase_add_test(tcase, start_stops_at_the_first_error_of_any_container);
	tcase_add_test(tcase, one_instance_serves_two_containers);
	tcase_add_test(tcase, a_reset_ends_what_was_built_from_it_in_all_containers);
	tcase_add_test(tcase,
		       a_value_of_a_connected_root_is_reset_there_and_not_while_it_is_connected);
	tcase_add_test(tcase, a_connected_row_begins_afresh_by_name);
	tcase_add_test(tcase, a_connected_table_begins_afresh_alone_or_with_others);
	tcase_add_test(tcase, handlers_take_needs_of_several_containers);
	tcase_add_test(tcase, callbacks_use_the_innermost_context_that_covers_all_their_needs);
	tcase_add_test(tcase,
		       while_a_value_is_made_its_home_is_current_for_the_container_of_its_row);
	tcase_add_test(tcase, the_observer_of_the_home_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
