/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

#include <stdio.h>

/* Maps: values under strings, in the manner of a dictionary. */

static struct di_local *map;

static void map_setup(void)
{
	setup();
	map = di_local_map_new("headers", &counting, &error);
	ck_assert_ptr_nonnull(map);
}

static void map_teardown(void)
{
	di_local_map_free(map);
	teardown();
}

static void set(const char *name, const char *value)
{
	ck_assert_msg(di_local_map_set(map, name, value, NULL, &error) == DI_OK, "%s",
		      error_text());
}

static void end_counted(void *value)
{
	counted_free(value);
}

static void set_counted(const char *name, int number)
{
	ck_assert_int_eq(di_local_map_set(map, name, counted_new(number), end_counted, &error),
			 DI_OK);
}

static const char *get(const char *name)
{
	return di_local_map_get_or(map, name, "-");
}

static void write_name(void *data, const char *name, const struct di_type *type, const void *value)
{
	(void)data;
	ck_assert_ptr_null(type);
	journal_write("%s=%s", name, (const char *)value);
}

static size_t length(void)
{
	return di_local_each(map, NULL, NULL);
}

START_TEST(a_name_is_set_got_and_unset)
{
	char name[] = "color";

	ck_assert_str_eq(get("color"), "-");
	set(name, "red");
	name[0] = 'x';
	ck_assert_str_eq(get("color"), "red");
	set("color", "blue");
	ck_assert_str_eq(get("color"), "blue");
	ck_assert_uint_eq(length(), 1);
	ck_assert_int_eq(di_local_map_unset(map, "color", &error), DI_OK);
	ck_assert_str_eq(get("color"), "-");
	ck_assert_uint_eq(length(), 0);
}
END_TEST

START_TEST(a_name_that_is_missing_is_an_error_that_names_it)
{
	ck_assert_ptr_null(di_local_map_get(map, "color"));
	ck_assert_ptr_null(di_local_map_require(map, "color", &error));
	ck_assert_int_eq(error.status, DI_ENOVALUE);
	expect_text("no value was provided: color of headers is not set in this flow");
	ck_assert_int_eq(di_local_map_unset(map, "color", &error), DI_ENOVALUE);
	expect_text("no value was provided: color of headers is not set in this flow");
	set("color", "red");
	ck_assert_str_eq(di_local_map_require(map, "color", &error), "red");
}
END_TEST

START_TEST(any_string_is_a_name)
{
	set("", "empty");
	set("keys", "a word");
	set("get", "a verb");
	ck_assert_str_eq(get(""), "empty");
	ck_assert_str_eq(get("keys"), "a word");
	ck_assert_str_eq(get("get"), "a verb");
}
END_TEST

START_TEST(names_are_listed_once_each_and_cleared)
{
	set("a", "1");
	set("b", "2");
	set("a", "3");
	ck_assert_uint_eq(length(), 2);
	ck_assert_int_eq(di_local_map_clear(map, &error), DI_OK);
	ck_assert_uint_eq(length(), 0);
	ck_assert_int_eq(di_local_map_clear(map, &error), DI_OK);
	set("a", "4");
	di_local_each(map, write_name, NULL);
	journal_expect("a=4");
}
END_TEST

static void clear_while_listing(void *data, const char *name, const struct di_type *type,
				const void *value)
{
	(void)name;
	(void)type;
	(void)value;
	if ((*(int *)data)++ == 0)
		ck_assert_int_eq(di_local_map_clear(map, &error), DI_OK);
}

