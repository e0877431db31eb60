/* SPDX-License-Identifier: MIT */
#include "tests/containers/faulty.h"

/* Names that mean nothing, or too much, and what is said of them. */

START_TEST(a_need_that_is_no_row_is_told_with_the_nearest_name)
{
	MADE("singleton", "app_pool", pool, NOTHING);
	MADE("singleton", "app_store", store, ARGUMENTS(NEED("app_pol")));
	MADE("singleton", "app_other", store, ARGUMENTS(NEED("something_else")));
	built_expect("app_store(1) MISSING argument 0: there is no row app_pol; did you mean "
		     "app_pool?\n"
		     "app_other(2) MISSING argument 0: there is no row something_else\n");
}
END_TEST

START_TEST(letters_that_were_exchanged_are_one_mistake)
{
	MADE("singleton", "ab", pool, NOTHING);
	MADE("singleton", "app_store", store, ARGUMENTS(NEED("ba")));
	built_expect("app_store(1) MISSING argument 0: there is no row ba; did you mean ab?\n");
}
END_TEST

START_TEST(a_name_used_twice_is_a_fault_of_the_second_row)
{
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singleton", "pool", pool, NOTHING);
	built_expect("pool(1) DUPLICATE name: there is another row of that name\n");
}
END_TEST

/* clang-format off */
#define BASE(X) X(singleton, base_pool, struct part, (pool_new), pool_end)
/* clang-format on */
DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);

START_TEST(names_of_connected_rows_are_taken)
{
	struct di_table again = base;

	again.name = "again";
	expect_ok(di_builder_connect(builder, &base, &error));
	expect_ok(di_builder_connect(builder, &again, &error));
	MADE("singleton", "base_pool", pool, NOTHING);
	built_expect("base_pool(0) DUPLICATE name: base, which app connects, has a row of that "
		     "name\n");
}
END_TEST

START_TEST(a_name_in_two_connected_tables_means_neither)
{
	struct di_table again = base;
	struct di_provider provider = base_pool;
	const struct di_provider *providers[] = { &provider };

	again.name = "again";
	again.providers = providers;
	provider.table = &again;
	expect_ok(di_builder_connect(builder, &base, &error));
	expect_ok(di_builder_connect(builder, &again, &error));
	MADE("singleton", "store", store, ARGUMENTS(NEED("base_pool")));
	built_expect("store(0) DUPLICATE argument 0: base_pool is a row of base and of again\n");
}
END_TEST

START_TEST(names_are_those_of_C)
{
	MADE("singleton", "app-pool", pool, NOTHING);
	MADE("singleton", "9pool", pool, NOTHING);
	MADE("singleton", "", pool, NOTHING);
	MADE("singleton", "_9", pool, NOTHING);
	built_expect("app-pool(0) NAME name: a name has letters, digits and _, and no digit in "
		     "front\n"
		     "9pool(1) NAME name: a name has letters, digits and _, and no digit in front\n"
		     "(2) NAME name: a name has letters, digits and _, and no digit in front\n");
}
END_TEST

START_TEST(functions_and_objects_that_are_not_exported_are_told)
{
	ROW("singleton", "pool", .constructor = "pol_new", .destructor = "pool_nd");
	ROW("object", "config", VALUE(OBJECT("teh_config")));
	ROW("selector", "one", .constructor = "chose", MEMBERS(KEYED("a", "config")));
	ROW("singleton", "store", .constructor = "store_new", .destructor = "di_keep",
	    ARGUMENTS(OBJECT("the_confog")));
	ROW("singleton", "wrong", .constructor = "pool_end", .destructor = "pool_new");
	built_expect(
		"pool(0) UNKNOWN constructor: no constructor pol_new is exported; did you mean "
		"pool_new?\n"
		"pool(0) UNKNOWN destructor: no destructor pool_nd is exported; did you mean "
		"pool_end?\n"
		"config(1) UNKNOWN value: no object teh_config is exported; did you mean "
		"the_config?\n"
		"one(2) UNKNOWN constructor: no chooser chose is exported; did you mean choose?\n"
		"store(3) UNKNOWN argument 0: no object the_confog is exported; did you mean "
		"the_config?\n"
		"wrong(4) UNKNOWN constructor: no constructor pool_end is exported; did you mean "
		"pool_new?\n"
		"wrong(4) UNKNOWN destructor: no destructor pool_new is exported; did you mean "
		"pool_end?\n");
}
END_TEST

START_TEST(a_member_that_is_not_exported_is_told)
{
	ROW("object", "clock", VALUE(OBJECT("noon")));
	ROW("singleton", "seen", .constructor = "look", .destructor = "di_keep",
	    ARGUMENTS(NEED("clock"), NEED("clock.huor")));
	built_expect("seen(1) FIELD argument 1: no member huor of struct clock is exported; did "
		     "you mean hour?\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder names");
	TCase *tcase = tcase_create("names");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, a_need_that_is_no_row_is_told_with_the_nearest_name);
	tcase_add_test(tcase, letters_that_were_exchanged_are_one_mistake);
	tcase_add_test(tcase, a_name_used_twice_is_a_fault_of_the_second_row);
	tcase_add_test(tcase, names_of_connected_rows_are_taken);
	tcase_add_test(tcase, a_name_in_two_connected_tables_means_neither);
	tcase_add_test(tcase, names_are_those_of_C);
	tcase_add_test(tcase, functions_and_objects_that_are_not_exported_are_told);
	tcase_add_test(tcase, a_member_that_is_not_exported_is_told);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
