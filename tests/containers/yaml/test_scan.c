/* SPDX-License-Identifier: MIT */
#include "containers/yaml/index.h"

#include "tests/containers/yaml/said.h"
#include "tests/support/check_main.h"

#include <stdlib.h>

static const struct di__yaml_limits limits = { 1 << 20, 32, 250000, 1 << 20, 250000 };
static const char *const files[] = { "file" };

static struct di__yaml_index doc;
static struct said said;

static int scan_bytes(const char *text, size_t size, const struct di__yaml_limits *most)
{
	struct di__yaml_faults faults = { 0 };
	int fits;

	di__yaml_index_release(&doc);
	said = (struct said){ .count = 0 };
	fits = di__yaml_scan(&doc, text, size, most, &faults);
	ck_assert_int_eq(fits, di__yaml_faults_count(&faults) == 0);
	di__yaml_faults_report(&faults, files, say, &said);
	di__yaml_faults_release(&faults);
	return fits;
}

static int scan(const char *text)
{
	return scan_bytes(text, strlen(text), &limits);
}

static void end(void)
{
	di__yaml_index_release(&doc);
}

/* ---- What is found where ---- */

static void check_place(uint32_t node, const char *path, unsigned line, unsigned column)
{
	struct di__yaml_place place = di__yaml_at(&doc, node);

	ck_assert_str_eq(DI__YAML_PATH(&doc, node), path);
	ck_assert_uint_eq(place.line, line);
	ck_assert_uint_eq(place.column, column);
}

START_TEST(each_value_is_found_by_its_way_with_line_and_column)
{
	uint32_t rows, row;

	ck_assert(scan("version: 1\n"
		       "rows:\n"
		       "  - name: \xc3\xa4\xc3\xb6 # two letters\n"
		       "    args: [a, {b: c}]\n"
		       "  -  x\n"));
	rows = di__yaml_index_find(&doc, 0, "rows");
	row = di__yaml_index_item(&doc, rows, 0);
	check_place(0, "", 1, 1);
	check_place(di__yaml_index_find(&doc, 0, "version"), "version", 1, 10);
	check_place(rows, "rows", 3, 3);
	ck_assert_uint_eq(di__yaml_at_key(&doc, rows).line, 2);
	check_place(row, "rows[0]", 3, 5);
	check_place(di__yaml_index_item(&doc, rows, 1), "rows[1]", 5, 6);
	row = di__yaml_index_find(&doc, row, "args");
	check_place(di__yaml_index_item(&doc, row, 0), "rows[0].args[0]", 4, 12);
	row = di__yaml_index_item(&doc, row, 1);
	check_place(di__yaml_index_find(&doc, row, "b"), "rows[0].args[1].b", 4, 19);
	ck_assert_str_eq(di__yaml_text(&doc, di__yaml_index_find(&doc, row, "b")), "c");
}
END_TEST

START_TEST(columns_count_characters_and_not_bytes)
{
	ck_assert(scan("{\xc3\xa4\xc3\xb6\xe2\x82\xac: 1, b: 2}"));
	check_place(di__yaml_index_find(&doc, 0, "b"), "b", 1, 13);
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	ck_assert(scan("a: {b: 1}\nc: [1]\n"));
	ck_assert_uint_eq(di__yaml_index_find(&doc, 0, "b"), 0);
	ck_assert_uint_eq(di__yaml_index_find(&doc, 0, "zz"), 0);
	ck_assert_uint_eq(di__yaml_index_find(&doc, 0, ""), 0);
	ck_assert_uint_eq(di__yaml_index_item(&doc, di__yaml_index_find(&doc, 0, "c"), 1), 0);
}
END_TEST

START_TEST(quoted_scalars_are_told_from_plain_ones)
{
	ck_assert(scan("a: 1\nb: '1'\nc: \"1\"\n"));
	ck_assert_int_eq(doc.nodes[di__yaml_index_find(&doc, 0, "a")].is_plain, 1);
	ck_assert_int_eq(doc.nodes[di__yaml_index_find(&doc, 0, "b")].is_plain, 0);
	ck_assert_int_eq(doc.nodes[di__yaml_index_find(&doc, 0, "c")].is_plain, 0);
}
END_TEST

START_TEST(paths_are_cut_at_whole_characters_and_keep_to_one_line)
{
	char path[8];

	ck_assert(scan("\"a\\nb\": {\xc3\xa4\xc3\xa4\xc3\xa4: 1}\n"));
	di__yaml_path(&doc, doc.nodes[1].first, path, sizeof(path));
	ck_assert_str_eq(path, "a?b.\xc3\xa4");
}
END_TEST

/* ---- What is refused ---- */

