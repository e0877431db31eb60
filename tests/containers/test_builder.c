/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

#include <stdlib.h>

/* Tables built at run time: every kind, in any order, and who owns what. */

PART(pool)
PART_OF_1(store)
PART_OF_2(session)
PART_OF_1(query)
PART_FAKE(config)

struct slot {
	struct part *need;
	int ended;
};

static int slot_init(struct slot *self, struct part *need)
{
	self->need = need;
	return 0;
}

static void slot_end(struct slot *self)
{
	journal_write("ended slot of %s", self->need->name);
}

static struct part *copy_of(struct part *original)
{
	return original;
}

static int context_seen(struct part **out, struct di_context *context)
{
	*out = (struct part *)(void *)context;
	return 0;
}

static const char *chosen = "front";
static const char *choose(const struct part *user)
{
	return user != NULL ? chosen : NULL;
}

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);
DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part, (pool_new)) \
	X(constructor, struct part, (store_new, struct part *)) \
	X(constructor, struct part, (session_new, struct part *, struct part *)) \
	X(constructor, struct part, (query_new, struct part *)) \
	X(constructor, struct slot, DI_INIT(slot_init, struct part *)) \
	X(constructor, struct part, DI_RETURNS(copy_of, struct part *)) \
	X(constructor, struct part, (context_seen, struct di_context *)) \
	X(destructor,  struct part, pool_end) \
	X(destructor,  struct part, store_end) \
	X(destructor,  struct part, session_end) \
	X(destructor,  struct part, query_end) \
	X(destructor,  struct slot, slot_end) \
	X(chooser,     (choose, const struct part *)) \
	X(object,      the_config, struct part, &config) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part) \
	X(scope,       job)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);

static void begin(void)
{
	built_begin("app", &exports, NULL);
	chosen = "front";
}

/* ---- Calls that are mistakes; see misuse.h. ---- */

static enum di_status add_row(void *row, struct di_error *err)
{
	return di_builder_row(builder, row, err);
}

static enum di_status add_scope(void *scope, struct di_error *err)
{
	return di_builder_scope(builder, scope, err);
}

static enum di_status add_table(void *table, struct di_error *err)
{
	return di_builder_connect(builder, table, err);
}

static enum di_status free_table(void *table, struct di_error *err)
{
	return di_table_free(table, err);
}

/* What returns NULL and writes to an error of its own where there is none. */
static enum di_status new_with(void *options, struct di_error *err)
{
	struct di_error own;

	if (err == NULL)
		err = &own;
	return di_builder_new(options != NULL ? "x" : NULL, options, err) == NULL ? err->status
										  : DI_OK;
}

static enum di_status without_a_builder(void *call, struct di_error *err)
{
	struct di_row row = { .name = "x" };
	struct di_error own;

	if (err == NULL)
		err = &own;
	switch (*(const int *)call) {
	case 0:
		return di_builder_row(NULL, &row, err);
	case 1:
		return di_builder_export(NULL, NULL, err);
	case 2:
		return di_builder_connect(NULL, NULL, err);
	case 3:
		return di_builder_scope(NULL, NULL, err);
	case 4:
		return di_builder_new_scope(NULL, "x", 1, NULL, err);
	case 5:
		return di_builder_check(NULL, err);
	default:
		return di_builder_build(NULL, err) == NULL ? err->status : DI_OK;
	}
}

static enum di_status scope_without_a_name(void *unused, struct di_error *err)
{
	(void)unused;
	return di_builder_new_scope(builder, NULL, 1, NULL, err);
}

static enum di_status no_exports(void *unused, struct di_error *err)
{
	(void)unused;
	return di_builder_export(builder, NULL, err);
}

/* ---- Order. ---- */

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

