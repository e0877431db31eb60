/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "tests/containers/yaml/loaded.h"

#include "tests/containers/yaml/folder.h"
#include "tests/support/check_main.h"

#define PART "create: part_new, destroy: app_part_free"

/* ---- Kinds ---- */

START_TEST(an_object_is_an_exported_one_or_a_value_of_the_file)
{
	load("providers:\n"
	     "- {name: a, kind: object, object: app_given}\n"
	     "- {name: b, kind: object, type: const int, value: {int: -5}}\n"
	     "- {name: c, kind: object, type: const double, value: {float: 2.5}}\n"
	     "- {name: d, kind: object, type: const char, value: {str: 'text'}}\n"
	     "- {name: p, kind: singleton, create: part_named, args: [{ref: d}], destroy: "
	     "di_keep}\n");
	expect_text("a", "given");
	ck_assert_int_eq(*(const int *)value_in(root, "b"), -5);
	ck_assert(*(const double *)value_in(root, "c") == 2.5);
	ck_assert_str_eq(value_in(root, "d"), "text");
	expect_text("p", "text");
}
END_TEST

START_TEST(singletons_and_resources_are_made_once_and_end_with_the_container)
{
	load("providers:\n"
	     "- {name: a, kind: singleton, " PART "}\n"
	     "- {name: b, kind: resource, create: part_of, args: [{ref: a}], destroy: "
	     "part_commit}\n");
	ck_assert_int_eq(di_container_start(container, &error), DI_OK);
	ck_assert_ptr_eq(part_in(root, "b")->from, part_in(root, "a"));
	ck_assert_ptr_eq(part_in(root, "a"), part_in(root, "a"));
	end_container();
	ck_assert_str_eq(app_ended, "part of part done part ");
}
END_TEST

START_TEST(rows_may_stand_in_any_order)
{
	load("providers:\n"
	     "- {name: c, kind: singleton, create: part_of_two, args: [{ref: a}, {ref: b}], "
	     "destroy: app_part_free}\n"
	     "- {name: b, kind: singleton, create: part_of, args: [{ref: a}], destroy: "
	     "app_part_free}\n"
	     "- {name: a, kind: singleton, " PART "}\n");
	expect_text("c", "part of part and part of part");
}
END_TEST

START_TEST(context_resources_live_in_contexts_of_their_scope)
{
	struct di_context *request, *inner;

	load("providers:\n"
	     "- {name: by_default, kind: context_resource, " PART "}\n"
	     "- {name: by_word, kind: context_resource, scope: app, " PART "}\n"
	     "- {name: strict, kind: context_resource, scope: request, strict: true, " PART "}\n");
	ck_assert_ptr_null(value_in(root, "by_default"));
	ck_assert_int_eq(error.status, DI_ENOCONTEXT);
	part_in(root, "by_word");
	request = di_context_open(root, &di_scope_request, &error);
	inner = di_context_open(request, &di_scope_inject, &error);
	ck_assert_ptr_eq(part_in(inner, "by_default"), part_in(request, "by_default"));
	ck_assert_ptr_null(value_in(inner, "strict"));
	part_in(request, "strict");
	di_context_close(inner, DI_DONE, &error);
	di_context_close(request, DI_DONE, &error);
	ck_assert_str_eq(app_ended, "part part ");
}
END_TEST

START_TEST(factories_make_anew_each_time)
{
	load("providers:\n- {name: a, kind: factory, " PART "}\n");
	ck_assert_ptr_ne(part_in(root, "a"), part_in(root, "a"));
}
END_TEST

START_TEST(a_state_is_given_to_its_context)
{
	const struct user user = { "ada" };
	struct di_context *request;

	load("providers:\n"
	     "- {name: user, kind: state, type: const struct user}\n"
	     "- {name: a, kind: context_resource, create: part_of_user, destroy: app_part_free,\n"
	     "   args: [{ref: user}, {ref: DI_CONTEXT}]}\n");
	request = di_context_open(root, &di_scope_request, &error);
	ck_assert_int_eq(
		di_state_put(request, di_table_find(di_yaml_table(yaml), "user"), &user, &error),
		DI_OK);
	ck_assert_str_eq(part_in(request, "a")->text, "part for ada in request");
	di_context_close(request, DI_DONE, &error);
}
END_TEST