static const struct {
	const char *text, *said;
} refused[] = {
	{ "", "1:1: the file is empty\n" },
	{ "# nothing\n", "1:1: the file is empty\n" },
	{ "a: &x 1\nb: *x\n", "1:4: anchors are not supported [a]\n"
			      "2:4: aliases are not supported [b]\n" },
	{ "a: &x {b: 1}\n", "1:4: anchors are not supported [a]\n" },
	{ "- &x [1]\n- *x\n", "1:3: anchors are not supported\n"
			      "2:3: aliases are not supported\n" },
	{ "*x : 1\n", "1:1: aliases are not supported\n" },
	{ "a: 1\n<<: {b: 2}\n", "2:1: merge keys are not supported [<<]\n" },
	{ "a: !ref db\n", "1:4: tags are not supported [a]\n" },
	{ "a: !!str 5\n", "1:4: tags are not supported [a]\n" },
	{ "a: ! 5\n", "1:4: tags are not supported [a]\n" },
	{ "a: !x [1]\nb: !y {}\n", "1:4: tags are not supported [a]\n"
				   "2:4: tags are not supported [b]\n" },
	{ "a: 1\n---\nb: 2\n", "2:1: only one document per file is supported\n" },
	{ "a: 1\n---\n[\n", "2:1: only one document per file is supported\n" },
	{ "a: 1\nb: 2\na: 3\n", "3:1: the key 'a' stands here twice, first in line 1 [a]\n" },
	{ "a: 1\na: 2\nb:\n- {c: 1, c: 2, c: 3}\n",
	  "2:1: the key 'a' stands here twice, first in line 1 [a]\n"
	  "4:10: the key 'c' stands here twice, first in line 4 [b[0].c]\n"
	  "4:16: the key 'c' stands here twice, first in line 4 [b[0].c]\n" },
	{ "? [a, b]\n: 1\nc: 2\nc: 3\n",
	  "1:3: a key is a word, and not a list or a mapping\n"
	  "4:1: the key 'c' stands here twice, first in line 3 [c]\n" },
	{ "? {a: [1, {b: 2}]}\n: [1, {c: 3}]\nd: {? [x] : y}\n",
	  "1:3: a key is a word, and not a list or a mapping\n"
	  "3:7: a key is a word, and not a list or a mapping [d]\n" },
	{ "a: \"x\\0y\"\n", "1:4: a NUL stands in the text [a]\n" },
	{ "\"a\\0b\": 1\n", "1:1: a NUL stands in the text [a]\n" },
	{ "- \"\\0\"\n", "1:3: a NUL stands in the text of an item\n" },
	{ "a: [1\nb: 2\n", "2:2: syntax error: did not find expected ',' or ']' while parsing a "
			   "flow sequence [a]\n" },
	{ "rows:\n- a: 1\nx\n: 2\n", "4:1: syntax error: could not find expected ':' while "
				     "scanning a simple key [rows[0]]\n" },
	{ "rows:\n- a: 1\n x: 2\n",
	  "3:2: syntax error: did not find expected key while parsing a block mapping\n" },
	{ "a: 'x\n", "2:1: syntax error: found unexpected end of stream while scanning a quoted "
		     "scalar [a]\n" },
	{ "a:\tb: c\n", "1:5: syntax error: mapping values are not allowed in this context\n" },
	{ "@\n",
	  "1:1: syntax error: found character that cannot start any token while scanning for "
	  "the next token\n" },
	{ "%YAML 3.0\n---\na: 1\n", "1:1: syntax error: found incompatible YAML document\n" },
	{ "a: 1\nb: \xff\n", "2:4: the file is no UTF-8 text: invalid leading UTF-8 octet\n" },
	{ "a: \xc3", "1:4: the file is no UTF-8 text: incomplete UTF-8 octet sequence\n" },
	{ "a: \x01\n", "1:4: the file is no UTF-8 text: control characters are not allowed\n" },
	{ "a: \xed\xa0\x80\n", "1:4: the file is no UTF-8 text: invalid Unicode character\n" },
};

START_TEST(what_a_container_does_not_need_is_refused_at_its_place)
{
	ck_assert_int_eq(scan(refused[_i].text), 0);
	ck_assert_str_eq(said.text, refused[_i].said);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
	ck_assert_int_eq(scan_bytes("a: 1\nb: \0\n", 10, &limits), 0);
	ck_assert_str_eq(said.text, "2:4: a NUL byte stands in the file\n");
	ck_assert_int_eq(scan_bytes("\xff\xfe"
				    "a\0",
				    4, &limits),
			 0);
	ck_assert_str_eq(said.text, "1:4: a NUL byte stands in the file\n");
}
END_TEST

START_TEST(a_mark_of_the_byte_order_of_utf8_is_nothing)
{
	ck_assert(scan("\xef\xbb\xbf"
		       "a: 1\n"));
	ck_assert_uint_ne(di__yaml_index_find(&doc, 0, "a"), 0);
}
END_TEST

