/* SPDX-License-Identifier: MIT */
#include "tests/support/fill.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>

DI_LIST_TYPE(several, struct part);
DI_LIST_TYPE(several_const, const struct part);
DI_LIST_TYPE(lists, const struct several);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_base,    struct part,    (base_new),              base_end) \
	X(singleton,        app_a,       struct part,    (a_new, app_base),       a_end) \
	X(singleton,        app_b,       struct part,    (b_new),                 b_end) \
	X(context_resource, app_session, struct part,    (session_new),           session_end, request) \
	X(context_resource, app_here,    struct part,    (here_new),              here_end, any) \
	X(factory,          app_fresh,   struct part,    (fresh_new, app_base),   fresh_end) \
	X(selector,         app_one,     struct part,    (choose), ("a", app_a), ("b", app_b)) \
	X(list,             app_both,    struct several, app_a, app_b, app_a) \
	X(list,             app_none,    struct several) \
	X(list,             app_looked,  struct several_const, app_b, app_a) \
	X(list,             app_mixed,   struct several, app_a, app_session) \
	X(list,             app_local,   struct several, app_here, app_session) \
	X(list,             app_made,    struct several, app_fresh, app_a, app_fresh) \
	X(list,             app_chosen,  struct several, app_one) \
	X(list,             app_nested,  struct lists,   app_both, app_none) \
	X(list,             app_anew,    struct lists,   app_both, app_made) \
	X(list,             app_most,    struct several, \
		app_a, app_b, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, \
		app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, app_a, \
		app_a, app_a, app_a, app_a, app_a, app_a, app_b, app_a) \
	X(singleton,        app_user,    struct part,    (user_of, app_both),     user_end) \
	X(singleton,        app_counter, struct part,    (count, DI_FIELD(app_both, count), app_none), counter_end) \
	X(context_resource, app_job,     struct part,    (job_of, app_mixed),     job_end, request) \
	X(singleton,        app_keeper,  struct part,    (keeper_of, app_made),   keeper_end) \
	X(singleton,        app_chooser, struct part,    (chooser_of, app_chosen), chooser_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(base)
PART_OF_1(a)
PART(b)
PART(session)
PART(here)
PART_OF_1(fresh)

#define PART_OF_LIST(name_)                                                                        \
	static int name_##_of(struct part **out, const struct several *list)                       \
	{                                                                                          \
		struct part *needs[PART_NEEDS + 1] = { NULL };                                     \
		size_t i;                                                                          \
                                                                                                   \
		for (i = 0; i < list->count; i++)                                                  \
			needs[i] = list->items[i];                                                 \
		return part_new(out, #name_, needs);                                               \
	}                                                                                          \
	PART_END(name_)

PART_OF_LIST(user)
PART_OF_LIST(job)
PART_OF_LIST(keeper)
PART_OF_LIST(chooser)
PART(counter)

static const char *key;

static const char *choose(void)
{
	return key;
}

static size_t counted;

static int count(struct part **out, size_t number, const struct several *none)
{
	counted = number * 10 + none->count;
	return counter_new(out);
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	key = "a";
	container_begin(&app, NULL);
}

static void setup_request(void)
{
	setup();
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	if (request != NULL)
		close_as(request, DI_DONE);
	request = NULL;
	container_end();
}

/* ---- What is in it. ---- */

START_TEST(it_holds_its_members_in_the_order_of_the_row)
{
	const struct several *both = app_both_get(root, &error);

	ck_assert_uint_eq(both->count, 3);
	ck_assert_ptr_eq(both->items[0], app_a_get(root, &error));
	ck_assert_ptr_eq(both->items[1], app_b_get(root, &error));
	ck_assert_ptr_eq(both->items[2], both->items[0]);
	journal_expect("created base", "created a from base", "created b");
}
END_TEST

START_TEST(it_is_made_once)
{
	ck_assert_ptr_eq(app_both_get(root, &error), app_both_get(root, &error));
	ck_assert_ptr_eq(app_both_get(open_in(root, &di_scope_request), &error),
			 app_both_get(root, &error));
	container_free_expect(DI_EOPEN);
}
END_TEST

START_TEST(an_empty_one_is_legal)
{
	const struct several *none = app_none_get(root, &error);

	ck_assert_ptr_nonnull(none);
	ck_assert_uint_eq(none->count, 0);
}
END_TEST

START_TEST(it_has_room_for_thirty_two)
{
	const struct several *most = app_most_get(root, &error);
	size_t i;

	ck_assert_uint_eq(most->count, 32);
	for (i = 0; i < most->count; i++)
		ck_assert_ptr_eq(most->items[i], i == 1 || i == 30 ? app_b_get(root, &error)
								   : app_a_get(root, &error));
}
END_TEST

START_TEST(it_may_promise_more_than_its_members)
{
	const struct several_const *looked = app_looked_get(root, &error);

	ck_assert_ptr_eq(looked->items[1], app_a_get(root, &error));
	ck_assert_str_eq(app_looked.type->name, "const struct several_const");
	ck_assert_int_eq(app_looked.type->is_const, 1);
	ck_assert_uint_eq(app_looked.type->size, sizeof(*looked));
}
END_TEST

START_TEST(it_is_given_to_constructors_and_so_are_its_fields)
{
	ck_assert_str_eq(app_user_get(root, &error)->needs[1]->name, "b");
	ck_assert_ptr_nonnull(app_counter_get(root, &error));
	ck_assert_uint_eq(counted, 30);
}
END_TEST

START_TEST(lists_hold_lists)
{
	const struct lists *nested = app_nested_get(root, &error);

	ck_assert_ptr_eq(nested->items[0], app_both_get(root, &error));
	ck_assert_ptr_eq(nested->items[1], app_none_get(root, &error));
	ck_assert_ptr_eq(app_nested_get(root, &error), nested);
}
END_TEST

START_TEST(a_member_that_fails_is_named_with_the_path)
{
	parts_fail_new("b", EIO, 1);
	expect_null(app_user_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_b <- app_both <- app_user");
	ck_assert_int_eq(parts_alive("a"), 1);
	ck_assert_ptr_nonnull(app_user_get(root, &error));
}
END_TEST

static TCase *members(void)
{
	TCase *tcase = tcase_create("members");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_holds_its_members_in_the_order_of_the_row);
	tcase_add_test(tcase, it_is_made_once);
	tcase_add_test(tcase, an_empty_one_is_legal);
	tcase_add_test(tcase, it_has_room_for_thirty_two);
	tcase_add_test(tcase, it_may_promise_more_than_its_members);
	tcase_add_test(tcase, it_is_given_to_constructors_and_so_are_its_fields);
	tcase_add_test(tcase, lists_hold_lists);
	tcase_add_test(tcase, a_member_that_fails_is_named_with_the_path);
	return tcase;
}

/* ---- Where it lives. ---- */

START_TEST(it_lives_in_the_home_of_its_shortest_lived_member)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	const struct several *mixed = app_mixed_get(inner, &error);

	ck_assert_ptr_eq(mixed, app_mixed_get(request, &error));
	ck_assert_ptr_eq(mixed->items[1], app_session_get(request, &error));
	ck_assert_ptr_ne(app_local_get(inner, &error), app_local_get(request, &error));
	ck_assert_ptr_eq(app_local_get(inner, &error)->items[1], mixed->items[1]);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(mixed, app_mixed_get(request, &error));
	ck_assert_int_eq(app_mixed.life, di_scope_request.rank);
	ck_assert_int_eq(app_both.life, 0);
}
END_TEST

START_TEST(a_context_of_its_own_scope_begins_it_afresh)
{
	const struct several *outer = app_mixed_get(request, &error);
	struct di_context *inner = open_in(request, &di_scope_request);

	ck_assert_ptr_ne(app_mixed_get(inner, &error), outer);
	ck_assert_ptr_ne(app_mixed_get(inner, &error)->items[1], outer->items[1]);
	ck_assert_ptr_eq(app_mixed_get(inner, &error)->items[0], outer->items[0]);
	ck_assert_ptr_eq(app_both_get(inner, &error), app_both_get(root, &error));
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(app_mixed_get(request, &error), outer);
}
END_TEST

START_TEST(a_context_that_begins_a_member_afresh_begins_the_list_afresh)
{
	const struct di_provider *rows[] = { &app_session };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .afresh = rows, .afresh_count = 1
	};
	const struct several *outer = app_mixed_get(request, &error);
	struct di_context *inner = di_context_open_with(request, &options, &error);

	ck_assert_ptr_ne(app_mixed_get(inner, &error), outer);
	ck_assert_ptr_eq(app_mixed_get(inner, &error)->items[1], app_session_get(inner, &error));
	close_as(inner, DI_DONE);
}
END_TEST

