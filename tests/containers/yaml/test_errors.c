/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/loaded.h"

#include "tests/support/check_main.h"

#include <stdlib.h>

/*
 * What a file can have wrong, and what is then said. Lines count from the three that try_load()
 * puts in front.
 */

#define OWN "destroy: app_part_free"
#define SETTINGS "- {name: settings, kind: object, object: app_settings}\n"
#define PART(name_) "- {name: " name_ ", kind: singleton, create: part_new, " OWN "}\n"
#define OF(name_, need_)                                                                           \
	"- {name: " name_ ", kind: singleton, " OWN ", create: part_of, args: [{ref: " need_ "}]}" \
	"\n"
#define NAMED(args_) "- {name: n, kind: singleton, " OWN ", create: part_named, args: " args_ "}\n"
#define NUMBERS(args_)                                                                             \
	"- {name: n, kind: singleton, " OWN ", create: part_of_numbers, args: " args_ "}\n"

struct wrong {
	const char *text, *said;
};

/* ---- Names of exports and rows ---- */

static const struct wrong names[] = {
	{ "- {name: s, kind: object, object: app_setings}\n",
	  "5:35: s: no object app_setings is exported; did you mean app_settings? "
	  "[providers[0].object]\n" },
	{ "- {name: p, kind: singleton, create: part_nwe, destroy: app_part_fre}\n",
	  "5:38: p: no constructor part_nwe is exported; did you mean part_new? "
	  "[providers[0].create]\n"
	  "5:57: p: no destructor app_part_fre is exported; did you mean app_part_free? "
	  "[providers[0].destroy]\n" },
	{ OF("a", "nowhere"), "5:84: a: there is no row nowhere [providers[0].args[0].ref]\n" },
	{ PART("ab") OF("a", "abc"),
	  "6:84: a: there is no row abc; did you mean ab? [providers[1].args[0].ref]\n" },
	{ SETTINGS NAMED("[{ref: settings.db.urll}]"),
	  "6:87: n: no member db.urll of struct settings is exported; did you mean db.url? "
	  "[providers[1].args[0].ref]\n" },
	{ "- {name: s, kind: selector, select: chose, cases: [{when: a, ref: p}]}\n" PART("p"),
	  "5:37: s: no chooser chose is exported; did you mean choose? [providers[0].select]\n" },
	{ "- {name: l, kind: list, type: struct partz, items: []}\n",
	  "5:31: l: no list struct partz is exported [providers[0].type]\n" },
	{ PART("a") "- {name: c, kind: context_resource, scope: requst, create: part_new, " OWN
		    "}\n",
	  "6:44: c: there is no scope requst; did you mean request? [providers[1].scope]\n" },
	{ NAMED("[{ref: ''}]"),
	  "5:87: '' is no row, and no member of one: row.member [providers[0].args[0].ref]\n" },
	{ NAMED("[{ref: a.}]"),
	  "5:87: 'a.' is no row, and no member of one: row.member [providers[0].args[0].ref]\n" },
	{ NAMED("[{ref: .a}]"),
	  "5:87: '.a' is no row, and no member of one: row.member [providers[0].args[0].ref]\n" },
	{ NAMED("[{ref: a..b}]"), "5:87: 'a..b' is no row, and no member of one: row.member "
				  "[providers[0].args[0].ref]\n" },
	{ NAMED("[{env: ''}]"), "5:87: '' is no variable [providers[0].args[0].env]\n" },
	{ PART("DI_CONTEXT"),
	  "5:10: DI_CONTEXT: DI_CONTEXT is the context that a value is made in, "
	  "and no row [providers[0].name]\n" },
	{ PART("p") "- {name: s, kind: selector, always: z, cases: [{when: x}, {ref: p}, {when: z, "
		    "ref: q}]}\n",
	  "6:48: the key 'ref' is missing [providers[1].cases[0]]\n"
	  "6:59: the key 'when' is missing [providers[1].cases[1]]\n"
	  "6:84: s: there is no row q; did you mean p? [providers[1].cases[2].ref]\n" },
	{ "- {name: l, kind: list, type: \"a\\nb\", items: []}\n",
	  "5:31: l: no list a?b is exported [providers[0].type]\n" },
};

/* ---- Types ---- */

