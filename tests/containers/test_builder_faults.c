/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

#include <stdio.h>
#include <stdlib.h>

/* Everything that is wrong with the rows of a builder, and what is said of it. */

PART(pool)
PART_OF_1(store)
PART_OF_2(session)
PART_FAKE(config)

struct clock {
	int hour;
};

static int clock_new(struct clock **out)
{
	(void)out;
	return 1;
}

static void clock_free(struct clock *clock)
{
	(void)clock;
}

static int look(struct part **out, const struct clock *clock, int count)
{
	(void)out;
	(void)clock;
	return count;
}

static int wind(struct clock **out, struct clock *clock)
{
	(void)out;
	(void)clock;
	return 1;
}

static const char *choose(void)
{
	return "a";
}

static const struct clock noon = { 12 };

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part,  (pool_new)) \
	X(constructor, struct part,  (store_new, struct part *)) \
	X(constructor, struct part,  (session_new, struct part *, struct part *)) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct part,  (look, const struct clock *, int)) \
	X(constructor, struct clock, (wind, struct clock *)) \
	X(destructor,  struct part,  pool_end) \
	X(destructor,  struct part,  store_end) \
	X(destructor,  struct part,  session_end) \
	X(destructor,  struct clock, clock_free) \
	X(destructor,  void,         free) \
	X(chooser,     (choose)) \
	X(object,      the_config, struct part, &config) \
	X(object,      noon, const struct clock, &noon) \
	X(field,       struct clock, hour, int) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);

static void begin(void)
{
	built_begin("app", &exports, NULL);
}

/* clang-format off */
#define MADE(kind_, name_, function_, ...) \
	ROW(kind_, name_, .constructor = #function_ "_new", .destructor = #function_ "_end", \
	    __VA_ARGS__)
#define NOTHING .strict = 0
/* clang-format on */

/* ---- Names. ---- */

START_TEST(a_need_that_is_no_row_is_told_with_the_nearest_name)
{
	MADE("singleton", "app_pool", pool, NOTHING);
	MADE("singleton", "app_store", store, ARGUMENTS(NEED("app_pol")));
	MADE("singleton", "app_other", store, ARGUMENTS(NEED("something_else")));
	built_expect("app_store(1) MISSING argument 0: there is no row app_pol; did you mean "
		     "app_pool?\n"
		     "app_other(2) MISSING argument 0: there is no row something_else\n");
}
END_TEST

START_TEST(letters_that_were_exchanged_are_one_mistake)
{
	MADE("singleton", "ab", pool, NOTHING);
	MADE("singleton", "app_store", store, ARGUMENTS(NEED("ba")));
	built_expect("app_store(1) MISSING argument 0: there is no row ba; did you mean ab?\n");
}
END_TEST

START_TEST(a_name_used_twice_is_a_fault_of_the_second_row)
{
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singleton", "pool", pool, NOTHING);
	built_expect("pool(1) DUPLICATE name: there is another row of that name\n");
}
END_TEST

/* clang-format off */
#define BASE(X) X(singleton, base_pool, struct part, (pool_new), pool_end)
/* clang-format on */
DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);

START_TEST(names_of_connected_rows_are_taken)
{
	struct di_table again = base;

	again.name = "again";
	expect_ok(di_builder_connect(builder, &base, &error));
	expect_ok(di_builder_connect(builder, &again, &error));
	MADE("singleton", "base_pool", pool, NOTHING);
	built_expect("base_pool(0) DUPLICATE name: base, which app connects, has a row of that "
		     "name\n");
}
END_TEST

START_TEST(a_name_in_two_connected_tables_means_neither)
{
	struct di_table again = base;
	struct di_provider provider = base_pool;
	const struct di_provider *providers[] = { &provider };

	again.name = "again";
	again.providers = providers;
	provider.table = &again;
	expect_ok(di_builder_connect(builder, &base, &error));
	expect_ok(di_builder_connect(builder, &again, &error));
	MADE("singleton", "store", store, ARGUMENTS(NEED("base_pool")));
	built_expect("store(0) DUPLICATE argument 0: base_pool is a row of base and of again\n");
}
END_TEST