START_TEST(a_selector_chooses_by_a_function_or_for_good)
{
	load("providers:\n"
	     "- {name: settings, kind: object, object: app_settings}\n"
	     "- {name: one, kind: singleton, create: part_named, args: [{str: one}], destroy: "
	     "app_part_free}\n"
	     "- {name: two, kind: singleton, create: part_named, args: [{str: two}], destroy: "
	     "app_part_free}\n"
	     "- {name: chosen, kind: selector, select: choose, args: [{ref: settings}],\n"
	     "   cases: [{when: quiet, ref: one}, {when: loud, ref: two}]}\n"
	     "- {name: fixed, kind: selector, always: x, cases: [{when: x, ref: one}]}\n");
	ck_assert_ptr_eq(part_in(root, "chosen"), part_in(root, "two"));
	ck_assert_ptr_eq(part_in(root, "fixed"), part_in(root, "one"));
}
END_TEST

START_TEST(lists_and_dicts_hold_several)
{
	const struct parts *parts;
	const struct parts_by_name *named;

	load("providers:\n"
	     "- {name: one, kind: singleton, " PART "}\n"
	     "- {name: two, kind: singleton, " PART "}\n"
	     "- {name: both, kind: list, type: struct parts, items: [two, one]}\n"
	     "- {name: none, kind: list, type: struct parts, items: []}\n"
	     "- {name: named, kind: dict, type: struct parts_by_name, entries: [{key: a, ref: "
	     "two}]}\n"
	     "- {name: of, kind: singleton, create: part_of_parts, args: [{ref: both}], "
	     "destroy: app_part_free}\n");
	parts = value_in(root, "both");
	ck_assert_uint_eq(parts->count, 2);
	ck_assert_ptr_eq(parts->items[0], part_in(root, "two"));
	ck_assert_ptr_eq(parts->items[1], part_in(root, "one"));
	ck_assert_uint_eq(((const struct parts *)value_in(root, "none"))->count, 0);
	named = value_in(root, "named");
	ck_assert_ptr_eq(parts_by_name_find(named, "a"), part_in(root, "two"));
	expect_text("of", "part of 2");
}
END_TEST

START_TEST(a_lazy_asks_later)
{
	const struct later_part *later;

	load("providers:\n"
	     "- {name: later, kind: lazy, type: struct later_part, target: a, scope: app}\n"
	     "- {name: a, kind: singleton, " PART "}\n");
	later = value_in(root, "later");
	ck_assert_ptr_nonnull(later);
	ck_assert_ptr_eq(later_part_get(later, &error), part_in(root, "a"));
}
END_TEST

START_TEST(constructors_may_return_and_initialize)
{
	load("providers:\n"
	     "- {name: a, kind: singleton, create: part_returned, destroy: app_part_free}\n"
	     "- {name: b, kind: singleton, create: part_init, args: [{int: 42}], destroy: "
	     "part_release}\n");
	expect_text("a", "returned");
	expect_text("b", "initialized");
	ck_assert_int_eq(part_in(root, "b")->number, 42);
	end_container();
	ck_assert_str_eq(app_ended, "initialized returned ");
}
END_TEST

/* ---- Arguments ---- */

START_TEST(members_are_passed_by_value)
{
	load("providers:\n"
	     "- {name: settings, kind: object, object: app_settings}\n"
	     "- name: a\n  kind: singleton\n  create: part_of_settings\n  destroy: app_part_free\n"
	     "  args: [{ref: settings.db.url}, {ref: settings.db.retries}, {ref: settings.ratio},\n"
	     "         {ref: settings.verbose}, {ref: settings.label}]\n");
	expect_text("a", "db://here 3 0.5 1 label");
}
END_TEST

START_TEST(values_of_the_file_reach_typed_parameters)
{
	load("providers:\n"
	     "- name: a\n  kind: singleton\n  create: part_of_settings\n  destroy: app_part_free\n"
	     "  args: [{str: 'no: quotes \"'}, {int: -2147483648}, {float: 1e-3}, {bool: false}, "
	     "{str: ''}]\n"
	     "- name: b\n  kind: singleton\n  create: part_of_numbers\n  destroy: app_part_free\n"
	     "  args: [{int: -128}, {int: 65535}, {int: 18446744073709551615}, {float: -0.25}, "
	     "{bool: true}]\n");
	expect_text("a", "no: quotes \" -2147483648 0.001 0 ");
	expect_text("b", "-128 65535 18446744073709551615 -0.25 1");
}
END_TEST

