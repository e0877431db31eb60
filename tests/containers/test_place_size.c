/* SPDX-License-Identifier: MIT */
#include "di/di.h"

#include "tests/support/check_main.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Containers in the place of large tables. */

enum {
	ROWS = 10000
};

static int counting;
static unsigned long compared;

/* Stands before that of libc, for all of the program. */
int strcmp(const char *a, const char *b)
{
	compared += (unsigned long)counting;
	for (; *a != '\0' && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static const struct di_type type = { sizeof(char), "const char", 1 };
static char names[ROWS][16];
static struct di_provider front_rows[ROWS], back_rows[ROWS];
static const struct di_provider *front_providers[ROWS], *back_providers[ROWS];
static const struct di_table front = { .name = "front",
				       .abi = DI_ABI,
				       .provider_size = sizeof(struct di_provider),
				       .count = ROWS,
				       .providers = front_providers };
static struct di_table back;

static void fill(const struct di_table *table, struct di_provider *rows,
		 const struct di_provider **providers, uint32_t (*place)(uint32_t row))
{
	static const struct di_provider *const none[] = { NULL };
	uint32_t i;

	for (i = 0; i < ROWS; i++) {
		rows[i] = (struct di_provider){ .name = names[place(i)],
						.type = &type,
						.kind = &di_object,
						.table = table,
						.index = i,
						.object = names[place(i)],
						.lane = offsetof(struct di__lane, root),
						.needs = none };
		providers[i] = &rows[i];
	}
}

static uint32_t same(uint32_t row)
{
	return row;
}

static uint32_t reversed(uint32_t row)
{
	return ROWS - 1 - row;
}

/* Every row is far from those around it. */
static uint32_t mixed(uint32_t row)
{
	return row * 7919 % ROWS;
}

/* Returns how often names were compared. */
static unsigned long make_and_look(uint32_t (*place)(uint32_t row))
{
	const struct di_options options = { .abi = DI_ABI, .in_place_of = &front };
	struct di_error error = { 0 };
	struct di_container *container;
	uint32_t i;

	back = front;
	back.name = "back";
	back.providers = back_providers;
	fill(&front, front_rows, front_providers, same);
	fill(&back, back_rows, back_providers, place);
	compared = 0;
	counting = 1;
	container = di_container_new(&back, &options, &error);
	counting = 0;
	ck_assert_msg(container != NULL, "%s", error.detail);
	for (i = 0; i < ROWS; i += 97)
		ck_assert_ptr_eq(di_resolve(di_container_root(container), &error, &front_rows[i]),
				 names[i]);
	ck_assert_int_eq(di_container_free(container, &error), DI_OK);
	return compared;
}

static void setup(void)
{
	uint32_t i;

	for (i = 0; i < ROWS; i++)
		snprintf(names[i], sizeof(names[i]), "row_%u", (unsigned)i);
}

START_TEST(rows_in_one_order_are_found_where_they_are)
{
	/* One for the name, and perhaps one for the type. */
	unsigned long times = make_and_look(same);

	ck_assert_uint_ge(times, ROWS);
	ck_assert_uint_le(times, 2 * ROWS);
}
END_TEST

START_TEST(rows_in_another_order_take_no_quadratic_time)
{
	ck_assert_uint_le(make_and_look(reversed), 40 * ROWS);
	ck_assert_uint_le(make_and_look(mixed), 40 * ROWS);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("containers/place/size");
	TCase *size = di_check_case(all, "size", setup, NULL);

	tcase_add_test(size, rows_in_one_order_are_found_where_they_are);
	tcase_add_test(size, rows_in_another_order_take_no_quadratic_time);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