START_TEST(names_are_those_of_C)
{
	MADE("singleton", "app-pool", pool, NOTHING);
	MADE("singleton", "9pool", pool, NOTHING);
	MADE("singleton", "", pool, NOTHING);
	MADE("singleton", "_9", pool, NOTHING);
	built_expect("app-pool(0) NAME name: a name has letters, digits and _, and no digit in "
		     "front\n"
		     "9pool(1) NAME name: a name has letters, digits and _, and no digit in front\n"
		     "(2) NAME name: a name has letters, digits and _, and no digit in front\n");
}
END_TEST

START_TEST(functions_and_objects_that_are_not_exported_are_told)
{
	ROW("singleton", "pool", .constructor = "pol_new", .destructor = "pool_nd");
	ROW("object", "config", VALUE(OBJECT("teh_config")));
	ROW("selector", "one", .constructor = "chose", MEMBERS(KEYED("a", "config")));
	ROW("singleton", "store", .constructor = "store_new", .destructor = "di_keep",
	    ARGUMENTS(OBJECT("the_confog")));
	ROW("singleton", "wrong", .constructor = "pool_end", .destructor = "pool_new");
	built_expect(
		"pool(0) UNKNOWN constructor: no constructor pol_new is exported; did you mean "
		"pool_new?\n"
		"pool(0) UNKNOWN destructor: no destructor pool_nd is exported; did you mean "
		"pool_end?\n"
		"config(1) UNKNOWN value: no object teh_config is exported; did you mean "
		"the_config?\n"
		"one(2) UNKNOWN constructor: no chooser chose is exported; did you mean choose?\n"
		"store(3) UNKNOWN argument 0: no object the_confog is exported; did you mean "
		"the_config?\n"
		"wrong(4) UNKNOWN constructor: no constructor pool_end is exported; did you mean "
		"pool_new?\n"
		"wrong(4) UNKNOWN destructor: no destructor pool_new is exported; did you mean "
		"pool_end?\n");
}
END_TEST

START_TEST(a_member_that_is_not_exported_is_told)
{
	ROW("object", "clock", VALUE(OBJECT("noon")));
	ROW("singleton", "seen", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(NEED("clock"), NEED("clock.huor")));
	built_expect("seen(1) FIELD argument 1: no member huor of struct clock is exported; did "
		     "you mean hour?\n");
}
END_TEST

/* ---- Kinds. ---- */

START_TEST(unknown_kinds_are_told_with_the_nearest)
{
	MADE("singelton", "pool", pool, ARGUMENTS(NEED("nobody")));
	ROW("thing", "b", NOTHING);
	built_expect("pool(0) KIND kind: singelton is not a kind of provider; did you mean "
		     "singleton?\n"
		     "pool(0) MISSING argument 0: there is no row nobody\n"
		     "b(1) KIND kind: thing is not a kind of provider\n");
}
END_TEST

START_TEST(what_a_kind_needs_is_told)
{
	ROW("singleton", "a", NOTHING);
	ROW("object", "b", NOTHING);
	ROW("state", "c", NOTHING);
	ROW("context_resource", "d", NOTHING);
	ROW("selector", "e", NOTHING);
	ROW("list", "f", NOTHING);
	ROW("lazy", "g", .scope = "app");
	built_expect(
		"a(0) KIND row: a singleton needs a constructor\n"
		"a(0) KIND row: a singleton needs a destructor, di_keep where nothing ends it\n"
		"b(1) KIND row: an object needs a value\n"
		"c(2) KIND row: a state needs a type\n"
		"c(2) SCOPE row: it names no scope, and app has no default\n"
		"d(3) KIND row: a context_resource needs a constructor\n"
		"d(3) KIND row: a context_resource needs a destructor, di_keep where nothing ends "
		"it\n"
		"d(3) SCOPE row: it names no scope, and app has no default\n"
		"e(4) KIND row: a selector needs an option\n"
		"e(4) KIND row: a selector needs a chooser, or a key to choose always\n"
		"f(5) KIND row: a list needs a type\n"
		"g(6) KIND row: a lazy needs a type\n"
		"g(6) KIND row: a lazy needs a provider\n");
}
END_TEST