START_TEST(without_the_context_of_a_member_it_says_so)
{
	expect_null(app_mixed_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_mixed");
}
END_TEST

START_TEST(one_with_a_factory_is_made_anew_and_may_be_dropped)
{
	const struct several *made = app_made_get(root, &error);

	ck_assert_ptr_ne(made, app_made_get(root, &error));
	ck_assert_ptr_ne(made->items[0], made->items[2]);
	ck_assert_ptr_eq(made->items[1], app_a_get(root, &error));
	ck_assert_int_eq(parts_alive("fresh"), 4);
	expect_ok(app_made_drop(root, made, &error));
	ck_assert_int_eq(parts_alive("fresh"), 2);
}
END_TEST

START_TEST(one_with_a_selector_is_made_anew_and_one_with_such_a_list)
{
	ck_assert_str_eq(app_chosen_get(root, &error)->items[0]->name, "a");
	key = "b";
	ck_assert_str_eq(app_chosen_get(root, &error)->items[0]->name, "b");
	ck_assert_ptr_ne(app_anew_get(root, &error), app_anew_get(root, &error));
	ck_assert_int_eq(parts_alive("fresh"), 4);
}
END_TEST

START_TEST(one_made_anew_belongs_to_the_value_it_was_made_for)
{
	close_as(request, DI_DONE);
	request = NULL;
	app_keeper_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_keeper, &error));
	journal_expect("ended keeper done", "ended fresh done", "ended fresh done");
}
END_TEST

