/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "containers/yaml/rows.h"

#include "tests/containers/yaml/folder.h"
#include "tests/containers/yaml/said.h"
#include "tests/support/check_main.h"

static struct said said;
static struct di__yaml_faults faults;
static struct di__yaml_files files;
static struct di__yaml_rows rows;

static void begin(void)
{
	said = (struct said){ .count = 0 };
	rows = (struct di__yaml_rows){ .faults = &faults };
	files = (struct di__yaml_files){ .limits = { 1 << 20, 32, 250000, 1 << 20, 250000 },
					 .budget = { .most = 1 << 22 },
					 .faults = &faults };
}

static void end(void)
{
	di__yaml_rows_release(&rows);
	di__yaml_files_release(&files);
	di__yaml_faults_release(&faults);
}

static void gather(void)
{
	const char *names[DI__YAML_FILES_MAX];

	for (uint32_t i = 0; i < files.count; i++)
		names[i] = files.items[i]->name;
	di__yaml_rows_gather(&rows, &files);
	di__yaml_faults_report(&faults, names, say, &said);
}

static void take(const char *text)
{
	char whole[4096];

	snprintf(whole, sizeof(whole), "version: 1\n%s", text);
	di__yaml_files_take(&files, "main.yaml", whole, strlen(whole));
	gather();
}

START_TEST(rows_are_found_by_name)
{
	take("providers:\n"
	     "- {name: ab, kind: object, object: x}\n"
	     "- {name: a, kind: object, object: x}\n"
	     "- {name: abc, kind: object, object: x}\n");
	ck_assert_str_eq(said.text, "");
	ck_assert_ptr_eq(di__yaml_rows_find(&rows, "ab.member", 2), &rows.items[0]);
	ck_assert_ptr_eq(di__yaml_rows_find(&rows, "a", 1), &rows.items[1]);
	ck_assert_ptr_eq(di__yaml_rows_find(&rows, "abc", 3), &rows.items[2]);
	ck_assert_ptr_null(di__yaml_rows_find(&rows, "abcd", 4));
	ck_assert_ptr_null(di__yaml_rows_find(&rows, "", 0));
	ck_assert_str_eq(di__yaml_rows_near(&rows, "abd"), "ab");
}
END_TEST

START_TEST(every_kind_is_known)
{
	take("default_scope: request\n"
	     "providers:\n"
	     "- {name: a, kind: object, object: x, type: t}\n"
	     "- {name: b, kind: singleton, create: x, destroy: y, args: []}\n"
	     "- {name: c, kind: resource, create: x, destroy: y}\n"
	     "- {name: d, kind: context_resource, create: x, destroy: y, scope: request, strict: "
	     "true}\n"
	     "- {name: e, kind: factory, create: x, destroy: y}\n"
	     "- {name: f, kind: state, type: t, scope: request}\n"
	     "- {name: g, kind: selector, select: x, cases: [], args: []}\n"
	     "- {name: h, kind: list, type: t, items: []}\n"
	     "- {name: i, kind: dict, type: t, entries: []}\n"
	     "- {name: j, kind: lazy, type: t, target: a}\n"
	     "- {name: k, kind: async_singleton, create: x, destroy: y, type: t}\n"
	     "- {name: l, kind: async_resource, create: x, destroy: y, args: []}\n"
	     "- {name: m, kind: async_context_resource, create: x, destroy: y, scope: request, "
	     "strict: true}\n"
	     "- {name: n, kind: async_factory, create: x, destroy: y}\n");
	ck_assert_str_eq(said.text, "");
	for (uint32_t i = 0; i < rows.count; i++) {
		ck_assert_int_eq(rows.items[i].is_broken, 0);
	}
}
END_TEST

#define KINDS                                                                                      \
	"object, singleton, thread_singleton, resource, context_resource, factory, "               \
	"async_singleton, async_resource, async_context_resource, async_factory, state, "          \
	"selector, list, dict, "                                                                   \
	"lazy"

