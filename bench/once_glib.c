/* SPDX-License-Identifier: MIT */
#include "bench/support/made_once.h"

#include <glib.h>

/* What is made once and read often: a singleton against GLib. See once.c. */

static void with_glib(size_t count, void *data)
{
	static gsize once;

	(void)data;
	while (count-- > 0) {
		if (g_once_init_enter(&once)) {
			made_once_make();
			g_once_init_leave(&once, 1);
		}
		bench_keep(made_once_part);
	}
}

int main(int argc, char **argv)
{
	struct bench benches[] = {
		{ .name = "made once, GLib",
		  .ours = made_once_inline,
		  .baseline = with_glib,
		  .against = "g_once_init_enter" },
	};

	return made_once_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
