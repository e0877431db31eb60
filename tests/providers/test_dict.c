/* SPDX-License-Identifier: MIT */
#include "tests/support/fill.h"
#include "tests/support/fixture.h"

#include <errno.h>

DI_DICT_TYPE(named, struct part);
DI_DICT_TYPE(named_const, const struct part);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_a,       struct part,  (a_new),                 a_end) \
	X(singleton,        app_b,       struct part,  (b_new),                 b_end) \
	X(context_resource, app_session, struct part,  (session_new),           session_end, request) \
	X(factory,          app_fresh,   struct part,  (fresh_new, app_a),      fresh_end) \
	X(dict,             app_both,    struct named, ("one", app_a), ("two", app_b), ("text/html", app_a)) \
	X(dict,             app_none,    struct named) \
	X(dict,             app_looked,  struct named_const, ("", app_b)) \
	X(dict,             app_mixed,   struct named, ("a", app_a), ("session", app_session)) \
	X(dict,             app_made,    struct named, ("fresh", app_fresh)) \
	X(dict,             app_most,    struct named, \
		("0", app_a),  ("1", app_a),  ("2", app_a),  ("3", app_a),  ("4", app_a),  ("5", app_a), \
		("6", app_a),  ("7", app_a),  ("8", app_a),  ("9", app_a),  ("10", app_a), ("11", app_a), \
		("12", app_a), ("13", app_a), ("14", app_a), ("15", app_a), ("16", app_a), ("17", app_a), \
		("18", app_a), ("19", app_a), ("20", app_a), ("21", app_a), ("22", app_a), ("23", app_a), \
		("24", app_a), ("25", app_a), ("26", app_a), ("27", app_a), ("28", app_a), ("29", app_a), \
		("30", app_b), ("31", app_a)) \
	X(singleton,        app_user,    struct part,  (user_of, app_both, DI_FIELD(app_none, count)), user_end) \
	X(singleton,        app_keeper,  struct part,  (keeper_of, app_made),   keeper_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(a)
PART(b)
PART(session)
PART_OF_1(fresh)
PART_OF_1(user)
PART_OF_1(keeper)

static int user_of(struct part **out, const struct named *both, size_t none)
{
	ck_assert_uint_eq(none, 0);
	return user_new(out, named_find(both, "two"));
}

static int keeper_of(struct part **out, const struct named *made)
{
	return keeper_new(out, made->items[0].value);
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	if (request != NULL)
		close_as(request, DI_DONE);
	request = NULL;
	container_end();
}

START_TEST(it_finds_its_members_by_key)
{
	const struct named *both = app_both_get(root, &error);

	ck_assert_ptr_eq(named_find(both, "one"), app_a_get(root, &error));
	ck_assert_ptr_eq(named_find(both, "two"), app_b_get(root, &error));
	ck_assert_ptr_eq(named_find(both, "text/html"), app_a_get(root, &error));
	ck_assert_ptr_null(named_find(both, "three"));
	ck_assert_ptr_null(named_find(both, ""));
	ck_assert_ptr_eq(named_const_find(app_looked_get(root, &error), ""),
			 app_b_get(root, &error));
}
END_TEST

START_TEST(it_holds_them_in_the_order_of_the_row)
{
	const struct named *both = app_both_get(root, &error);

	ck_assert_uint_eq(both->count, 3);
	ck_assert_str_eq(both->items[0].key, "one");
	ck_assert_str_eq(both->items[1].key, "two");
	ck_assert_str_eq(both->items[2].key, "text/html");
	ck_assert_ptr_eq(both->items[1].value, app_b_get(root, &error));
	ck_assert_ptr_eq(app_both_get(root, &error), both);
	journal_expect("created a", "created b");
}
END_TEST

START_TEST(an_empty_one_finds_nothing)
{
	const struct named *none = app_none_get(root, &error);

	ck_assert_uint_eq(none->count, 0);
	ck_assert_ptr_null(named_find(none, "one"));
}
END_TEST

START_TEST(it_has_room_for_thirty_two)
{
	const struct named *most = app_most_get(root, &error);

	ck_assert_uint_eq(most->count, 32);
	ck_assert_str_eq(most->items[31].key, "31");
	ck_assert_ptr_eq(named_find(most, "30"), app_b_get(root, &error));
}
END_TEST

START_TEST(it_is_given_to_constructors)
{
	ck_assert_str_eq(app_user_get(root, &error)->needs[0]->name, "b");
}
END_TEST

START_TEST(it_lives_in_the_home_of_its_shortest_lived_member)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	ck_assert_ptr_eq(app_mixed_get(inner, &error), app_mixed_get(request, &error));
	ck_assert_ptr_eq(named_find(app_mixed_get(inner, &error), "session"),
			 app_session_get(request, &error));
	ck_assert_ptr_eq(app_both_get(inner, &error), app_both_get(root, &error));
	close_as(inner, DI_DONE);
	expect_null(app_mixed_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_mixed");
	ck_assert_int_eq(app_mixed.life, di_scope_request.rank);
}
END_TEST

START_TEST(one_with_a_factory_is_made_anew_and_may_be_dropped)
{
	const struct named *made = app_made_get(root, &error);

	ck_assert_ptr_ne(made, app_made_get(root, &error));
	expect_ok(app_made_drop(root, made, &error));
	ck_assert_int_eq(parts_alive("fresh"), 1);
}
END_TEST

static enum di_status drop_both(void *data, struct di_error *err)
{
	return app_both_drop(root, data, err);
}

START_TEST(one_that_is_kept_is_not_dropped)
{
	const struct named *both = app_both_get(root, &error);

	misuse_expect(drop_both, (void *)(uintptr_t)both, DI_EINVAL, "only products");
}
END_TEST

START_TEST(resetting_a_member_sees_through_it)
{
	close_as(request, DI_DONE);
	request = NULL;
	app_user_get(root, &error);
	app_keeper_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_a, &error));
	journal_expect("ended keeper done", "ended fresh done", "ended user done", "ended a done");
	ck_assert_str_eq(named_find(app_both_get(root, &error), "one")->name, "a");
}
END_TEST

