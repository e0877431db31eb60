/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_FIBER_SWITCH_H
#define DI_FIBER_SWITCH_H

/**
 * Switching stacks. Private to the library.
 *
 * On x86-64 and aarch64 a switch is a few instructions that keep what a call must keep; elsewhere,
 * with a shadow stack, or if DI_FIBER_UCONTEXT is defined, it is swapcontext(3). Sanitizers are
 * told.
 */

#include <stddef.h>

#if defined(__CET__)
#define DI__FIBER_SHADOW_STACK (__CET__ & 2)
#else
#define DI__FIBER_SHADOW_STACK 0
#endif

#if !defined(DI_FIBER_UCONTEXT) &&                                                                 \
	(DI__FIBER_SHADOW_STACK || !(defined(__x86_64__) || defined(__aarch64__)) ||               \
	 defined(__ILP32__))
#define DI_FIBER_UCONTEXT 1
#endif

#ifdef DI_FIBER_UCONTEXT
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define DI__FIBER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DI__FIBER_ASAN 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define DI__FIBER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DI__FIBER_TSAN 1
#endif
#endif

/** Where something stands that does not run now: a fiber, or who runs fibers. */
struct di__fiber_place {
#ifdef DI_FIBER_UCONTEXT
	ucontext_t context;
#else
	void *top; /* of its stack */
#endif
#ifdef DI__FIBER_ASAN
	void *fake; /* its fake stack */
	const void *stack;
	size_t size;
#endif
#ifdef DI__FIBER_TSAN
	void *fiber;
#endif
};

typedef void di__fiber_entry_fn(void *data);

/** Readies a place on a stack of that size, for the first switch there: entry never returns. */
void di__fiber_place_init(struct di__fiber_place *place, void *stack, size_t size,
			  di__fiber_entry_fn *entry, void *data);
/** What the first thing is that entry does: from is where it was switched to from. */
void di__fiber_arrived(struct di__fiber_place *from);
/** Of a place to which nobody will switch any more. */
void di__fiber_place_release(struct di__fiber_place *place);
/** Readies what stands for who runs fibers, before it switches to one. */
void di__fiber_place_of_caller(struct di__fiber_place *place);

/** Goes on at to, until somebody switches to from. */
void di__fiber_switch(struct di__fiber_place *from, struct di__fiber_place *to);
/** The same for a fiber that ends. */
void di__fiber_leave(struct di__fiber_place *from, struct di__fiber_place *to);

#endif
