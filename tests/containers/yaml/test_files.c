/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "containers/yaml/files.h"

#include "tests/containers/yaml/folder.h"
#include "tests/containers/yaml/said.h"
#include "tests/support/check_main.h"

static struct said said;
static struct di__yaml_faults faults;
static struct di__yaml_files files;

static void begin(void)
{
	folder_begin();
	said = (struct said){ .names_files = 1 };
	files = (struct di__yaml_files){ .limits = { 4000, 32, 100, 4000, 100 },
					 .budget = { .most = 1 << 20 },
					 .faults = &faults };
}

static void end(void)
{
	di__yaml_files_release(&files);
	ck_assert_uint_eq(files.budget.used, 0);
	di__yaml_faults_release(&faults);
	folder_end();
}

static void read_main(void)
{
	const char *names[DI__YAML_FILES_MAX] = { "main.yaml" };

	di__yaml_files_read(&files, "main.yaml");
	for (uint32_t i = 0; i < files.count; i++)
		names[i] = files.items[i]->name;
	di__yaml_faults_report(&faults, names, say, &said);
}

static void write_including(const char *name, const char *others)
{
	char text[16384];

	snprintf(text, sizeof(text), "version: 1\nincludes: [%s]\n", others);
	folder_write(name, text);
}

/* The files in the order in which their rows come. */
static const char *order(void)
{
	static char text[4096];

	text[0] = '\0';
	for (uint32_t i = 0; i < files.ordered; i++)
		strcat(strcat(text, files.items[files.order[i]]->name), " ");
	return text;
}

START_TEST(what_is_included_comes_before_what_includes_it)
{
	write_including("main.yaml", "a.yaml, b.yaml");
	write_including("a.yaml", "c.yaml");
	write_including("b.yaml", "");
	write_including("c.yaml", "");
	read_main();
	ck_assert_str_eq(said.text, "");
	ck_assert_str_eq(order(), "c.yaml a.yaml b.yaml main.yaml ");
}
END_TEST

START_TEST(a_name_is_relative_to_the_file_that_has_it)
{
	char absolute[8192];

	ck_assert_int_eq(mkdir("parts", 0700), 0);
	write_including("main.yaml", "parts/a.yaml");
	write_including("parts/a.yaml", "b.yaml, ../c.yaml");
	snprintf(absolute, sizeof(absolute), "%s/parts/d.yaml", folder_path);
	write_including("parts/b.yaml", absolute);
	write_including("c.yaml", "");
	write_including("parts/d.yaml", "");
	read_main();
	ck_assert_str_eq(said.text, "");
	strcat(absolute, " parts/b.yaml parts/../c.yaml parts/a.yaml main.yaml ");
	ck_assert_str_eq(order(), absolute);
}
END_TEST

START_TEST(a_diamond_is_read_once_whatever_its_names)
{
	write_including("main.yaml", "a.yaml, b.yaml, ./a.yaml");
	write_including("a.yaml", "base.yaml");
	write_including("b.yaml", "./base.yaml, link.yaml");
	write_including("base.yaml", "");
	ck_assert_int_eq(symlink("base.yaml", "link.yaml"), 0);
	read_main();
	ck_assert_str_eq(said.text, "");
	ck_assert_str_eq(order(), "base.yaml a.yaml b.yaml main.yaml ");
}
END_TEST

START_TEST(a_cycle_is_named)
{
	write_including("main.yaml", "a.yaml");
	write_including("a.yaml", "b.yaml");
	write_including("b.yaml", "a.yaml");
	read_main();
	ck_assert_str_eq(said.text, "b.yaml:2:12: the includes form a cycle: a.yaml -> b.yaml -> "
				    "a.yaml [includes[0]]\n");
}
END_TEST

START_TEST(a_file_that_includes_itself_is_a_cycle)
{
	write_including("main.yaml", "./main.yaml");
	read_main();
	ck_assert_str_eq(said.text, "main.yaml:2:12: the includes form a cycle: main.yaml -> "
				    "main.yaml [includes[0]]\n");
}
END_TEST

START_TEST(what_cannot_be_read_is_told_where_it_is_included)
{
	ck_assert_int_eq(mkdir("folder", 0700), 0);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	write_including("main.yaml", "none.yaml, folder, fifo, /dev/zero, ''");
	read_main();
	ck_assert_str_eq(
		said.text,
		"main.yaml:2:12: cannot read 'none.yaml': No such file or directory [includes[0]]\n"
		"main.yaml:2:23: cannot read 'folder': Is a directory [includes[1]]\n"
		"main.yaml:2:31: cannot read 'fifo': it is no regular file [includes[2]]\n"
		"main.yaml:2:37: cannot read '/dev/zero': it is no regular file [includes[3]]\n"
		"main.yaml:2:48: cannot read '': No such file or directory [includes[4]]\n");
}
END_TEST

START_TEST(the_first_file_may_be_missing_too)
{
	read_main();
	ck_assert_str_eq(said.text,
			 "main.yaml: the file cannot be read: No such file or directory\n");
}
END_TEST

