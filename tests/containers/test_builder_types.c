/* SPDX-License-Identifier: MIT */
#include "tests/containers/faulty.h"

/* Kinds and types that do not fit, and what is said of them. */

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
		     "f(5) KIND scope: only a context_resource is strict, or an "
		     "async_context_resource\n"
		     "a(0) CYCLE member 0: it needs itself: a <- a\n");
}
END_TEST

/* ---- Asynchronous kinds. ---- */

START_TEST(constructors_and_kinds_are_asynchronous_or_not)
{
	static const struct di_kind mine = {
		.name = "mine", .home = DI_HOME_ROOT, .cached = 1, .async = 1
	};

	MADE("async_singleton", "a", pool, NOTHING);
	MADE("async_factory", "b", store, ARGUMENTS(NEED("a")));
	MADE("async_context_resource", "c", pool, .scope = "request");
	MADE("singleton", "d", slow, ARGUMENTS(NEED("a")));
	MADE("thread_singleton", "e", slow, ARGUMENTS(NEED("a")));
	ROW("context_resource", "f", .constructor = "slow_new", ARGUMENTS(NEED("a")),
	    .destructor = "pool_end", .scope = "request");
	ROW(NULL, "g", .kind = &mine, .constructor = "pool_new", .destructor = "pool_end");
	built_expect(
		"a(0) KIND constructor: pool_new is not asynchronous, and an async_singleton is; "
		"did you mean singleton?\n"
		"b(1) KIND constructor: store_new is not asynchronous, and an async_factory is; "
		"did you mean factory?\n"
		"c(2) KIND constructor: pool_new is not asynchronous, and an "
		"async_context_resource is; did you mean context_resource?\n"
		"d(3) KIND constructor: slow_new is asynchronous, and a singleton is not; did you "
		"mean async_singleton?\n"
		"e(4) KIND constructor: slow_new is asynchronous, and a thread_singleton is not\n"
		"f(5) KIND constructor: slow_new is asynchronous, and a context_resource is not; "
		"did you mean async_context_resource?\n"
		"g(6) KIND constructor: pool_new is not asynchronous, and a mine is\n");
}
END_TEST

START_TEST(only_asynchronous_rows_end_asynchronously)
{
	ROW("resource", "a", .constructor = "pool_new", .destructor = "slow_end");
	ROW("thread_singleton", "b", .constructor = "pool_new", .destructor = "slow_end");
	ROW("async_resource", "c", .constructor = "slow_new", ARGUMENTS(NEED("a")),
	    .destructor = "pool_end");
	ROW("async_resource", "d", .constructor = "slow_new", ARGUMENTS(NEED("a")),
	    .destructor = "clock_free");
	built_expect("a(0) KIND destructor: slow_end is asynchronous, and a resource is not; did "
		     "you mean async_resource?\n"
		     "b(1) KIND destructor: slow_end is asynchronous, and a thread_singleton is "
		     "not\n"
		     "d(3) TYPE destructor: clock_free ends a struct clock, and slow_new makes a "
		     "struct part\n");
}
END_TEST

START_TEST(asynchronous_rows_are_checked_as_others_are)
{
	MADE("async_singleton", "a", slow, ARGUMENTS(NEED("b")));
	MADE("async_context_resource", "b", slow, ARGUMENTS(NEED("clock")), .scope = "request");
	MADE("async_factory", "c", slow, ARGUMENTS(NEED("c")), .scope = "request");
	MADE("async_resource", "d", slow, .type = "struct clock");
	MADE("async_resource", "e", slwo, .strict = 1);
	ROW("singleton", "clock", .constructor = "clock_new", .destructor = "clock_free");
	built_expect(
		"b(1) TYPE argument 0: argument 1 of slow_new is a struct part *, and clock "
		"provides a struct clock *\n"
		"c(2) KIND scope: an async_factory takes no scope\n"
		"d(3) TYPE type: slow_new makes a struct part, not a struct clock\n"
		"d(3) ARGUMENTS constructor: slow_new takes 1 argument, here are 0\n"
		"e(4) UNKNOWN constructor: no constructor slwo_new is exported; did you mean "
		"slow_new?\n"
		"e(4) UNKNOWN destructor: no destructor slwo_end is exported; did you mean "
		"slow_end?\n"
		"e(4) KIND scope: only a context_resource is strict, or an "
		"async_context_resource\n"
		"c(2) CYCLE argument 0: it needs itself: c <- c\n"
		"a(0) CAPTIVE argument 0: of scope app, it would outlive b of scope request\n");
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

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder types");
	TCase *tcase = tcase_create("types");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, unknown_kinds_are_told_with_the_nearest);
	tcase_add_test(tcase, what_a_kind_needs_is_told);
	tcase_add_test(tcase, what_a_kind_does_not_take_is_told);
	tcase_add_test(tcase, constructors_and_kinds_are_asynchronous_or_not);
	tcase_add_test(tcase, only_asynchronous_rows_end_asynchronously);
	tcase_add_test(tcase, asynchronous_rows_are_checked_as_others_are);
	tcase_add_test(tcase, a_row_of_another_type_is_no_argument);
	tcase_add_test(tcase, const_may_be_added_and_not_taken_away);
	tcase_add_test(tcase, pointers_and_values_are_not_the_same);
	tcase_add_test(tcase, a_destructor_ends_what_the_constructor_makes);
	tcase_add_test(tcase, a_type_that_is_written_is_the_one_that_is_made);
	tcase_add_test(tcase, options_and_members_are_of_one_type);
	tcase_add_test(tcase, as_many_arguments_as_there_are_parameters);
	tcase_add_test(tcase, keys_are_there_and_differ);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
