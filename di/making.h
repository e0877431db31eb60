/* SPDX-License-Identifier: MIT */
#ifndef DI_MAKING_H
#define DI_MAKING_H

/* private */

/**
 * Creations that take time: all that is made for gets that call back, and is asynchronous or needs
 * what is.
 *
 * A struct di_call is such a creation, behind an entry that is DI__MAKING and DI__ASYNC. It gets
 * its needs all at once, each by an awaiter of its own; the last one that settles makes it go on,
 * wherever that happens. It stands in its home's memory, and what it was given for its constructor
 * its finalizer gets again, so that ending a value needs no memory.
 */

#include "di/async_row.h"
#include "di/ending.h"

/** How a look for a value ended. */
enum di__found {
	DI__THERE,
	DI__AWAITED_LATER, /* the awaiter will be settled */
	DI__NOT_FOUND,     /* with the error, in whose path the asker is not yet */
	DI__NOT_MADE       /* the same, and it is */
};

/** One who awaits a creation. The links are under the lock of steps.c. */
struct di__awaiter {
	struct di__awaiter *next, **link; /* among those who await the call */
	struct di_call *call;             /* what it awaits, or NULL */
	struct di_call *asker;            /* the creation for which it does, or NULL */
	struct di_flow *flow;             /* whose constructor is suspended for it, or NULL */
	/** Takes the value, or NULL and the error. Under no lock; the awaiter may go. */
	void (*settle)(struct di_flow *flow, struct di__awaiter *awaiter, void *value,
		       const struct di_error *error);
};

enum di__call_state {
	DI__RUNNING = 1,   /* its constructor, or finalizer, has not returned */
	DI__CLAIMED = 2,   /* somebody completes it ... */
	DI__COMPLETED = 4, /* ... and has written how */
	DI__GATHERS = 8    /* it makes nothing: see gathering.h */
};

struct di_call {
	struct di__step step;
	struct di_entry *entry;
	struct di__awaiter *waiters; /* under the lock of steps.c */
	struct di__ending *ending;   /* of which it is a finalizer's call, or NULL */
	struct di__ending unwinding; /* of what was made for it alone */
	struct di_call *trail; /* scratch of a search, as is seen: under the lock of steps.c */
	uint64_t seen;
	struct di_call *next_held; /* of those to be asked to cancel; the same */
	struct di_call *owed;      /* of what chooses: who has let go of it, and waits; the same */
	struct di_flow *runner;    /* on which its constructor, or finalizer, runs, or has run */
	uint32_t state;            /* enum di__call_state; atomic */
	uint32_t pending;          /* what it waits for, and 1 while it is at it; atomic */
	int cause;                 /* with which it was completed */
	int idle;                  /* whether its home counts it so */
	int joined;    /* whether more than one has come to await it; under its home's lock */
	int cancelled; /* whether it was asked to cancel itself; the same, but read without */
	int held;      /* whether it is to be asked to cancel; under the lock of steps.c */
	int forsaken;  /* whether everybody has cancelled at some time; the same */
	di__made value;
	struct di_error *error; /* of its needs, the first of them; under the lock of steps.c */
	uint32_t failed;        /* the number of that need */
	uint32_t size;
	di_cancel_fn *cancel;
	void *cancel_data;
	struct di__awaiter needs[];
};

/* ---- want.c ---- */

/** How many gets of calls are under way. Under the lock of steps.c. */
extern uint32_t di__calls_asking;

/**
 * Looks for the provider's value as seen from context, and begins its creation, which is then a
 * step of the flow, where it has to be awaited. Under no lock.
 */
enum di__found di__want(struct di_flow *flow, struct di__awaiter *awaiter, struct di_context *from,
			const struct di_provider *provider, void **value, struct di_error *err);
/**
 * Awaits the entry, which is being made by a call, unless that waits for the awaiter. Under the
 * lock of the entry's home, which it gives up.
 */
enum di__found di__await_call(struct di_flow *flow, struct di__awaiter *awaiter,
			      struct di_entry *entry, struct di_error *err);
/** Makes it one of those who await the call. Under the lock of steps.c, if others know of that. */
void di__awaiter_link(struct di__awaiter *awaiter, struct di_call *call);

