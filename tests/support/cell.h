/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_CELL_H
#define DI_TESTS_CELL_H

/**
 * Values for tests in which many threads do everything at once: each knows what it was built from
 * and notices when it is made or ended twice, or at a wrong time.
 *
 * Threads cannot fail the test: they note faults, which cells_check() shows.
 */

#include "di/di.h"

#include <stdatomic.h>
#include <stdint.h>

enum {
	CELL_ROWS = 16
};

/** What is being made and what is alive in one context, by row. */
struct cell_place {
	atomic_int making[CELL_ROWS], alive[CELL_ROWS];
};

struct cell {
	int row;
	struct cell_place *place; /**< or NULL */
	atomic_int alive;
	const struct cell *needs[2];
};

/** What a program says of the value whose constructor runs. */
struct cell_rules {
	/**
	 * Where there is one of that row at a time, or NULL where there are many. Itself NULL where
	 * all rows are such.
	 */
	struct cell_place *(*place)(int row);
	/** Whatever the constructor does besides. Returns 0, or an errno with which it fails. */
	int (*act)(int row);
};

/** Since the era began. */
struct cell_counts {
	atomic_int noisy; /**< whether some constructors and finalizers fail */
	atomic_int made, ended;
	atomic_int deferred, ran;
	atomic_int failures, cycles; /**< of all that was resolved */
};

extern struct cell_counts cells;

/** What the calling thread has ended so far. */
struct cell_ends {
	unsigned all, bad;
};

extern _Thread_local struct cell_ends cell_ends;

/** How many eras there are: DI_STRESS_ERA=n asks for that one alone. */
int cells_eras(void);
/** The number of the loop's era. */
unsigned cells_era(int loop);

/** Begins an era. Its number is the seed of what threads draw, but not of when they run. */
void cells_begin(unsigned era, const struct cell_rules *rules);
/** What each thread of a crowd calls first. */
void cells_join(int thread);
/** A number below limit. */
uint32_t cell_below(uint32_t limit);

/** Notes a fault unless it holds. */
void cell_expect(int holds, const char *fault);
/** Fails the test if there was a fault so far. */
void cells_check_faults(void);
/** At the end: fails it also if not all has ended and run. */
void cells_check(void);

/** Why something could not be resolved: failing constructors and cycles are no fault. */
void cell_judge_failure(const struct di_error *err);

/**
 * What a call that ends values has answered, which must say how many finalizers failed. Returns how
 * many values it has ended since before; none if it was DI_EBUSY.
 */
unsigned cell_judge_end(enum di_status status, const struct di_error *err, struct cell_ends before);

/** Defers a call that is counted. */
enum di_status cell_defer(struct di_context *context);

int cell_new(struct cell **out, int row, const struct cell *a, const struct cell *b);
int cell_end(struct cell *cell);

/** Define the constructor row_new(), without needs, with one, with two. */
#define CELL(row_)                                                                                 \
	static int row_##_new(struct cell **out)                                                   \
	{                                                                                          \
		return cell_new(out, row_, NULL, NULL);                                            \
	}
#define CELL_OF_1(row_)                                                                            \
	static int row_##_new(struct cell **out, struct cell *a)                                   \
	{                                                                                          \
		return cell_new(out, row_, a, NULL);                                               \
	}
#define CELL_OF_2(row_)                                                                            \
	static int row_##_new(struct cell **out, struct cell *a, struct cell *b)                   \
	{                                                                                          \
		return cell_new(out, row_, a, b);                                                  \
	}

#endif