START_TEST(faults_of_all_files_are_told_in_their_order)
{
	folder_write("main.yaml", "version: 1\nincludes: [a.yaml, b.yaml]\ncolour: red\n");
	folder_write("a.yaml", "version: 1\nproviders: 3\n");
	folder_write("b.yaml", "version: [1\n");
	read_main();
	ck_assert_str_eq(said.text,
			 "main.yaml:3:1: unknown key 'colour' [colour]\n"
			 "a.yaml:2:12: here stands a word, where a list is expected [providers]\n"
			 "b.yaml:2:1: syntax error: did not find expected ',' or ']' while parsing "
			 "a flow sequence [version]\n");
}
END_TEST

START_TEST(all_files_together_have_no_more_bytes_than_one_may_have)
{
	char text[2500] = "version: 1\n#";

	memset(text + 12, 'x', sizeof(text) - 13);
	write_including("main.yaml", "a.yaml, b.yaml");
	folder_write("a.yaml", text);
	folder_write("b.yaml", text);
	read_main();
	ck_assert_str_eq(said.text, "b.yaml: the files have together more than 4000 bytes\n");
}
END_TEST

START_TEST(all_files_together_have_no_more_values_than_one_may_have)
{
	files.limits.nodes = files.limits.nodes_most = 10;
	write_including("main.yaml", "a.yaml, b.yaml");
	write_including("a.yaml", "");
	write_including("b.yaml", "");
	read_main();
	ck_assert_str_eq(said.text, "b.yaml:1:10: there are more than 10 values [version]\n");
}
END_TEST

START_TEST(there_are_at_most_256_files)
{
	char name[32], next[32];

	files.limits = (struct di__yaml_limits){ 100000, 32, 10000, 100000, 10000 };
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), i == 0 ? "main.yaml" : "%d.yaml", i);
		snprintf(next, sizeof(next), "%d.yaml", i + 1);
		write_including(name, next);
	}
	read_main();
	ck_assert_str_eq(said.text, "255.yaml:2:12: cannot read '256.yaml': there are too many "
				    "files [includes[0]]\n");
}
END_TEST

START_TEST(a_mark_in_front_of_utf8_moves_nothing)
{
	folder_write("main.yaml", "\xef\xbb\xbfversion: 1\nincludes: [a.yaml]\n");
	folder_write("a.yaml", "\xef\xbb\xbf"
			       "colour: red\nversion: 1\n");
	read_main();
	ck_assert_str_eq(said.text, "a.yaml:1:1: unknown key 'colour' [colour]\n");
	ck_assert_str_eq(order(), "a.yaml main.yaml ");
}
END_TEST

START_TEST(a_file_may_be_as_large_as_the_limit_and_not_larger)
{
	char text[4002] = "version: 1\n#";

	memset(text + 12, 'x', sizeof(text) - 13);
	text[4000] = '\0';
	folder_write("main.yaml", text);
	read_main();
	ck_assert_str_eq(said.text, "");
	di__yaml_files_release(&files);
	files.limits.bytes = 4000;
	files.limits.nodes = 100;
	memcpy(text, "\xef\xbb\xbf#\nversion: 1", 15);
	text[4000] = 'x';
	folder_write("main.yaml", text);
	read_main();
	ck_assert_str_eq(said.text, "main.yaml: the file has more than 4000 bytes\n");
}
END_TEST

START_TEST(a_file_that_does_not_say_its_size_is_read_all_the_same)
{
	/* Of size 0, to whoever asks, and more than one block of ours. */
	if (access("/proc/self/mounts", R_OK) != 0)
		return;
	di__yaml_files_read(&files, "/proc/self/mounts");
	ck_assert_uint_eq(files.count, 1);
	ck_assert_uint_gt(di__yaml_faults_count(&faults), 0);
	ck_assert_str_ne(faults.items[0].text, "the file is empty");
}
END_TEST

START_TEST(nothing_stays_open)
{
	int before = dup(STDIN_FILENO), after;

	close(before);
	write_including("main.yaml", "., a.yaml, a.yaml, nothing.yaml, main.yaml");
	write_including("a.yaml", "");
	read_main();
	after = dup(STDIN_FILENO);
	close(after);
	ck_assert_int_eq(after, before);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/files");
	TCase *including = tcase_create("includes"), *refusing = tcase_create("refused");

	tcase_add_checked_fixture(including, begin, end);
	tcase_add_test(including, what_is_included_comes_before_what_includes_it);
	tcase_add_test(including, a_name_is_relative_to_the_file_that_has_it);
	tcase_add_test(including, a_diamond_is_read_once_whatever_its_names);
	tcase_add_test(including, a_mark_in_front_of_utf8_moves_nothing);
	tcase_add_test(including, a_file_may_be_as_large_as_the_limit_and_not_larger);
	tcase_add_test(including, a_file_that_does_not_say_its_size_is_read_all_the_same);
	suite_add_tcase(s, including);
	tcase_add_checked_fixture(refusing, begin, end);
	tcase_add_test(refusing, a_cycle_is_named);
	tcase_add_test(refusing, a_file_that_includes_itself_is_a_cycle);
	tcase_add_test(refusing, what_cannot_be_read_is_told_where_it_is_included);
	tcase_add_test(refusing, the_first_file_may_be_missing_too);
	tcase_add_test(refusing, faults_of_all_files_are_told_in_their_order);
	tcase_add_test(refusing, all_files_together_have_no_more_bytes_than_one_may_have);
	tcase_add_test(refusing, all_files_together_have_no_more_values_than_one_may_have);
	tcase_add_test(refusing, there_are_at_most_256_files);
	tcase_add_test(refusing, nothing_stays_open);
	suite_add_tcase(s, refusing);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
