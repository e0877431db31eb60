/* SPDX-License-Identifier: MIT */
#ifndef APP_H
#define APP_H

/** A program that knows di only as it is installed: a container in C, used from C and from C++. */

#include <di/di.h>

#ifdef __cplusplus
extern "C" {
#endif

struct counter {
	int value;
};

/** The container's table, for C++, which cannot read it. */
extern const struct di_table app;

/** How many counters are alive. */
int counters_alive(void);

/** Resolves the counter of context, adds 1 and returns what it counts, or -1. */
int app_count(struct di_context *context, struct di_error *err);

#ifdef __cplusplus
}
#endif

#endif