START_TEST(variables_of_the_environment_have_defaults)
{
	setenv("DI_YAML_URL", "db://environment", 1);
	unsetenv("DI_YAML_RETRIES");
	setenv("DI_YAML_RATIO", "4.5", 1);
	load("providers:\n"
	     "- name: a\n  kind: singleton\n  create: part_of_settings\n  destroy: app_part_free\n"
	     "  args: [{env: DI_YAML_URL}, {env: DI_YAML_RETRIES, default: '9'}, {env: "
	     "DI_YAML_RATIO},\n"
	     "         {env: DI_YAML_NONE, default: 'true'}, {env: DI_YAML_NONE, default: ''}]\n");
	expect_text("a", "db://environment 9 4.5 1 ");
}
END_TEST

START_TEST(what_is_not_const_fits_const)
{
	load("providers:\n"
	     "- {name: a, kind: singleton, " PART "}\n"
	     "- {name: b, kind: singleton, create: part_of_const, args: [{ref: a}], "
	     "destroy: app_part_free}\n");
	expect_text("b", "part of const part");
}
END_TEST

/* ---- Overrides, scopes, connected containers ---- */

START_TEST(an_override_puts_another_provider_in_place)
{
	load("providers:\n"
	     "- {name: db, kind: singleton, create: part_fails, destroy: app_part_free}\n"
	     "- {name: fake, kind: singleton, create: part_named, args: [{str: fake}], "
	     "destroy: app_part_free}\n"
	     "- {name: of, kind: singleton, create: part_of, args: [{ref: db}], destroy: "
	     "app_part_free}\n"
	     "overrides: [{provider: db, with: fake}]\n");
	expect_text("of", "part of fake");
	ck_assert_ptr_eq(part_in(root, "db"), part_in(root, "fake"));
}
END_TEST

START_TEST(an_override_puts_an_exported_object_in_place)
{
	load("providers:\n"
	     "- {name: db, kind: singleton, create: part_fails, destroy: app_part_free}\n"
	     "- {name: of, kind: singleton, create: part_of, args: [{ref: db}], destroy: "
	     "app_part_free}\n"
	     "overrides: [{provider: db, object: app_given}]\n");
	expect_text("of", "part of given");
}
END_TEST

START_TEST(scopes_are_the_programs_or_the_files)
{
	struct di_context *job, *batch;

	load("scopes: [{name: batch, rank: 120}]\n"
	     "providers:\n"
	     "- {name: a, kind: context_resource, scope: job, " PART "}\n"
	     "- {name: b, kind: context_resource, scope: batch, " PART "}\n");
	job = di_context_open(root, &di_scope_job, &error);
	part_in(job, "a");
	batch = di_context_open(job, di_table_scope(di_yaml_table(yaml), "batch"), &error);
	ck_assert_ptr_nonnull(batch);
	part_in(batch, "b");
	di_context_close(batch, DI_DONE, &error);
	di_context_close(job, DI_DONE, &error);
}
END_TEST

START_TEST(rows_need_those_of_connected_containers)
{
	load("connects: [storage, storage]\n"
	     "providers:\n"
	     "- {name: a, kind: singleton, create: part_of, args: [{ref: storage_part}], "
	     "destroy: app_part_free}\n");
	ck_assert_ptr_eq(part_in(root, "a")->from,
			 storage_part_get(di_container_root(connected), &error));
}
END_TEST

/* ---- Files ---- */

START_TEST(rows_of_included_files_are_rows_of_the_container)
{
	struct di_yaml_options options = loaded_options();

	folder_begin();
	folder_write("app.yaml",
		     "version: 1\ncontainer: app\nincludes: [parts/base.yaml, parts/other.yaml]\n"
		     "providers:\n- {name: a, kind: singleton, create: part_of, "
		     "args: [{ref: base}], destroy: app_part_free}\n");
	ck_assert_int_eq(mkdir("parts", 0700), 0);
	folder_write("parts/base.yaml",
		     "version: 1\nproviders:\n- {name: base, kind: singleton, " PART "}\n");
	folder_write("parts/other.yaml", "version: 1\nincludes: [base.yaml]\nproviders: []\n");
	yaml = di_yaml_load_file("app.yaml", &options, &error);
	folder_end();
	ck_assert_msg(yaml != NULL, "%s", said.text);
	instantiate();
	expect_text("a", "part of part");
}
END_TEST

