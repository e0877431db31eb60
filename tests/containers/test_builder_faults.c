/* SPDX-License-Identifier: MIT */
#include "tests/containers/faulty.h"

/* All faults of a builder together: in one go, with positions, and mended. */

START_TEST(every_fault_is_told_in_one_go)
{
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singleton", "pool", pool, NOTHING);
	MADE("singelton", "a", store, ARGUMENTS(NEED("pol")));
	MADE("singleton", "b", store, ARGUMENTS(NEED("b")));
	MADE("context_resource", "c", pool, .scope = "request");
	MADE("singleton", "d", store, ARGUMENTS(NEED("c")));
	built_expect(
		"pool(1) DUPLICATE name: there is another row of that name\n"
		"a(2) KIND kind: singelton is not a kind of provider; did you mean "
		"singleton?\n"
		"a(2) MISSING argument 0: there is no row pol; did you mean pool?\n"
		"b(3) CYCLE argument 0: it needs itself: b <- b\n"
		"d(5) CAPTIVE argument 0: of scope app, it would outlive c of scope request\n");
	ck_assert_str_eq(error_text(), "pool: invalid argument: there is another row of that name "
				       "and 4 more errors");
}
END_TEST

START_TEST(a_builder_with_faults_builds_nothing)
{
	MADE("singleton", "b", store, ARGUMENTS(NEED("b")));
	expect_null(di_builder_build(builder, &error), DI_EINVAL);
	ck_assert_int_eq(faults_count, 1);
	expect_null(di_builder_build(builder, &error), DI_EINVAL);
	ck_assert_int_eq(faults_count, 1);
	ck_assert_str_eq(error_text(), "b: invalid argument: it needs itself: b <- b");
	ck_assert_ptr_null(di_builder_build(builder, NULL));
}
END_TEST

START_TEST(a_fault_can_be_mended_by_a_further_row)
{
	MADE("singleton", "store", store, ARGUMENTS(NEED("pool")));
	built_expect("store(0) MISSING argument 0: there is no row pool\n");
	MADE("singleton", "pool", pool, NOTHING);
	built_build();
}
END_TEST

struct position {
	int row, argument;
};

static struct position found;

static void keep_position(const struct di_fault *fault, void *data)
{
	(void)data;
	found.row = *(const int *)fault->row_at;
	found.argument = *(const int *)fault->at;
}

START_TEST(faults_come_with_the_callers_own_positions)
{
	static const int row = 7, argument = 9;
	struct di_builder_options options = { .abi = DI_ABI, .report = keep_position };
	struct di_builder *other = di_builder_new("x", &options, &error);
	struct di_argument need = { .kind = DI_ARGUMENT_NEED, .text = "none", .at = &argument };

	expect_ok(di_builder_export(other, &exports, &error));
	expect_ok(di_builder_row(other,
				 &(struct di_row){ .name = "a",
						   .kind_name = "singleton",
						   .constructor = "store_new",
						   .destructor = "store_end",
						   .arguments = &need,
						   .arguments_count = 1,
						   .at = &row },
				 &error));
	expect_error(di_builder_check(other, &error), DI_EINVAL);
	ck_assert_int_eq(found.row, 7);
	ck_assert_int_eq(found.argument, 9);
	di_builder_free(other);
}
END_TEST

START_TEST(faults_have_names)
{
	ck_assert_str_eq(di_fault_name(DI_FAULT_CAPTIVE), "DI_FAULT_CAPTIVE");
	ck_assert_str_eq(di_fault_name((enum di_fault_kind)99), "DI_FAULT_?");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder faults");
	TCase *tcase = tcase_create("faults");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, every_fault_is_told_in_one_go);
	tcase_add_test(tcase, a_builder_with_faults_builds_nothing);
	tcase_add_test(tcase, a_fault_can_be_mended_by_a_further_row);
	tcase_add_test(tcase, faults_come_with_the_callers_own_positions);
	tcase_add_test(tcase, faults_have_names);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