START_TEST(rows_stand_below_what_they_need_and_else_as_they_were_added)
{
	ROW("factory", "query", .constructor = "query_new", ARGUMENTS(NEED("session")),
	    .destructor = "query_end");
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("context_resource", "session", .constructor = "session_new",
	    ARGUMENTS(NEED("store"), NEED("user")), .destructor = "session_end",
	    .scope = "request");
	ROW("state", "user", .type = "struct part", .scope = "request");
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("object", "config", VALUE(OBJECT("the_config")));
	ck_assert_uint_eq(di_builder_count(builder), 6);
	built_build();
	ck_assert_str_eq(order_of(built), "pool store user session query config");
	ck_assert_str_eq(built->name, "app");
}
END_TEST

START_TEST(rows_that_are_in_order_stay_so)
{
	ROW("object", "config", VALUE(OBJECT("the_config")));
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("state", "user", .type = "struct part", .scope = "request");
	built_build();
	ck_assert_str_eq(order_of(built), "config pool store user");
}
END_TEST

/* ---- Kinds. ---- */

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

/* ---- Scopes. ---- */

START_TEST(scopes_come_from_exports_the_program_and_the_builder)
{
	static const struct di_scope given = { "batch", 120 };
	struct di_context *batch, *task;

	expect_ok(di_builder_scope(builder, &given, &error));
	expect_ok(di_builder_scope(builder, &given, &error));
	expect_ok(di_builder_new_scope(builder, "task", 160, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "unused", 170, NULL, &error));
	ROW("state", "a", .type = "struct part", .scope = "job");
	ROW("state", "b", .type = "struct part", .scope = "batch");
	ROW("state", "c", .type = "struct part", .scope = "task");
	built_container();
	ck_assert_ptr_eq(di_table_scope(built, "job"), &di_scope_job);
	ck_assert_ptr_eq(di_table_scope(built, "batch"), &given);
	ck_assert_int_eq(di_table_scope(built, "unused")->rank, 170);
	ck_assert_ptr_null(di_table_scope(built, "taks"));
	ck_assert_ptr_null(di_table_scope(NULL, "task"));
	ck_assert_ptr_null(di_table_scope(built, NULL));
	batch = open_in(root, &given);
	task = open_in(batch, di_table_scope(built, "task"));
	expect_ok(di_state_put(task, row_named("c"), &config, &error));
	ck_assert_ptr_eq(get(task, "c"), &config);
	ck_assert_uint_eq(row_named("c")->life, 160);
	close_as(task, DI_DONE);
	close_as(batch, DI_DONE);
}
END_TEST

START_TEST(a_default_scope_is_that_of_rows_that_name_none)
{
	built_end();
	built_begin("app", &exports, "request");
	ROW("state", "user", .type = "struct part");
	ROW("lazy", "lazy", .type = "struct later", .scope = "job", MEMBERS(MEMBER("user")));
	built_build();
	ck_assert_ptr_eq(row_named("user")->scope, &di_scope_request);
	ck_assert_ptr_eq(row_named("lazy")->scope, &di_scope_job);
}
END_TEST

START_TEST(scopes_that_are_none_are_refused)
{
	struct di_scope other = { "job", 10 }, low = { "low", 0 }, high = { "high", 300 };

	expect_error(di_builder_scope(builder, &other, &error), DI_EINVAL);
	expect_text("there is another scope job");
	misuse_expect(add_scope, &low, DI_EINVAL,
		      "the scope low has the rank 0; ranks are from 1 to 299");
	misuse_expect(add_scope, &high, DI_EINVAL,
		      "the scope high has the rank 300; ranks are from 1 to 299");
	misuse_expect(add_scope, NULL, DI_EINVAL, "there is no scope");
	misuse_expect(scope_without_a_name, NULL, DI_EINVAL, "the scope has no name");
}
END_TEST

/* ---- Connected tables. ---- */

/* clang-format off */
#define BASE(X) \
	X(singleton, base_pool, struct part, (pool_new), pool_end) \
	X(context_resource, base_session, struct part, (store_new, base_pool), store_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);

