/* SPDX-License-Identifier: MIT */
#ifndef NOTES_CLOCK_H
#define NOTES_CLOCK_H

/**
 * Where the service gets the time from; a test puts a clock of its own in its place.
 */

#include <stdint.h>

struct clock {
	/** Seconds since 1970. Any thread may call it. */
	int64_t (*now)(const struct clock *clock);
};

/** Makes the system's clock. Returns 0 or ENOMEM. */
int clock_new(struct clock **out);
void clock_free(struct clock *clock);

#endif