static const struct wrong types[] = {
	{ SETTINGS OF("a", "settings"),
	  "6:84: a: argument 1 of part_of is a struct part *, and settings provides a const struct "
	  "settings * [providers[1].args[0].ref]\n" },
	{ "- {name: o, kind: object, type: const struct part, object: app_given}\n" OF("a", "o"),
	  "6:84: a: argument 1 of part_of is a struct part *, and o provides a const struct part * "
	  "[providers[1].args[0].ref]\n" },
	{ SETTINGS NAMED("[{ref: settings.db.retries}]"),
	  "6:87: n: argument 1 of part_named is a const char *, and settings.db.retries is an int "
	  "[providers[1].args[0].ref]\n" },
	{ "- {name: p, kind: singleton, create: user_new, " OWN "}\n",
	  "5:57: p: app_part_free ends a struct part, and user_new makes a struct user "
	  "[providers[0].destroy]\n" },
	{ OF("a", "DI_CONTEXT"),
	  "5:84: a: argument 1 of part_of is a struct part *, and DI_CONTEXT provides a struct "
	  "di_context * [providers[0].args[0].ref]\n" },
	{ PART("p") SETTINGS "- {name: l, kind: list, type: struct parts, items: [p, settings]}\n",
	  "7:56: l: each member is a struct part, and settings provides a const struct settings "
	  "[providers[2].items[1]]\n" },
};

/* ---- Asynchronous rows ---- */

static const struct wrong later[] = {
	{ "- {name: a, kind: async_singleton, create: part_new, " OWN "}\n",
	  "5:44: a: part_new is not asynchronous, and an async_singleton is; did you mean "
	  "singleton? [providers[0].create]\n" },
	{ "- {name: a, kind: resource, create: part_later, destroy: part_end_later}\n",
	  "5:37: a: part_later is asynchronous, and a resource is not; did you mean "
	  "async_resource? [providers[0].create]\n" },
	{ "- {name: a, kind: factory, create: part_new, destroy: part_end_later}\n",
	  "5:55: a: part_end_later is asynchronous, and a factory is not; did you mean "
	  "async_factory? [providers[0].destroy]\n" },
	{ "- {name: a, kind: async_singleton, create: part_latr, destroy: part_end_latr}\n",
	  "5:44: a: no constructor part_latr is exported; did you mean part_later? "
	  "[providers[0].create]\n"
	  "5:64: a: no destructor part_end_latr is exported; did you mean part_end_later? "
	  "[providers[0].destroy]\n" },
	{ "- {name: a, kind: async_resource, create: part_later, " OWN ", strict: true}\n"
	  "- {name: b, kind: async_factory, create: part_later, scope: app}\n",
	  "5:79: a row of the kind async_resource has no 'strict' [providers[0].strict]\n"
	  "6:3: a row of the kind async_factory needs the key 'destroy' [providers[1]]\n"
	  "6:54: a row of the kind async_factory has no 'scope' [providers[1].scope]\n" },
	{ "- {name: a, kind: async_singleton, create: part_later_of, args: [{ref: b}, {int: 3}, "
	  "{int: x}], " OWN "}\n"
	  "- {name: b, kind: async_context_resource, create: part_later, " OWN "}\n",
	  "5:72: a: of scope app, it would outlive b of scope request "
	  "[providers[0].args[0].ref]\n"
	  "5:82: a: 'int' stands here, and the parameter is a const char * "
	  "[providers[0].args[1].int]\n"
	  "5:92: 'x' is no whole number [providers[0].args[2].int]\n" },
	{ "- {name: a, kind: async_singleton, create: part_later_of, args: [{ref: b}, {str: c}, "
	  "{int: 3}], " OWN "}\n"
	  "- {name: b, kind: async_context_resource, create: part_later, " OWN "}\n",
	  "5:72: a: of scope app, it would outlive b of scope request "
	  "[providers[0].args[0].ref]\n" },
	{ "- {name: a, kind: async_context_resource, create: part_later, strict: true, scope: "
	  "any, " OWN "}\n",
	  "5:84: a: any is whatever context is innermost, strict can be only one scope "
	  "[providers[0].scope]\n" },
	{ "- {name: a, kind: async_singletn, create: part_later, " OWN "}\n",
	  "5:19: 'async_singletn' is no kind; did you mean 'async_singleton'? there are: object, "
	  "singleton, thread_singleton, resource, context_resource, factory, async_singleton, "
	  "async_resource, async_context_resource, async_factory, state, selector, list, dict, "
	  "lazy [providers[0].kind]\n" },
};