START_TEST(what_a_kind_does_not_take_is_told)
{
	MADE("singleton", "a", pool, .scope = "request", .always = "x", VALUE(PLAIN("1")),
	     MEMBERS(MEMBER("a")));
	MADE("state", "b", pool, .scope = "request", .type = "struct part", ARGUMENTS(NEED("a")));
	ROW("selector", "c", .constructor = "choose", .always = "x", MEMBERS(KEYED("x", "b")));
	ROW("selector", "d", .always = "x", MEMBERS(KEYED("x", "b")), ARGUMENTS(PLAIN("1")));
	ROW("lazy", "e", .type = "struct later", .scope = "request",
	    MEMBERS(MEMBER("a"), MEMBER("b")));
	ROW("state", "f", .type = "struct part", .scope = "request", .strict = 1);
	built_expect("a(0) KIND value: a singleton takes no value\n"
		     "a(0) KIND scope: a singleton takes no scope\n"
		     "a(0) KIND member 0: a singleton takes no member\n"
		     "a(0) KIND always: a singleton takes no key to choose always\n"
		     "b(1) KIND constructor: a state takes no constructor\n"
		     "b(1) KIND argument 0: a state takes no arguments\n"
		     "b(1) KIND destructor: a state takes no destructor\n"
		     "c(2) KIND always: a selector has a chooser or a key to choose always, not "
		     "both\n"
		     "d(3) KIND argument 0: what chooses always the same takes no arguments\n"
		     "e(4) KIND member 1: a lazy leads to one row\n"
		     "f(5) KIND scope: only a context_resource is strict\n"
		     "a(0) CYCLE member 0: it needs itself: a <- a\n");
}
END_TEST

/* ---- Types. ---- */

START_TEST(a_row_of_another_type_is_no_argument)
{
	ROW("singleton", "clock", .constructor = "clock_new", .destructor = "clock_free");
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singleton", "store", store, ARGUMENTS(NEED("clock")));
	MADE("singleton", "session", session, ARGUMENTS(NEED("pool"), NEED("clock")));
	built_expect("store(2) TYPE argument 0: argument 1 of store_new is a struct part *, and "
		     "clock provides a struct clock *\n"
		     "session(3) TYPE argument 1: argument 2 of session_new is a struct part *, "
		     "and clock provides a struct clock *\n");
}
END_TEST

START_TEST(const_may_be_added_and_not_taken_away)
{
	ROW("object", "given", VALUE(OBJECT("noon")));
	ROW("singleton", "wound", .constructor = "wind", .destructor = "clock_free",
	    ARGUMENTS(NEED("given")));
	ROW("singleton", "seen", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(NEED("wound"), PLAIN("1")));
	ROW("singleton", "taken", .constructor = "wind", .destructor = "clock_free",
	    ARGUMENTS(OBJECT("noon")));
	built_expect("wound(1) TYPE argument 0: argument 1 of wind is a struct clock *, and given "
		     "provides a const struct clock *\n"
		     "taken(3) TYPE argument 0: argument 1 of wind is a struct clock *, and noon "
		     "provides a const struct clock *\n");
}
END_TEST

START_TEST(pointers_and_values_are_not_the_same)
{
	ROW("object", "clock", VALUE(OBJECT("noon")));
	ROW("singleton", "a", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(PLAIN("1"), NEED("clock")));
	ROW("singleton", "b", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(STRING("1"), OBJECT("noon")));
	ROW("singleton", "c", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(NEED("clock.hour"), STRING("1")));
	built_expect("a(1) TYPE argument 0: argument 1 of look is a const struct clock *, which a "
		     "value cannot fill, but a row can\n"
		     "a(1) TYPE argument 1: argument 2 of look is an int, which a row cannot fill, "
		     "but a value or a member can\n"
		     "b(2) TYPE argument 0: argument 1 of look is a const struct clock *, not a "
		     "string\n"
		     "b(2) TYPE argument 1: argument 2 of look is an int, which an object cannot "
		     "fill, but a value can\n"
		     "c(3) TYPE argument 0: argument 1 of look is a const struct clock *, and "
		     "clock.hour is an int\n"
		     "c(3) TYPE argument 1: argument 2 of look is an int, not a string\n");
}
END_TEST

