/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_INSTANCES_H
#define BENCH_SUPPORT_INSTANCES_H

/**
 * A container comes and goes, and nothing is resolved. By hand an array of pointers comes and goes.
 */

#include "bench/support/harness.h"

/* Sides of a benchmark, whose data is the address of a pointer to a table. */
bench_fn instances_new_and_free;
bench_fn instances_by_hand;

#define INSTANCES(name_, table_, most_)                                                            \
	{                                                                                          \
		.name = (name_), .ours = instances_new_and_free, .baseline = instances_by_hand,    \
		.against = "calloc and free of 8 bytes a row", .data = (table_), .goal = {         \
			.most = (most_)                                                            \
		}                                                                                  \
	}

#endif
