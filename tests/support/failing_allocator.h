/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FAILING_ALLOCATOR_H
#define DI_TESTS_FAILING_ALLOCATOR_H

/**
 * An allocator that counts, checks what it is given back, and fails when it is told to.
 *
 *     struct failing_allocator memory;
 *     failing_allocator_init(&memory);
 *     struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
 *
 * What it hands out is filled with rubbish, and again when it is given back. For one thread.
 */

#include "di/allocator.h"

struct failing_allocator {
	struct di_allocator allocator;
	unsigned long allocations; /**< how often memory was asked for, failures included */
	unsigned long failures;    /**< how often it was refused */
	unsigned long faults;      /**< wrong sizes, foreign pointers and requests for 0 bytes */
	unsigned long live;        /**< blocks not given back yet */
	size_t live_bytes;
	size_t largest;        /**< the most bytes that were ever asked for at once */
	unsigned long fail_at; /**< the allocation of that number fails, counted from 1; 0: none */
	int fail_always;       /**< 1: every one fails */
};

/** Readies it; nothing is to be released. The struct must stay where it is. */
void failing_allocator_init(struct failing_allocator *memory);

/** Makes the n-th allocation from now on fail, 0 for none. */
void failing_allocator_fail(struct failing_allocator *memory, unsigned long n);

/** Fails the test unless all was given back, once and with the right size. */
void failing_allocator_check(const struct failing_allocator *memory);

#endif
