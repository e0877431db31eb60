/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* Rows of several rows, some of which are of a connected container. */

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(named_parts, struct part);
DI_LAZY_TYPE(later_part, struct part);

static const char *chosen = "base";

static const char *choose(const struct part *part)
{
	(void)part;
	return chosen;
}

PART_FAKE(fake)
PART(clock)
PART(spot)
PART_OF_1(visit)
PART_OF_1(own)
PART_OF_1(user)

static int reader_new(struct part **out, const struct parts *parts)
{
	return part_new(out, "reader",
			(struct part *const[]){ parts->items[0], parts->items[1], NULL });
}

PART_END(reader)

/* clang-format off */
#define BASE(X) \
	X(singleton,        base_clock, struct part,        (clock_new), clock_end) \
	X(context_resource, base_visit, struct part,        (visit_new, base_clock), visit_end, request) \
	X(lazy,             base_later, struct later_part,  base_visit, request) \
	X(context_resource, base_spot,  struct part,        (spot_new), spot_end, any) \
	X(list,             base_spots, struct parts,       base_spot)

#define TOP(X) \
	X(context_resource, top_own,    struct part,        (own_new, base_clock), own_end, request) \
	X(selector,         top_choice, struct part,        (choose, base_clock), ("base", base_visit), ("top", top_own)) \
	X(context_resource, top_user,   struct part,        (user_new, top_choice), user_end, request) \
	X(list,             top_list,   struct parts,       base_visit, top_own) \
	X(dict,             top_dict,   struct named_parts, ("clock", base_clock), ("visit", base_visit)) \
	X(list,             top_clocks, struct parts,       base_clock) \
	X(context_resource, top_reader, struct part,        (reader_new, top_list), reader_end, request) \
	X(lazy,             top_later,  struct later_part,  base_clock, request)
/* clang-format on */

DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DECLARE(top, TOP, base);
DI_CONTAINER_DEFINE(base, BASE);
DI_CONTAINER_DEFINE(top, TOP);

static struct di_container *base_container;
static struct di_context *request;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI,
				      .connected = &base_container,
				      .connected_count = 1 };

	chosen = "base";
	base_container = di_container_new(&base, NULL, NULL);
	container_begin(&top, &options);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	di_container_free(container, NULL);
	container = NULL;
	ck_assert_int_eq(di_container_free(base_container, NULL), DI_OK);
	container_end();
}

START_TEST(a_selector_chooses_among_rows_of_several_containers)
{
	ck_assert_ptr_eq(top_choice_get(request, &error), base_visit_get(request, &error));
	chosen = "top";
	ck_assert_ptr_eq(top_choice_get(request, &error), top_own_get(request, &error));
}
END_TEST

START_TEST(what_was_chosen_of_a_connected_container_is_what_a_value_is_built_from)
{
	struct part *user = top_user_get(request, &error);

	ck_assert_ptr_eq(user->needs[0], base_visit_get(request, &error));
	expect_error(base_visit_override(request, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(request, &top_own, &error));
	ck_assert_int_eq(user->alive, 1);
	expect_ok(di_reset(request, &base_visit, &error));
	ck_assert_int_eq(user->alive, 0);
	expect_ok(base_visit_override(request, &fake, &error));
	ck_assert_ptr_eq(top_user_get(request, &error)->needs[0], &fake);
}
END_TEST

START_TEST(a_list_has_members_of_several_containers)
{
	const struct parts *list = top_list_get(request, &error);

	ck_assert_msg(list != NULL, "%s", error_text());
	ck_assert_uint_eq(list->count, 2);
	ck_assert_ptr_eq(list->items[0], base_visit_get(request, &error));
	ck_assert_ptr_eq(list->items[1], top_own_get(request, &error));
	ck_assert_ptr_eq(top_list_get(request, &error), list);
	ck_assert_ptr_eq(top_clocks_get(request, &error), top_clocks_get(root, &error));
}
END_TEST

START_TEST(a_list_lives_with_its_member_that_lives_in_any_context)
{
	const struct parts *list = base_spots_get(root, &error);

	ck_assert_msg(list != NULL, "%s", error_text());
	ck_assert_ptr_eq(list->items[0], base_spot_get(root, &error));
	ck_assert_int_eq(parts_alive("spot"), 1);
	list = base_spots_get(request, &error);
	ck_assert_ptr_eq(list->items[0], base_spot_get(request, &error));
	list = base_spots_get(di_container_root(base_container), &error);
	ck_assert_ptr_eq(list->items[0], base_spot_get(di_container_root(base_container), &error));
	ck_assert_int_eq(parts_alive("spot"), 3);
}
END_TEST

START_TEST(a_reset_and_an_override_are_seen_through_a_list)
{
	struct part *reader = top_reader_get(request, &error);
	struct di_context *inner;

	inner = open_in(request, &di_scope_request);
	expect_ok(base_clock_override(inner, &fake, &error));
	ck_assert_ptr_eq(top_reader_get(inner, &error)->needs[0]->needs[0], &fake);
	ck_assert_ptr_eq(top_clocks_get(inner, &error)->items[0], &fake);
	close_as(inner, DI_DONE);
	expect_ok(di_reset(request, &base_visit, &error));
	ck_assert_int_eq(reader->alive, 0);
	ck_assert_ptr_eq(top_clocks_get(request, &error)->items[0], base_clock_get(root, &error));
}
END_TEST

START_TEST(a_dict_has_entries_of_connected_containers)
{
	const struct named_parts *dict = top_dict_get(request, &error);

	ck_assert_ptr_eq(named_parts_find(dict, "visit"), base_visit_get(request, &error));
	ck_assert_ptr_eq(named_parts_find(dict, "clock"), base_clock_get(request, &error));
}
END_TEST

START_TEST(a_lazy_leads_to_a_row_of_a_connected_container)
{
	const struct later_part *later = top_later_get(request, &error);

	ck_assert_int_eq(parts_alive("clock"), 0);
	ck_assert_ptr_eq(later_part_get(later, &error), base_clock_get(root, &error));
}
END_TEST

START_TEST(a_connected_lazy_asks_the_context_it_lives_in)
{
	const struct later_part *later = base_later_get(request, &error);

	ck_assert_ptr_eq(later_part_get(later, &error), base_visit_get(request, &error));
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	expect_ok(base_visit_override(request, &fake, &error));
	ck_assert_ptr_eq(later_part_get(base_later_get(request, &error), &error), &fake);
}
END_TEST
static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_kinds");
	TCase *tcase = tcase_create("connect_kinds");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_selector_chooses_among_rows_of_several_containers);
	tcase_add_test(tcase,
		       what_was_chosen_of_a_connected_container_is_what_a_value_is_built_from);
	tcase_add_test(tcase, a_list_has_members_of_several_containers);
	tcase_add_test(tcase, a_list_lives_with_its_member_that_lives_in_any_context);
	tcase_add_test(tcase, a_reset_and_an_override_are_seen_through_a_list);
	tcase_add_test(tcase, a_dict_has_entries_of_connected_containers);
	tcase_add_test(tcase, a_lazy_leads_to_a_row_of_a_connected_container);
	tcase_add_test(tcase, a_connected_lazy_asks_the_context_it_lives_in);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
