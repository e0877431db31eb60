/* SPDX-License-Identifier: MIT */
#include "bench/support/crowd.h"
#include "bench/support/made_once.h"

#include <pthread.h>

/* One cold singleton against pthread_once() in its place. See contention_glib.c. */

static pthread_once_t once;

static void begin(void)
{
	once = (pthread_once_t)PTHREAD_ONCE_INIT;
}

static void ask(void)
{
	pthread_once(&once, made_once_make);
	bench_keep(made_once_part);
}

static void end(void)
{
	part_free(made_once_part);
}

int main(void)
{
	return crowd_main(&(const struct crowd_side){ begin, ask, end }, "pthread_once");
}
