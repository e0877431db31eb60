/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_APP_H
#define BENCH_SUPPORT_APP_H

/**
 * The container of a small application, its handlers, and the same held by hand. What they call
 * stands in a source of its own, so that neither side has it inlined.
 */

#include "bench/support/parts.h"

#include <di/di.h>

/* clang-format off */
#define BENCH_APP(X) \
	X(singleton, bench_a, struct part, (part_new), part_free) \
	X(singleton, bench_b, struct part, (part_new_for, bench_a), part_free) \
	X(singleton, bench_c, struct part, (part_new_for, bench_b), part_free) \
	X(context_resource, bench_x, struct part, (part_new_for, bench_a), part_free, request) \
	X(context_resource, bench_y, struct part, (part_new_for, bench_x), part_free, request) \
	X(context_resource, bench_z, struct part, (part_new_for, bench_y), part_free, request) \
	X(context_resource, bench_u, struct part, DI_INIT(part_init_for, bench_a), part_end, request) \
	X(context_resource, bench_v, struct part, DI_INIT(part_init_for, bench_u), part_end, request) \
	X(context_resource, bench_w, struct part, DI_INIT(part_init_for, bench_v), part_end, request) \
	X(factory, bench_f, struct part, (part_new_for, bench_a), part_free) \
	X(factory, bench_g, struct part, DI_INIT(part_init_for, bench_a), part_end)
/* clang-format on */

DI_CONTAINER_DECLARE(bench, BENCH_APP);

int use_three(int passed, struct part *a, struct part *b, struct part *c);

/** Three needs that exist. */
DI_HANDLER_DECLARE(bench_use, int, (int));
/** One of its needs is made for the call, in a context of its own. */
DI_HANDLER_DECLARE(bench_use_new, int, (int));

/** The same parts, held by hand: what a careful programmer writes without a container. */
struct hand_app {
	struct part *a, *b, *c; /* made once by whoever comes first */
};

struct part *hand_a_slowly(struct hand_app *app);
/** A cached part by a call into another source. */
struct part *hand_a_by_call(struct hand_app *app);

#endif
