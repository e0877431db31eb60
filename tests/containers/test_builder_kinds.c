/* SPDX-License-Identifier: MIT */
#include "tests/containers/buildable.h"
#include "tests/support/threads.h"

/* Tables built at run time: rows of every kind. */

static const char *order_of(const struct di_table *table)
{
	static char text[256];

	text[0] = '\0';
	for (uint32_t i = 0; i < table->count; i++) {
		ck_assert_uint_eq(table->providers[i]->index, i);
		ck_assert_ptr_eq(table->providers[i]->table, table);
		strcat(strcat(text, i > 0 ? " " : ""), table->providers[i]->name);
	}
	return text;
}

static void add_notes(void)
{
	ROW("context_resource", "session", .constructor = "session_new",
	    ARGUMENTS(NEED("store"), NEED("user")), .destructor = "session_end",
	    .scope = "request");
	ROW("factory", "query", .constructor = "query_new", ARGUMENTS(NEED("session")),
	    .destructor = "query_end");
	ROW("state", "user", .type = "struct part", .scope = "request");
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
}

START_TEST(a_built_container_is_made_and_torn_down_as_one_of_macros)
{
	struct di_context *request;
	struct part *query;

	add_notes();
	built_container();
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool");
	request = open_in(root, &di_scope_request);
	expect_ok(di_state_put(request, row_named("user"), &config, &error));
	query = get(request, "query");
	ck_assert_str_eq(query->needs[0]->name, "session");
	expect_ok(di_context_drop(request, row_named("query"), query, &error));
	get(request, "query");
	close_as(request, DI_FAILED);
	container_free_expect(DI_OK);
	journal_expect("created session from store config", "created query from session",
		       "ended query done", "created query from session", "ended query failed",
		       "ended session failed", "ended store done", "ended pool done");
}
END_TEST

START_TEST(rows_know_lanes_lives_and_functions_as_the_compiler_has_them)
{
	add_notes();
	built_build();
	ck_assert_uint_eq(row_named("store")->lane, offsetof(struct di__lane, root));
	ck_assert_uint_eq(row_named("query")->lane, offsetof(struct di__lane, own));
	ck_assert_uint_eq(row_named("store")->life, 0);
	ck_assert_uint_eq(row_named("query")->life, 100);
	ck_assert_str_eq(row_named("query")->constructor, "query_new");
	ck_assert_str_eq(row_named("query")->destructor, "query_end");
	ck_assert_str_eq(row_named("query")->type->name, "struct part");
	ck_assert_ptr_eq(row_named("query")->needs[0], row_named("session"));
	ck_assert_ptr_eq(row_named("query")->kind, &di_factory);
	ck_assert_ptr_eq(row_named("session")->scope, &di_scope_request);
}
END_TEST

START_TEST(constructors_of_all_three_conventions_make_values)
{
	const struct slot *slot;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("singleton", "slot", .constructor = "slot_init", ARGUMENTS(NEED("copy")),
	    .destructor = "slot_end");
	ROW("singleton", "copy", .constructor = "copy_of", ARGUMENTS(NEED("pool")),
	    .destructor = "di_keep");
	built_container();
	slot = get(root, "slot");
	ck_assert_ptr_eq(slot->need, get(root, "pool"));
	container_free_expect(DI_OK);
	journal_expect("created pool", "ended slot of pool", "ended pool done");
}
END_TEST

START_TEST(DI_CONTEXT_is_the_home_of_the_value)
{
	struct di_context *request;

	ROW("context_resource", "seen", .constructor = "context_seen",
	    ARGUMENTS(NEED("DI_CONTEXT")), .destructor = "di_keep", .scope = "request");
	built_container();
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(get(request, "seen"), request);
	close_as(request, DI_DONE);
}
END_TEST