/* ---- Arguments ---- */

static const struct wrong arguments[] = {
	{ NAMED("[]"), "5:62: n: part_named takes 1 argument, here are 0 [providers[0].create]\n" },
	{ NUMBERS("[{int: 128}, {int: -1}, {float: 1.5}, {bool: true}, {int: 1}]"),
	  "5:92: n: argument 1 of part_of_numbers is a signed char: a whole number from -128 to "
	  "127, not 128 [providers[0].args[0].int]\n"
	  "5:104: n: argument 2 of part_of_numbers is an unsigned short: a whole number from 0 to "
	  "65535, not -1 [providers[0].args[1].int]\n"
	  "5:117: n: argument 3 of part_of_numbers is an unsigned long long: a whole number from 0 "
	  "to 18446744073709551615, not 1.5 [providers[0].args[2].float]\n"
	  "5:130: n: argument 4 of part_of_numbers is a float: a number that a float has, not true "
	  "[providers[0].args[3].bool]\n"
	  "5:143: n: argument 5 of part_of_numbers is a _Bool: true or false, not 1 "
	  "[providers[0].args[4].int]\n" },
	{ NUMBERS("[{int: 10abc}, {int: 010}, {int: ''}, {float: 1.5xyz}, {bool: flase}]"),
	  "5:92: '10abc' is no whole number [providers[0].args[0].int]\n"
	  "5:106: '010' is no whole number [providers[0].args[1].int]\n"
	  "5:118: '' is no whole number; it is written without quotes [providers[0].args[2].int]\n"
	  "5:131: '1.5xyz' is no number [providers[0].args[3].float]\n"
	  "5:147: 'flase' is no truth: true or false [providers[0].args[4].bool]\n" },
	{ NUMBERS("[{int: 1e3}, {int: 1_000}, {int: 0b11}, {float: nan}, {bool: maybe}]"),
	  "5:92: '1e3' is no whole number [providers[0].args[0].int]\n"
	  "5:104: '1_000' is no whole number [providers[0].args[1].int]\n"
	  "5:118: '0b11' is no whole number [providers[0].args[2].int]\n"
	  "5:133: 'nan' is no number [providers[0].args[3].float]\n"
	  "5:146: 'maybe' is no truth: true or false [providers[0].args[4].bool]\n" },
	{ NUMBERS("[{int: 18446744073709551616}, {int: '5'}, {int: 0x10}, {float: '1'}, "
		  "{bool: ''}]"),
	  "5:92: '18446744073709551616' is no whole number [providers[0].args[0].int]\n"
	  "5:121: '5' is no whole number; it is written without quotes [providers[0].args[1].int]\n"
	  "5:133: '0x10' is no whole number [providers[0].args[2].int]\n"
	  "5:148: '1' is no number; it is written without quotes [providers[0].args[3].float]\n"
	  "5:161: '' is no truth: true or false; it is written without quotes "
	  "[providers[0].args[4].bool]\n" },
	{ NAMED("[{}]"),
	  "5:81: an argument is one of ref, int, float, bool, str, env [providers[0].args[0]]\n" },
	{ NAMED("[{str: a, int: 1}]"), "5:81: an argument is one of ref, int, float, bool, str, "
				       "env, and here are 2 [providers[0].args[0]]\n" },
	{ NAMED("[{str: a, default: b}]"),
	  "5:90: only env has a default [providers[0].args[0].default]\n" },
	{ NAMED("[{int: 5}]"), "5:87: n: 'int' stands here, and the parameter is a const char * "
			       "[providers[0].args[0].int]\n" },
	{ NAMED("[{bool: true}]"), "5:88: n: 'bool' stands here, and the parameter is a const char "
				   "* [providers[0].args[0].bool]\n" },
	{ NAMED("[{env: DI_YAML_UNSET}]"), "5:87: n: DI_YAML_UNSET is not set in the environment, "
					   "and there is no default [providers[0].args[0].env]\n" },
	{ OF("a", "p") OF("b", "p") PART("p") "- {name: n, kind: singleton, " OWN
					      ", create: part_of, args: [1, 2]}\n",
	  "8:78: here stands a word, where a mapping is expected [providers[3].args[0]]\n"
	  "8:81: here stands a word, where a mapping is expected [providers[3].args[1]]\n" },
	{ NAMED("[{str: a}, {str: a}, {str: a}, {str: a}, {str: a}, {str: a}, {str: a}, {str: a}, "
		"{str: a}]"),
	  "5:80: n: there are at most 8 here, not 9 [providers[0].args]\n" },
	{ "- {name: o, kind: object, type: const int, value: {int: x}}\n",
	  "5:57: 'x' is no whole number [providers[0].value.int]\n" },
	{ "- {name: o, kind: object, type: const char, value: {int: 5}}\n",
	  "5:58: o: 'int' stands here, and the type is const char [providers[0].value.int]\n" },
	{ "- {name: o, kind: object, type: const int, value: {str: x}}\n",
	  "5:57: o: it is an int, not a string [providers[0].value.str]\n" },
	{ "- {name: o, kind: object, object: app_given, type: const int, value: {int: 5}}\n",
	  "5:70: 'o' has an object already [providers[0].value]\n" },
};

