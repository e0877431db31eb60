/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_CROWD_H
#define BENCH_SUPPORT_CROWD_H

/**
 * Several threads ask for one thing that is not there yet, all at once, again and again: the
 * processor time of each of them, from one meeting to the next. Most of it is the meetings, on both
 * sides.
 */

/** What is asked for. */
struct crowd_side {
	void (*begin)(void); /**< before they meet, by one thread */
	void (*ask)(void);   /**< by all at once */
	void (*end)(void);   /**< by one thread */
};

/** Compares a cold singleton with the baseline, for 1, 2, 4 and 8 threads. */
int crowd_main(const struct crowd_side *baseline, const char *against);

#endif