START_TEST(a_destructor_ends_what_the_constructor_makes)
{
	ROW("singleton", "a", .constructor = "pool_new", .destructor = "clock_free");
	ROW("singleton", "b", .constructor = "pool_new", .destructor = "free");
	built_expect("a(0) TYPE destructor: clock_free ends a struct clock, and pool_new makes a "
		     "struct part\n");
}
END_TEST

START_TEST(a_type_that_is_written_is_the_one_that_is_made)
{
	MADE("singleton", "a", pool, .type = "struct clock");
	MADE("singleton", "b", pool, .type = "const struct part");
	MADE("singleton", "c", pool, .type = " struct  part ");
	ROW("object", "d", .type = "struct clock", VALUE(OBJECT("noon")));
	ROW("object", "e", .type = "struct clock const", VALUE(OBJECT("noon")));
	ROW("state", "f", .type = "struct prt", .scope = "app");
	built_expect("a(0) TYPE type: pool_new makes a struct part, not a struct clock\n"
		     "b(1) TYPE type: pool_new makes a struct part, not a const struct part\n"
		     "d(3) TYPE type: noon is a const struct clock, not a struct clock\n"
		     "f(5) UNKNOWN type: nothing that is exported has the type struct prt\n");
}
END_TEST

START_TEST(options_and_members_are_of_one_type)
{
	MADE("singleton", "pool", pool, NOTHING);
	ROW("object", "clock", VALUE(OBJECT("noon")));
	ROW("selector", "a", .always = "x", MEMBERS(KEYED("x", "pool"), KEYED("y", "clock")));
	ROW("list", "b", .type = "struct parts", MEMBERS(MEMBER("pool"), MEMBER("clock")));
	ROW("dict", "c", .type = "struct stores", MEMBERS(KEYED("x", "clock")));
	ROW("lazy", "d", .type = "struct later", .scope = "app", MEMBERS(MEMBER("clock")));
	ROW("list", "e", .type = "struct stores", MEMBERS(MEMBER("pool")));
	built_expect("a(2) TYPE member 1: each option is a struct part, and clock provides a const "
		     "struct clock\n"
		     "b(3) TYPE member 1: each member is a struct part, and clock provides a const "
		     "struct clock\n"
		     "c(4) TYPE member 0: each member is a struct part, and clock provides a const "
		     "struct clock\n"
		     "d(5) TYPE member 0: it leads to a struct part, and clock provides a const "
		     "struct clock\n"
		     "e(6) UNKNOWN type: no list struct stores is exported\n");
}
END_TEST

START_TEST(as_many_arguments_as_there_are_parameters)
{
	MADE("singleton", "pool", pool, ARGUMENTS(PLAIN("1"), NEED("nobody")));
	MADE("singleton", "store", store, NOTHING);
	built_expect("pool(0) ARGUMENTS constructor: pool_new takes 0 arguments, here are 2\n"
		     "pool(0) MISSING argument 1: there is no row nobody\n"
		     "store(1) ARGUMENTS constructor: store_new takes 1 argument, here are 0\n");
}
END_TEST

START_TEST(keys_are_there_and_differ)
{
	MADE("singleton", "pool", pool, NOTHING);
	ROW("selector", "a", .always = "z",
	    MEMBERS(KEYED("x", "pool"), MEMBER("pool"), KEYED("x", "pool")));
	ROW("dict", "b", .type = "struct stores", MEMBERS(KEYED("x", "pool"), KEYED("x", "pool")));
	ROW("list", "c", .type = "struct parts", MEMBERS(KEYED("x", "pool")));
	built_expect("a(1) KEY member 1: it needs a key\n"
		     "a(1) KEY member 2: there is another option with the key \"x\"\n"
		     "a(1) KEY always: no option has the key \"z\"\n"
		     "b(2) KEY member 1: there is another member with the key \"x\"\n"
		     "c(3) KEY member 0: a list takes no keys\n");
}
END_TEST

/* ---- Scopes. ---- */

