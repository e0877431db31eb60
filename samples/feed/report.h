/* SPDX-License-Identifier: MIT */
#ifndef FEED_REPORT_H
#define FEED_REPORT_H

/**
 * What the program says: a line for each page on the standard output, and while it works how far it
 * is, where the standard error is a terminal.
 */

#include "samples/feed/page.h"

struct di_error;

struct report {
	size_t count; /**< pages in all */
	size_t fetched, failed, cancelled;
	size_t bytes;
	int shows_progress;
};

/** Begins to report on so many pages. */
void report_begin(struct report *report, size_t count);

/** Tells of a page of this flow's name. */
void report_page(struct report *report, const struct page *page);
void report_failure(struct report *report, const struct di_error *error);
void report_cancelled(struct report *report);

/** Tells how it was, on the standard error. */
void report_end(struct report *report);

#endif
