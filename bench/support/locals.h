/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_LOCALS_H
#define BENCH_SUPPORT_LOCALS_H

/**
 * Context-local values and blocks, against a thread-local variable: in threads and in fibers.
 */

#include "bench/support/harness.h"

#include <di/di.h>

#define BENCH_LOCALS(X) X(local_a, const int, di_keep) X(local_b, const int, di_keep)

DI_LOCAL_DECLARE(locals, BENCH_LOCALS);

/** What values point to. */
extern const int locals_numbers[2];
/** The variable, set by locals_begin(). */
extern _Thread_local const int *volatile locals_by_hand;

/** Sets local_a and the variable. */
void locals_begin(void);

/* Sides of benchmarks, whose data is not used. */
bench_fn locals_get, locals_get_by_hand;     /**< reads local_a, or the variable */
bench_fn locals_block, locals_block_by_hand; /**< begins and ends a block, or sets it back */

#endif