START_TEST(unknown_scopes_are_told_with_the_nearest)
{
	expect_ok(di_builder_new_scope(builder, "batch", 50, NULL, &error));
	ROW("state", "a", .type = "struct part", .scope = "requset");
	ROW("state", "b", .type = "struct part", .scope = "bacth");
	ROW("state", "c", .type = "struct part", .scope = "none");
	MADE("context_resource", "d", pool, .scope = "any", .strict = 1);
	built_expect("a(0) SCOPE scope: there is no scope requset; did you mean "
		     "request?\n"
		     "b(1) SCOPE scope: there is no scope bacth; did you mean batch?\n"
		     "c(2) SCOPE scope: none is a scope of contexts, no row lives in it\n"
		     "d(3) SCOPE scope: any is whatever context is innermost, strict can be only "
		     "one scope\n");
}
END_TEST

START_TEST(scopes_of_the_builders_own_are_checked)
{
	expect_ok(di_builder_new_scope(builder, "a-b", 50, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "app", 50, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "late", 300, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "late", 3, NULL, &error));
	built_expect(" NAME scope: the scope a-b: a name has letters, digits and _, and no digit "
		     "in front\n"
		     " DUPLICATE scope: there is another scope app\n"
		     " SCOPE scope: the scope late has the rank 300; ranks are from 1 to 299\n"
		     " DUPLICATE scope: there is another scope late\n");
}
END_TEST

START_TEST(a_container_has_at_most_32_scopes)
{
	char name[16];

	for (int i = 1; i < 34; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		expect_ok(di_builder_new_scope(builder, name, i, NULL, &error));
		ROW("state", name, .type = "struct part", .scope = name);
	}
	built_expect("s33(32) LIMIT scope: app uses more than 32 scopes\n");
}
END_TEST

/* ---- Cycles. ---- */

START_TEST(cycles_are_told_with_their_path)
{
	MADE("singleton", "a", store, ARGUMENTS(NEED("b")));
	MADE("singleton", "b", store, ARGUMENTS(NEED("a")));
	MADE("singleton", "c", session, ARGUMENTS(NEED("a"), NEED("c")));
	MADE("factory", "d", store, ARGUMENTS(NEED("e")));
	MADE("factory", "e", store, ARGUMENTS(NEED("f")));
	ROW("selector", "f", .always = "d", MEMBERS(KEYED("d", "d")));
	built_expect("b(1) CYCLE argument 0: it needs itself: a <- b <- a\n"
		     "c(2) CYCLE argument 1: it needs itself: c <- c\n"
		     "f(5) CYCLE member 0: it needs itself: d <- f <- e <- d\n");
}
END_TEST

START_TEST(long_cycles_keep_both_ends)
{
	char name[16], need[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		snprintf(need, sizeof(need), "n%d", (i + 1) % 100);
		MADE("singleton", name, store, ARGUMENTS(NEED(need)));
	}
	built_expect("n99(99) CYCLE argument 0: it needs itself: n0 <- n99 <- n98 <- n97 <- n96 <- "
		     "n95 <- n94 <- n93 <- n92 <- ... 89 more ... <- n2 <- n1 <- n0\n");
}
END_TEST

START_TEST(a_lazy_closes_no_cycle_but_with_itself)
{
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("pool")));
	MADE("singleton", "pool", pool, NOTHING);
	ROW("lazy", "self", .type = "struct later", .scope = "app", MEMBERS(MEMBER("self")));
	built_expect("self(2) TYPE member 0: it leads to a struct part, and self provides a const "
		     "struct later\n"
		     "self(2) CYCLE member 0: it leads to itself\n");
}
END_TEST

/* ---- Lives. ---- */

START_TEST(rows_that_would_outlive_what_they_need_are_told)
{
	MADE("context_resource", "session", pool, .scope = "request");
	MADE("context_resource", "call", pool, .scope = "inject");
	MADE("singleton", "pool", store, ARGUMENTS(NEED("session")));
	MADE("context_resource", "view", store, .scope = "request", ARGUMENTS(NEED("call")));
	MADE("context_resource", "fine", store, .scope = "any", ARGUMENTS(NEED("call")));
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("session")));
	built_expect("pool(2) CAPTIVE argument 0: of scope app, it would outlive session of scope "
		     "request\n"
		     "view(3) CAPTIVE argument 0: of scope request, it would outlive call of scope "
		     "inject\n"
		     "lazy(5) CAPTIVE member 0: of scope app, it would outlive session of scope "
		     "request\n");
}
END_TEST

