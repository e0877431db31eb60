/* SPDX-License-Identifier: MIT */
#include "bench/support/made_once.h"

#include <stdlib.h>

struct part *made_once_part;

void made_once_inline(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0)
		bench_keep(bench_a_get(root, NULL));
}

void made_once_by_call(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0)
		bench_keep(di_resolve(root, NULL, &bench_a));
}

void made_once_make(void)
{
	if (part_new(&made_once_part) != 0)
		abort();
}

int made_once_main(int argc, char **argv, struct bench *benches, size_t count)
{
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	size_t i;
	int status;

	for (i = 0; i < count; i++)
		benches[i].data = di_container_root(container);
	bench_must(bench_a_get(di_container_root(container), NULL) != NULL,
		   "the container could not be set up");
	status = bench_main(argc, argv, benches, count);
	part_free(made_once_part);
	di_container_free(container, NULL);
	return status;
}
