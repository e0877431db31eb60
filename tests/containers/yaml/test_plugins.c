/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/loaded.h"

#include "tests/support/check_main.h"

#include <stdlib.h>
#include <unistd.h>

static const char *plugin(const char *name)
{
	static char path[4096];
	const char *build = getenv("DI_BUILD_DIR");

	snprintf(path, sizeof(path), "%s/plugins/%s.so", build ? build : BUILD_DIR, name);
	return path;
}

static int load_row(const char *path, int allowed, const char *row)
{
	struct di_yaml_options options = loaded_options();
	char text[8192];

	options.plugins = allowed;
	snprintf(text, sizeof(text),
		 "version: 1\ncontainer: app\nplugins:\n- %s\nproviders:\n- {name: a, %s}\n", path,
		 row);
	yaml = di_yaml_load("app.yaml", text, strlen(text), &options, &error);
	return yaml != NULL;
}

static int load_plugin(const char *path, int allowed)
{
	return load_row(path, allowed,
			"kind: singleton, create: plugged_new, args: [{int: 3}], destroy: "
			"app_part_free");
}

static int has_said(const char *text)
{
	return strstr(said.text, text) != NULL;
}

START_TEST(a_plugin_hands_over_its_exports)
{
	ck_assert_msg(load_plugin(plugin("good"), 1), "%s", said.text);
	instantiate();
	expect_text("a", "plugged");
	ck_assert_int_eq(part_in(root, "a")->number, 3);
}
END_TEST

static void take(void *data, void *value, const struct di_error *failure)
{
	ck_assert_msg(failure == NULL, "%s", failure != NULL ? failure->detail : "");
	*(struct part **)data = value;
}

static void take_end(void *data, enum di_status status, const struct di_error *failure)
{
	ck_assert_ptr_null(failure);
	*(enum di_status *)data = status;
}

START_TEST(a_plugin_completes_what_takes_time)
{
	enum di_status status = DI_EBUSY;
	struct part *part = NULL;

	ck_assert_msg(load_row(plugin("later"), 1,
			       "kind: async_singleton, create: plugged_later, args: [{int: 4}], "
			       "destroy: plugged_end"),
		      "%s", said.text);
	instantiate();
	di_get_async(root, di_table_find(di_yaml_table(yaml), "a"), take, &part, &error);
	ck_assert_ptr_nonnull(part);
	ck_assert_int_eq(part->number, 4);
	ck_assert_int_eq(di_container_free_async(container, take_end, &status, &error), DI_OK);
	container = NULL;
	ck_assert_int_eq(status, DI_OK);
	ck_assert_int_eq(part->number, 0);
}
END_TEST

START_TEST(a_program_that_has_not_asked_for_plugins_loads_none)
{
	ck_assert(!load_plugin(plugin("good"), 0));
	ck_assert_msg(has_said("3:1: the program allows no plug-ins [plugins]\n"), "%s", said.text);
}
END_TEST

START_TEST(what_is_no_plugin_is_refused)
{
	ck_assert(!load_plugin(plugin("silent"), 1));
	ck_assert_msg(
		has_said("it hands over no exports: it has no DI_EXPORTS_ENTRY() [plugins[0]]\n"),
		"%s", said.text);
}
END_TEST

START_TEST(a_plugin_of_other_headers_is_refused)
{
	ck_assert(!load_plugin(plugin("old"), 1));
	ck_assert_msg(has_said("4:3: the plug-in '"), "%s", said.text);
	ck_assert_msg(has_said(": compiled against other headers of di"), "%s", said.text);
}
END_TEST

START_TEST(a_plugin_that_exports_what_is_there_is_refused)
{
	ck_assert(!load_plugin(plugin("twice"), 1));
	ck_assert_msg(has_said("part_new"), "%s", said.text);
}
END_TEST

START_TEST(a_plugin_is_looked_for_beside_its_file_and_nowhere_else)
{
	ck_assert(!load_plugin("libc.so.6", 1));
	ck_assert_msg(
		has_said("4:3: the plug-in 'libc.so.6': ./libc.so.6: cannot open shared object "
			 "file: No such file or directory [plugins[0]]\n"),
		"%s", said.text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/plugins");
	TCase *plugins = tcase_create("plugins");

	tcase_add_checked_fixture(plugins, NULL, unload);
	tcase_add_test(plugins, a_plugin_hands_over_its_exports);
	tcase_add_test(plugins, a_plugin_completes_what_takes_time);
	tcase_add_test(plugins, a_program_that_has_not_asked_for_plugins_loads_none);
	tcase_add_test(plugins, what_is_no_plugin_is_refused);
	tcase_add_test(plugins, a_plugin_of_other_headers_is_refused);
	tcase_add_test(plugins, a_plugin_that_exports_what_is_there_is_refused);
	tcase_add_test(plugins, a_plugin_is_looked_for_beside_its_file_and_nowhere_else);
	suite_add_tcase(s, plugins);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
