/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* Rows that stand for rows that stand for rows, by di_override_with(). */

/* clang-format off */
#define APP(X) \
	X(factory,   app_low,    struct part, (low_new),               low_end) \
	X(factory,   app_high,   struct part, (high_new),              high_end) \
	X(factory,   app_upper,  struct part, (upper_new, app_low),    upper_end) \
	X(factory,   app_lower,  struct part, (lower_new, app_high),   lower_end) \
	X(singleton, app_a,      struct part, (a_new),                 a_end) \
	X(singleton, app_b,      struct part, (b_new),                 b_end) \
	X(singleton, app_c,      struct part, (c_new),                 c_end) \
	X(singleton, app_user,   struct part, (user_new, app_a),       user_end) \
	X(singleton, app_asking, struct part, (asking_new),            asking_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART_FAKE(other)
PART(low)
PART(high)
PART_OF_1(upper)
PART_OF_1(lower)
PART(a)
PART(b)
PART(c)
PART_OF_1(user)
PART(asking)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

static enum di_status c_by_a(void *data, struct di_error *err)
{
	return di_override_with(data, &app_c, &app_a, err);
}

START_TEST(a_ring_is_refused_where_it_would_close)
{
	struct di_context *request;

	expect_ok(di_override_with(root, &app_a, &app_b, &error));
	expect_ok(di_override_with(root, &app_b, &app_c, &error));
	misuse_expect(c_by_a, root, DI_EINVAL, "app_a needs it");
	request = open_in(root, &di_scope_request);
	misuse_expect(c_by_a, request, DI_EINVAL, "app_a needs it");
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(app_a_get(root, &error), app_c_get(root, &error));
}
END_TEST

static enum di_status high_by_upper(void *data, struct di_error *err)
{
	return di_override_with(data, &app_high, &app_upper, err);
}

/* upper needs low, which means lower, which needs high. */
START_TEST(a_need_that_leads_back_over_a_stand_in_is_refused)
{
	struct di_context *request;

	expect_ok(di_override_with(root, &app_low, &app_lower, &error));
	misuse_expect(high_by_upper, root, DI_EINVAL, "app_upper needs it");
	request = open_in(root, &di_scope_request);
	misuse_expect(high_by_upper, request, DI_EINVAL, "app_upper needs it");
	/* Nor where a value hides it: a nested context may see what is behind. */
	expect_ok(app_lower_override(request, &fake, &error));
	misuse_expect(high_by_upper, request, DI_EINVAL, "app_upper needs it");
	close_as(request, DI_DONE);
	ck_assert_ptr_nonnull(app_upper_get(root, &error));
}
END_TEST

START_TEST(what_is_built_over_a_chain_begins_afresh_where_any_step_is_overridden)
{
	const struct di_provider *const steps[] = { &app_a, &app_b, &app_c };
	struct di_context *request;
	struct part *outer;
	int i;

	expect_ok(di_override_with(root, &app_a, &app_b, &error));
	expect_ok(di_override_with(root, &app_b, &app_c, &error));
	outer = app_user_get(root, &error);
	ck_assert_ptr_eq(outer->needs[0], app_c_get(root, &error));
	for (i = 0; i < 3; i++) {
		request = open_in(root, &di_scope_request);
		ck_assert_ptr_eq(app_user_get(request, &error), outer);
		expect_ok(di_override(request, steps[i], &fake, &error));
		ck_assert_ptr_eq(app_a_get(request, &error), &fake);
		ck_assert_ptr_ne(app_user_get(request, &error), outer);
		ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &fake);
		close_as(request, DI_DONE);
		ck_assert_ptr_eq(app_user_get(root, &error), outer);
	}
}
END_TEST

START_TEST(no_step_of_a_chain_is_overridden_while_something_built_over_it_lives_there)
{
	const struct di_provider *const steps[] = { &app_a, &app_b, &app_c };
	struct di_context *request;
	int i;

	expect_ok(di_override_with(root, &app_a, &app_b, &error));
	request = open_in(root, &di_scope_request);
	expect_ok(di_override_with(request, &app_b, &app_c, &error));
	app_user_get(request, &error);
	for (i = 0; i < 3; i++)
		expect_error(di_override(request, steps[i], &fake, &error), DI_EBUSY);
	expect_ok(di_reset(request, &app_user, &error));
	expect_ok(app_b_override(request, &other, &error));
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &other);
	close_as(request, DI_DONE);
}
END_TEST

static void ask_for_a(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_a_get(di_context_current(&app), &error));
}

START_TEST(what_a_constructor_resolved_over_a_chain_counts_too)
{
	struct di_context *request;
	struct part *outer;

	parts_on_new("asking", ask_for_a);
	expect_ok(di_override_with(root, &app_a, &app_b, &error));
	outer = app_asking_get(root, &error);
	request = open_in(root, &di_scope_request);
	expect_ok(app_b_override(request, &fake, &error));
	ck_assert_ptr_ne(app_asking_get(request, &error), outer);
	close_as(request, DI_DONE);
	journal_clear();
	expect_ok(di_reset(root, &app_b, &error));
	journal_expect("ended asking done", "ended b done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/stand_in");
	TCase *tcase = tcase_create("stand_in");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_ring_is_refused_where_it_would_close);
	tcase_add_test(tcase, a_need_that_leads_back_over_a_stand_in_is_refused);
	tcase_add_test(tcase,
		       what_is_built_over_a_chain_begins_afresh_where_any_step_is_overridden);
	tcase_add_test(tcase,
		       no_step_of_a_chain_is_overridden_while_something_built_over_it_lives_there);
	tcase_add_test(tcase, what_a_constructor_resolved_over_a_chain_counts_too);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