static int look(const struct several *made, const struct several *both)
{
	journal_write("%s %s", made->items[0]->name, both->items[1]->name);
	return 0;
}

DI_HANDLER(look_at, int, (void), (look, app_made, app_both));

START_TEST(a_handler_ends_what_is_made_for_it)
{
	int result;

	app_both_get(root, &error);
	journal_clear();
	expect_ok(look_at(request, &result, &error));
	journal_expect("created fresh from base", "created fresh from base", "fresh b",
		       "ended fresh done", "ended fresh done");
	parts_fail_new("fresh", EIO, 1);
	expect_error(look_at(request, &result, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_fresh <- app_made <- look_at");
}
END_TEST

static TCase *homes(void)
{
	TCase *tcase = tcase_create("homes");

	tcase_add_checked_fixture(tcase, setup_request, teardown);
	tcase_add_test(tcase, it_lives_in_the_home_of_its_shortest_lived_member);
	tcase_add_test(tcase, a_context_of_its_own_scope_begins_it_afresh);
	tcase_add_test(tcase, a_context_that_begins_a_member_afresh_begins_the_list_afresh);
	tcase_add_test(tcase, without_the_context_of_a_member_it_says_so);
	tcase_add_test(tcase, one_with_a_factory_is_made_anew_and_may_be_dropped);
	tcase_add_test(tcase, one_with_a_selector_is_made_anew_and_one_with_such_a_list);
	tcase_add_test(tcase, one_made_anew_belongs_to_the_value_it_was_made_for);
	tcase_add_test(tcase, a_handler_ends_what_is_made_for_it);
	return tcase;
}

/* ---- Changing it. ---- */

START_TEST(resetting_a_member_sees_through_it)
{
	const struct several *both;

	app_user_get(root, &error);
	app_nested_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_base, &error));
	journal_expect("ended user done", "ended a done", "ended base done");
	both = app_both_get(root, &error);
	ck_assert_ptr_eq(both->items[0], app_a_get(root, &error));
	ck_assert_ptr_eq(both, app_nested_get(root, &error)->items[0]);
}
END_TEST

START_TEST(resetting_it_ends_what_was_built_from_it_and_no_member)
{
	app_user_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_both, &error));
	journal_expect("ended user done");
}
END_TEST

START_TEST(resetting_sees_through_one_made_anew)
{
	app_chooser_get(root, &error);
	app_keeper_get(root, &error);
	app_b_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_b, &error));
	journal_expect("ended b done");
	expect_ok(di_reset(root, &app_a, &error));
	journal_expect("ended keeper done", "ended fresh done", "ended fresh done",
		       "ended chooser done", "ended a done");
}
END_TEST

