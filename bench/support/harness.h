/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_HARNESS_H
#define BENCH_SUPPORT_HARNESS_H

/**
 * One harness for all benchmarks.
 *
 * Each question is a pair: what di does, and hand-written C that does the same work. The two take
 * turns within one run, so that the ratio does not depend on what else the machine does; the
 * minimum and the median of the rounds are kept, in time that the thread has spent computing. A
 * second thread is alive throughout: with one thread glibc leaves out its locks, which no server
 * sees.
 */

#include "bench/support/report.h"

#include <stddef.h>
#include <time.h>

/** Does it count times. */
typedef void bench_fn(size_t count, void *data);

struct bench {
	const char *name;
	bench_fn *ours;
	bench_fn *baseline;
	const char *against; /* what the baseline is; NULL: "by hand" */
	void *data;
	unsigned each; /* operations in each of count; 0: 1 */
	struct bench_goal goal;
};

/**
 * Runs the benchmarks and reports them, per operation.
 *
 * `program --list` prints the names and operations of all. `program NAME ours|baseline COUNT` runs
 * one side COUNT times and prints nothing: for callgrind. What was counted so is read from the file
 * that BENCH_COUNTS names, if any: lines of name, ours and baseline, with tabs between. Returns
 * what main() is to return.
 */
int bench_main(int argc, char **argv, const struct bench *benches, size_t count);

/** Nanoseconds of that clock. */
double bench_time(clockid_t clock);

/** Sorts the figures; returns the least and tells the median. There is at least one. */
double bench_least(double *figures, size_t count, double *median);

/** Keeps the compiler from leaving the value out. */
static inline void bench_keep(const void *value)
{
	__asm__ volatile("" : : "g"(value) : "memory");
}

/** Whether BENCH_QUICK is set: it is only asked whether the benchmark runs at all. */
int bench_quick(void);

/** For what cannot fail in a benchmark. */
void bench_must(int holds, const char *what);

#endif
