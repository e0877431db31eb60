/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_MADE_ONCE_H
#define BENCH_SUPPORT_MADE_ONCE_H

/**
 * Reading what is made once, a singleton, to be compared with several others.
 */

#include "bench/support/app.h"
#include "bench/support/harness.h"

/* Sides of a benchmark, whose data is set by made_once_main(). */
bench_fn made_once_inline;  /**< by the accessor */
bench_fn made_once_by_call; /**< by a call of the library */

/** What the baselines make and read. */
extern struct part *made_once_part;
void made_once_make(void);

/** Runs the benchmarks with a container of which the singleton is made. */
int made_once_main(int argc, char **argv, struct bench *benches, size_t count);

#endif
