/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_MALLOC_COUNT_H
#define DI_TESTS_MALLOC_COUNT_H

/**
 * Counts what a program takes from libc, and refuses it. A program that calls one of these
 * functions has malloc, calloc, realloc and free that count; sanitizers and valgrind have their
 * own, and there nothing is counted.
 */

/** Whether calls are counted in this build. */
int malloc_is_counted(void);

/** How often the calling thread has asked for memory so far, in vain too. */
unsigned long malloc_count(void);

/** How many blocks the calling thread has taken and not given back. */
long malloc_live(void);

/** Refuses the n-th call of this thread from now on; 0 for none. */
void malloc_refuse(unsigned long n);

#endif
