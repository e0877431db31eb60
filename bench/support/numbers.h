/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_NUMBERS_H
#define BENCH_SUPPORT_NUMBERS_H

/**
 * The injection benchmark of that-depends, examples/benchmark/injection.py: a function is given a
 * singleton that holds a random number, what a factory makes of it, and a context resource that is
 * begun from another product of that factory and ended with the call.
 *
 * There the factory returns what it is given, and only the generator behind the context resource is
 * allocated: `_identity` here. In the other two every part is an object of its own.
 */

#include <di/di.h>

struct number {
	double value;
};

int number_new(struct number **out);
struct number *number_identity(struct number *given);
int number_copy(struct number **out, struct number *given);
void number_free(struct number *number);
int number_init(struct number *self, struct number *given);
void number_end(struct number *number);
double number_sum(struct number *grandparent, struct number *parent, struct number *item);

/* clang-format off */
#define BENCH_NUMBERS(X) \
	X(singleton, numbers_grandparent, struct number, (number_new), number_free) \
	X(factory, numbers_same, struct number, DI_RETURNS(number_identity, numbers_grandparent), di_keep) \
	X(context_resource, numbers_item_of_same, struct number, (number_copy, numbers_same), number_free, inject) \
	X(factory, numbers_copy, struct number, (number_copy, numbers_grandparent), number_free) \
	X(context_resource, numbers_item_of_copy, struct number, (number_copy, numbers_copy), number_free, inject) \
	X(factory, numbers_place, struct number, DI_INIT(number_init, numbers_grandparent), number_end) \
	X(context_resource, numbers_item_of_place, struct number, DI_INIT(number_init, numbers_place), number_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(numbers, BENCH_NUMBERS);

DI_HANDLER_DECLARE(inject_identity, double, (void));
DI_HANDLER_DECLARE(inject_malloc, double, (void));
DI_HANDLER_DECLARE(inject_in_place, double, (void));

double inject_identity_by_hand(struct number *grandparent);
double inject_malloc_by_hand(struct number *grandparent);
double inject_on_stack_by_hand(struct number *grandparent);

#endif
