/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"

/* ---- What it means ---- */

START_TEST(the_provider_means_the_other_there_and_below)
{
	struct part *store = app_store_get(root, &error);
	struct di_context *inner;

	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), app_clock_get(root, &error));
	inner = open_in(request, &di_scope_request);
	ck_assert_ptr_eq(app_store_get(inner, &error), app_clock_get(root, &error));
	ck_assert_ptr_eq(app_store_get(root, &error), store);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_store_get(request, &error), store);
}
END_TEST

START_TEST(the_other_is_made_on_first_use_and_keeps_its_own_life)
{
	struct part *clock;

	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	journal_expect_nothing();
	clock = app_store_get(request, &error);
	close_as(request, DI_DONE);
	ck_assert(clock->alive);
	ck_assert_ptr_eq(app_clock_get(root, &error), clock);
}
END_TEST

START_TEST(what_needs_the_provider_is_built_afresh_from_the_other)
{
	struct part *report = app_report_get(root, &error), *mine;

	expect_ok(di_override_with(request, &app_store, &app_config, &error));
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &config);
	mine = app_report_get(request, &error);
	ck_assert_ptr_ne(mine, report);
	ck_assert_ptr_eq(mine->needs[0]->needs[0], &config);
	close_as(request, DI_DONE);
	ck_assert(!mine->alive && report->alive);
	ck_assert_ptr_eq(app_report_get(root, &error), report);
}
END_TEST

START_TEST(an_override_of_the_other_is_seen_through_the_provider)
{
	struct di_context *inner;

	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	app_session_get(request, &error);
	inner = open_in(request, &di_scope_request);
	expect_ok(app_clock_override(inner, &fake, &error));
	ck_assert_ptr_eq(app_store_get(inner, &error), &fake);
	ck_assert_ptr_eq(app_report_get(inner, &error)->needs[0]->needs[0], &fake);
	ck_assert_ptr_eq(app_store_get(request, &error), app_clock_get(root, &error));
}
END_TEST

START_TEST(a_provider_may_mean_a_provider_that_means_another)
{
	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	expect_ok(di_override_with(request, &app_clock, &app_config, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &config);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &config);
}
END_TEST

