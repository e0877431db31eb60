/* SPDX-License-Identifier: MIT */
#include "containers/yaml/schema.h"

#include "tests/containers/yaml/said.h"
#include "tests/support/check_main.h"

static const struct di__yaml_limits limits = { 1 << 20, 32, 250000, 1 << 20, 250000 };
static const char *const files[] = { "file" };

static struct said said;
static struct di__yaml_budget budget;
static struct di__yaml_document *document;

static void read_all(const char *text)
{
	struct di__yaml_faults faults = { 0 };
	struct di__yaml_index index = { .file = 0 };

	said = (struct said){ .count = 0 };
	budget = (struct di__yaml_budget){ .most = 1 << 20 };
	ck_assert(di__yaml_scan(&index, text, strlen(text), &limits, &faults));
	if (di__yaml_check(&index, &di__yaml_schema, &faults))
		document = di__yaml_read(text, strlen(text), &index, &budget, &faults);
	ck_assert(document != NULL || di__yaml_faults_count(&faults) > 0);
	di__yaml_faults_report(&faults, files, say, &said);
	di__yaml_faults_release(&faults);
	di__yaml_index_release(&index);
}

static void end(void)
{
	di__yaml_document_free(document, &budget);
	document = NULL;
	ck_assert_uint_eq(budget.used, 0);
}

/* ---- What is read ---- */

START_TEST(a_document_is_read_into_structs)
{
	const struct di__yaml_row *row;

	read_all("version: 1\n"
		 "container: app\n"
		 "includes: [a.yaml, b.yaml]\n"
		 "providers:\n"
		 "- {name: settings, kind: object, object: default_settings}\n"
		 "- name: db\n"
		 "  kind: resource\n"
		 "  create: db_open\n"
		 "  args: [{ref: settings.url}, {int: 5}, {str: ''}, {env: HOME, default: x}]\n"
		 "- {name: pick, kind: selector, select: choose, cases: [{when: a, ref: db}]}\n"
		 "overrides: [{provider: db, with: fake}]\n");
	ck_assert_str_eq(said.text, "");
	ck_assert_str_eq(document->container, "app");
	ck_assert_uint_eq(document->includes_count, 2);
	ck_assert_str_eq(document->includes[1], "b.yaml");
	ck_assert_uint_eq(document->rows_count, 3);
	row = &document->rows[1];
	ck_assert_str_eq(row->kind, "resource");
	ck_assert_ptr_null(row->destroy);
	ck_assert_uint_eq(row->args_count, 4);
	ck_assert_str_eq(row->args[0].ref, "settings.url");
	ck_assert_str_eq(row->args[1].integer, "5");
	ck_assert_str_eq(row->args[2].string, "");
	ck_assert_str_eq(row->args[3].fallback, "x");
	ck_assert_str_eq(document->rows[2].cases[0].key, "a");
	ck_assert_str_eq(document->overrides[0].with, "fake");
}
END_TEST

START_TEST(scalars_are_kept_as_they_are_written)
{
	read_all("version: 010\ncontainer: 1e3\ndefault_scope: 'null'\n");
	ck_assert_str_eq(document->version, "010");
	ck_assert_str_eq(document->container, "1e3");
	ck_assert_str_eq(document->default_scope, "null");
}
END_TEST

/* ---- What does not fit ---- */

static const struct {
	const char *text, *said;
} refused[] = {
	{ "[]", "1:1: here stands a list, where a mapping is expected\n" },
	{ "text", "1:1: here stands a word, where a mapping is expected\n" },
	{ "{}", "1:1: the key 'version' is missing\n" },
	{ "version: 1\ncontainers: app\n",
	  "2:1: unknown key 'containers'; did you mean 'container'? [containers]\n" },
	{ "version: 1\ncolour: red\n", "2:1: unknown key 'colour' [colour]\n" },
	{ "version: 1\nproviders: {a: 1}\n",
	  "2:12: here stands a mapping, where a list is expected [providers]\n" },
	{ "version: 1\nproviders: [~]\n",
	  "2:13: there is no value; a mapping is expected [providers[0]]\n" },
	{ "version: 1\nproviders: [a]\n",
	  "2:13: here stands a word, where a mapping is expected [providers[0]]\n" },
	{ "version: 1\nproviders:\n- {name: '', kind: list}\n",
	  "3:10: the text is empty [providers[0].name]\n" },
	{ "version: 1\nproviders:\n- {name: a}\n- {kind: list}\n- {}\n",
	  "3:3: the key 'kind' is missing [providers[0]]\n"
	  "4:3: the key 'name' is missing [providers[1]]\n"
	  "5:3: the key 'name' is missing [providers[2]]\n"
	  "5:3: the key 'kind' is missing [providers[2]]\n" },
	{ "version: 1\nproviders:\n- name: a\n  kind: factory\n  create: [x]\n  scop: x\n",
	  "5:11: here stands a list, where a word is expected [providers[0].create]\n"
	  "6:3: unknown key 'scop'; did you mean 'scope'? [providers[0].scop]\n" },
	{ "version: 1\ncontainer:\ndefault_scope: ~\nincludes: [null, '']\n",
	  "2:1: there is no value; a text is put in quotes where it is empty, ~ or null "
	  "[container]\n"
	  "3:1: there is no value; a text is put in quotes where it is empty, ~ or null "
	  "[default_scope]\n"
	  "4:12: there is no value; a text is put in quotes where it is empty, ~ or null "
	  "[includes[0]]\n" },
	{ "version: 1\nproviders:\n",
	  "2:1: there is no value; a list of nothing is written [] [providers]\n" },
	{ "version: 1\n\"x\\ny\": 1\n", "2:1: unknown key 'x\\x0ay' [x?y]\n" },
};