static const struct {
	const char *text, *said;
} refused[] = {
	{ "providers:\n- {name: a, kind: resorce}\n",
	  "3:19: 'resorce' is no kind; did you mean 'resource'? there are: " KINDS
	  " [providers[0].kind]\n" },
	{ "providers:\n- {name: a, kind: 3}\n",
	  "3:19: '3' is no kind; there are: " KINDS " [providers[0].kind]\n" },
	{ "providers:\n- {name: a, kind: object, object: x}\n- kind: object\n  object: y\n  name: "
	  "a\n",
	  "6:9: the provider 'a' stands twice, first in main.yaml:3 [providers[1].name]\n" },
	{ "providers:\n- {name: a b, kind: object, object: x}\n- {name: 1a, kind: object, object: "
	  "x}\n",
	  "3:10: 'a b' is no name: it has letters, digits and _, and begins with no digit "
	  "[providers[0].name]\n"
	  "4:10: '1a' is no name: it has letters, digits and _, and begins with no digit "
	  "[providers[1].name]\n" },
	{ "providers:\n- {name: a, kind: singleton, create: x}\n",
	  "3:3: a row of the kind singleton needs the key 'destroy' [providers[0]]\n" },
	{ "providers:\n- {name: a, kind: state, create: x}\n",
	  "3:3: a row of the kind state needs the key 'type' [providers[0]]\n"
	  "3:26: a row of the kind state has no 'create' [providers[0].create]\n" },
	{ "overrides:\n- {provider: x, with: y}\n",
	  "3:14: there is no provider 'x' [overrides[0].provider]\n" },
	{ "providers:\n- {name: abc, kind: object, object: x}\noverrides:\n- {provider: abd, "
	  "object: "
	  "y}\n",
	  "5:14: there is no provider 'abd'; did you mean 'abc'? [overrides[0].provider]\n" },
	{ "providers:\n- {name: a, kind: object, object: x}\n"
	  "overrides:\n- {provider: a}\n- {provider: a, with: b, object: c}\n",
	  "5:3: an override has either 'with', a provider, or 'object', an exported one "
	  "[overrides[0]]\n"
	  "6:3: an override has either 'with', a provider, or 'object', an exported one "
	  "[overrides[1]]\n"
	  "6:14: 'a' is overridden twice [overrides[1].provider]\n" },
};

START_TEST(what_is_wrong_with_a_row_is_told_at_its_place)
{
	take(refused[_i].text);
	ck_assert_str_eq(said.text, refused[_i].said);
}
END_TEST

START_TEST(rows_of_several_files_stand_in_their_order_and_the_including_file_overrides_last)
{
	folder_begin();
	folder_write("main.yaml", "version: 1\nincludes: [a.yaml]\n"
				  "providers: [{name: b, kind: object, object: x}]\n"
				  "overrides: [{provider: a, object: last}]\n");
	folder_write("a.yaml", "version: 1\n"
			       "providers: [{name: a, kind: object, object: x}]\n"
			       "overrides: [{provider: a, object: first}]\n");
	di__yaml_files_read(&files, "main.yaml");
	folder_end();
	gather();
	ck_assert_str_eq(said.text, "");
	ck_assert_str_eq(rows.items[0].name, "a");
	ck_assert_str_eq(rows.items[0].override->object, "last");
	ck_assert_str_eq(rows.items[1].name, "b");
}
END_TEST

START_TEST(a_name_that_stands_in_two_files_is_told_with_both)
{
	folder_begin();
	folder_write("main.yaml", "version: 1\nincludes: [a.yaml]\n"
				  "providers: [{name: a, kind: object, object: x}]\n");
	folder_write("a.yaml", "version: 1\nproviders: [{name: a, kind: object, object: x}]\n");
	di__yaml_files_read(&files, "main.yaml");
	folder_end();
	said.names_files = 1;
	gather();
	ck_assert_str_eq(said.text, "main.yaml:3:20: the provider 'a' stands twice, first in "
				    "a.yaml:2 [providers[0].name]\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/rows");
	TCase *finding = tcase_create("names"), *refusing = tcase_create("refused");

	tcase_add_checked_fixture(finding, begin, end);
	tcase_add_test(finding, rows_are_found_by_name);
	tcase_add_test(finding, every_kind_is_known);
	tcase_add_test(
		finding,
		rows_of_several_files_stand_in_their_order_and_the_including_file_overrides_last);
	tcase_add_test(finding, a_name_that_stands_in_two_files_is_told_with_both);
	suite_add_tcase(s, finding);
	tcase_add_checked_fixture(refusing, begin, end);
	tcase_add_loop_test(refusing, what_is_wrong_with_a_row_is_told_at_its_place, 0,
			    (int)(sizeof(refused) / sizeof(*refused)));
	suite_add_tcase(s, refusing);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
