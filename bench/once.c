/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"

#include <pthread.h>
#include <stdlib.h>

/* What is made once and read often: a singleton against pthread_once(). See once_glib.c. */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct part *part;

static void make(void)
{
	if (part_new(&part) != 0)
		abort();
}

static void get_inline(size_t count, void *data)
{
	struct di_context *root = *(struct di_context **)data;

	while (count-- > 0)
		bench_keep(bench_a_get(root, NULL));
}

static void get_by_call(size_t count, void *data)
{
	struct di_context *root = *(struct di_context **)data;

	while (count-- > 0)
		bench_keep(di_resolve(root, NULL, &bench_a));
}

static void posix(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		pthread_once(&once, make);
		bench_keep(part);
	}
}

int main(int argc, char **argv)
{
	static struct di_context *root;
	const struct bench benches[] = {
		{ .name = "made once, pthread_once",
		  .ours = get_inline,
		  .baseline = posix,
		  .against = "pthread_once",
		  .data = &root },
		{ .name = "made once, by library call, pthread_once",
		  .ours = get_by_call,
		  .baseline = posix,
		  .against = "pthread_once",
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
