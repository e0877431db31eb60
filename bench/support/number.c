/* SPDX-License-Identifier: MIT */
#include "bench/support/numbers.h"

#include <errno.h>
#include <stdlib.h>

static const double RANDOM = 0.37;

int number_new(struct number **out)
{
	struct number given = { RANDOM };

	return number_copy(out, &given);
}

struct number *number_identity(struct number *given)
{
	return given;
}

int number_copy(struct number **out, struct number *given)
{
	struct number *number = malloc(sizeof(*number));

	if (number == NULL)
		return ENOMEM;
	*number = *given;
	*out = number;
	return 0;
}

void number_free(struct number *number)
{
	free(number);
}

int number_init(struct number *self, struct number *given)
{
	*self = *given;
	return 0;
}

void number_end(struct number *number)
{
	number->value = 0;
}

double number_sum(struct number *grandparent, struct number *parent, struct number *item)
{
	return grandparent->value + parent->value + item->value;
}
