/* SPDX-License-Identifier: MIT */
#include "bench/support/made_once.h"

#include <pthread.h>

/* What is made once and read often: a singleton against pthread_once(). See once_glib.c. */

static void posix(size_t count, void *data)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)data;
	while (count-- > 0) {
		pthread_once(&once, made_once_make);
		bench_keep(made_once_part);
	}
}

int main(int argc, char **argv)
{
	struct bench benches[] = {
		{ .name = "made once, pthread_once",
		  .ours = made_once_inline,
		  .baseline = posix,
		  .against = "pthread_once" },
		{ .name = "made once, by library call, pthread_once",
		  .ours = made_once_by_call,
		  .baseline = posix,
		  .against = "pthread_once" },
	};

	return made_once_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
