/* SPDX-License-Identifier: MIT */
#ifndef DI_TEXT_H
#define DI_TEXT_H

/* private */

/**
 * Text that is written into room of a fixed size: what does not fit is cut, and counted all the
 * same.
 */

#include "di/compiler.h"

#include <stddef.h>

struct di__text {
	char *buffer;
	size_t size, length;
};

void di__text_append(struct di__text *text, const char *format, ...) DI__PRINTF(2, 3);

#endif
