/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_REPORT_H
#define BENCH_SUPPORT_REPORT_H

/**
 * What a benchmark found: a line of a table on the terminal, and an object in the file that
 * BENCH_JSON names. Fields that are 0 were not measured, or have no goal.
 */

struct bench_goal {
	double most;              /* ours is at most this */
	double ratio;             /* ours / baseline is at most this ... */
	double least_ratio;       /* ... or at least this */
	double instructions;      /* ours takes at most so many ... */
	double more_instructions; /* ... or at most so many more than the baseline */
};

struct bench_result {
	const char *name, *unit;
	const char *against; /* what the baseline is */
	double ours, ours_median;
	double baseline, baseline_median;
	double ours_instructions, baseline_instructions;
	struct bench_goal goal;
};

void report_begin(void);
void report(const struct bench_result *result);
void report_end(void);

#endif