/* ---- making.c ---- */

/**
 * A call for an entry that is begun, or NULL without memory. Under the lock of its home, which
 * counts it from then on.
 */
struct di_call *di__call_begin(struct di_entry *entry);
/**
 * Its constructor has returned that, without anything taking place of what follows: so that its
 * home counts it as idle, or it is finished. Under no lock.
 */
void di__call_constructed(struct di_flow *flow, struct di_call *call, int cause);
/** What a constructor asks for has settled, or has been completed itself. */
void di__call_settled(struct di_flow *flow, struct di_call *call);
/** What it has asked for by its call has settled. */
void di__call_got(struct di_flow *flow, struct di_call *asker);
/** Its constructor or finalizer has returned that, which counts unless the call is completed. */
void di__call_returned(struct di_call *call, int cause);
/** Gives the memory back of an entry that is DI__ASYNC, and of its call. Under its home's lock. */
void di__call_forget(struct di_entry *entry);
/** A copy of an error, or what says that there is no memory for it. */
struct di_error *di__error_keep(struct di_container *container, const struct di_error *error);
void di__error_release(struct di_container *container, struct di_error *error);

/** The newest value in the context that is ended asynchronously. Under its lock. */
const char *di__slow_name(const struct di_context *context);
/** The kept error if it may be written to, or NULL. */
struct di_error *di__error_writable(struct di_error *error);
/** Gives the memory of a call back to its home. Under the home's lock. */
void di__call_give(struct di_context *home, struct di_call *call);
/** Whether its constructor is running, as its home knows it. Under the home's lock. */
void di__call_set_idle(struct di_call *call, int idle);
void di__count_idle(struct di_context *home, uint32_t added);
/** The home has one creation less, which was not idle. Under its lock. */
void di__uncount_call(struct di_flow *flow, struct di_context *home);

/** Makes it again from the beginning, as a step of the flow. Under the lock of its home. */
void di__call_again(struct di_flow *flow, struct di_call *call);

/* ---- finishing.c ---- */

/** The step of a call that is completed. */
void di__call_finish(struct di_flow *flow, struct di__step *step);
/** Ends one that keeps nothing itself: it has chosen what its value is, or gathered. */
void di__call_hand_on(struct di_flow *flow, struct di_call *call);
/** Takes a creation back, once what was made for it alone has ended; the error is its own. */
void di__call_fail(struct di_flow *flow, struct di_call *call, struct di_error *error);
/** Ends what was made for the call alone, and goes on with done. Its error takes failures. */
void di__call_unwind(struct di_flow *flow, struct di_call *call, enum di_outcome outcome,
		     void (*done)(struct di_flow *, struct di__ending *));
/** Ends a product of the context that was got, for asker or NULL, and let go of. Under no lock. */
void di__product_forsaken(struct di_flow *flow, struct di_context *context,
			  const struct di_provider *provider, const void *value,
			  const struct di_call *asker);
/** The call that is being unwound. */
struct di_call *di__call_of(struct di__ending *unwinding);

/* ---- cancel.c ---- */

/**
 * Marks a creation that nobody awaits any more as cancelled, and those that only it awaits; lists
 * those that are to be asked, which do not finish meanwhile. Under the lock of steps.c.
 */
struct di_call *di__cancel_mark(struct di_call *call);
/** Asks those on the list. Under no lock. */
void di__cancel_held(struct di_flow *flow, struct di_call *held);

/** A value of an asynchronous row is made: its call is kept for its finalizer, if that needs it. */
static inline void di__call_keep(struct di_entry *entry, struct di_call *call)
{
	const struct di_async *async = entry->provider->object;
	struct di_context *home = entry->home;

	entry->ender = NULL;
	if (async->end == NULL) {
		di__call_give(home, call);
		return;
	}
	entry->ender = call;
	if (home->slow_ends++ == 0)
		home->entered++;
}

/** Whether the entry, which is alive, is ended asynchronously. */
static inline int di__ends_slowly(const struct di_entry *entry)
{
	return (entry->traits & DI__ASYNC) != 0 && entry->ender != NULL;
}

#endif
