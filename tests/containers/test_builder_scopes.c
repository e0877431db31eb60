/* SPDX-License-Identifier: MIT */
#include "tests/containers/buildable.h"

/* Tables built at run time: scopes, and the tables that they connect. */

static enum di_status add_scope(void *scope, struct di_error *err)
{
	return di_builder_scope(builder, scope, err);
}

static enum di_status scope_without_a_name(void *unused, struct di_error *err)
{
	(void)unused;
	return di_builder_new_scope(builder, NULL, 1, NULL, err);
}

static enum di_status add_table(void *table, struct di_error *err)
{
	return di_builder_connect(builder, table, err);
}

START_TEST(scopes_come_from_exports_the_program_and_the_builder)
{
	static const struct di_scope given = { "batch", 120 };
	struct di_context *batch, *task;

	expect_ok(di_builder_scope(builder, &given, &error));
	expect_ok(di_builder_scope(builder, &given, &error));
	expect_ok(di_builder_new_scope(builder, "task", 160, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "unused", 170, NULL, &error));
	ROW("state", "a", .type = "struct part", .scope = "job");
	ROW("state", "b", .type = "struct part", .scope = "batch");
	ROW("state", "c", .type = "struct part", .scope = "task");
	built_container();
	ck_assert_ptr_eq(di_table_scope(built, "job"), &di_scope_job);
	ck_assert_ptr_eq(di_table_scope(built, "batch"), &given);
	ck_assert_int_eq(di_table_scope(built, "unused")->rank, 170);
	ck_assert_ptr_null(di_table_scope(built, "taks"));
	ck_assert_ptr_null(di_table_scope(NULL, "task"));
	ck_assert_ptr_null(di_table_scope(built, NULL));
	batch = open_in(root, &given);
	task = open_in(batch, di_table_scope(built, "task"));
	expect_ok(di_state_put(task, row_named("c"), &config, &error));
	ck_assert_ptr_eq(get(task, "c"), &config);
	ck_assert_uint_eq(row_named("c")->life, 160);
	close_as(task, DI_DONE);
	close_as(batch, DI_DONE);
}
END_TEST

START_TEST(a_default_scope_is_that_of_rows_that_name_none)
{
	built_end();
	built_begin("app", &exports, "request");
	ROW("state", "user", .type = "struct part");
	ROW("lazy", "lazy", .type = "struct later", .scope = "job", MEMBERS(MEMBER("user")));
	built_build();
	ck_assert_ptr_eq(row_named("user")->scope, &di_scope_request);
	ck_assert_ptr_eq(row_named("lazy")->scope, &di_scope_job);
}
END_TEST

START_TEST(scopes_that_are_none_are_refused)
{
	struct di_scope other = { "job", 10 }, low = { "low", 1 }, high = { "high", 300 };

	expect_error(di_builder_scope(builder, &other, &error), DI_EINVAL);
	expect_text("there is another scope job");
	misuse_expect(add_scope, &low, DI_EINVAL,
		      "the scope low has the rank 1; ranks are from 2 to 299");
	misuse_expect(add_scope, &high, DI_EINVAL,
		      "the scope high has the rank 300; ranks are from 2 to 299");
	misuse_expect(add_scope, NULL, DI_EINVAL, "there is no scope");
	misuse_expect(scope_without_a_name, NULL, DI_EINVAL, "the scope has no name");
}
END_TEST

START_TEST(rows_need_those_of_a_table_of_macros)
{
	struct di_container *base_container = di_container_new(&base, NULL, &error), *connected[1];
	struct di_options options = { .abi = DI_ABI,
				      .connected = connected,
				      .connected_count = 1,
				      .allocator = &memory.allocator };
	struct di_context *request;

	connected[0] = base_container;
	expect_ok(di_builder_connect(builder, &base, &error));
	ROW("factory", "query", .constructor = "query_new", ARGUMENTS(NEED("base_session")),
	    .destructor = "query_end");
	built_build();
	ck_assert_uint_eq(built->connects_count, 1);
	ck_assert_ptr_eq(built->connects[0], &base);
	ck_assert_uint_eq(row_named("query")->life, 100);
	container = di_container_new(built, &options, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	request = open_in(di_container_root(container), &di_scope_request);
	get(request, "query");
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	expect_ok(di_container_free(base_container, &error));
	journal_expect("created pool", "created store from pool", "created query from store",
		       "ended query done", "ended store done", "ended pool done");
}
END_TEST

START_TEST(built_tables_connect_built_tables)
{
	struct di_builder_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	const struct di_table *inner, *outer;

	ROW("singleton", "pool", .constructor = "pool_new", .destructor = "pool_end");
	built_build();
	inner = built;
	builder = di_builder_new("outer", &options, &error);
	expect_ok(di_builder_export(builder, &exports, &error));
	expect_ok(di_builder_connect(builder, inner, &error));
	misuse_expect(add_table, (void *)(uintptr_t)inner, DI_EINVAL, "app is connected already");
	ROW("singleton", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	outer = di_builder_build(builder, &error);
	ck_assert_msg(outer != NULL, "%s", error_text());
	expect_error(di_table_free(inner, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "in use: app is used by 1 container or table");
	expect_ok(di_table_free(outer, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder scopes");
	TCase *tcase = tcase_create("scopes");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, scopes_come_from_exports_the_program_and_the_builder);
	tcase_add_test(tcase, a_default_scope_is_that_of_rows_that_name_none);
	tcase_add_test(tcase, scopes_that_are_none_are_refused);
	tcase_add_test(tcase, rows_need_those_of_a_table_of_macros);
	tcase_add_test(tcase, built_tables_connect_built_tables);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
