/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "tests/containers/yaml/loaded.h"

#include "tests/containers/yaml/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/malloc_count.h"

/*
 * Without memory: each allocation of a load fails in its turn, also those of libyaml and libcyaml.
 * Nothing is lost, nothing crashes, and it says so.
 */

enum {
	ENDLESS = 20000
};

static const char base[] = "version: 1\n"
			   "scopes: [{name: batch, rank: 120}]\n"
			   "providers:\n"
			   "- {name: settings, kind: object, object: app_settings}\n"
			   "- {name: user, kind: state, type: const struct user, scope: batch}\n";

static const char whole[] =
	"version: 1\n"
	"container: app\n"
	"default_scope: request\n"
	"includes: [base.yaml, ./base.yaml]\n"
	"connects: [storage]\n"
	"providers:\n"
	"- {name: a, kind: resource, create: part_new, destroy: app_part_free}\n"
	"- {name: b, kind: singleton, create: part_named, args: [{str: \"a \\x41 text\"}], "
	"destroy: app_part_free}\n"
	"- {name: c, kind: context_resource, create: part_of_two, args: [{ref: a}, {ref: "
	"storage_session}], destroy: part_commit}\n"
	"- {name: d, kind: factory, create: part_of_settings, args: [{ref: settings.db.url}, {env: "
	"DI_TEST_NOT_SET, default: '12'}, {float: 0.5}, {bool: true}, {str: x}], destroy: "
	"app_part_free}\n"
	"- {name: e, kind: selector, select: choose, args: [{ref: settings}], cases: [{when: loud, "
	"ref: a}, {when: quiet, ref: b}]}\n"
	"- {name: f, kind: list, type: struct parts, items: [a, b]}\n"
	"- {name: g, kind: dict, type: struct parts_by_name, entries: [{key: a, ref: a}]}\n"
	"- {name: h, kind: lazy, type: struct later_part, target: a}\n"
	"- {name: n, kind: object, type: const int, value: {int: 5}}\n"
	"- {name: o, kind: async_resource, create: part_later, destroy: part_end_later}\n"
	"- {name: p, kind: async_context_resource, create: part_later_of, args: [{ref: o}, {str: "
	"x}, {int: 5}], destroy: app_part_free, strict: true}\n"
	"overrides:\n"
	"- {provider: b, with: a}\n"
	"- {provider: settings, object: other_settings}\n";

/* Faults of each pass, which take memory themselves. */
static const char wrong[] = "version: 1\n"
			    "container: app\n"
			    "includes: [nothing_there.yaml, wrong.yaml]\n"
			    "providers:\n"
			    "- {name: a, kind: resorce, create: part_new}\n"
			    "- {name: a, kind: singleton, colour: red, destroy: di_keep}\n"
			    "overrides:\n"
			    "- {provider: nobody, with: a}\n";

static const char unbuildable[] =
	"version: 1\n"
	"container: app\n"
	"scopes: [{name: app, rank: 120}, {name: late, rank: 900}]\n"
	"providers:\n"
	"- {name: a, kind: singleton, create: part_nwe, destroy: di_keep}\n"
	"- {name: b, kind: singleton, create: part_of, args: [{ref: c}], destroy: di_keep}\n"
	"- {name: c, kind: singleton, create: part_of, args: [{ref: b}], destroy: di_keep}\n"
	"- {name: d, kind: singleton, create: part_of, args: [{int: 99x}], destroy: di_keep}\n"
	"- {name: e, kind: async_singleton, create: part_new, destroy: di_keep}\n"
	"- {name: f, kind: factory, create: part_new, destroy: part_end_later}\n";

static void set_up(void)
{
	folder_begin();
	folder_write("base.yaml", base);
	folder_write("whole.yaml", whole);
	folder_write("wrong.yaml", wrong);
	folder_write("unbuildable.yaml", unbuildable);
}

/* Loads a file, and ends what was made of it, where the n-th allocation fails; n may be 0. */
static int load_without(const char *name, unsigned long n)
{
	struct di_yaml_options options = loaded_options();
	enum di_status status;

	error = (struct di_error){ 0 };
	malloc_refuse(n);
	yaml = di_yaml_load_file(name, &options, &error);
	status = di_yaml_free(yaml, NULL);
	malloc_refuse(0);
	ck_assert_int_eq(status, DI_OK);
	return yaml != NULL;
}

/* Some faults are found all the same, but never other ones. Sorting does without memory. */
static void check_said(const char *name, unsigned long n, int is_loaded, size_t count)
{
	if (is_loaded || (said.count == count && error.status == DI_EINVAL))
		return;
	ck_assert_msg(error.status == DI_ENOMEM, "%s: allocation %lu: %s %s", name, n,
		      di_status_text(error.status), error.detail);
	ck_assert_msg(said.count == 0 || strstr(said.text, "out of memory") != NULL,
		      "%s: allocation %lu: %s", name, n, said.text);
}

/* Fails each allocation in its turn, until it is not asked for any more. */
static void fail_each(const char *name, int can_be_loaded)
{
	unsigned long n, before, failed = 0;
	size_t count;
	long live;

	ck_assert_msg(load_without(name, 0) == can_be_loaded, "%s", said.text);
	count = said.count;
	for (n = 1; n < ENDLESS; n++) {
		int is_loaded;

		live = malloc_live();
		before = malloc_count();
		is_loaded = load_without(name, n);
		ck_assert_msg(malloc_live() == live, "%s: allocation %lu: %ld blocks are left",
			      name, n, malloc_live() - live);
		if (malloc_count() - before < n)
			break;
		check_said(name, n, is_loaded, count);
		failed += !is_loaded;
	}
	ck_assert_uint_gt(failed, 100);
	ck_assert_uint_lt(n, ENDLESS);
	ck_assert_uint_eq(said.count, count);
}

START_TEST(each_allocation_of_a_load_may_fail)
{
	if (malloc_is_counted())
		fail_each("whole.yaml", 1);
}
END_TEST

START_TEST(each_allocation_while_faults_are_found_may_fail)
{
	if (malloc_is_counted()) {
		fail_each("wrong.yaml", 0);
		fail_each("unbuildable.yaml", 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/no_memory");
	TCase *tcase = tcase_create("no memory");

	tcase_add_checked_fixture(tcase, set_up, folder_end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, each_allocation_of_a_load_may_fail);
	tcase_add_test(tcase, each_allocation_while_faults_are_found_may_fail);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
