/* SPDX-License-Identifier: MIT */
#include "tests/containers/buildable.h"

/* Tables built at run time: in what order their rows stand, and who owns what. */

static enum di_status free_table(void *table, struct di_error *err)
{
	return di_table_free(table, err);
}

static const char *order_of(const struct di_table *table)
{
	static char text[256];

	text[0] = '\0';
	for (uint32_t i = 0; i < table->count; i++) {
		ck_assert_uint_eq(table->providers[i]->index, i);
		ck_assert_ptr_eq(table->providers[i]->table, table);
		strcat(strcat(text, i > 0 ? " " : ""), table->providers[i]->name);
	}
	return text;
}

START_TEST(rows_stand_below_what_they_need_and_else_as_they_were_added)
{
	ROW("factory", "query", .constructor = "query_new", ARGUMENTS(NEED("session")),
	    .destructor = "query_end");
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("context_resource", "session", .constructor = "session_new",
	    ARGUMENTS(NEED("store"), NEED("user")), .destructor = "session_end",
	    .scope = "request");
	ROW("state", "user", .type = "struct part", .scope = "request");
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("object", "config", VALUE(OBJECT("the_config")));
	ck_assert_uint_eq(di_builder_count(builder), 6);
	built_build();
	ck_assert_str_eq(order_of(built), "pool store user session query config");
	ck_assert_str_eq(built->name, "app");
}
END_TEST

START_TEST(rows_that_are_in_order_stay_so)
{
	ROW("object", "config", VALUE(OBJECT("the_config")));
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	ROW("state", "user", .type = "struct part", .scope = "request");
	built_build();
	ck_assert_str_eq(order_of(built), "config pool store user");
}
END_TEST

/* ---- Who owns what. ---- */

START_TEST(a_table_outlives_its_builder_and_what_that_was_given)
{
	char name[] = "pool", constructor[] = "pool_new", scope[] = "task", kind[] = "state";

	built_row((struct di_row){ .name = name,
				   .kind_name = "singleton",
				   .constructor = constructor,
				   .destructor = "pool_end" });
	expect_ok(di_builder_new_scope(builder, scope, 20, NULL, &error));
	built_row((struct di_row){
		.name = "user", .kind_name = kind, .type = "struct part", .scope = scope });
	memset(name, 'x', sizeof(name) - 1);
	memset(constructor, 'x', sizeof(constructor) - 1);
	memset(scope, 'x', sizeof(scope) - 1);
	built_container();
	ck_assert_ptr_nonnull(get(root, "pool"));
	ck_assert_str_eq(row_named("user")->scope->name, "task");
}
END_TEST

START_TEST(a_table_is_not_freed_while_a_container_of_it_lives)
{
	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_container();
	expect_error(di_table_free(built, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "in use: app is used by 1 container or table");
	container_free_expect(DI_OK);
	expect_ok(di_table_free(built, &error));
	built = NULL;
}
END_TEST

START_TEST(a_table_of_macros_is_not_freed)
{
	misuse_expect(free_table, (void *)(uintptr_t)&base, DI_EINVAL,
		      "base was not built but compiled");
	expect_ok(di_table_free(NULL, &error));
}
END_TEST

START_TEST(a_builder_goes_on_after_it_has_built)
{
	const struct di_table *first;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	first = di_builder_build(builder, &error);
	ck_assert_ptr_nonnull(first);
	ROW("resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	built_build();
	ck_assert_str_eq(order_of(first), "pool");
	ck_assert_str_eq(order_of(built), "pool store");
	expect_ok(di_table_free(first, &error));
}
END_TEST

START_TEST(an_empty_table_is_a_table)
{
	built_container();
	ck_assert_uint_eq(built->count, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder");
	TCase *tcase = tcase_create("tables");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, rows_stand_below_what_they_need_and_else_as_they_were_added);
	tcase_add_test(tcase, rows_that_are_in_order_stay_so);
	tcase_add_test(tcase, a_table_outlives_its_builder_and_what_that_was_given);
	tcase_add_test(tcase, a_table_is_not_freed_while_a_container_of_it_lives);
	tcase_add_test(tcase, a_table_of_macros_is_not_freed);
	tcase_add_test(tcase, a_builder_goes_on_after_it_has_built);
	tcase_add_test(tcase, an_empty_table_is_a_table);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
