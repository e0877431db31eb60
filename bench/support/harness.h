/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_HARNESS_H
#define BENCH_SUPPORT_HARNESS_H

/**
 * One harness for all benchmarks.
 *
 * Each question is a pair: what di does, and hand-written C that does the same work. The two take turns
 * within one run, so that the ratio does not depend on what else the machine does; the minimum and the
 * median of the rounds are kept. A second thread is alive throughout: with one thread glibc leaves out
 * its locks, which no server sees.
 */

#include <stddef.h>

typedef void bench_fn(size_t count, void *data);

struct bench {
	const char *name;
	bench_fn *ours;
	bench_fn *by_hand;
	void *data;
	double must_ns;    /* the limit in nanoseconds, or 0 */
	double must_ratio; /* the limit as ours / by hand, or 0 */
};

/**
 * Runs the benchmarks, prints a table, and appends to the file that BENCH_JSON names.
 *
 * `program NAME ours|hand COUNT` runs one side COUNT times and prints nothing: for callgrind.
 * Returns what main() is to return.
 */
int bench_main(int argc, char **argv, const struct bench *benches, size_t count);

/** Keeps the compiler from leaving the value out. */
static inline void bench_keep(const void *value)
{
	__asm__ volatile("" : : "g"(value) : "memory");
}

#endif
