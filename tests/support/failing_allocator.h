/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FAILING_ALLOCATOR_H
#define DI_TESTS_FAILING_ALLOCATOR_H

/** The allocator of di_check.h, by the name that it has in our tests. */

#include "tests/support/di_check.h"

#define failing_allocator di_check_memory
#define failing_allocator_init di_check_memory_init
#define failing_allocator_fail di_check_memory_fail
#define failing_allocator_check di_check_memory_check

#endif
