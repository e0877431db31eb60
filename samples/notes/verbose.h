/* SPDX-License-Identifier: MIT */
#ifndef NOTES_VERBOSE_H
#define NOTES_VERBOSE_H

/**
 * Tells on stderr what a container makes and tears down, a line for each event:
 *
 *     request 2: created notes_session
 */

#include <di/di.h>

#include <stdatomic.h>

/** Zeroed but for summary_only; alive as long as the container. */
struct verbose {
	int summary_only; /**< 1: events are counted and not told */
	atomic_ullong opened;
	atomic_ullong closed;
};

/** The observer for struct di_options. */
struct di_observer verbose_observer(struct verbose *verbose);

/** Prints how many contexts were opened and closed. */
void verbose_summary(const struct verbose *verbose);

#endif
