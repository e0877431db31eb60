/* SPDX-License-Identifier: MIT */
#include "bench/support/numbers.h"

DI_CONTAINER_DEFINE(numbers, BENCH_NUMBERS);

DI_HANDLER(inject_identity, DI_FAILS_IF(double, < 0), (void),
	   (number_sum, numbers_grandparent, numbers_same, numbers_item_of_same));
DI_HANDLER(inject_malloc, DI_FAILS_IF(double, < 0), (void),
	   (number_sum, numbers_grandparent, numbers_copy, numbers_item_of_copy));
DI_HANDLER(inject_in_place, DI_FAILS_IF(double, < 0), (void),
	   (number_sum, numbers_grandparent, numbers_place, numbers_item_of_place));

/* Below 0: there was no memory. */

double inject_identity_by_hand(struct number *grandparent)
{
	struct number *parent = number_identity(grandparent), *item;
	double sum;

	if (number_copy(&item, number_identity(grandparent)) != 0)
		return -1;
	sum = number_sum(grandparent, parent, item);
	number_free(item);
	return sum;
}

double inject_malloc_by_hand(struct number *grandparent)
{
	struct number *parent, *other, *item;
	double sum = -1;

	if (number_copy(&parent, grandparent) != 0)
		return sum;
	if (number_copy(&other, grandparent) != 0)
		goto without_other;
	if (number_copy(&item, other) != 0)
		goto without_item;
	sum = number_sum(grandparent, parent, item);
	number_free(item);
without_item:
	number_free(other);
without_other:
	number_free(parent);
	return sum;
}

double inject_on_stack_by_hand(struct number *grandparent)
{
	struct number parent, other, item;
	double sum = -1;

	if (number_init(&parent, grandparent) != 0)
		return sum;
	if (number_init(&other, grandparent) != 0)
		goto without_other;
	if (number_init(&item, &other) != 0)
		goto without_item;
	sum = number_sum(grandparent, &parent, &item);
	number_end(&item);
without_item:
	number_end(&other);
without_other:
	number_end(&parent);
	return sum;
}
