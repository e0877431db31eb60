/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_MISUSE_H
#define DI_TESTS_MISUSE_H

/**
 * Mistakes of a program: an error in every build, and an assertion besides where the library was
 * built with DI_DEBUG, as the tests then are too.
 */

#include "di/error.h"

/** Makes the mistake and returns the status; err may be NULL. */
typedef enum di_status misuse_fn(void *data, struct di_error *err);

/**
 * Fails the test unless function is refused with status, and says that text is why.
 *
 * In a debug build it runs in a child, which has to abort and to write text to its standard error;
 * otherwise it runs here, twice: with an error, whose text has to contain text, and with NULL.
 */
void misuse_compare(const char *file, int line, misuse_fn *function, void *data,
		    enum di_status status, const char *text);

#define misuse_expect(function_, data_, status_, text_)                                            \
	misuse_compare(__FILE__, __LINE__, (function_), (data_), (status_), (text_))

#endif
