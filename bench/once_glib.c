/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"

#include <glib.h>
#include <stdlib.h>

/* What is made once and read often: a singleton against GLib. See once.c. */

static struct part *part;

static void get_inline(size_t count, void *data)
{
	struct di_context *root = *(struct di_context **)data;

	while (count-- > 0)
		bench_keep(bench_a_get(root, NULL));
}

static void with_glib(size_t count, void *data)
{
	static gsize once;

	(void)data;
	while (count-- > 0) {
		if (g_once_init_enter(&once)) {
			if (part_new(&part) != 0)
				abort();
			g_once_init_leave(&once, 1);
		}
		bench_keep(part);
	}
}

int main(int argc, char **argv)
{
	static struct di_context *root;
	const struct bench benches[] = {
		{ .name = "made once, GLib",
		  .ours = get_inline,
		  .baseline = with_glib,
		  .against = "g_once_init_enter",
		  .data = &root },
	};
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	int status;

	root = di_container_root(container);
	bench_must(bench_a_get(root, NULL) != NULL, "the container could not be set up");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	part_free(part);
	di_container_free(container, NULL);
	return status;
}