START_TEST(a_map_may_be_cleared_while_it_is_listed)
{
	int seen = 0;

	set_counted("a", 1);
	set_counted("b", 2);
	set_counted("c", 3);
	ck_assert_uint_eq(di_local_each(map, clear_while_listing, &seen), 3);
	ck_assert_int_eq(seen, 3);
	ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(several_names_are_set_in_one_go)
{
	const struct di_local_entry entries[] = {
		{ "color", "red", NULL },
		{ "font", "arial", NULL },
		{ "color", "blue", NULL },
	};

	set("size", "10");
	ck_assert_int_eq(di_local_map_update(map, entries, 3, &error), DI_OK);
	ck_assert_str_eq(get("color"), "blue");
	ck_assert_str_eq(get("font"), "arial");
	ck_assert_str_eq(get("size"), "10");
	ck_assert_int_eq(di_local_map_update(map, NULL, 0, &error), DI_OK);
	ck_assert_uint_eq(length(), 3);
}
END_TEST

START_TEST(what_an_update_replaces_ends)
{
	struct di_local_entry entries[] = {
		{ "a", counted_new(1), end_counted },
		{ "b", counted_new(2), end_counted },
		{ "a", counted_new(3), end_counted },
	};

	set_counted("b", 0);
	ck_assert_int_eq(di_local_map_update(map, entries, 3, &error), DI_OK);
	ck_assert_int_eq(alive, 2);
	ck_assert_int_eq(((const struct counted *)di_local_map_get(map, "a"))->number, 3);
}
END_TEST

START_TEST(a_map_is_isolated_as_any_namespace)
{
	struct di_local_undo undo;

	set("a", "1");
	set("b", "2");
	DI_WITH_LOCAL (map, &error) {
		set("a", "3");
		ck_assert_int_eq(di_local_map_unset(map, "b", &error), DI_OK);
		set("c", "4");
		ck_assert_str_eq(get("b"), "-");
		ck_assert_uint_eq(length(), 2);
		ck_assert_int_eq(di_local_map_set_until(map, "a", "5", NULL, &undo, &error), DI_OK);
		ck_assert_str_eq(get("a"), "5");
		ck_assert_int_eq(di_local_undo(&undo, &error), DI_OK);
		ck_assert_str_eq(get("a"), "3");
	}
	ck_assert_str_eq(get("a"), "1");
	ck_assert_str_eq(get("b"), "2");
	ck_assert_str_eq(get("c"), "-");
}
END_TEST

static void change(void *data)
{
	set("a", data);
}

START_TEST(a_call_isolates_a_map)
{
	char other[] = "2";

	set("a", "1");
	ck_assert_int_eq(di_local_call(map, change, other, &error), DI_OK);
	ck_assert_str_eq(get("a"), "1");
}
END_TEST

START_TEST(a_map_of_many_names_holds_them_all)
{
	static char names[1000][16];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "n%d", i);
		set(names[i], names[i]);
	}
	ck_assert_uint_eq(length(), 1000);
	DI_WITH_LOCAL (map, &error) {
		for (i = 0; i < 1000; i += 2)
			ck_assert_int_eq(di_local_map_unset(map, names[i], &error), DI_OK);
		ck_assert_uint_eq(length(), 500);
		for (i = 0; i < 1000; i++)
			ck_assert_str_eq(get(names[i]), i % 2 == 0 ? "-" : names[i]);
	}
	for (i = 0; i < 1000; i++)
		ck_assert_str_eq(get(names[i]), names[i]);
}
END_TEST

/* ---- Making and freeing ---- */

START_TEST(two_maps_do_not_meet)
{
	struct di_local *other = di_local_map_new("headers", NULL, &error);

	set("a", "1");
	ck_assert_ptr_null(di_local_map_get(other, "a"));
	ck_assert_int_eq(di_local_map_set(other, "a", "2", NULL, &error), DI_OK);
	ck_assert_str_eq(get("a"), "1");
	di_local_map_free(other);
	di_local_map_free(NULL);
	ck_assert_str_eq(get("a"), "1");
}
END_TEST

START_TEST(freeing_a_map_ends_its_values_in_this_flow)
{
	set_counted("a", 1);
	di_local_map_free(map);
	map = NULL;
	ck_assert_int_eq(alive, 0);
	failing_allocator_check(&memory);
}
END_TEST

