/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_JOURNAL_H
#define DI_TESTS_JOURNAL_H

/**
 * What happened, line by line, to be compared with what should have happened.
 *
 * There is one journal in a program. Any thread may write; only the thread of the test may compare.
 */

#include "di/compiler.h"

/** Appends a line, written as by printf(). */
void journal_write(const char *format, ...) DI__PRINTF(1, 2);

/** Forgets all lines; for a checked fixture. */
void journal_clear(void);

/** How many lines there are. */
int journal_length(void);

/** Fails the test unless the journal has exactly those lines; then clears it. NULL ends them. */
void journal_compare(const char *file, int line, const char *const *expected);

/** journal_expect("created a", "ended a done"): exactly these lines since the last time. */
#define journal_expect(...)                                                                        \
	journal_compare(__FILE__, __LINE__, (const char *const[]){ __VA_ARGS__, NULL })

/** Nothing was written since the last time. */
#define journal_expect_nothing() journal_compare(__FILE__, __LINE__, (const char *const[]){ NULL })

#endif
