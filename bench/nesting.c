/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <stdlib.h>

/*
 * Whether it costs more to read, open and close where contexts are nested: 1, 4 and 16 deep. Once
 * each context is a request within a request, and has a value of its own; once what is below the
 * request sees the request's.
 */

enum {
	DEEPEST = 16
};

struct nest {
	struct di_context *below[DEEPEST];
};

static struct part *part;

static void get(size_t count, void *data)
{
	struct di_context *context = *(struct di_context **)data;

	while (count-- > 0)
		bench_keep(bench_x_get(context, NULL));
}

static void hand_get(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(__atomic_load_n(&part, __ATOMIC_ACQUIRE));
}

static void hand_open_and_close(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct part **request = calloc(3, sizeof(*request));

		bench_keep(request);
		free(request);
	}
}

/* The first of them is a request in any case. */
static void nest(struct nest *nest, struct di_context *root, const struct di_scope *scope)
{
	struct di_context *parent = root;
	int i;

	for (i = 0; i < DEEPEST; i++) {
		parent = di_context_open(parent, i == 0 ? &di_scope_request : scope, NULL);
		bench_must(parent != NULL && bench_x_get(parent, NULL) != NULL,
			   "a context could not be opened");
		nest->below[i] = parent;
	}
}

static void unnest(struct nest *nest)
{
	int i;

	for (i = DEEPEST; i-- > 0;)
		di_context_close(nest->below[i], DI_DONE, NULL);
}

/* clang-format off */
#define GET(name_, nest_, depth_) \
	{ .name = (name_), .ours = get, .baseline = hand_get, .data = &(nest_).below[(depth_) - 1], \
	  .goal = { .instructions = 8 + 2 } }
#define OPEN(name_, nest_, depth_) \
	{ .name = (name_), .ours = scope_empty, .baseline = hand_open_and_close, \
	  .data = &(nest_).below[(depth_) - 1], .goal = { .most = 20 } }
/* clang-format on */

int main(int argc, char **argv)
{
	static struct nest requests, injects;
	const struct bench benches[] = {
		GET("own context resource, 1 deep", requests, 1),
		GET("own context resource, 4 deep", requests, 4),
		GET("own context resource, 16 deep", requests, 16),
		GET("context resource seen from 4 deep", injects, 4),
		GET("context resource seen from 16 deep", injects, 16),
		OPEN("open and close below 1 context", requests, 1),
		OPEN("open and close below 4 contexts", requests, 4),
		OPEN("open and close below 16 contexts", requests, 16),
	};
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	int status;

	nest(&requests, di_container_root(container), &di_scope_request);
	nest(&injects, di_container_root(container), &di_scope_inject);
	part = bench_x_get(requests.below[0], NULL);
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	unnest(&injects);
	unnest(&requests);
	di_container_free(container, NULL);
	return status;
}