/* ---- Limits ---- */

static char *repeat(const char *before, const char *unit, size_t times, const char *after)
{
	size_t length = strlen(unit), i;
	char *text = calloc(1, strlen(before) + length * times + strlen(after) + 1), *at = text;

	strcpy(at, before);
	at += strlen(before);
	for (i = 0; i < times; i++, at += length)
		memcpy(at, unit, length);
	strcpy(at, after);
	return text;
}

START_TEST(a_document_that_is_too_deep_is_refused_where_it_becomes_so)
{
	char *text = repeat("a: ", "[", 31, "");
	char *closed = repeat(text, "]", 31, "\n");

	ck_assert(scan(closed));
	free(closed);
	free(text);
	text = repeat("a: ", "[", 100000, "");
	ck_assert_int_eq(scan(text), 0);
	ck_assert_str_eq(said.text, "1:35: the document is deeper than 32 levels [a"
				    "[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"
				    "[0][0][0][0][0][0][0][0][0][0]]\n");
	free(text);
	text = repeat("a: ", "{? ", 100000, "");
	ck_assert_int_eq(scan(text), 0);
	free(text);
}
END_TEST

START_TEST(a_document_with_too_many_values_is_refused)
{
	struct di__yaml_limits few = { 1 << 20, 32, 5, 1 << 20, 5 };

	ck_assert(scan_bytes("a: [1, 2]\n", 10, &few));
	ck_assert_int_eq(scan_bytes("a: [1,2,3]\n", 11, &few), 0);
	ck_assert_str_eq(said.text, "1:9: there are more than 5 values [a]\n");
	/* Those that are left out count too. */
	ck_assert_int_eq(scan_bytes("? [1,2,3,4]\n", 12, &few), 0);
	ck_assert_str_eq(said.text, "1:3: a key is a word, and not a list or a mapping\n"
				    "1:10: there are more than 5 values\n");
}
END_TEST

START_TEST(a_file_that_is_too_large_is_refused_unread)
{
	struct di__yaml_limits small = { 8, 32, 100, 8, 100 };

	ck_assert_int_eq(scan_bytes("a: 12345\n", 9, &small), 0);
	ck_assert_str_eq(said.text, ": the file has more than 8 bytes\n");
}
END_TEST

START_TEST(of_very_many_faults_the_first_thousand_are_told)
{
	char *text = repeat("", "a: 1\n", 1502, "");
	struct di__yaml_faults faults = { 0 };
	struct said *all = calloc(1, sizeof(*all));

	di__yaml_index_release(&doc);
	ck_assert_int_eq(di__yaml_scan(&doc, text, strlen(text), &limits, &faults), 0);
	ck_assert_uint_eq(di__yaml_faults_count(&faults), 1501);
	di__yaml_faults_report(&faults, files, say, all);
	ck_assert_uint_eq(all->count, 1001);
	faults.count = 0;
	all->text[0] = '\0';
	di__yaml_faults_report(&faults, files, say, all);
	ck_assert_str_eq(all->text, ": 501 more errors are not shown\n");
	faults.count = DI__YAML_FAULTS_MAX;
	di__yaml_faults_release(&faults);
	free(all);
	free(text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/scan");
	TCase *places = tcase_create("places"), *refusing = tcase_create("refused"),
	      *most = tcase_create("limits");

	tcase_add_checked_fixture(places, NULL, end);
	tcase_add_test(places, each_value_is_found_by_its_way_with_line_and_column);
	tcase_add_test(places, columns_count_characters_and_not_bytes);
	tcase_add_test(places, what_is_not_there_is_not_found);
	tcase_add_test(places, quoted_scalars_are_told_from_plain_ones);
	tcase_add_test(places, paths_are_cut_at_whole_characters_and_keep_to_one_line);
	suite_add_tcase(s, places);
	tcase_add_checked_fixture(refusing, NULL, end);
	tcase_add_loop_test(refusing, what_a_container_does_not_need_is_refused_at_its_place, 0,
			    (int)(sizeof(refused) / sizeof(*refused)));
	tcase_add_test(refusing, bytes_that_are_no_text_are_refused);
	tcase_add_test(refusing, a_mark_of_the_byte_order_of_utf8_is_nothing);
	suite_add_tcase(s, refusing);
	tcase_add_checked_fixture(most, NULL, end);
	tcase_add_test(most, a_document_that_is_too_deep_is_refused_where_it_becomes_so);
	tcase_add_test(most, a_document_with_too_many_values_is_refused);
	tcase_add_test(most, a_file_that_is_too_large_is_refused_unread);
	tcase_add_test(most, of_very_many_faults_the_first_thousand_are_told);
	suite_add_tcase(s, most);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
