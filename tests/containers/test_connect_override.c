/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"

/* Fakes in place of rows of connected containers. */

PART_FAKE(fake)
PART_FAKE(other_fake)

static struct di_context *request;

static void setup(void)
{
	site_begin();
	request = open_in(root, &di_scope_request);
}

static void setup_root(void)
{
	site_begin();
}

static void setup_connected(void)
{
	site_begin_connected();
}

/* ---- In a request ---- */

START_TEST(a_fake_is_seen_by_what_is_built_from_it_in_all_containers)
{
	struct part *unit;

	expect_ok(storage_session_override(request, &fake, &error));
	unit = site_unit_get(request, &error);
	ck_assert_ptr_eq(unit->needs[0], &fake);
	ck_assert_ptr_eq(unit->needs[1]->needs[0], &fake);
	ck_assert_ptr_eq(storage_query_get(request, &error)->needs[0], &fake);
	ck_assert_int_eq(parts_alive("session"), 0);
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

START_TEST(what_is_built_from_a_faked_root_row_is_made_in_the_overriding_context)
{
	struct part *outer = site_cache_get(root, &error), *inner;

	expect_ok(storage_store_override(request, &fake, &error));
	inner = site_cache_get(request, &error);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0], &fake);
	ck_assert_ptr_eq(inner->needs[1], outer->needs[1]);
	ck_assert_ptr_eq(storage_session_get(request, &error)->needs[0], &fake);
	close_as(request, DI_DONE);
	ck_assert_int_eq(inner->alive, 0);
	ck_assert_ptr_eq(site_cache_get(root, &error), outer);
	ck_assert_ptr_eq(storage_store_get(root, &error), outer->needs[0]);
}
END_TEST

START_TEST(connected_singletons_are_made_afresh_where_they_are_built_from_a_fake)
{
	struct part *outer = web_server_get(root, &error), *inner;

	expect_ok(storage_pool_override(request, &fake, &error));
	inner = web_server_get(request, &error);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0]->needs[0], &fake);
	ck_assert_ptr_eq(inner->needs[1]->needs[0], &fake);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended server done", "ended store done", "ended router done");
	ck_assert_ptr_eq(web_server_get(web_root, &error), outer);
}
END_TEST

START_TEST(what_a_connected_constructor_resolved_itself_counts)
{
	struct part *outer = storage_index_get(request, &error), *inner;

	expect_ok(storage_store_override(request, &fake, &error));
	inner = storage_index_get(request, &error);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0], &fake);
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(storage_index_get(root, &error), outer);
}
END_TEST