START_TEST(a_table_is_not_freed_while_a_container_of_it_lives)
{
	load("providers:\n- {name: a, kind: singleton, " PART "}\n");
	ck_assert_int_eq(di_yaml_free(yaml, &error), DI_EBUSY);
}
END_TEST

START_TEST(several_containers_come_from_one_load)
{
	struct di_container *other;

	load("providers:\n- {name: a, kind: singleton, " PART "}\n");
	other = di_container_new(di_yaml_table(yaml), NULL, &error);
	ck_assert_ptr_ne(part_in(root, "a"), part_in(di_container_root(other), "a"));
	ck_assert_int_eq(di_container_free(other, &error), DI_OK);
}
END_TEST

START_TEST(what_holds_others_may_be_overridden_too)
{
	load("providers:\n"
	     "- {name: a, kind: singleton, " PART "}\n"
	     "- {name: one, kind: list, type: struct parts, items: [a]}\n"
	     "- {name: two, kind: list, type: const struct parts, items: [a, a]}\n"
	     "- {name: p, kind: singleton, create: part_of_parts, args: [{ref: one}], destroy: "
	     "app_part_free}\n"
	     "- {name: q, kind: singleton, create: part_of_parts, args: [{ref: two}], destroy: "
	     "app_part_free}\n"
	     "- {name: three, kind: list, type: struct parts, items: [a, a, a]}\n"
	     "overrides:\n"
	     "- {provider: one, with: three}\n"
	     "- {provider: two, with: three}\n");
	expect_text("p", "part of 3");
	expect_text("q", "part of 3");
}
END_TEST

START_TEST(limits_may_be_as_large_as_can_be)
{
	struct di_yaml_options options = loaded_options();

	folder_begin();
	folder_write("app.yaml", "version: 1\ncontainer: app\nproviders:\n"
				 "- {name: a, kind: singleton, " PART "}\n");
	options.bytes_max = SIZE_MAX;
	options.depth_max = options.values_max = UINT32_MAX;
	yaml = di_yaml_load_file("app.yaml", &options, &error);
	folder_end();
	ck_assert_msg(yaml != NULL, "%s", said.text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/yaml");
	TCase *kinds = tcase_create("kinds"), *arguments = tcase_create("arguments"),
	      *more = tcase_create("more");

	tcase_add_checked_fixture(kinds, NULL, unload);
	tcase_add_test(kinds, an_object_is_an_exported_one_or_a_value_of_the_file);
	tcase_add_test(kinds, singletons_and_resources_are_made_once_and_end_with_the_container);
	tcase_add_test(kinds, rows_may_stand_in_any_order);
	tcase_add_test(kinds, context_resources_live_in_contexts_of_their_scope);
	tcase_add_test(kinds, factories_make_anew_each_time);
	tcase_add_test(kinds, a_state_is_given_to_its_context);
	tcase_add_test(kinds, a_selector_chooses_by_a_function_or_for_good);
	tcase_add_test(kinds, lists_and_dicts_hold_several);
	tcase_add_test(kinds, a_lazy_asks_later);
	tcase_add_test(kinds, constructors_may_return_and_initialize);
	suite_add_tcase(s, kinds);
	tcase_add_checked_fixture(arguments, NULL, unload);
	tcase_add_test(arguments, members_are_passed_by_value);
	tcase_add_test(arguments, values_of_the_file_reach_typed_parameters);
	tcase_add_test(arguments, variables_of_the_environment_have_defaults);
	tcase_add_test(arguments, what_is_not_const_fits_const);
	suite_add_tcase(s, arguments);
	tcase_add_checked_fixture(more, NULL, unload);
	tcase_add_test(more, an_override_puts_another_provider_in_place);
	tcase_add_test(more, an_override_puts_an_exported_object_in_place);
	tcase_add_test(more, scopes_are_the_programs_or_the_files);
	tcase_add_test(more, rows_need_those_of_connected_containers);
	tcase_add_test(more, rows_of_included_files_are_rows_of_the_container);
	tcase_add_test(more, a_table_is_not_freed_while_a_container_of_it_lives);
	tcase_add_test(more, several_containers_come_from_one_load);
	tcase_add_test(more, limits_may_be_as_large_as_can_be);
	tcase_add_test(more, what_holds_others_may_be_overridden_too);
	suite_add_tcase(s, more);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