START_TEST(the_way_through_what_passes_a_life_on_is_told)
{
	MADE("context_resource", "session", pool, .scope = "request");
	MADE("factory", "query", store, ARGUMENTS(NEED("session")));
	ROW("selector", "one", .always = "a", MEMBERS(KEYED("a", "query")));
	ROW("list", "all", .type = "struct parts", MEMBERS(MEMBER("one")));
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("one")));
	MADE("singleton", "cache", store, ARGUMENTS(NEED("one")));
	built_expect("cache(5) CAPTIVE argument 0: of scope app, it would outlive session of scope "
		     "request: session <- query <- one <- cache\n"
		     "lazy(4) CAPTIVE member 0: of scope app, it would outlive session of scope "
		     "request: session <- query <- one <- lazy\n");
}
END_TEST

START_TEST(long_ways_keep_both_ends)
{
	char name[16], need[16] = "session";

	MADE("context_resource", "session", pool, .scope = "request");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		MADE("factory", name, store, ARGUMENTS(NEED(need)));
		strcpy(need, name);
	}
	MADE("singleton", "cache", store, ARGUMENTS(NEED(need)));
	built_expect("cache(21) CAPTIVE argument 0: of scope app, it would outlive session of "
		     "scope request: session <- ... 12 more ... <- f12 <- f13 <- f14 <- f15 <- f16 "
		     "<- f17 <- f18 <- f19 <- cache\n");
}
END_TEST

/* clang-format off */
#define LIVES(X) \
	X(context_resource, lives_session, struct part, (pool_new), pool_end, request) \
	X(factory,          lives_query,   struct part, (store_new, lives_session), store_end)
/* clang-format on */
DI_CONTAINER_DECLARE(lives, LIVES);
DI_CONTAINER_DEFINE(lives, LIVES);

START_TEST(lives_of_connected_rows_count)
{
	expect_ok(di_builder_connect(builder, &lives, &error));
	MADE("singleton", "a", store, ARGUMENTS(NEED("lives_query")));
	built_expect("a(0) CAPTIVE argument 0: of scope app, it would outlive lives_query of scope "
		     "request\n");
}
END_TEST

/* ---- All of them. ---- */

START_TEST(every_fault_is_told_in_one_go)
{
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singelton", "a", store, ARGUMENTS(NEED("pol")));
	MADE("singleton", "b", store, ARGUMENTS(NEED("b")));
	MADE("context_resource", "c", pool, .scope = "request");
	MADE("singleton", "d", store, ARGUMENTS(NEED("c")));
	built_expect(
		"pool(1) DUPLICATE name: there is another row of that name\n"
		"a(2) KIND kind: singelton is not a kind of provider; did you mean "
		"singleton?\n"
		"a(2) MISSING argument 0: there is no row pol; did you mean pool?\n"
		"b(3) CYCLE argument 0: it needs itself: b <- b\n"
		"d(5) CAPTIVE argument 0: of scope app, it would outlive c of scope request\n");
	ck_assert_str_eq(error_text(), "pool: invalid argument: there is another row of that name "
				       "and 4 more errors");
}
END_TEST

START_TEST(a_builder_with_faults_builds_nothing)
{
	MADE("singleton", "b", store, ARGUMENTS(NEED("b")));
	expect_null(di_builder_build(builder, &error), DI_EINVAL);
	ck_assert_int_eq(faults_count, 1);
	expect_null(di_builder_build(builder, &error), DI_EINVAL);
	ck_assert_int_eq(faults_count, 1);
	ck_assert_str_eq(error_text(), "b: invalid argument: it needs itself: b <- b");
	ck_assert_ptr_null(di_builder_build(builder, NULL));
}
END_TEST

START_TEST(a_fault_can_be_mended_by_a_further_row)
{
	MADE("singleton", "store", store, ARGUMENTS(NEED("pool")));
	built_expect("store(0) MISSING argument 0: there is no row pool\n");
	MADE("singleton", "pool", pool, NOTHING);
	built_build();
}
END_TEST

struct position {
	int row, argument;
};

static struct position found;

static void keep_position(const struct di_fault *fault, void *data)
{
	(void)data;
	found.row = *(const int *)fault->row_at;
	found.argument = *(const int *)fault->at;
}