START_TEST(rows_need_those_of_a_table_of_macros)
{
	struct di_container *base_container = di_container_new(&base, NULL, &error), *connected[1];
	struct di_options options = { .abi = DI_ABI,
				      .connected = connected,
				      .connected_count = 1,
				      .allocator = &memory.allocator };
	struct di_context *request;

	connected[0] = base_container;
	expect_ok(di_builder_connect(builder, &base, &error));
	ROW("factory", "query", .constructor = "query_new", ARGUMENTS(NEED("base_session")),
	    .destructor = "query_end");
	built_build();
	ck_assert_uint_eq(built->connects_count, 1);
	ck_assert_ptr_eq(built->connects[0], &base);
	ck_assert_uint_eq(row_named("query")->life, 100);
	container = di_container_new(built, &options, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	request = open_in(di_container_root(container), &di_scope_request);
	get(request, "query");
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	expect_ok(di_container_free(base_container, &error));
	journal_expect("created pool", "created store from pool", "created query from store",
		       "ended query done", "ended store done", "ended pool done");
}
END_TEST

START_TEST(built_tables_connect_built_tables)
{
	struct di_builder_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	const struct di_table *inner, *outer;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_build();
	inner = built;
	builder = di_builder_new("outer", &options, &error);
	expect_ok(di_builder_export(builder, &exports, &error));
	expect_ok(di_builder_connect(builder, inner, &error));
	misuse_expect(add_table, (void *)(uintptr_t)inner, DI_EINVAL, "app is connected already");
	ROW("singleton", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	outer = di_builder_build(builder, &error);
	ck_assert_msg(outer != NULL, "%s", error_text());
	expect_error(di_table_free(inner, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "in use: app is used by 1 container or table");
	expect_ok(di_table_free(outer, &error));
}
END_TEST

/* ---- Who owns what. ---- */

START_TEST(a_table_outlives_its_builder_and_what_that_was_given)
{
	char name[] = "pool", constructor[] = "pool_new", scope[] = "task", kind[] = "state";

	built_row((struct di_row){ .name = name,
				   .kind_name = "singleton",
				   .constructor = constructor,
				   .destructor = "pool_end" });
	expect_ok(di_builder_new_scope(builder, scope, 20, NULL, &error));
	built_row((struct di_row){
		.name = "user", .kind_name = kind, .type = "struct part", .scope = scope });
	memset(name, 'x', sizeof(name) - 1);
	memset(constructor, 'x', sizeof(constructor) - 1);
	memset(scope, 'x', sizeof(scope) - 1);
	built_container();
	ck_assert_ptr_nonnull(get(root, "pool"));
	ck_assert_str_eq(row_named("user")->scope->name, "task");
}
END_TEST

START_TEST(a_table_is_not_freed_while_a_container_of_it_lives)
{
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_container();
	expect_error(di_table_free(built, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "in use: app is used by 1 container or table");
	container_free_expect(DI_OK);
	expect_ok(di_table_free(built, &error));
	built = NULL;
}
END_TEST

START_TEST(a_table_of_macros_is_not_freed)
{
	misuse_expect(free_table, (void *)(uintptr_t)&base, DI_EINVAL,
		      "base was not built but compiled");
	expect_ok(di_table_free(NULL, &error));
}
END_TEST

START_TEST(a_builder_goes_on_after_it_has_built)
{
	const struct di_table *first;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	first = di_builder_build(builder, &error);
	ck_assert_ptr_nonnull(first);
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	built_build();
	ck_assert_str_eq(order_of(first), "pool");
	ck_assert_str_eq(order_of(built), "pool store");
	expect_ok(di_table_free(first, &error));
}
END_TEST

START_TEST(an_empty_table_is_a_table)
{
	built_container();
	ck_assert_uint_eq(built->count, 0);
}
END_TEST

/* ---- Misuse. ---- */

START_TEST(rows_that_lack_something_are_refused)
{
	static const struct di_argument no_text[1], no_kind[1] = { { .kind = 17, .text = "" } };
	static const struct di_member no_provider[1];
	struct {
		struct di_row row;
		const char *text;
	} cases[] = {
		{ { .kind_name = "list" }, "lacks its name" },
		{ { .name = "x" }, "the row x lacks its kind" },
		{ { .name = "x", .kind_name = "list", .members_count = 1 },
		  "the row x lacks what it counts" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1 },
		  "the row x lacks what it counts" },
		{ { .name = "x", .kind_name = "list", .members_count = 1, .members = no_provider },
		  "the row x lacks the provider of a member" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1, .arguments = no_text },
		  "the row x lacks the text of an argument" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1, .arguments = no_kind },
		  "the row x has an argument of no kind" },
		{ { .name = "x", .kind_name = "list", .value = no_text },
		  "the row x lacks the text of its value" },
		{ { .name = "x", .kind_name = "list", .value = no_kind },
		  "the row x has a value of no kind" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		misuse_expect(add_row, &cases[i].row, DI_EINVAL, cases[i].text);
	misuse_expect(add_row, NULL, DI_EINVAL, "there is no row");
	ck_assert_uint_eq(di_builder_count(builder), 0);
}
END_TEST

START_TEST(calls_without_a_builder_are_refused)
{
	for (int call = 0; call < 7; call++)
		misuse_expect(without_a_builder, &call, DI_EINVAL, "there is no builder");
	misuse_expect(new_with, NULL, DI_EINVAL, "the table has no name");
	misuse_expect(no_exports, NULL, DI_EINVAL, "there are no exports");
	misuse_expect(add_table, NULL, DI_EINVAL, "there is no table to connect");
	ck_assert_uint_eq(di_builder_count(NULL), 0);
	di_builder_free(NULL);
}
END_TEST

START_TEST(what_was_compiled_against_other_headers_is_refused)
{
	struct di_builder_options options = { .abi = DI_ABI + 1 };
	struct di_exports old = exports;
	struct di_table table = base;

	table.abi++;
	misuse_expect(new_with, &options, DI_EABI, "the options have abi");
	misuse_expect(add_table, &table, DI_EABI, "the table has abi");
	old.abi++;
	expect_error(di_builder_export(builder, &old, &error), DI_EABI);
	expect_text("the table of exports has abi");
	old.abi--;
	old.export_size--;
	expect_error(di_builder_export(builder, &old, &error), DI_EABI);
	expect_text("exports has abi");
}
END_TEST

static TCase *kinds(void)
{
	TCase *tcase = tcase_create("kinds");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, a_built_container_is_made_and_torn_down_as_one_of_macros);
	tcase_add_test(tcase, rows_know_lanes_lives_and_functions_as_the_compiler_has_them);
	tcase_add_test(tcase, constructors_of_all_three_conventions_make_values);
	tcase_add_test(tcase, DI_CONTEXT_is_the_home_of_the_value);
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
	return tcase;
}

static TCase *tables(void)
{
	TCase *tcase = tcase_create("tables");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, rows_stand_below_what_they_need_and_else_as_they_were_added);
	tcase_add_test(tcase, rows_that_are_in_order_stay_so);
	tcase_add_test(tcase, scopes_come_from_exports_the_program_and_the_builder);
	tcase_add_test(tcase, a_default_scope_is_that_of_rows_that_name_none);
	tcase_add_test(tcase, scopes_that_are_none_are_refused);
	tcase_add_test(tcase, rows_need_those_of_a_table_of_macros);
	tcase_add_test(tcase, built_tables_connect_built_tables);
	tcase_add_test(tcase, a_table_outlives_its_builder_and_what_that_was_given);
	tcase_add_test(tcase, a_table_is_not_freed_while_a_container_of_it_lives);
	tcase_add_test(tcase, a_table_of_macros_is_not_freed);
	tcase_add_test(tcase, a_builder_goes_on_after_it_has_built);
	tcase_add_test(tcase, an_empty_table_is_a_table);
	tcase_add_test(tcase, rows_that_lack_something_are_refused);
	tcase_add_test(tcase, calls_without_a_builder_are_refused);
	tcase_add_test(tcase, what_was_compiled_against_other_headers_is_refused);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("containers/builder");

	suite_add_tcase(suite, kinds());
	suite_add_tcase(suite, tables());
	return di_check_run(suite);
}
