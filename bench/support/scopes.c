/* SPDX-License-Identifier: MIT */
#include "bench/support/scopes.h"

static struct di_context *open_below(void *data)
{
	return di_context_open(*(struct di_context **)data, &di_scope_request, NULL);
}

void scope_empty(size_t count, void *data)
{
	while (count-- > 0)
		di_context_close(open_below(data), DI_DONE, NULL);
}

void scope_of_three(size_t count, void *data)
{
	while (count-- > 0) {
		struct di_context *context = open_below(data);

		bench_keep(bench_w_get(context, NULL));
		di_context_close(context, DI_DONE, NULL);
	}
}

void scope_of_three_malloc(size_t count, void *data)
{
	while (count-- > 0) {
		struct di_context *context = open_below(data);

		bench_keep(bench_z_get(context, NULL));
		di_context_close(context, DI_DONE, NULL);
	}
}

void scope_of_many(size_t count, void *data)
{
	while (count-- > 0) {
		struct di_context *context = open_below(data);
		int i;

		for (i = 0; i < SCOPE_MANY; i++)
			bench_keep(bench_g_get(context, NULL));
		di_context_close(context, DI_DONE, NULL);
	}
}