START_TEST(what_does_not_fit_is_told_with_its_place)
{
	read_all(refused[_i].text);
	ck_assert_str_eq(said.text, refused[_i].said);
}
END_TEST

START_TEST(keys_that_are_unknown_or_missing_do_not_keep_it_from_being_read)
{
	read_all("version: 1\nproviders:\n- {name: a, colour: {red: [1]}}\n- {kind: list}\n");
	ck_assert_uint_eq(said.count, 3);
	ck_assert_uint_eq(document->rows_count, 2);
	ck_assert_str_eq(document->rows[0].name, "a");
	ck_assert_ptr_null(document->rows[0].kind);
	ck_assert_ptr_null(document->rows[1].name);
}
END_TEST

START_TEST(a_list_may_be_empty)
{
	read_all("version: 1\nproviders: []\noverrides: []\n");
	ck_assert_uint_eq(document->rows_count, 0);
}
END_TEST

/* ---- What libcyaml says ---- */

struct item {
	int number;
};
struct items {
	struct item *items;
	unsigned items_count;
};

static const cyaml_schema_field_t item_fields[] = {
	CYAML_FIELD_INT("number", CYAML_FLAG_DEFAULT, struct item, number),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t item_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct item, item_fields),
};
static const cyaml_schema_field_t items_fields[] = {
	CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER, struct items, items, &item_value, 0,
			     CYAML_UNLIMITED),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t items_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct items, items_fields),
};

static void read_items(const char *text, size_t most)
{
	struct di__yaml_faults faults = { 0 };
	struct di__yaml_index index = { .file = 0 };

	said = (struct said){ .count = 0 };
	budget = (struct di__yaml_budget){ .most = most };
	ck_assert(di__yaml_scan(&index, text, strlen(text), &limits, &faults));
	ck_assert_ptr_null(
		di__yaml_read_by(&items_value, text, strlen(text), &index, &budget, &faults));
	ck_assert_uint_eq(budget.used, 0);
	di__yaml_faults_report(&faults, files, say, &said);
	di__yaml_faults_release(&faults);
	di__yaml_index_release(&index);
}

static const struct {
	const char *text, *said;
} by_libcyaml[] = {
	{ "items:\n- number: 1\n- number: x\n",
	  "3:11: Invalid INT value: 'x' [items[1].number]\n" },
	{ "items:\n- number: 1\n- [a]\n",
	  "3:3: Expecting MAPPING, got event: SEQUENCE_START [items[1]]\n" },
	{ "items:\n- number: 1\n\n-\n  {}\n",
	  "5:3: Missing required mapping field: number [items[1]]\n" },
	{ "[]", "1:1: Expecting MAPPING, got event: SEQUENCE_START\n" },
};

START_TEST(what_libcyaml_says_gets_the_place_that_its_words_lead_to)
{
	read_items(by_libcyaml[_i].text, 1 << 20);
	ck_assert_str_eq(said.text, by_libcyaml[_i].said);
}
END_TEST

START_TEST(a_file_that_takes_too_much_memory_is_refused)
{
	read_items("items: [{number: 1}, {number: 2}, {number: 3}]\n", 300);
	ck_assert_str_eq(said.text, ": the file takes too much memory\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/check");
	TCase *reading = tcase_create("read"), *refusing = tcase_create("refused"),
	      *libcyaml = tcase_create("libcyaml");

	tcase_add_checked_fixture(reading, NULL, end);
	tcase_add_test(reading, a_document_is_read_into_structs);
	tcase_add_test(reading, scalars_are_kept_as_they_are_written);
	tcase_add_test(reading, keys_that_are_unknown_or_missing_do_not_keep_it_from_being_read);
	tcase_add_test(reading, a_list_may_be_empty);
	suite_add_tcase(s, reading);
	tcase_add_checked_fixture(refusing, NULL, end);
	tcase_add_loop_test(refusing, what_does_not_fit_is_told_with_its_place, 0,
			    (int)(sizeof(refused) / sizeof(*refused)));
	suite_add_tcase(s, refusing);
	tcase_add_loop_test(libcyaml, what_libcyaml_says_gets_the_place_that_its_words_lead_to, 0,
			    (int)(sizeof(by_libcyaml) / sizeof(*by_libcyaml)));
	tcase_add_test(libcyaml, a_file_that_takes_too_much_memory_is_refused);
	suite_add_tcase(s, libcyaml);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
