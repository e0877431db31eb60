/* SPDX-License-Identifier: MIT */
#ifndef DI_THREADS_H
#define DI_THREADS_H

/* private */

/**
 * What lives with threads.
 *
 * A flow has a place in a container: a context below the root that is not among its children, and
 * in which rows live that depend on a row that lives with threads, where they would else live in
 * the root. Its memory is the flow's, until it ends the place or who frees the container does;
 * which of the two is settled under one lock for the process, which is taken to begin a place, to
 * end it and to pass over all of a container. It is taken before any context's.
 *
 * What is of a thread (DI__OF_THREAD) stands in no slot, so that the inline path never finds it: it
 * is found in the context's entries, once it is clear who asks. A context that holds such belongs
 * to the flow, and counts as entered by it.
 */

#include "di/internal.h"

void di__threads_lock(void);
void di__threads_unlock(void);

/* ---- thread.c: one flow's place ---- */

/** Readies a new container for threads, if any of its rows live with them. */
enum di_status di__threads_begin(struct di_container *container, struct di_error *err);
/** What the flow has in the container, or NULL. */
struct di__thread *di__thread_find(const struct di_flow *flow,
				   const struct di_container *container);
/** The same, made if need be for the provider; NULL with err filled. Under no lock. */
struct di__thread *di__thread_take(struct di_flow *flow, struct di_container *container,
				   const struct di_provider *provider, struct di_error *err);
/**
 * Whether the provider, which home would be the home of, lives with the thread that asks: it
 * depends on such a row, and is not overridden there.
 */
int di__lives_with_thread(const struct di_context *home, const struct di_provider *provider);
/** Ends what the flow, whose thread ends, has in all containers. */
void di__thread_exit(struct di_flow *flow);
/** Gives the memory back. Under the lock of threads. */
void di__thread_release(struct di__thread *thread, struct di_flow *flow);
/** Takes it from its flow: it is the calling flow's to end. Under the lock of threads. */
void di__thread_unlink(struct di__thread *thread, struct di_flow *flow);

/* ---- held.c: contexts that belong to a thread ---- */

/** Whether the context belongs to another flow. Under its lock. */
static inline int di__belongs_elsewhere(const struct di_context *context,
					const struct di_flow *flow)
{
	uint64_t belongs = DI__LOAD_RELAXED(context->belongs);

	return DI__UNLIKELY(belongs != 0) && belongs != di__thread_id(flow);
}
/** Whether it may be closed although it counts as entered: by the flow that it belongs to. */
static inline int di__entered_by_holding(const struct di_context *context,
					 const struct di_flow *flow)
{
	return context->held > 0 && context->entered == 1 &&
	       context->belongs == di__thread_id(flow);
}
/** DI_ETHREAD for the flow's resolving a row in a context that belongs to another. */
enum di_status di__refuse_resolve(const struct di_context *context, const struct di_flow *flow,
				  const struct di_provider *provider, struct di_error *err);
/** DI_ETHREAD for its closing, resetting or overriding there. Under the context's lock. */
enum di_status di__refuse_change(const struct di_context *context, struct di_error *err);
/**
 * Lets an entry, which the flow is making, be built from a value of its thread; DI_ETHREAD where it
 * may not. Under no lock.
 */
enum di_status di__hold(struct di_flow *flow, struct di_entry *entry,
			const struct di_provider *need, struct di_error *err);
/**
 * The same for an entry that begins with the thread: in its place, or of a row that lives with
 * threads. Its home belongs to no other. Under the lock of that.
 */
void di__hold_begun(struct di_flow *flow, struct di_entry *entry);
/** The entry is gone. Under the lock of its home. */
void di__let_go(struct di_entry *entry);
/** Numbers and counts what lives with threads, as it becomes alive. Under the lock of its home. */
void di__thread_created(struct di_entry *entry);
/** Counts it no more, as it has ended. */
void di__thread_ended(const struct di_entry *entry);
/** Ends, as cancelled, what other contexts hold of the thread's. */
void di__held_end(struct di_flow *flow, struct di__thread *thread);
/** The first thing in the context that is of a thread. Under its lock. */
const char *di__held_name(const struct di_context *context);

/* ---- bound.c: what is of a thread, made step by step ---- */

enum di__bound {
	DI__NOT_BOUND,
	DI__BOUND,          /* to the thread that asks */
	DI__BOUND_ELSEWHERE /* which is refused */
};

/**
 * Looks for a value in a context that belongs to a thread, where what is of that is in no slot.
 * DI__NOT_BOUND: there is none. Under the lock of home.
 */
enum di__bound di__bound_find(struct di_flow *flow, struct di_context *home,
			      const struct di_provider *provider, void **value,
			      struct di_error *err);
/** Whether what another flow of the thread has made is of the thread. Under no lock. */
int di__bound_made(struct di_flow *flow, struct di_context *home, const struct di_entry *entry);
/** di__thread_created() for what is of a thread; returns where it lives. */
struct di_context *di__bound_created(struct di_entry *entry);
/** di__hold() for the entry's next need; 0 with err filled, the entry in its path. */
int di__bound_hold(struct di_flow *flow, struct di_entry *entry, struct di_error *err);
/**
 * The same for base, whose constructor has got the provider's value in bound itself. So then is
 * what base is made for, which would not be told where values are made directly.
 */
int di__bound_hold_base(struct di_flow *flow, struct di_entry *base, const struct di_context *bound,
			const struct di_provider *provider, struct di_error *err);

/* ---- all_threads.c: all places of a container ---- */

/** Takes all places from their flows, or DI_EBUSY with nothing changed. */
enum di_status di__threads_claim(struct di_container *container, struct di_flow *flow,
				 struct di_error *err);
/** How many contexts are open in places, of which all have been claimed. */
unsigned di__threads_count_open(struct di_container *container, struct di_flow *flow, char *names,
				size_t size);
/** Ends what is in places, newest first over all. The root is closing from then on. */
void di__threads_end(struct di_container *container, struct di_flow *flow, enum di_status *status,
		     struct di_error *err);
void di__threads_release(struct di_container *container);

/*
 * While a root is reset or overridden, so are the places. All under the lock of threads and that of
 * the root.
 */

enum di_status di__threads_begin_change(struct di_context *root, struct di_flow *flow,
					struct di_error *err);
void di__threads_end_change(struct di_context *root, struct di_flow *flow);
/**
 * Takes off the stack of the flow's place what was built from marked values of the root, or from
 * the row. DI_ETHREAD, nothing taken, if another place has such.
 */
enum di_status di__threads_take_built_from(struct di_context *root, struct di_flow *flow,
					   const struct di_provider *provider,
					   struct di_entry **todo, struct di_error *err);
/** DI_OK if nothing in a place was built from a row for which rows says 1; else why not. */
enum di_status di__threads_check_built_from(struct di_context *root, struct di_flow *flow,
					    const struct di_provider *provider, const uint8_t *rows,
					    struct di_error *err);
/** The places see that the root overrides something. */
void di__threads_overridden(struct di_context *root);

/** The lock of threads, where the context is a root whose places it concerns. */
static inline void di__threads_lock_for(const struct di_context *context)
{
	if (DI__UNLIKELY(context->threads))
		di__threads_lock();
}
static inline void di__threads_unlock_for(const struct di_context *context)
{
	if (DI__UNLIKELY(context->threads))
		di__threads_unlock();
}

#endif