START_TEST(an_override_is_not_seen_outside)
{
	struct di_context *sibling = open_in(root, &di_scope_request);

	expect_ok(storage_store_override(request, &fake, &error));
	ck_assert_ptr_eq(storage_store_get(request, &error), &fake);
	ck_assert_ptr_ne(storage_store_get(sibling, &error), &fake);
	ck_assert_ptr_ne(storage_store_get(root, &error), &fake);
	ck_assert_ptr_ne(storage_store_get(web_root, &error), &fake);
	ck_assert_ptr_ne(storage_store_get(storage_root, &error), &fake);
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

START_TEST(overrides_nest)
{
	struct di_context *inner;

	expect_ok(storage_session_override(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	expect_ok(storage_session_override(inner, &other_fake, &error));
	ck_assert_ptr_eq(web_visit_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(web_visit_get(inner, &error)->needs[0], &other_fake);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(web_visit_get(request, &error)->needs[0], &fake);
}
END_TEST

START_TEST(what_was_built_from_it_here_is_in_the_way)
{
	struct part *unit = site_unit_get(request, &error);

	expect_error(storage_session_override(request, &fake, &error), DI_EBUSY);
	expect_text("storage_session and 2 more were built from it here");
	ck_assert_ptr_eq(site_unit_get(request, &error), unit);
	expect_ok(di_reset(request, &storage_session, &error));
	expect_ok(storage_session_override(request, &fake, &error));
	ck_assert_ptr_eq(site_unit_get(request, &error)->needs[0], &fake);
}
END_TEST

START_TEST(rows_of_all_containers_are_overridden_by_name_or_none_is)
{
	const struct di_override_pair pairs[] = { { "storage_session", &fake },
						  { "web_visit", &other_fake },
						  { "site_title", &fake } };

	web_visit_get(request, &error);
	expect_error(di_override_all(request, pairs, 3, &error), DI_EBUSY);
	ck_assert_ptr_ne(site_title_get(request, &error), &fake);
	expect_ok(di_reset(request, &storage_session, &error));
	expect_ok(di_override_all(request, pairs, 3, &error));
	ck_assert_ptr_eq(site_unit_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(site_unit_get(request, &error)->needs[1], &other_fake);
	ck_assert_ptr_eq(site_title_get(request, &error), &fake);
}
END_TEST

START_TEST(a_row_of_the_container_stands_for_a_connected_one)
{
	expect_ok(di_override_with(request, &storage_store, &site_title, &error));
	ck_assert_ptr_eq(storage_session_get(request, &error)->needs[0],
			 site_title_get(request, &error));
	ck_assert_ptr_eq(site_cache_get(request, &error)->needs[0], site_title_get(root, &error));
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

static enum di_status stand_in_that_needs_it(void *data, struct di_error *err)
{
	(void)data;
	return di_override_with(request, &storage_pool, &web_router, err);
}

START_TEST(a_stand_in_must_not_need_what_it_stands_for_in_any_container)
{
	misuse_expect(stand_in_that_needs_it, NULL, DI_EINVAL, "web_router needs it");
}
END_TEST

/* ---- In roots ---- */

START_TEST(a_fake_in_the_root_leaves_the_connected_container_alone)
{
	struct di_context *opened;

	expect_ok(storage_store_override(root, &fake, &error));
	opened = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(storage_session_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(site_cache_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(web_server_get(opened, &error)->needs[1], &fake);
	ck_assert_ptr_eq(web_server_get(root, &error), web_server_get(opened, &error));
	ck_assert_ptr_ne(web_server_get(web_root, &error), web_server_get(opened, &error));
	ck_assert_ptr_ne(storage_store_get(storage_root, &error), &fake);
}
END_TEST

START_TEST(start_skips_what_is_faked_in_the_root)
{
	expect_ok(storage_store_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("store"), 0);
	ck_assert_ptr_eq(site_mail_get(root, &error)->needs[0]->needs[1], &fake);
}
END_TEST

START_TEST(a_connected_root_cannot_be_overridden)
{
	expect_error(storage_store_override(storage_root, &fake, &error), DI_EBUSY);
	expect_text("connects the container of storage");
	container_free_expect(DI_OK);
	expect_ok(web_router_override(web_root, &fake, &error));
}
END_TEST

/* ---- Before the site is made ---- */

START_TEST(what_was_overridden_in_a_connected_root_before_holds_for_who_connects_it)
{
	struct di_context *opened;

	expect_ok(di_container_free(web_container, &error));
	expect_ok(storage_store_override(storage_root, &fake, &error));
	web_container = di_container_new(&web,
					 &(struct di_options){ .abi = DI_ABI,
							       .allocator = &memory.allocator,
							       .connected = &storage_container,
							       .connected_count = 1 },
					 &error);
	web_root = di_container_root(web_container);
	container = site_new(&memory.allocator);
	root = di_container_root(container);
	opened = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(storage_session_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(storage_store_get(opened, &error), &fake);
	ck_assert_ptr_eq(site_cache_get(opened, &error)->needs[0], &fake);
	opened = open_in(opened, &di_scope_request);
	expect_ok(storage_store_override(opened, &other_fake, &error));
	ck_assert_ptr_eq(site_cache_get(opened, &error)->needs[0], &other_fake);
	ck_assert_ptr_eq(storage_store_get(root, &error), &fake);
}
END_TEST

START_TEST(a_row_of_a_request_overridden_in_a_connected_root_before_is_given_in_every_context)
{
	struct di_context *opened;

	expect_ok(di_container_free(web_container, &error));
	expect_ok(storage_session_override(storage_root, &fake, &error));
	web_container = di_container_new(&web,
					 &(struct di_options){ .abi = DI_ABI,
							       .allocator = &memory.allocator,
							       .connected = &storage_container,
							       .connected_count = 1 },
					 &error);
	container = site_new(&memory.allocator);
	opened = open_in(di_container_root(container), &di_scope_request);
	ck_assert_ptr_eq(storage_session_get(opened, &error), &fake);
	ck_assert_ptr_eq(site_unit_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(storage_session_get(di_container_root(container), &error), &fake);
	expect_ok(storage_session_override(opened = open_in(opened, &di_scope_request), &other_fake,
					   &error));
	ck_assert_ptr_eq(site_unit_get(opened, &error)->needs[0], &other_fake);
}
END_TEST

START_TEST(what_a_connected_root_overrides_of_others_is_for_its_own_values)
{
	struct di_context *opened;

	expect_ok(storage_pool_override(web_root, &fake, &error));
	container = site_new(&memory.allocator);
	root = di_container_root(container);
	opened = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(web_router_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(web_router_get(opened, &error), web_router_get(web_root, &error));
	ck_assert_ptr_ne(storage_pool_get(opened, &error), &fake);
	ck_assert_ptr_ne(storage_store_get(opened, &error)->needs[0], &fake);
	ck_assert_ptr_eq(storage_pool_get(web_root, &error), &fake);
}
END_TEST

static TCase *of_request(void)
{
	TCase *tcase = tcase_create("request");

	tcase_add_checked_fixture(tcase, setup, site_end);
	tcase_add_test(tcase, a_fake_is_seen_by_what_is_built_from_it_in_all_containers);
	tcase_add_test(tcase,
		       what_is_built_from_a_faked_root_row_is_made_in_the_overriding_context);
	tcase_add_test(tcase,
		       connected_singletons_are_made_afresh_where_they_are_built_from_a_fake);
	tcase_add_test(tcase, what_a_connected_constructor_resolved_itself_counts);
	tcase_add_test(tcase, an_override_is_not_seen_outside);
	tcase_add_test(tcase, overrides_nest);
	tcase_add_test(tcase, what_was_built_from_it_here_is_in_the_way);
	tcase_add_test(tcase, rows_of_all_containers_are_overridden_by_name_or_none_is);
	tcase_add_test(tcase, a_row_of_the_container_stands_for_a_connected_one);
	tcase_add_test(tcase, a_stand_in_must_not_need_what_it_stands_for_in_any_container);
	return tcase;
}

static TCase *of_roots(void)
{
	TCase *tcase = tcase_create("roots");

	tcase_add_checked_fixture(tcase, setup_root, site_end);
	tcase_add_test(tcase, a_fake_in_the_root_leaves_the_connected_container_alone);
	tcase_add_test(tcase, start_skips_what_is_faked_in_the_root);
	tcase_add_test(tcase, a_connected_root_cannot_be_overridden);
	return tcase;
}

static TCase *of_connected(void)
{
	TCase *tcase = tcase_create("connected");

	tcase_add_checked_fixture(tcase, setup_connected, site_end);
	tcase_add_test(tcase,
		       what_was_overridden_in_a_connected_root_before_holds_for_who_connects_it);
	tcase_add_test(
		tcase,
		a_row_of_a_request_overridden_in_a_connected_root_before_is_given_in_every_context);
	tcase_add_test(tcase, what_a_connected_root_overrides_of_others_is_for_its_own_values);
	return tcase;
}

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_override");

	suite_add_tcase(suite, of_request());
	suite_add_tcase(suite, of_roots());
	suite_add_tcase(suite, of_connected());
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