START_TEST(an_overridden_member_is_under_its_key)
{
	app_both_get(root, &error);
	expect_ok(app_b_override(request, &fake, &error));
	ck_assert_ptr_eq(named_find(app_both_get(request, &error), "two"), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_ne(named_find(app_both_get(root, &error), "two"), &fake);
	expect_error(app_a_override(request, &fake, &error), DI_EBUSY);
}
END_TEST

START_TEST(the_whole_may_be_overridden)
{
	static const struct named_item one[] = { { "two", &fake } };
	static const struct named named = { 1, one };

	expect_ok(app_both_override(request, &named, &error));
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_ne(app_user_get(root, &error)->needs[0], &fake);
}
END_TEST

START_TEST(a_failed_allocation_leaves_nothing_and_the_next_try_succeeds)
{
	unsigned pieces, failed = 0;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		void *value;

		teardown();
		setup();
		fill(root, pieces);
		failing_allocator_fail(&memory, 1);
		value = app_keeper_get(root, &error);
		failing_allocator_fail(&memory, 0);
		if (value != NULL)
			continue;
		failed++;
		ck_assert_int_eq(error.status, DI_ENOMEM);
		ck_assert_int_eq(parts_alive("fresh"), 0);
		ck_assert_ptr_nonnull(app_keeper_get(root, &error));
	}
	ck_assert_uint_gt(failed, 4);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/dict");
	TCase *tcase = tcase_create("dict");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_finds_its_members_by_key);
	tcase_add_test(tcase, it_holds_them_in_the_order_of_the_row);
	tcase_add_test(tcase, an_empty_one_finds_nothing);
	tcase_add_test(tcase, it_has_room_for_thirty_two);
	tcase_add_test(tcase, it_is_given_to_constructors);
	tcase_add_test(tcase, it_lives_in_the_home_of_its_shortest_lived_member);
	tcase_add_test(tcase, one_with_a_factory_is_made_anew_and_may_be_dropped);
	tcase_add_test(tcase, one_that_is_kept_is_not_dropped);
	tcase_add_test(tcase, resetting_a_member_sees_through_it);
	tcase_add_test(tcase, an_overridden_member_is_under_its_key);
	tcase_add_test(tcase, the_whole_may_be_overridden);
	tcase_add_test(tcase, a_failed_allocation_leaves_nothing_and_the_next_try_succeeds);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