/* ---- Graphs ---- */

static const struct wrong graphs[] = {
	{ OF("a", "c") OF("b", "a") OF("c", "b"),
	  "6:84: b: it needs itself: a <- b <- c <- a [providers[1].args[0].ref]\n" },
	{ OF("a", "a"), "5:84: a: it needs itself: a <- a [providers[0].args[0].ref]\n" },
	{ "- {name: s, kind: context_resource, create: part_new, " OWN "}\n"
	  "- {name: f, kind: factory, create: part_of, args: [{ref: s}], " OWN "}\n" OF("a", "f"),
	  "7:84: a: of scope app, it would outlive s of scope request: s <- f <- a "
	  "[providers[2].args[0].ref]\n" },
	{ "- {name: s, kind: context_resource, create: part_new, " OWN "}\n"
	  "- {name: l, kind: lazy, type: struct later_part, target: s, scope: app}\n",
	  "6:58: l: of scope app, it would outlive s of scope request [providers[1].target]\n" },
	{ PART("p") "- {name: s, kind: selector, always: z, cases: [{when: x, ref: p}, {when: x, "
		    "ref: p}]}\n",
	  "6:37: s: no option has the key \"z\" [providers[1].always]\n"
	  "6:74: s: there is another option with the key \"x\" [providers[1].cases[1].when]\n" },
	{ PART("p") "- {name: d, kind: dict, type: struct parts_by_name, entries: [{key: x, ref: "
		    "p}, "
		    "{key: x, ref: p}]}\n",
	  "6:87: d: there is another member with the key \"x\" [providers[1].entries[1].key]\n" },
	{ "- {name: c, kind: context_resource, strict: yes, create: part_new, " OWN "}\n",
	  "5:45: 'yes' is no truth: true or false [providers[0].strict]\n" },
	{ "- {name: c, kind: context_resource, strict: true, scope: any, create: part_new, " OWN
	  "}\n",
	  "5:58: c: any is whatever context is innermost, strict can be only one scope "
	  "[providers[0].scope]\n" },
	{ PART("p") "- {name: s, kind: selector, cases: [{when: x, ref: p}]}\n",
	  "6:3: s: a selector needs a chooser, or a key to choose always [providers[1]]\n" },
};

/* ---- What surrounds rows ---- */

static const struct wrong around[] = {
	{ "connects: [storage, stor]\n",
	  "4:21: 'stor' is no container that the program lets be connected [connects[1]]\n" },
	{ "scopes: [{name: batch, rank: 1}, {name: other, rank: 300}, {name: third, rank: x}]\n",
	  "4:30: '1' is no rank: from 2 to 299 [scopes[0].rank]\n"
	  "4:54: '300' is no rank: from 2 to 299 [scopes[1].rank]\n"
	  "4:80: 'x' is no rank: from 2 to 299 [scopes[2].rank]\n" },
	{ "scopes: [{name: request, rank: 5}]\n",
	  "4:17: there is another scope request [scopes[0].name]\n" },
	{ "scopes: [{name: batch, rank: 5}, {name: batch, rank: 6}]\n",
	  "4:41: there is another scope batch [scopes[1].name]\n" },
	{ "overrides: [{provider: a, with: settings}]\nproviders:\n" PART("a") SETTINGS,
	  "4:33: a: each option is a struct part, and settings provides a const struct settings "
	  "[overrides[0].with]\n" },
	{ "overrides: [{provider: a, object: app_settings}]\nproviders:\n" PART("a"),
	  "4:35: a: app_settings is a const struct settings, not a struct part "
	  "[overrides[0].object]\n" },
	{ "overrides: [{provider: a, with: b}, {provider: b, with: a}]\nproviders:\n" PART("a")
		  PART("b"),
	  "4:57: b: it needs itself: a <- b <- a [overrides[1].with]\n" },
	{ "container: app\n", "4:1: the key 'container' stands here twice, first in line 2 "
			      "[container]\n" },
	{ "plugins: [x.so]\n", "4:1: the program allows no plug-ins [plugins]\n" },
};

