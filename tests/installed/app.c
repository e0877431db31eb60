/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <errno.h>
#include <stdlib.h>

static const int first = 41;
static int alive;

static int counter_new(struct counter **out, const int *start)
{
	struct counter *counter = malloc(sizeof(*counter));

	if (counter == NULL)
		return ENOMEM;
	counter->value = *start;
	alive++;
	*out = counter;
	return 0;
}

static void counter_free(struct counter *counter)
{
	alive--;
	free(counter);
}

/* clang-format off */
#define APP(X)                                                                                     \
	X(object,           app_first,   const int,      &first)                                   \
	X(context_resource, app_counter, struct counter, (counter_new, app_first), counter_free,   \
	  request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

int counters_alive(void)
{
	return alive;
}

int app_count(struct di_context *context, struct di_error *err)
{
	struct counter *counter = app_counter_get(context, err);

	return counter != NULL ? ++counter->value : -1;
}
