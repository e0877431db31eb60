/* SPDX-License-Identifier: MIT */
#ifndef DI_LOCK_H
#define DI_LOCK_H

/* private */

/**
 * The lock of one context: held for a few instructions, never while user code runs.
 *
 * Most contexts are only ever used by the flow that opened them, and for that flow the lock costs
 * two plain stores: it is biased to it. The first other flow that comes revokes the bias with
 * membarrier(2), which makes every thread of the process pass a full barrier, and from then on the
 * lock is an ordinary one that parks its waiters with futex(2). The scheme is Dekker's, with the
 * asymmetric fence of Dice, Huang and Yang, "Asymmetric Dekker Synchronization" (2001), as liburcu
 * and Folly use it.
 *
 * Without membarrier, and under ThreadSanitizer, which does not know it, no lock is biased. Where
 * there is no futex it is a pthread mutex.
 */

#include "di/compiler.h"

#include <pthread.h>
#include <stdint.h>

#if defined(__SANITIZE_THREAD__)
#define DI__LOCK_PLAIN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DI__LOCK_PLAIN 1
#endif
#endif
#if !defined(__linux__) && !defined(DI__LOCK_PLAIN)
#define DI__LOCK_PLAIN 1
#endif

/*
 * Who comes to a lock has a number, of which these bits are those of its thread: several flows of
 * one thread are several owners, between which no barrier is needed.
 */
#define DI__LOCK_THREAD (UINT64_MAX >> 24)

/* The number of no flow: nothing is its own. */
#define DI__LOCK_NOBODY UINT64_MAX

#ifdef DI__LOCK_PLAIN

enum {
	DI__LOCK_BIASES = 0
};

struct di__lock {
	pthread_mutex_t mutex;
};

static inline int di__lock_can_bias(void)
{
	return 0;
}

static inline void di__lock_init(struct di__lock *lock, uint64_t owner)
{
	(void)owner;
	pthread_mutex_init(&lock->mutex, NULL);
}

static inline void di__lock_rebias(struct di__lock *lock, uint64_t owner)
{
	(void)lock;
	(void)owner;
}

static inline int di__lock_was_revoked(const struct di__lock *lock)
{
	(void)lock;
	return 0;
}