START_TEST(a_member_overridden_in_a_context_makes_the_list_anew_there)
{
	const struct several *outer = app_both_get(root, &error);

	app_user_get(root, &error);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_both_get(request, &error), outer);
	expect_ok(app_b_override(request, &fake, &error));
	ck_assert_ptr_eq(app_both_get(request, &error)->items[1], &fake);
	ck_assert_ptr_eq(app_both_get(request, &error)->items[0], outer->items[0]);
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[1], &fake);
	ck_assert_ptr_eq(app_made_get(request, &error)->items[1], outer->items[0]);
	ck_assert_ptr_eq(app_both_get(root, &error), outer);
	expect_error(app_a_override(request, &fake, &error), DI_EBUSY);
}
END_TEST

START_TEST(the_whole_may_be_overridden)
{
	struct part *one[] = { &fake };
	const struct several several = { 1, one };

	expect_ok(app_both_override(root, &several, &error));
	expect_ok(app_made_override(root, &several, &error));
	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_made_get(root, &error), &several);
	journal_expect("created user from fake");
	container_end();
	setup();
}
END_TEST

START_TEST(another_list_may_stand_for_it)
{
	expect_ok(di_override_with(root, &app_both, &app_none, &error));
	ck_assert_ptr_eq(app_both_get(root, &error), app_none_get(root, &error));
	ck_assert_ptr_null(app_user_get(root, &error)->needs[0]);
}
END_TEST

START_TEST(overriding_a_member_under_a_live_list_is_refused)
{
	app_both_get(root, &error);
	expect_error(app_b_override(root, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(root, &app_b, &error));
	expect_ok(app_b_override(root, &fake, &error));
	ck_assert_ptr_eq(app_both_get(root, &error)->items[1], &fake);
}
END_TEST

static TCase *changes(void)
{
	TCase *tcase = tcase_create("changes");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, resetting_a_member_sees_through_it);
	tcase_add_test(tcase, resetting_it_ends_what_was_built_from_it_and_no_member);
	tcase_add_test(tcase, resetting_sees_through_one_made_anew);
	tcase_add_test(tcase, a_member_overridden_in_a_context_makes_the_list_anew_there);
	tcase_add_test(tcase, the_whole_may_be_overridden);
	tcase_add_test(tcase, another_list_may_stand_for_it);
	tcase_add_test(tcase, overriding_a_member_under_a_live_list_is_refused);
	return tcase;
}

/* ---- Memory and threads. ---- */

static void sweep(const struct di_provider *provider)
{
	unsigned pieces, failed = 0;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		void *value;

		teardown();
		setup();
		fill(root, pieces);
		failing_allocator_fail(&memory, 1);
		value = di_resolve(root, &error, provider);
		failing_allocator_fail(&memory, 0);
		if (value != NULL)
			continue;
		failed++;
		ck_assert_int_eq(error.status, DI_ENOMEM);
		ck_assert_int_eq(parts_alive("fresh"), 0);
		ck_assert_ptr_nonnull(di_resolve(root, &error, provider));
	}
	ck_assert_uint_gt(failed, 4);
}

START_TEST(a_failed_allocation_leaves_nothing_and_the_next_try_succeeds)
{
	sweep(&app_user);
	sweep(&app_keeper);
	sweep(&app_chooser);
	sweep(&app_most);
}
END_TEST

static int wrong;

static void ask(int number, void *data)
{
	struct di_container *shared = data;
	struct di_context *context =
		di_context_open(di_container_root(shared), &di_scope_request, NULL);
	const struct several *both = app_both_get(context, NULL);
	const struct several *mixed = app_mixed_get(context, NULL);

	(void)number;
	if (both != app_both_get(di_container_root(shared), NULL) ||
	    mixed->items[1] != app_session_get(context, NULL) || mixed->items[0] != both->items[0])
		__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
	di_context_close(context, DI_DONE, NULL);
}

START_TEST(any_number_of_threads_get_the_same_list)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	watchdog(60);
	for (i = 0; i < (di_check_quick() ? 5 : 50); i++) {
		struct di_container *shared = di_container_new(&app, &options, &error);

		parts_clear();
		crowd_run(4, ask, shared);
		ck_assert_int_eq(wrong, 0);
		ck_assert_int_eq(parts_alive("a") + parts_alive("b"), 2);
		expect_ok(di_container_free(shared, &error));
	}
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/list");
	TCase *tcase = tcase_create("use");

	suite_add_tcase(suite, members());
	suite_add_tcase(suite, homes());
	suite_add_tcase(suite, changes());
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_failed_allocation_leaves_nothing_and_the_next_try_succeeds);
	tcase_add_test(tcase, any_number_of_threads_get_the_same_list);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
