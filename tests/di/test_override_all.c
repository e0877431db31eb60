/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"

PART_FAKE(other_fake)

#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))

START_TEST(all_are_overridden_by_name)
{
	const struct di_override_pair pairs[] = {
		{ "app_store", &fake },
		{ "app_user", &other_fake },
		{ "app_cursor", &other_fake },
	};

	expect_ok(di_override_all(request, pairs, COUNT(pairs), &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error), &other_fake);
	ck_assert_ptr_eq(app_cursor_get(request, &error), &other_fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &fake);
	close_as(request, DI_DONE);
	ck_assert_str_eq(app_store_get(root, &error)->name, "store");
}
END_TEST

START_TEST(a_provider_and_what_it_needs_may_be_overridden_together)
{
	const struct di_override_pair pairs[] = {
		{ "app_store", &fake },
		{ "app_clock", &other_fake },
	};

	expect_ok(di_override_all(request, pairs, COUNT(pairs), &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(app_clock_get(request, &error), &other_fake);
}
END_TEST

enum {
	MOST = 32
};

/* As the table has them, the other way round, or from its middle on. */
static uint32_t place_of(uint32_t row, int order)
{
	if (order == 1)
		return app.count - 1 - row;
	return (row + (order == 2 ? app.count / 2 : 0)) % app.count;
}

START_TEST(the_names_may_stand_in_any_order)
{
	struct di_override_pair pairs[MOST];
	struct part fakes[MOST];
	uint32_t i;

	ck_assert_uint_le(app.count, MOST);
	for (i = 0; i < app.count; i++)
		pairs[place_of(i, _i)] =
			(struct di_override_pair){ app.providers[i]->name, &fakes[i] };
	expect_ok(di_override_all(request, pairs, app.count, &error));
	for (i = 0; i < app.count; i++)
		ck_assert_ptr_eq(di_resolve(request, &error, app.providers[i]), &fakes[i]);
}
END_TEST

START_TEST(none_are_overridden_where_one_is_busy)
{
	const struct di_override_pair pairs[] = {
		{ "app_clock", &fake },
		{ "app_config", &fake },
	};

	app_session_get(request, &error);
	expect_error(di_override_all(request, pairs, COUNT(pairs), &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_clock: in use: app_session was built from it here; "
				       "di_reset() that first");
	ck_assert_ptr_eq(app_config_get(request, &error), &config);
	ck_assert_str_eq(app_clock_get(request, &error)->name, "clock");
}
END_TEST

START_TEST(none_are_overridden_without_memory)
{
	const struct di_override_pair pairs[] = {
		{ "app_clock", &fake },
		{ "app_config", &fake },
	};
	unsigned long n;
	enum di_status status = DI_ENOMEM;

	for (n = 1; status != DI_OK; n++) {
		ck_assert_ptr_eq(app_config_get(request, &error), &config);
		failing_allocator_fail(&memory, n);
		status = di_override_all(request, pairs, COUNT(pairs), &error);
		failing_allocator_fail(&memory, 0);
		ck_assert(status == DI_OK || status == DI_ENOMEM);
	}
	ck_assert_uint_gt(n, 2);
	ck_assert_ptr_eq(app_config_get(request, &error), &fake);
	ck_assert_ptr_eq(app_clock_get(request, &error), &fake);
}
END_TEST

START_TEST(no_overrides_are_no_change)
{
	expect_ok(di_override_all(request, NULL, 0, &error));
	ck_assert_ptr_eq(app_config_get(request, &error), &config);
}
END_TEST

static enum di_status override_both(void *data, struct di_error *err)
{
	return di_override_all(request, data, 2, err);
}

static void expect_refused(struct di_override_pair second, enum di_status status, const char *text)
{
	struct di_override_pair pairs[] = { { "app_config", &fake }, second };

	misuse_expect(override_both, pairs, status, text);
	ck_assert_ptr_eq(app_config_get(request, &error), &config);
}

START_TEST(an_unknown_name_is_refused_and_nothing_changed)
{
	expect_refused((struct di_override_pair){ "app_stroe", &fake }, DI_EINVAL,
		       "app has no provider app_stroe");
	expect_refused((struct di_override_pair){ NULL, &fake }, DI_EINVAL,
		       "app has no provider (NULL)");
}
END_TEST

START_TEST(a_name_that_stands_twice_is_refused_and_nothing_changed)
{
	expect_refused((struct di_override_pair){ "app_config", &other_fake }, DI_EINVAL,
		       "it stands twice");
}
END_TEST

START_TEST(NULL_is_refused_and_nothing_changed)
{
	expect_refused((struct di_override_pair){ "app_store", NULL }, DI_ENULL,
		       "an override needs a value");
}
END_TEST

START_TEST(no_list_and_no_context_are_refused)
{
	misuse_expect(override_both, NULL, DI_EINVAL, "there is no list of overrides");
	request = NULL;
	misuse_expect(override_both, (&(struct di_override_pair){ "app_config", &fake }), DI_EINVAL,
		      "there is no context");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override/all");
	TCase *done = di_check_case(all, "done", setup, container_end);
	TCase *refused = di_check_case(all, "refused", setup, container_end);

	tcase_add_test(done, all_are_overridden_by_name);
	tcase_add_test(done, a_provider_and_what_it_needs_may_be_overridden_together);
	tcase_add_loop_test(done, the_names_may_stand_in_any_order, 0, 3);
	tcase_add_test(done, no_overrides_are_no_change);
	tcase_add_test(refused, none_are_overridden_where_one_is_busy);
	tcase_add_test(refused, none_are_overridden_without_memory);
	tcase_add_test(refused, an_unknown_name_is_refused_and_nothing_changed);
	tcase_add_test(refused, a_name_that_stands_twice_is_refused_and_nothing_changed);
	tcase_add_test(refused, NULL_is_refused_and_nothing_changed);
	tcase_add_test(refused, no_list_and_no_context_are_refused);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
