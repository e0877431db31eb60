/* SPDX-License-Identifier: MIT */
#include "samples/notes/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static int64_t now(const struct clock *clock)
{
	(void)clock;
	return (int64_t)time(NULL);
}

int clock_new(struct clock **out)
{
	struct clock *clock = malloc(sizeof(*clock));

	if (!clock)
		return ENOMEM;
	clock->now = now;
	*out = clock;
	return 0;
}

void clock_free(struct clock *clock)
{
	free(clock);
}
