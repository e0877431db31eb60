/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* How values are made: the conventions of constructors, members as needs, the context as a need. */

struct config {
	struct {
		const char *path;
		int sizes[2];
		struct {
			double limit;
		} deep;
	} db;
	struct part *partner;
};

PART_FAKE(partner)

static const struct config defaults = { { "notes.db", { 3, 4 }, { 0.5 } }, &partner };

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  const struct config, &defaults) \
	X(singleton,        app_pool,    struct part, (pool_new),                         pool_end) \
	X(singleton,        app_made,    struct part, (make),                             di_keep) \
	X(singleton,        app_given,   struct part, DI_RETURNS(give),                   di_keep) \
	X(singleton,        app_other,   struct part, DI_RETURNS(give_from, app_pool),    di_keep) \
	X(singleton,        app_fields,  struct part, (take_fields, DI_FIELD(app_config, db.path), \
						       DI_FIELD(app_config, db.sizes[1]), \
						       DI_FIELD(app_config, db.deep.limit), \
						       DI_FIELD(app_config, partner)),    di_keep) \
	X(context_resource, app_placed,  struct part, (take_context, DI_CONTEXT, app_pool, DI_CONTEXT), di_keep, request) \
	X(factory,          app_product, struct part, DI_RETURNS(give_in, DI_CONTEXT),    di_keep) \
	X(object,           app_blank,   const char,  blank) \
	X(singleton,        app_nought,  int,         DI_INIT(nought_init),               di_keep) \
	X(singleton,        app_reader,  struct part, (read_all, app_nought, app_blank),  di_keep) \
	X(singleton,        app_eight,   struct part, (take_eight, app_pool, app_made, app_config, app_given, \
						       app_other, app_pool, \
						       DI_FIELD(app_config, db.path), app_made), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(pool)
PART_FAKE(made)
PART_FAKE(given)

static int result, cause;
static struct part *chosen;
static struct di_context *seen;
static const char blank[] = "";
static int noughts;

static int nought_init(int *self)
{
	noughts++;
	*self = 0;
	return 0;
}

static int read_all(struct part **out, int *nought, const char *text)
{
	ck_assert_int_eq(*nought, 0);
	ck_assert_str_eq(text, "");
	*out = &given;
	return 0;
}

static int make(struct part **out)
{
	if (chosen != NULL)
		*out = chosen;
	return result;
}

static struct part *give(void)
{
	ck_assert_int_eq(errno, 0);
	errno = cause;
	return chosen;
}

static struct part *give_from(struct part *pool)
{
	return pool;
}

static int take_fields(struct part **out, const char *path, int size, double limit, struct part *by)
{
	ck_assert_str_eq(path, defaults.db.path);
	ck_assert_int_eq(size, 4);
	ck_assert(limit >= 0.5 && limit <= 0.5);
	*out = by;
	return 0;
}

static int take_context(struct part **out, struct di_context *context, struct part *pool,
			struct di_context *again)
{
	ck_assert_ptr_eq(context, again);
	seen = context;
	*out = pool;
	return 0;
}

static struct part *give_in(struct di_context *context)
{
	seen = context;
	return &given;
}

static int take_eight(struct part **out, struct part *pool, struct part *a,
		      const struct config *config, struct part *b, struct part *other,
		      struct part *again, const char *path, struct part *last)
{
	ck_assert_ptr_eq(pool, again);
	ck_assert_ptr_eq(other, pool);
	ck_assert_ptr_eq(a, last);
	ck_assert_ptr_eq(a, &made);
	ck_assert_ptr_eq(b, &made);
	ck_assert_ptr_eq(config, &defaults);
	ck_assert_ptr_eq(path, defaults.db.path);
	*out = &given;
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
	result = cause = 0;
	chosen = &made;
	seen = NULL;
}

/* ---- int make(T **out, needs...) ---- */

START_TEST(make_stores_its_value_and_returns_0)
{
	ck_assert_ptr_eq(app_made_get(root, &error), &made);
}
END_TEST

START_TEST(make_fails_with_an_errno)
{
	result = ENOENT;
	chosen = NULL;
	expect_null(app_made_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, ENOENT);
	ck_assert_str_eq(error.function, "make");
	ck_assert_str_eq(error.provider, "app_made");
}
END_TEST

START_TEST(any_result_but_0_is_a_failure_whatever_was_stored)
{
	result = -3;
	expect_null(app_made_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, -3);
	result = 0;
	ck_assert_ptr_eq(app_made_get(root, &error), &made);
}
END_TEST

START_TEST(make_that_stores_nothing_has_made_nothing)
{
	chosen = NULL;
	expect_null(app_made_get(root, &error), DI_ENULL);
	expect_text("make made nothing");
	chosen = &made;
	ck_assert_ptr_eq(app_made_get(root, &error), &made);
}
END_TEST

/* ---- T *make(needs...) ---- */

START_TEST(what_returns_a_pointer_has_made_it)
{
	/* A stale errno is no failure. */
	cause = EIO;
	errno = EPERM;
	ck_assert_ptr_eq(app_given_get(root, &error), &made);
	ck_assert_ptr_eq(app_other_get(root, &error), app_pool_get(root, &error));
}
END_TEST

START_TEST(what_returns_null_fails_with_errno)
{
	chosen = NULL;
	cause = ENOSPC;
	expect_null(app_given_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, ENOSPC);
	ck_assert_str_eq(error.function, "give");
}
END_TEST

START_TEST(null_without_errno_is_no_value)
{
	chosen = NULL;
	errno = EPERM;
	expect_null(app_given_get(root, &error), DI_ENULL);
}
END_TEST

/* ---- Needs ---- */

START_TEST(members_are_passed_by_value)
{
	ck_assert_ptr_eq(app_fields_get(root, &error), &partner);
}
END_TEST

START_TEST(members_come_from_what_the_provider_means_there)
{
	static const struct config changed = { { "notes.db", { 0, 4 }, { 0.5 } }, &made };
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *before = app_fields_get(request, &error);

	ck_assert_ptr_eq(before, &partner);
	expect_ok(app_config_override(request, &changed, &error));
	ck_assert_ptr_eq(app_fields_get(request, &error), &made);
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(app_fields_get(root, &error), &partner);
}
END_TEST

START_TEST(the_context_is_the_home_of_the_value)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inject = open_in(request, &di_scope_inject);

	ck_assert_ptr_nonnull(app_placed_get(inject, &error));
	ck_assert_ptr_eq(seen, request);
	ck_assert_ptr_nonnull(app_product_get(inject, &error));
	ck_assert_ptr_eq(seen, inject);
	close_as(inject, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(eight_needs_are_passed_in_order)
{
	ck_assert_ptr_eq(app_eight_get(root, &error), &given);
	ck_assert_uint_eq(app_eight.needs_count, DI_NEEDS_MAX);
}
END_TEST

START_TEST(what_is_zero_or_empty_is_a_value_as_any_other)
{
	static int zero;
	struct di_context *request = open_in(root, &di_scope_request);
	int *nought;

	noughts = 0;
	ck_assert_ptr_eq(app_reader_get(root, &error), &given);
	nought = app_nought_get(root, &error);
	ck_assert_int_eq(*nought, 0);
	ck_assert_ptr_eq(app_nought_get(root, &error), nought);
	ck_assert_int_eq(noughts, 1);
	expect_ok(app_nought_override(request, &zero, &error));
	ck_assert_ptr_eq(app_nought_get(request, &error), &zero);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_need_is_made_once_however_often_it_is_named)
{
	ck_assert_ptr_nonnull(app_eight_get(root, &error));
	journal_expect("created pool");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/constructor");
	TCase *made_by = tcase_create("make"), *returned = tcase_create("returns");
	TCase *needs = tcase_create("needs");

	tcase_add_checked_fixture(made_by, setup, container_end);
	tcase_add_test(made_by, make_stores_its_value_and_returns_0);
	tcase_add_test(made_by, make_fails_with_an_errno);
	tcase_add_test(made_by, any_result_but_0_is_a_failure_whatever_was_stored);
	tcase_add_test(made_by, make_that_stores_nothing_has_made_nothing);
	suite_add_tcase(suite, made_by);

	tcase_add_checked_fixture(returned, setup, container_end);
	tcase_add_test(returned, what_returns_a_pointer_has_made_it);
	tcase_add_test(returned, what_returns_null_fails_with_errno);
	tcase_add_test(returned, null_without_errno_is_no_value);
	suite_add_tcase(suite, returned);

	tcase_add_checked_fixture(needs, setup, container_end);
	tcase_add_test(needs, members_are_passed_by_value);
	tcase_add_test(needs, members_come_from_what_the_provider_means_there);
	tcase_add_test(needs, the_context_is_the_home_of_the_value);
	tcase_add_test(needs, eight_needs_are_passed_in_order);
	tcase_add_test(needs, what_is_zero_or_empty_is_a_value_as_any_other);
	tcase_add_test(needs, a_need_is_made_once_however_often_it_is_named);
	suite_add_tcase(suite, needs);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