START_TEST(faults_come_with_the_callers_own_positions)
{
	static const int row = 7, argument = 9;
	struct di_builder_options options = { .abi = DI_ABI, .report = keep_position };
	struct di_builder *other = di_builder_new("x", &options, &error);
	struct di_argument need = { .kind = DI_ARGUMENT_NEED, .text = "none", .at = &argument };

	expect_ok(di_builder_export(other, &exports, &error));
	expect_ok(di_builder_row(other,
				 &(struct di_row){ .name = "a",
						   .kind_name = "singleton",
						   .constructor = "store_new",
						   .destructor = "store_end",
						   .arguments = &need,
						   .arguments_count = 1,
						   .at = &row },
				 &error));
	expect_error(di_builder_check(other, &error), DI_EINVAL);
	ck_assert_int_eq(found.row, 7);
	ck_assert_int_eq(found.argument, 9);
	di_builder_free(other);
}
END_TEST

START_TEST(faults_have_names)
{
	ck_assert_str_eq(di_fault_name(DI_FAULT_CAPTIVE), "DI_FAULT_CAPTIVE");
	ck_assert_str_eq(di_fault_name((enum di_fault_kind)99), "DI_FAULT_?");
}
END_TEST

static TCase *rows(void)
{
	TCase *tcase = tcase_create("rows");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, a_need_that_is_no_row_is_told_with_the_nearest_name);
	tcase_add_test(tcase, letters_that_were_exchanged_are_one_mistake);
	tcase_add_test(tcase, a_name_used_twice_is_a_fault_of_the_second_row);
	tcase_add_test(tcase, names_of_connected_rows_are_taken);
	tcase_add_test(tcase, a_name_in_two_connected_tables_means_neither);
	tcase_add_test(tcase, names_are_those_of_C);
	tcase_add_test(tcase, functions_and_objects_that_are_not_exported_are_told);
	tcase_add_test(tcase, a_member_that_is_not_exported_is_told);
	tcase_add_test(tcase, unknown_kinds_are_told_with_the_nearest);
	tcase_add_test(tcase, what_a_kind_needs_is_told);
	tcase_add_test(tcase, what_a_kind_does_not_take_is_told);
	tcase_add_test(tcase, a_row_of_another_type_is_no_argument);
	tcase_add_test(tcase, const_may_be_added_and_not_taken_away);
	tcase_add_test(tcase, pointers_and_values_are_not_the_same);
	tcase_add_test(tcase, a_destructor_ends_what_the_constructor_makes);
	tcase_add_test(tcase, a_type_that_is_written_is_the_one_that_is_made);
	tcase_add_test(tcase, options_and_members_are_of_one_type);
	tcase_add_test(tcase, as_many_arguments_as_there_are_parameters);
	tcase_add_test(tcase, keys_are_there_and_differ);
	return tcase;
}

static TCase *graphs(void)
{
	TCase *tcase = tcase_create("graphs");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, unknown_scopes_are_told_with_the_nearest);
	tcase_add_test(tcase, scopes_of_the_builders_own_are_checked);
	tcase_add_test(tcase, a_container_has_at_most_32_scopes);
	tcase_add_test(tcase, cycles_are_told_with_their_path);
	tcase_add_test(tcase, long_cycles_keep_both_ends);
	tcase_add_test(tcase, a_lazy_closes_no_cycle_but_with_itself);
	tcase_add_test(tcase, rows_that_would_outlive_what_they_need_are_told);
	tcase_add_test(tcase, the_way_through_what_passes_a_life_on_is_told);
	tcase_add_test(tcase, long_ways_keep_both_ends);
	tcase_add_test(tcase, lives_of_connected_rows_count);
	tcase_add_test(tcase, every_fault_is_told_in_one_go);
	tcase_add_test(tcase, a_builder_with_faults_builds_nothing);
	tcase_add_test(tcase, a_fault_can_be_mended_by_a_further_row);
	tcase_add_test(tcase, faults_come_with_the_callers_own_positions);
	tcase_add_test(tcase, faults_have_names);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("containers/builder_faults");

	suite_add_tcase(suite, rows());
	suite_add_tcase(suite, graphs());
	return di_check_run(suite);
}