static void expect_said(const struct wrong *wrong, const char *before)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s", before, wrong->text);
	ck_assert_msg(!try_load(text), "%s", text);
	ck_assert_str_eq(said.text, wrong->said);
	ck_assert_int_eq(error.status, DI_EINVAL);
	ck_assert_uint_eq(error.more, said.count - 1);
}

START_TEST(names_that_are_not_there_are_told_with_the_nearest)
{
	expect_said(&names[_i], "providers:\n");
}
END_TEST

START_TEST(wrong_types_are_told_with_both)
{
	expect_said(&types[_i], "providers:\n");
}
END_TEST

START_TEST(wrong_asynchronous_rows_are_told)
{
	expect_said(&later[_i], "providers:\n");
}
END_TEST

START_TEST(wrong_arguments_are_told_at_their_places)
{
	expect_said(&arguments[_i], "providers:\n");
}
END_TEST

START_TEST(wrong_graphs_are_told_with_their_paths)
{
	expect_said(&graphs[_i], "providers:\n");
}
END_TEST

START_TEST(what_surrounds_rows_is_checked_too)
{
	expect_said(&around[_i], "");
}
END_TEST

START_TEST(everything_is_told_in_one_run_in_the_order_of_the_file)
{
	ck_assert(!try_load(
		"colour: red\n"
		"providers:\n" OF("a", "b") OF("b", "a")
			OF("c", "nowhere") "- {name: d, kind: objct}\n" NAMED("[{int: x}]")));
	ck_assert_str_eq(
		said.text,
		"4:1: unknown key 'colour' [colour]\n"
		"7:84: b: it needs itself: a <- b <- a [providers[1].args[0].ref]\n"
		"8:84: c: there is no row nowhere [providers[2].args[0].ref]\n"
		"9:19: 'objct' is no kind; did you mean 'object'? there are: object, "
		"singleton, thread_singleton, resource, context_resource, factory, "
		"async_singleton, async_resource, async_context_resource, async_factory, state, "
		"selector, list, "
		"dict, lazy [providers[3].kind]\n"
		"10:87: 'x' is no whole number [providers[4].args[0].int]\n");
}
END_TEST

START_TEST(a_wrong_default_scope_is_told_once)
{
	static const char text[] = "version: 1\ncontainer: app\ndefault_scope: requst\nproviders:\n"
				   "- {name: a, kind: state, type: const struct user}\n"
				   "- {name: b, kind: state, type: const struct user}\n";
	struct di_yaml_options options = loaded_options();

	ck_assert_ptr_null(di_yaml_load("x", text, strlen(text), &options, &error));
	ck_assert_str_eq(
		said.text,
		"3:16: a: there is no scope requst; did you mean request? [default_scope]\n");
}
END_TEST

START_TEST(a_row_that_names_no_scope_needs_a_default)
{
	static const char text[] = "version: 1\ncontainer: app\nproviders:\n"
				   "- {name: a, kind: state, type: const struct user}\n";
	struct di_yaml_options options = loaded_options();

	ck_assert_ptr_null(di_yaml_load("x", text, strlen(text), &options, &error));
	ck_assert_str_eq(said.text,
			 "4:3: a: it names no scope, and app has no default [providers[0]]\n");
}
END_TEST

static const struct wrong whole[] = {
	{ "version: 2\ncontainer: app\n",
	  "1:10: the version '2' is not known; there is 1 [version]\n" },
	{ "version: 1\nproviders: []\n", "1:1: the key 'container' is missing\n" },
	{ "container: app\n", "1:1: the key 'version' is missing\n" },
	{ "version: 1\ncontainer: my app\n",
	  "2:12: 'my app' is no name: it has letters, digits and "
	  "_, and begins with no digit [container]\n" },
	{ "", "1:1: the file is empty\n" },
};

