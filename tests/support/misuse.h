/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_MISUSE_H
#define DI_TESTS_MISUSE_H

/**
 * Mistakes of a program: an error in every build, and an assertion besides where the library was
 * built with DI_DEBUG, as the tests then are too. See di_check.h.
 */

#include "tests/support/di_check.h"

typedef di_check_mistake_fn misuse_fn;

#define misuse_expect di_check_mistake

#endif