static void add_two_stores(void)
{
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("singleton", "front", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("factory", "back", .constructor = "query_new", ARGUMENTS(NEED("pool")),
	    .destructor = "query_end");
	ROW("object", "config", VALUE(OBJECT("the_config")));
}

static void *query_of_thread(void *data)
{
	return get(data, "query");
}

START_TEST(a_thread_singleton_is_one_for_each_thread)
{
	void *mine;

	ROW("factory", "user", .constructor = "query_new", ARGUMENTS(NEED("query")),
	    .destructor = "query_end");
	ROW("thread_singleton", "query", .constructor = "query_new", ARGUMENTS(NEED("pool")),
	    .destructor = "query_end");
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_container();
	mine = get(root, "query");
	ck_assert_ptr_eq(get(root, "query"), mine);
	ck_assert_ptr_ne(thread_join(thread_start(query_of_thread, root, 0)), mine);
	ck_assert_uint_eq(di_thread_count(container), 1);
	ck_assert_int_gt(row_named("user")->life, 0);
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(a_selector_chooses_each_time_it_is_asked)
{
	ROW("selector", "store", .constructor = "choose", ARGUMENTS(NEED("config")),
	    MEMBERS(KEYED("front", "front"), KEYED("back", "back")));
	add_two_stores();
	built_container();
	ck_assert_ptr_eq(get(root, "store"), get(root, "front"));
	chosen = "back";
	ck_assert_str_eq(((struct part *)get(root, "store"))->name, "query");
	chosen = "side";
	ck_assert_ptr_null(di_resolve(root, &error, row_named("store")));
	ck_assert_str_eq(error_text(), "store: no value was provided: choose chose \"side\"; "
				       "the keys are \"front\", \"back\"");
	ck_assert_str_eq(row_named("store")->type->name, "struct part");
}
END_TEST

START_TEST(a_selector_without_a_chooser_chooses_always_the_same)
{
	ROW("selector", "store", .always = "back", .type = "const struct part",
	    MEMBERS(KEYED("front", "front"), KEYED("back", "back")));
	add_two_stores();
	built_container();
	ck_assert_str_eq(((struct part *)get(root, "store"))->name, "query");
	ck_assert_str_eq(row_named("store")->constructor, "\"back\"");
	ck_assert_str_eq(row_named("store")->type->name, "const struct part");
}
END_TEST

START_TEST(a_selector_may_choose_between_selectors)
{
	ROW("selector", "outer", .always = "a", MEMBERS(KEYED("a", "inner")));
	ROW("selector", "inner", .always = "a", MEMBERS(KEYED("a", "front")));
	add_two_stores();
	built_container();
	ck_assert_ptr_eq(get(root, "outer"), get(root, "front"));
	ck_assert_str_eq(row_named("outer")->type->name, "struct part");
}
END_TEST

START_TEST(a_list_holds_its_members_in_order)
{
	const struct parts *all;

	ROW("list", "all", .type = "struct parts",
	    MEMBERS(MEMBER("config"), MEMBER("front"), MEMBER("front")));
	ROW("list", "none", .type = "const struct parts");
	add_two_stores();
	built_container();
	all = get(root, "all");
	ck_assert_uint_eq(all->count, 3);
	ck_assert_ptr_eq(all->items[0], &config);
	ck_assert_ptr_eq(all->items[1], get(root, "front"));
	ck_assert_ptr_eq(all->items[2], all->items[1]);
	ck_assert_ptr_eq(get(root, "all"), all);
	ck_assert_uint_eq(((const struct parts *)get(root, "none"))->count, 0);
	ck_assert_str_eq(row_named("all")->type->name, "const struct parts");
	ck_assert_ptr_eq(row_named("all")->kind, &di_list);
}
END_TEST

START_TEST(a_list_with_a_factory_is_made_anew_each_time)
{
	ROW("list", "outer", .type = "struct parts", MEMBERS(MEMBER("front"), MEMBER("back")));
	add_two_stores();
	built_container();
	ck_assert_ptr_ne(get(root, "outer"), get(root, "outer"));
	ck_assert_ptr_eq(row_named("outer")->kind, &di_list_made_anew);
}
END_TEST

START_TEST(a_dict_finds_its_members_by_key)
{
	const struct stores *all;

	ROW("dict", "all", .type = "struct stores",
	    MEMBERS(KEYED("one", "front"), KEYED("two", "config")));
	add_two_stores();
	built_container();
	all = get(root, "all");
	ck_assert_ptr_eq(stores_find(all, "one"), get(root, "front"));
	ck_assert_ptr_eq(stores_find(all, "two"), &config);
	ck_assert_ptr_null(stores_find(all, "three"));
	ck_assert_ptr_eq(row_named("all")->kind, &di_dict);
}
END_TEST

START_TEST(a_lazy_leads_to_any_row)
{
	const struct later *lazy;

	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("store")));
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_container();
	lazy = get(root, "lazy");
	ck_assert_int_eq(parts_alive("store"), 0);
	ck_assert_ptr_eq(later_get(lazy, &error), get(root, "store"));
	ck_assert_str_eq(order_of(built), "lazy pool store");
}
END_TEST

START_TEST(strict_rows_are_strict)
{
	struct di_context *request, *inner;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("context_resource", "session", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end", .scope = "request", .strict = 1);
	built_container();
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_job);
	ck_assert_ptr_null(di_resolve(inner, &error, row_named("session")));
	expect_text("it is strict");
	get(request, "session");
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

static int user_kind_given;
static const void *give_config(const struct di_provider *provider)
{
	user_kind_given++;
	return provider->object;
}

START_TEST(kinds_of_a_programs_own_are_handed_over)
{
	static const struct di_kind mine = {
		.name = "mine", .home = DI_HOME_ROOT, .cached = 1, .given = give_config
	};

	user_kind_given = 0;
	built_row((struct di_row){ .name = "config", .kind = &mine, VALUE(OBJECT("the_config")) });
	built_container();
	ck_assert_ptr_eq(get(root, "config"), &config);
	ck_assert_int_eq(user_kind_given, 1);
}
END_TEST

START_TEST(kinds_are_found_by_name)
{
	ck_assert_ptr_eq(di_kind_find("context_resource"), &di_context_resource);
	ck_assert_ptr_eq(di_kind_find("lazy"), &di_lazy);
	ck_assert_ptr_null(di_kind_find("singelton"));
	ck_assert_ptr_null(di_kind_find(NULL));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder kinds");
	TCase *tcase = tcase_create("kinds");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, a_built_container_is_made_and_torn_down_as_one_of_macros);
	tcase_add_test(tcase, rows_know_lanes_lives_and_functions_as_the_compiler_has_them);
	tcase_add_test(tcase, constructors_of_all_three_conventions_make_values);
	tcase_add_test(tcase, DI_CONTEXT_is_the_home_of_the_value);
	tcase_add_test(tcase, a_thread_singleton_is_one_for_each_thread);
	tcase_add_test(tcase, a_selector_chooses_each_time_it_is_asked);
	tcase_add_test(tcase, a_selector_without_a_chooser_chooses_always_the_same);
	tcase_add_test(tcase, a_selector_may_choose_between_selectors);
	tcase_add_test(tcase, a_list_holds_its_members_in_order);
	tcase_add_test(tcase, a_list_with_a_factory_is_made_anew_each_time);
	tcase_add_test(tcase, a_dict_finds_its_members_by_key);
	tcase_add_test(tcase, a_lazy_leads_to_any_row);
	tcase_add_test(tcase, strict_rows_are_strict);
	tcase_add_test(tcase, kinds_of_a_programs_own_are_handed_over);
	tcase_add_test(tcase, kinds_are_found_by_name);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
