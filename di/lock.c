/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "di/lock.h"

#ifndef DI__LOCK_PLAIN

#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int bias_possible;
static pthread_once_t bias_asked = PTHREAD_ONCE_INIT;

static int barrier(int command)
{
	return (int)syscall(SYS_membarrier, command, 0, 0);
}

static void ask_for_bias(void)
{
	int commands = barrier(MEMBARRIER_CMD_QUERY);

	if (commands > 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0 &&
	    barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0)
		DI__STORE(bias_possible, 1);
}

int di__lock_can_bias(void)
{
	if (DI__LIKELY(DI__LOAD_RELAXED(bias_possible)))
		return 1;
	pthread_once(&bias_asked, ask_for_bias);
	return DI__LOAD_RELAXED(bias_possible);
}

static void wait_while(uint32_t *word, uint32_t value, const struct timespec *at_most)
{
	int kept = errno;

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, at_most, NULL, 0);
	errno = kept;
}

static void wake(uint32_t *word)
{
	int kept = errno;

	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	errno = kept;
}

/* Drepper's second mutex, "Futexes Are Tricky" (2011): 2 says that somebody may be parked. */
static void take_word(struct di__lock *lock)
{
	uint32_t seen = 0;

	if (__atomic_compare_exchange_n(&lock->word, &seen, 1, 0, __ATOMIC_ACQUIRE,
					__ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
		wait_while(&lock->word, 2, NULL);
}

/*
 * The registration of a process is lost in the child of fork() on some kernels, and a sandbox may
 * have been put up since. Without any barrier nobody could be kept out of what the owner does.
 */
static void barrier_everywhere(void)
{
	int kept = errno;

	if (barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0 &&
	    (barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0 ||
	     barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0) &&
	    barrier(MEMBARRIER_CMD_GLOBAL) != 0) {
		fputs("di: membarrier(2) was allowed when the container was made, and is not now\n",
		      stderr);
		abort();
	}
	errno = kept;
}

/* Mostly it is woken; but not by an owner that was about to give it up, as the bias ended. */
static void wait_for_owner(struct di__lock *lock)
{
	static const struct timespec again = { 0, 1000000 };

	while (DI__LOAD(lock->held)) {
		__atomic_store_n(&lock->waiting, 1, __ATOMIC_SEQ_CST);
		wait_while(&lock->held, 1, &again);
	}
	DI__STORE_RELAXED(lock->waiting, 0);
}

void di__lock_take_slowly(struct di__lock *lock, uint64_t flow)
{
	take_word(lock);
	if (lock->owner == 0 || lock->owner == flow || DI__LOAD_RELAXED(lock->revoked) == 2)
		return;
	/* A flow of this thread does not hold it: none is suspended while it holds a lock. */
	if (((lock->owner ^ flow) & DI__LOCK_THREAD) == 0) {
		DI__STORE_RELAXED(lock->revoked, 2);
		return;
	}
	if (!DI__LOAD(lock->revoked)) {
		DI__STORE(lock->revoked, 1);
		barrier_everywhere();
	}
	wait_for_owner(lock);
	DI__STORE_RELAXED(lock->revoked, 2);
}

void di__lock_wake_one(struct di__lock *lock)
{
	wake(&lock->word);
}

/* Once it is given up, the lock may be no more than an address; and above, its word. */
void di__lock_give_revoked(struct di__lock *lock)
{
	DI__STORE(lock->held, 0);
	wake(&lock->held);
}

/* Nothing is written here: after giving it up, another flow may have begun the lock anew. */
void di__lock_end_bias(struct di__lock *lock)
{
	/* Between held and waiting, against the store of waiting and the kernel's look at held. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (DI__LOAD(lock->waiting))
		wake(&lock->held);
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int di__lock_is_plain;

#endif