START_TEST(a_value_replaces_another_provider_and_the_other_way_round)
{
	expect_ok(di_override_with(request, &app_store, &app_config, &error));
	expect_ok(app_store_override(request, &fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), app_clock_get(root, &error));
	expect_ok(di_override_with(request, &app_store, &app_config, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &config);
}
END_TEST

START_TEST(an_inner_override_hides_an_outer_one)
{
	struct di_context *inner;

	expect_ok(app_store_override(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	expect_ok(di_override_with(inner, &app_store, &app_config, &error));
	ck_assert_ptr_eq(app_store_get(inner, &error), &config);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
}
END_TEST

START_TEST(a_singleton_may_mean_a_factory)
{
	struct part *first, *second;

	close_as(request, DI_DONE);
	expect_ok(di_override_with(root, &app_seeker, &app_cursor, &error));
	first = app_seeker_get(root, &error);
	second = app_seeker_get(root, &error);
	ck_assert_ptr_ne(first, second);
	ck_assert_str_eq(first->name, "cursor");
}
END_TEST

START_TEST(start_skips_the_provider_but_not_the_other)
{
	close_as(request, DI_DONE);
	expect_ok(di_override_with(root, &app_store, &app_clock, &error));
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
	expect_ok(di_override_with(root, &app_store, &app_config, &error));
	expect_ok(di_override_with(root, &app_clock, &app_config, &error));
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

/* ---- When it cannot be ---- */

START_TEST(what_is_alive_and_built_from_it_is_busy)
{
	app_session_get(request, &error);
	expect_error(di_override_with(request, &app_store, &app_config, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_store: in use: app_session was built from it here; "
				       "di_reset() that first");
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(di_override_with(request, &app_store, &app_config, &error));
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &config);
}
END_TEST

struct pair {
	const struct di_provider *provider, *other;
};

static enum di_status override(void *data, struct di_error *err)
{
	const struct pair *pair = data;

	return di_override_with(request, pair->provider, pair->other, err);
}

START_TEST(the_other_must_be_of_the_same_type)
{
	misuse_expect(override, (&(struct pair){ &app_store, &app_limit }), DI_EINVAL,
		      "it provides struct part, app_limit provides const int");
}
END_TEST

START_TEST(the_other_must_not_live_shorter)
{
	misuse_expect(override, (&(struct pair){ &app_store, &app_session }), DI_EINVAL,
		      "app_session lives shorter");
	misuse_expect(override, (&(struct pair){ &app_store, &app_basket }), DI_EINVAL,
		      "app_basket lives shorter");
	expect_ok(di_override_with(request, &app_session, &app_store, &error));
	ck_assert_ptr_eq(app_session_get(request, &error), app_store_get(root, &error));
}
END_TEST

START_TEST(the_other_must_not_depend_on_contexts_of_another_scope)
{
	misuse_expect(override, (&(struct pair){ &app_session, &app_wide }), DI_EINVAL,
		      "app_session: invalid argument: app_wide depends on contexts of another "
		      "scope");
	ck_assert_str_eq(app_session_get(request, &error)->name, "session");
}
END_TEST

START_TEST(the_other_must_not_reach_the_provider)
{
	misuse_expect(override, (&(struct pair){ &app_clock, &app_clock }), DI_EINVAL,
		      "app_clock needs it");
	misuse_expect(override, (&(struct pair){ &app_clock, &app_store }), DI_EINVAL,
		      "app_store needs it");
	misuse_expect(override, (&(struct pair){ &app_clock, &app_report }), DI_EINVAL,
		      "app_report needs it");
}
END_TEST

START_TEST(the_other_must_not_reach_the_provider_through_an_earlier_override)
{
	expect_ok(di_override_with(request, &app_clock, &app_config, &error));
	misuse_expect(override, (&(struct pair){ &app_config, &app_clock }), DI_EINVAL,
		      "app_clock needs it");
	expect_ok(di_override_with(request, &app_store, &app_clock, &error));
	request = open_in(request, &di_scope_inject);
	misuse_expect(override, (&(struct pair){ &app_config, &app_store }), DI_EINVAL,
		      "app_store needs it");
	ck_assert_ptr_eq(app_store_get(request, &error), &config);
}
END_TEST

START_TEST(an_other_that_resolves_the_provider_itself_is_a_cycle)
{
	struct part *seeker = app_seeker_get(root, &error);

	expect_ok(di_override_with(request, &app_store, &app_seeker, &error));
	expect_null(app_store_get(request, &error), DI_ECREATE);
	ck_assert_int_eq(seeker_error.status, DI_ECYCLE);
	ck_assert_str_eq(seeker_error.path, "app_seeker <- app_seeker");
	ck_assert_ptr_eq(app_seeker_get(root, &error), seeker);
}
END_TEST

START_TEST(both_must_be_of_the_container)
{
	static const struct di_table other = { .name = "other" };
	struct di_provider stranger = app_store;

	stranger.table = &other;
	misuse_expect(override, (&(struct pair){ &stranger, &app_store }), DI_EINVAL,
		      "it is of the table other, the context of app");
	misuse_expect(override, (&(struct pair){ &app_store, &stranger }), DI_EINVAL,
		      "it is of the table other, the context of app");
	misuse_expect(override, (&(struct pair){ &app_store, NULL }), DI_EINVAL,
		      "there is no provider");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override/with");
	TCase *meaning = di_check_case(all, "meaning", setup, container_end);
	TCase *refused = di_check_case(all, "refused", setup, container_end);

	tcase_add_test(meaning, the_provider_means_the_other_there_and_below);
	tcase_add_test(meaning, the_other_is_made_on_first_use_and_keeps_its_own_life);
	tcase_add_test(meaning, what_needs_the_provider_is_built_afresh_from_the_other);
	tcase_add_test(meaning, an_override_of_the_other_is_seen_through_the_provider);
	tcase_add_test(meaning, a_provider_may_mean_a_provider_that_means_another);
	tcase_add_test(meaning, a_value_replaces_another_provider_and_the_other_way_round);
	tcase_add_test(meaning, an_inner_override_hides_an_outer_one);
	tcase_add_test(meaning, a_singleton_may_mean_a_factory);
	tcase_add_test(meaning, start_skips_the_provider_but_not_the_other);
	tcase_add_test(refused, what_is_alive_and_built_from_it_is_busy);
	tcase_add_test(refused, the_other_must_be_of_the_same_type);
	tcase_add_test(refused, the_other_must_not_live_shorter);
	tcase_add_test(refused, the_other_must_not_depend_on_contexts_of_another_scope);
	tcase_add_test(refused, the_other_must_not_reach_the_provider);
	tcase_add_test(refused, the_other_must_not_reach_the_provider_through_an_earlier_override);
	tcase_add_test(refused, an_other_that_resolves_the_provider_itself_is_a_cycle);
	tcase_add_test(refused, both_must_be_of_the_container);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