static inline void di__lock_release(struct di__lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

static inline void di__lock_take(struct di__lock *lock, uint64_t flow)
{
	(void)flow;
	pthread_mutex_lock(&lock->mutex);
}

static inline int di__lock_is_own(const struct di__lock *lock, uint64_t flow)
{
	(void)lock;
	return flow != DI__LOCK_NOBODY;
}

static inline int di__lock_claim(struct di__lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
	return 1;
}

static inline int di__lock_resign(struct di__lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
	return 1;
}

static inline void di__lock_end_bias(struct di__lock *lock)
{
	(void)lock;
}

static inline void di__lock_unbias(struct di__lock *lock, uint64_t flow)
{
	(void)lock;
	(void)flow;
}

static inline void di__lock_give(struct di__lock *lock, uint64_t flow)
{
	(void)flow;
	pthread_mutex_unlock(&lock->mutex);
}

#else

enum {
	DI__LOCK_BIASES = 1
};

struct di__lock {
	uint64_t owner;   /* the flow it is biased to, or 0; changes only while nobody can see it */
	uint32_t held;    /* set by the owner alone: it holds the lock by its bias */
	uint32_t revoked; /* 1: another flow came; 2: and the owner holds it by its bias no more */
	uint32_t waiting; /* somebody is about to park until held is 0, or looks again */
	uint32_t word;    /* 0 free, 1 held, 2 held and waited for */
};

/* Whether locks may be biased in this process. */
int di__lock_can_bias(void);
void di__lock_take_slowly(struct di__lock *lock, uint64_t flow);
/* Wakes one who waits for the word. */
void di__lock_wake_one(struct di__lock *lock);
/* After held was cleared by the owner, whose bias is over: wakes who waits for that. */
void di__lock_end_bias(struct di__lock *lock);
/* Gives it up where the owner's bias has been seen to be over. */
void di__lock_give_revoked(struct di__lock *lock);

/* A lock biased to owner, if that is not 0: then locks can be biased. Nobody else sees it. */
static inline void di__lock_init(struct di__lock *lock, uint64_t owner)
{
	lock->owner = owner;
	lock->held = 0;
	lock->revoked = 0;
	lock->waiting = 0;
	lock->word = 0;
}

/* Makes a lock that nobody holds, sees or waits for the owner's. */
static inline void di__lock_rebias(struct di__lock *lock, uint64_t owner)
{
	lock->owner = owner;
	lock->revoked = 0;
}

/* Whether a flow that the lock is not biased to has ever taken it. */
static inline int di__lock_was_revoked(const struct di__lock *lock)
{
	return DI__LOAD_RELAXED(lock->revoked) != 0;
}

static inline void di__lock_release(struct di__lock *lock)
{
	(void)lock;
}

static inline void di__lock_take(struct di__lock *lock, uint64_t flow)
{
	if (DI__LIKELY(lock->owner == flow) && DI__LIKELY(!DI__LOAD_RELAXED(lock->revoked))) {
		DI__STORE_RELAXED(lock->held, 1);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		if (DI__LIKELY(!DI__LOAD(lock->revoked)))
			return;
		DI__STORE(lock->held, 0);
		di__lock_end_bias(lock);
	}
	if (lock->owner == 0 || DI__LOAD_RELAXED(lock->revoked) == 2) {
		uint32_t seen = 0;

		if (DI__LIKELY(__atomic_compare_exchange_n(&lock->word, &seen, 1, 0,
							   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
			return;
	}
	di__lock_take_slowly(lock, flow);
}

/*
 * Nothing of the lock is read after it is given up: whoever takes it then may release its memory.
 * So who comes between the two lines of the owner's is not woken, and looks again by itself.
 */
static inline void di__lock_give(struct di__lock *lock, uint64_t flow)
{
	if (DI__LIKELY(lock->owner == flow) && DI__LIKELY(lock->held)) {
		if (DI__LIKELY(!DI__LOAD_RELAXED(lock->revoked)))
			DI__STORE(lock->held, 0);
		else
			di__lock_give_revoked(lock);
	} else if (DI__UNLIKELY(__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)) {
		di__lock_wake_one(lock);
	}
}

/* Whether it is biased to the flow, which then may use the three below; others may end the bias. */
static inline int di__lock_is_own(const struct di__lock *lock, uint64_t flow)
{
	return lock->owner == flow;
}

/*
 * Takes it by its bias; or 0, because that is over, and then di__lock_resign() must follow. While
 * it is not over no other flow has ever held the lock: what the owner has read is still so.
 */
static inline int di__lock_claim(struct di__lock *lock)
{
	DI__STORE_RELAXED(lock->held, 1);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return !DI__LOAD(lock->revoked);
}

/*
 * Gives it up; or 0, because the bias is over, and then di__lock_end_bias() must follow. The lock
 * is there still: these two are for what nobody else is told of before it has been done.
 */
static inline int di__lock_resign(struct di__lock *lock)
{
	DI__STORE(lock->held, 0);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return !DI__LOAD_RELAXED(lock->revoked);
}

/* Ends the bias if the flow holds the lock by it; others come when it is given up. */
static inline void di__lock_unbias(struct di__lock *lock, uint64_t flow)
{
	if (lock->owner == flow && lock->held)
		DI__STORE(lock->revoked, 1);
}

#endif

/* The two that give it up in one, where it does not matter that a call is made. */
static inline void di__lock_give_biased(struct di__lock *lock)
{
	if (DI__UNLIKELY(!di__lock_resign(lock)))
		di__lock_end_bias(lock);
}

#endif
