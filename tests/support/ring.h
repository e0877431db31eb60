/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_RING_H
#define DI_TESTS_RING_H

/**
 * Cycles for certain: a ring of cached cells, each of whose constructors asks for the next one.
 *
 * In each round all threads ask for members at once. The constructor of a member asks for its own
 * value, which is a cycle; then it waits until the next member is being made, and asks for that.
 * Thus each of the first ones runs in a thread of its own, none is done before all have begun, and
 * the last to ask must find that they wait for each other. What comes later in the round
 * depends on how they run.
 */

#include "di/di.h"

enum {
	RING_MEMBERS = 4 /**< at most */
};

struct ring_member {
	struct di_context *context; /**< a root, in which nothing else happens meanwhile */
	const struct di_provider *provider;
};

/**
 * Runs that many rounds and ends after each what was made. Fails the test unless every round had
 * its cycles. The ring is borrowed; there are at least as many threads as members.
 */
void ring_run(int threads, int rounds, const struct ring_member *ring, int count);

/** Whether it runs, for constructors. */
int ring_runs(void);
/** What the constructor of the member of that number does. Returns 0, or an errno to fail with. */
int ring_act(int number);

#endif
