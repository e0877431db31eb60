/* SPDX-License-Identifier: MIT */
#include "tests/support/twin_draw.h"

int twin_below(int limit)
{
	return graph_random(&twin.seed, limit);
}

int twin_any_context(void)
{
	int context;

	do {
		context = twin_below(twin.model.contexts_count);
	} while (!twin.model.contexts[context].open);
	return context;
}

int twin_any_row(void)
{
	return twin_below(twin.graph.count);
}

const struct graph_row *twin_row(int row)
{
	return &twin.graph.rows[row];
}

struct twin_value *twin_fake(void)
{
	return &twin.fakes[twin.step];
}

int twin_refusal(void)
{
	return twin_below(8) == 0 ? 1 + twin_below(3) : 0;
}

enum di_status twin_status_of(const void *value)
{
	return value != NULL ? DI_OK : twin.error.status;
}

void twin_tell(const char *what, int a, const char *in, int b)
{
	trace_write(&twin.story, "%s%d%s%d\n", what, a, in, b);
}

int twin_number_of(const void *value)
{
	return value != NULL ? ((const struct twin_value *)value)->number : -1;
}
