/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_THREADS_H
#define DI_TESTS_THREADS_H

/**
 * Threads that meet where a test says, without sleeping.
 *
 * Only the thread of the test may assert; the others leave what they found where it can be looked
 * at after the join. A test that hangs is ended by the watchdog, with or without CK_FORK.
 */

#include "di/allocator.h"

#include <pthread.h>
#include <stdint.h>

/** A door that is opened once; static storage, LATCH_INIT or zeroed by latch_init(). */
struct latch {
	pthread_mutex_t mutex;
	pthread_cond_t opened;
	int is_open;
};

#define LATCH_INIT                                                                                 \
	{                                                                                          \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0                             \
	}

/** Shuts a latch, for the next test. Nobody may be waiting. */
void latch_init(struct latch *latch);
/** Lets pass all who wait and will wait. */
void latch_open(struct latch *latch);
void latch_wait(struct latch *latch);

/** A place where a thread stops, if the test wants that, until it is let go. */
struct stop {
	int wanted;
	struct latch reached, go_on;
};

#define STOP_INIT                                                                                  \
	{                                                                                          \
		0, LATCH_INIT, LATCH_INIT                                                          \
	}

/** Readies a stop, wanted or not. Nobody may stand there. */
void stop_init(struct stop *stop, int wanted);
/** What the thread calls in the middle of what it does. */
void stop_here(struct stop *stop);
/** Waits until a thread stands there, for the test. */
void stop_wait(struct stop *stop);
void stop_let_go(struct stop *stop);

typedef void *thread_fn(void *data);

/** Starts a thread, with a stack of that size, 0 for the usual one. */
pthread_t thread_start(thread_fn *function, void *data, size_t stack_size);
/** Waits for its end and returns what the function returned. */
void *thread_join(pthread_t thread);

typedef void crowd_fn(int number, void *data);

/** Runs function in that many threads, numbered from 0, which begin together, and joins them. */
void crowd_run(int threads, crowd_fn *function, void *data);

/** The time that the calling thread has spent computing. */
uint64_t thread_cpu_ns(void);

/** Computes for about that long, measured in time of this thread. */
void thread_burn(uint64_t ns);

/** Ends the program with SIGALRM after so many seconds; 0 calls the watchdog off. */
void watchdog(unsigned seconds);

/** Plain malloc: the counting allocator is not for several threads. */
extern const struct di_allocator threads_allocator;

/**
 * The same with a stop inside: who stands there has asked for memory, and holds the lock of the
 * context for which it did.
 */
extern const struct di_allocator stopping_allocator;
extern struct stop stop_in_allocator;

/** The next of a sequence that seed begins; the same on every run. */
uint32_t random_next(uint64_t *seed);

#endif
