/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* How many scopes the rows of one container may name. */

/* clang-format off */
#define TEN(X, a_) \
	X(a_##0) X(a_##1) X(a_##2) X(a_##3) X(a_##4) \
	X(a_##5) X(a_##6) X(a_##7) X(a_##8) X(a_##9)
#define SCOPES(X) TEN(X, a) TEN(X, b) TEN(X, c) X(d0) X(d1) X(d2)

#define SCOPE(name_) DI_SCOPE_DECLARE(name_, 150); DI_SCOPE_DEFINE(name_);
SCOPES(SCOPE)

#define TEN_ROWS(X, table_, a_) \
	ROW(X, table_, a_##0) ROW(X, table_, a_##1) ROW(X, table_, a_##2) ROW(X, table_, a_##3) \
	ROW(X, table_, a_##4) ROW(X, table_, a_##5) ROW(X, table_, a_##6) ROW(X, table_, a_##7) \
	ROW(X, table_, a_##8) ROW(X, table_, a_##9)
#define ROW(X, table_, scope_) \
	X(context_resource, table_##_##scope_, struct part, (local_new), local_end, scope_)
#define THIRTY_ONE(X, table_) \
	X(singleton, table_##_pool, struct part, (pool_new), pool_end) \
	TEN_ROWS(X, table_, a) TEN_ROWS(X, table_, b) TEN_ROWS(X, table_, c) ROW(X, table_, d0)

#define FULL(X) THIRTY_ONE(X, full) ROW(X, full, d1)
#define OVER(X) THIRTY_ONE(X, over) ROW(X, over, d1) ROW(X, over, d2)
#define WITH_ANY(X) THIRTY_ONE(X, with_any) ROW(X, with_any, d1) ROW(X, with_any, any)
/* clang-format on */

DI_CONTAINER_DECLARE(full, FULL);
DI_CONTAINER_DECLARE(over, OVER);
DI_CONTAINER_DECLARE(with_any, WITH_ANY);

PART_FAKE(fake)
PART(pool)
PART(local)

DI_CONTAINER_DEFINE(full, FULL);
DI_CONTAINER_DEFINE(over, OVER);
DI_CONTAINER_DEFINE(with_any, WITH_ANY);

START_TEST(thirty_two_work)
{
	struct di_context *outer, *inner;

	container_begin(&full, NULL);
	outer = open_in(root, &di_scope_a0);
	inner = open_in(outer, &di_scope_d1);
	ck_assert_ptr_nonnull(full_d1_get(inner, &error));
	ck_assert_ptr_nonnull(full_a0_get(inner, &error));
	expect_null(full_d0_get(inner, &error), DI_ENOCONTEXT);
	close_as(inner, DI_DONE);
	journal_expect("created local", "created local", "ended local done");
	close_as(outer, DI_DONE);
	close_as(open_in(root, &di_scope_d2), DI_DONE);
	container_end();
}
END_TEST

static const struct {
	const struct di_table *table;
	const char *text;
} too_many[] = {
	{ &over, "over_d2: invalid argument: over uses more than 32 scopes" },
	{ &with_any, "with_any_any: invalid argument: with_any uses more than 32 scopes" },
};

START_TEST(one_more_is_refused_when_a_context_is_opened_or_changed)
{
	const struct di_provider *pool;
	int i;

	container_begin(too_many[_i].table, NULL);
	pool = too_many[_i].table->providers[0];
	for (i = 0; i < 2; i++) {
		expect_null(di_context_open(root, &di_scope_a0, &error), DI_EINVAL);
		ck_assert_str_eq(error_text(), too_many[_i].text);
		expect_error(di_override(root, pool, &fake, &error), DI_EINVAL);
		ck_assert_str_eq(error_text(), too_many[_i].text);
	}
	ck_assert_ptr_nonnull(di_resolve(root, &error, pool));
	container_end();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/scopes");
	TCase *tcase = tcase_create("scopes");

	tcase_add_test(tcase, thirty_two_work);
	tcase_add_loop_test(tcase, one_more_is_refused_when_a_context_is_opened_or_changed, 0,
			    sizeof(too_many) / sizeof(too_many[0]));
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
