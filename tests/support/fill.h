/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FILL_H
#define DI_TESTS_FILL_H

/**
 * Uses up the first memory of a root context, in the smallest pieces.
 *
 * A sweep that fails the next allocation after 0, 1, ..., FILL_MOST pieces meets each place at
 * which a creation asks for memory.
 */

#include "di/context.h"

enum {
	FILL_MOST = 128
};

/** Takes so many pieces, which end with the context; once for each context. */
void fill(struct di_context *context, unsigned pieces);

#endif
