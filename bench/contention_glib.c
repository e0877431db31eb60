/* SPDX-License-Identifier: MIT */
#include "bench/support/crowd.h"
#include "bench/support/made_once.h"

#include <glib.h>

/* One cold singleton against GLib. See contention.c. */

static gsize once;

static void begin(void)
{
	once = 0;
}

static void ask(void)
{
	if (g_once_init_enter(&once)) {
		made_once_make();
		g_once_init_leave(&once, 1);
	}
	bench_keep(made_once_part);
}

static void end(void)
{
	part_free(made_once_part);
}

int main(void)
{
	return crowd_main(&(const struct crowd_side){ begin, ask, end }, "g_once_init_enter");
}