START_TEST(documents_have_a_version_and_a_container)
{
	struct di_yaml_options options = loaded_options();

	ck_assert_ptr_null(
		di_yaml_load("x", whole[_i].text, strlen(whole[_i].text), &options, &error));
	ck_assert_str_eq(said.text, whole[_i].said);
}
END_TEST

/* ---- The program's own mistakes ---- */

START_TEST(loading_needs_a_name_options_and_their_abi)
{
	struct di_yaml_options options = loaded_options();

	ck_assert_ptr_null(di_yaml_load(NULL, "", 0, &options, &error));
	ck_assert_int_eq(error.status, DI_EINVAL);
	ck_assert_ptr_null(di_yaml_load_file("x", NULL, &error));
	ck_assert_int_eq(error.status, DI_EINVAL);
	ck_assert_ptr_null(di_yaml_load("x", NULL, 1, &options, &error));
	ck_assert_int_eq(error.status, DI_EINVAL);
	options.abi = 77;
	ck_assert_ptr_null(di_yaml_load("x", "", 0, &options, &error));
	ck_assert_int_eq(error.status, DI_EABI);
	ck_assert_ptr_null(di_yaml_load("x", "", 0, &options, NULL));
	ck_assert_uint_eq(said.count, 0);
	ck_assert_ptr_null(di_yaml_table(NULL));
	ck_assert_int_eq(di_yaml_free(NULL, &error), DI_OK);
}
END_TEST

START_TEST(limits_are_the_programs)
{
	struct di_yaml_options options = loaded_options();

	options.bytes_max = 10;
	ck_assert_ptr_null(di_yaml_load("x", "version: 1\n", 11, &options, &error));
	ck_assert_str_eq(said.text, ": the file has more than 10 bytes\n");
	options = loaded_options();
	options.depth_max = 1;
	ck_assert_ptr_null(di_yaml_load("x", "a: []\n", 6, &options, &error));
	ck_assert_str_eq(said.text, "1:4: the document is deeper than 1 levels [a]\n");
	options = loaded_options();
	options.values_max = 1;
	ck_assert_ptr_null(di_yaml_load("x", "a: []\n", 6, &options, &error));
	ck_assert_str_eq(said.text, "1:1: there are more than 1 values\n");
}
END_TEST

START_TEST(an_error_is_printed_as_a_line)
{
	struct di_yaml_error fault = { "a.yaml", 3, 5, "it is wrong", "providers[0]" };
	char text[100];
	FILE *file = tmpfile();

	ck_assert_str_eq(di_yaml_error_text(&fault, text, sizeof(text)),
			 "a.yaml:3:5: error: it is wrong [providers[0]]");
	di_yaml_print(file, &fault);
	rewind(file);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
	ck_assert_str_eq(text, "a.yaml:3:5: error: it is wrong [providers[0]]\n");
	fclose(file);
	fault.line = 0;
	fault.path = "";
	ck_assert_str_eq(di_yaml_error_text(&fault, text, 20), "a.yaml: error: it i");
	text[0] = 'x';
	ck_assert_int_eq(di_yaml_error_text(&fault, text, 0)[0], 'x');
}
END_TEST

#define LOOP(case_, test_, array_)                                                                 \
	tcase_add_loop_test(case_, test_, 0, (int)(sizeof(array_) / sizeof(*(array_))))

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/errors");
	TCase *files = tcase_create("files"), *program = tcase_create("program");

	LOOP(files, names_that_are_not_there_are_told_with_the_nearest, names);
	LOOP(files, wrong_types_are_told_with_both, types);
	LOOP(files, wrong_asynchronous_rows_are_told, later);
	LOOP(files, wrong_arguments_are_told_at_their_places, arguments);
	LOOP(files, wrong_graphs_are_told_with_their_paths, graphs);
	LOOP(files, what_surrounds_rows_is_checked_too, around);
	LOOP(files, documents_have_a_version_and_a_container, whole);
	tcase_add_test(files, everything_is_told_in_one_run_in_the_order_of_the_file);
	tcase_add_test(files, a_wrong_default_scope_is_told_once);
	tcase_add_test(files, a_row_that_names_no_scope_needs_a_default);
	suite_add_tcase(s, files);
	tcase_add_test(program, loading_needs_a_name_options_and_their_abi);
	tcase_add_test(program, limits_are_the_programs);
	tcase_add_test(program, an_error_is_printed_as_a_line);
	suite_add_tcase(s, program);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
