/* SPDX-License-Identifier: MIT */
#include "providers/context_resource.h"

#include "tests/support/fixture.h"

/*
 * A further kind: struct di_kind can say what none of ours does. Here values are made anew each
 * time and live in the innermost context of their row's scope.
 */

static const struct di_kind anew_in_scope = { .name = "anew", .home = DI_HOME_SCOPE };

enum {
	ANEW,
	USER,
	ROWS
};

struct item {
	int alive;
};

static struct item items[32];
static int made;

static int item_create(void *const *args, void **out)
{
	(void)args;
	items[made].alive = 1;
	*out = &items[made++];
	return 0;
}

static int item_destroy(void *value, enum di_outcome outcome)
{
	struct item *item = value;

	(void)outcome;
	item->alive--;
	return 0;
}

static struct di_table table;
static const struct di_provider rows[ROWS];
static const struct di_type item_type = { sizeof(struct item), "struct item", 0 };
static const struct di_provider *const pointers[ROWS] = { &rows[ANEW], &rows[USER] };
static const struct di_provider *const needs[ROWS][2] = { { NULL }, { &rows[ANEW], NULL } };

#define ROW(number_, name_, kind_, needs_count_)                                                   \
	{                                                                                          \
		.name = (name_), .table = &table, .kind = (kind_), .type = &item_type,             \
		.index = (number_), .needs_count = (needs_count_), .life = 150,                    \
		.lane = offsetof(struct di__lane, own), .needs = needs[number_],                   \
		.create = item_create, .destroy = item_destroy, .scope = &di_scope_request,        \
		.constructor = "item_create", .destructor = "item_destroy"                         \
	}

static const struct di_provider rows[ROWS] = {
	ROW(ANEW, "anew", &anew_in_scope, 0),
	ROW(USER, "user", &di_context_resource, 1),
};
static struct di_table table = { .abi = DI_ABI,
				 .provider_size = sizeof(struct di_provider),
				 .name = "kinds",
				 .providers = pointers,
				 .count = ROWS };

static void setup(void)
{
	made = 0;
	memset(items, 0, sizeof(items));
	container_begin(&table, NULL);
}

static struct item *get(struct di_context *context, int row)
{
	struct item *item = di_resolve(context, &error, &rows[row]);

	ck_assert_msg(item != NULL, "%s", error_text());
	ck_assert_int_eq(item->alive, 1);
	return item;
}

static int count_alive(void)
{
	int i, alive = 0;

	for (i = 0; i < made; i++) {
		ck_assert_int_ge(items[i].alive, 0);
		alive += items[i].alive;
	}
	return alive;
}

START_TEST(values_made_anew_in_their_scope_end_once_each)
{
	int round;

	for (round = 0; round < 3; round++) {
		struct di_context *request = open_in(root, &di_scope_request);
		struct item *first = get(request, ANEW), *second = get(request, ANEW);

		ck_assert_ptr_ne(first, second);
		expect_ok(di_context_drop(request, &rows[ANEW], first, &error));
		ck_assert_ptr_ne(get(request, ANEW), second);
		get(request, ANEW);
		ck_assert_int_eq(count_alive(), 3);
		close_as(request, DI_DONE);
		ck_assert_int_eq(count_alive(), 0);
	}
}
END_TEST

START_TEST(what_is_made_anew_for_a_value_ends_with_it)
{
	struct di_context *request = open_in(root, &di_scope_request);
	int round;

	for (round = 0; round < 3; round++) {
		get(request, USER);
		ck_assert_int_eq(count_alive(), 2);
		expect_ok(di_reset(request, &rows[USER], &error));
		ck_assert_int_eq(count_alive(), 0);
	}
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/kind");
	TCase *tcase = tcase_create("a further kind");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, values_made_anew_in_their_scope_end_once_each);
	tcase_add_test(tcase, what_is_made_anew_for_a_value_ends_with_it);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
