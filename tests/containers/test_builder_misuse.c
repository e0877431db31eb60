/* SPDX-License-Identifier: MIT */
#include "tests/containers/buildable.h"

/* Calls of a builder that are mistakes; see misuse.h. */

static enum di_status add_row(void *row, struct di_error *err)
{
	return di_builder_row(builder, row, err);
}

static enum di_status add_table(void *table, struct di_error *err)
{
	return di_builder_connect(builder, table, err);
}

/* What returns NULL and writes to an error of its own where there is none. */
static enum di_status new_with(void *options, struct di_error *err)
{
	struct di_error own;

	if (err == NULL)
		err = &own;
	return di_builder_new(options != NULL ? "x" : NULL, options, err) == NULL ? err->status
										  : DI_OK;
}

static enum di_status without_a_builder(void *call, struct di_error *err)
{
	struct di_row row = { .name = "x" };
	struct di_error own;

	if (err == NULL)
		err = &own;
	switch (*(const int *)call) {
	case 0:
		return di_builder_row(NULL, &row, err);
	case 1:
		return di_builder_export(NULL, NULL, err);
	case 2:
		return di_builder_connect(NULL, NULL, err);
	case 3:
		return di_builder_scope(NULL, NULL, err);
	case 4:
		return di_builder_new_scope(NULL, "x", 1, NULL, err);
	case 5:
		return di_builder_check(NULL, err);
	default:
		return di_builder_build(NULL, err) == NULL ? err->status : DI_OK;
	}
}

static enum di_status no_exports(void *unused, struct di_error *err)
{
	(void)unused;
	return di_builder_export(builder, NULL, err);
}

START_TEST(rows_that_lack_something_are_refused)
{
	static const struct di_argument no_text[1], no_kind[1] = { { .kind = 17, .text = "" } };
	static const struct di_member no_provider[1];
	struct {
		struct di_row row;
		const char *text;
	} cases[] = {
		{ { .kind_name = "list" }, "lacks its name" },
		{ { .name = "x" }, "the row x lacks its kind" },
		{ { .name = "x", .kind_name = "list", .members_count = 1 },
		  "the row x lacks what it counts" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1 },
		  "the row x lacks what it counts" },
		{ { .name = "x", .kind_name = "list", .members_count = 1, .members = no_provider },
		  "the row x lacks the provider of a member" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1, .arguments = no_text },
		  "the row x lacks the text of an argument" },
		{ { .name = "x", .kind_name = "list", .arguments_count = 1, .arguments = no_kind },
		  "the row x has an argument of no kind" },
		{ { .name = "x", .kind_name = "list", .value = no_text },
		  "the row x lacks the text of its value" },
		{ { .name = "x", .kind_name = "list", .value = no_kind },
		  "the row x has a value of no kind" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		misuse_expect(add_row, &cases[i].row, DI_EINVAL, cases[i].text);
	misuse_expect(add_row, NULL, DI_EINVAL, "there is no row");
	ck_assert_uint_eq(di_builder_count(builder), 0);
}
END_TEST

START_TEST(calls_without_a_builder_are_refused)
{
	for (int call = 0; call < 7; call++)
		misuse_expect(without_a_builder, &call, DI_EINVAL, "there is no builder");
	misuse_expect(new_with, NULL, DI_EINVAL, "the table has no name");
	misuse_expect(no_exports, NULL, DI_EINVAL, "there are no exports");
	misuse_expect(add_table, NULL, DI_EINVAL, "there is no table to connect");
	ck_assert_uint_eq(di_builder_count(NULL), 0);
	di_builder_free(NULL);
}
END_TEST

START_TEST(what_was_compiled_against_other_headers_is_refused)
{
	struct di_builder_options options = { .abi = DI_ABI + 1 };
	struct di_exports old = exports;
	struct di_table table = base;

	table.abi++;
	misuse_expect(new_with, &options, DI_EABI, "the options have abi");
	misuse_expect(add_table, &table, DI_EABI, "the table has abi");
	old.abi++;
	expect_error(di_builder_export(builder, &old, &error), DI_EABI);
	expect_text("the table of exports has abi");
	old.abi--;
	old.export_size--;
	expect_error(di_builder_export(builder, &old, &error), DI_EABI);
	expect_text("exports has abi");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder misuse");
	TCase *tcase = tcase_create("misuse");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, rows_that_lack_something_are_refused);
	tcase_add_test(tcase, calls_without_a_builder_are_refused);
	tcase_add_test(tcase, what_was_compiled_against_other_headers_is_refused);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