START_TEST(maps_that_come_and_go_leave_nothing)
{
	unsigned long largest = 0;
	int i;

	for (i = 0; i < 1000; i++) {
		struct di_local *kept = map;

		map = di_local_map_new("short", &counting, &error);
		set_counted("a", i);
		di_local_map_free(map);
		map = kept;
		if (i == 0)
			largest = memory.live;
		ck_assert_uint_eq(memory.live, largest);
	}
	ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(a_block_may_outlive_its_map)
{
	struct di_local_block block;

	set_counted("a", 1);
	ck_assert_int_eq(di_local_begin(map, &block, &error), DI_OK);
	set_counted("a", 2);
	di_local_map_free(map);
	map = NULL;
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_int_eq(alive, 0);
}
END_TEST

/* A worker that lives long, and is told of maps that its maker frees. */
static struct stop between;

static void *use_many(void *data)
{
	struct di_local **maps = data;
	int i;

	for (i = 0; i < 20; i++)
		di_local_map_set(maps[i], "a", "1", NULL, NULL);
	stop_here(&between);
	for (i = 20; i < 60; i++)
		di_local_map_set(maps[i], "a", "1", NULL, NULL);
	return (void *)(uintptr_t)(di_local_map_get(maps[59], "a") != NULL);
}

START_TEST(other_flows_give_up_a_freed_map_as_they_go_on)
{
	struct di_local *maps[60];
	pthread_t thread;
	int i;

	watchdog(60);
	stop_init(&between, 1);
	for (i = 0; i < 60; i++)
		maps[i] = di_local_map_new("of another", &counting, &error);
	thread = thread_start(use_many, maps, 0);
	stop_wait(&between);
	for (i = 0; i < 20; i++)
		di_local_map_free(maps[i]);
	stop_let_go(&between);
	ck_assert_ptr_nonnull(thread_join(thread));
	for (i = 20; i < 60; i++)
		di_local_map_free(maps[i]);
	watchdog(0);
}
END_TEST

/* ---- Mistakes ---- */

static enum di_status set_no_name(void *data, struct di_error *err)
{
	(void)data;
	return di_local_map_set(map, NULL, "1", NULL, err);
}

static enum di_status set_no_value(void *data, struct di_error *err)
{
	(void)data;
	return di_local_map_set(map, "a", NULL, NULL, err);
}

static enum di_status set_no_map(void *data, struct di_error *err)
{
	(void)data;
	return di_local_map_set(NULL, "a", "1", NULL, err);
}

static enum di_status set_in_fields(void *data, struct di_error *err)
{
	(void)data;
	return di_local_map_set(&plain, "plain_a", "1", NULL, err);
}

static enum di_status update_with_nothing(void *data, struct di_error *err)
{
	const struct di_local_entry entries[] = { { "a", "1", NULL }, { "b", NULL, NULL } };

	(void)data;
	return di_local_map_update(map, entries, 2, err);
}

static enum di_status make_without_name(void *data, struct di_error *err)
{
	(void)data;
	ck_assert_ptr_null(di_local_map_new(NULL, NULL, err));
	return DI_EINVAL;
}

START_TEST(strange_names_and_maps_are_refused)
{
	misuse_expect(set_no_name, NULL, DI_EINVAL, "a value of headers needs a name");
	misuse_expect(set_no_value, NULL, DI_ENULL, "a of headers needs a value");
	misuse_expect(set_no_map, NULL, DI_EINVAL, "there is no map");
	misuse_expect(set_in_fields, NULL, DI_EINVAL,
		      "the namespace plain has fields, and is no map");
	misuse_expect(update_with_nothing, NULL, DI_ENULL, "b of headers needs a value");
	misuse_expect(make_without_name, NULL, DI_EINVAL, "a map needs a name");
	ck_assert_uint_eq(length(), 0);
	ck_assert_ptr_null(di_local_map_get(&plain, "plain_a"));
	ck_assert_ptr_null(di_local_map_get(map, NULL));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local_map");
	TCase *names = tcase_create("names"), *life = tcase_create("life");
	TCase *mistakes = tcase_create("mistakes");

	tcase_add_checked_fixture(names, map_setup, map_teardown);
	tcase_add_checked_fixture(life, map_setup, map_teardown);
	tcase_add_checked_fixture(mistakes, map_setup, map_teardown);
	tcase_add_test(names, a_name_is_set_got_and_unset);
	tcase_add_test(names, a_name_that_is_missing_is_an_error_that_names_it);
	tcase_add_test(names, any_string_is_a_name);
	tcase_add_test(names, names_are_listed_once_each_and_cleared);
	tcase_add_test(names, a_map_may_be_cleared_while_it_is_listed);
	tcase_add_test(names, several_names_are_set_in_one_go);
	tcase_add_test(names, what_an_update_replaces_ends);
	tcase_add_test(names, a_map_is_isolated_as_any_namespace);
	tcase_add_test(names, a_call_isolates_a_map);
	tcase_add_test(names, a_map_of_many_names_holds_them_all);
	tcase_add_test(life, two_maps_do_not_meet);
	tcase_add_test(life, freeing_a_map_ends_its_values_in_this_flow);
	tcase_add_test(life, maps_that_come_and_go_leave_nothing);
	tcase_add_test(life, a_block_may_outlive_its_map);
	tcase_add_test(life, other_flows_give_up_a_freed_map_as_they_go_on);
	tcase_add_test(mistakes, strange_names_and_maps_are_refused);
	suite_add_tcase(all, names);
	suite_add_tcase(all, life);
	suite_add_tcase(all, mistakes);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
