/* SPDX-License-Identifier: MIT */
#ifndef DI_GET_H
#define DI_GET_H

/* private */

/**
 * Gets that call back. Their memory is the container's and stays until it is freed, so that what a
 * struct di_get names can always be looked at.
 */

#include "di/making.h"

enum di__get_state {
	DI__GET_OVER,     /* its memory waits for the next one */
	DI__GET_AWAITING, /* a creation; or due, where its awaiter has none */
	DI__GET_DUE,      /* ended by the user; its callback is a step or a task */
	DI__GET_DROPPED   /* the same, and the callback is not called */
};

struct di__get {
	struct di__awaiter awaiter;
	union {
		struct di__step step;
		struct di_task task;
		struct di__get *next; /* among the container's that are over */
	} due;
	uint64_t number;         /* of the one that it is, or will be; under the lock of steps.c */
	uint8_t state;           /* enum di__get_state; atomic, and over for good outside of it */
	struct di_context *from; /* pinned */
	const struct di_provider *provider;
	struct di_call *asker; /* the creation whose constructor asks, or NULL */
	uint64_t thread;       /* that asks: who has what it asks for of its own */
	struct di_executor *executor;
	di__deliver_fn *deliver;
	void (*callback)(void);
	void *data;
	void *value;
	struct di_error *error;
};

/**
 * The same as di__get_async(), for the constructor of asker, or of the flow suspended, on executor,
 * where not NULL.
 */
struct di_get di__get_begin(struct di_context *context, const struct di_provider *provider,
			    struct di_call *asker, struct di_flow *suspended,
			    struct di_executor *executor, di__deliver_fn *deliver,
			    void (*callback)(void), void *data, struct di_error *err);
/** That on the executor of the flow, for nobody in particular. */
struct di_get di__get_with_care(struct di_context *context, const struct di_provider *provider,
				di__deliver_fn *deliver, void (*callback)(void), void *data,
				struct di_error *err);
/** Calls a di_get_fn. */
void di__deliver_plain(void (*callback)(void), void *data, void *value,
		       const struct di_error *error);
/** The same for who makes itself what was gathered: the value may be &di__gathered. */
void di__deliver_gathered(void (*callback)(void), void *data, void *value,
			  const struct di_error *error);
/** Whose callback the step is. */
struct di__get *di__get_of_step(struct di__step *step);
/** Releases those that are over, at the end of the container. */
void di__gets_release(struct di_container *container);

/*
 * One that is taken before it is clear whether it is needed is spare until it is begun, or given
 * back. It is settled as any other, and nobody can let go of it.
 */

/** A spare one, or NULL without memory. Under no lock. */
struct di__get *di__get_spare(struct di_container *container);
void di__get_give(struct di_container *container, struct di__get *spare);
/** Begins it, with what is in it. Under the lock of the context that is asked. */
void di__get_enlist(struct di__get *spare, struct di_context *context);
/** The flow that is suspended for what awaits, or NULL. Under the lock of steps.c. */
struct di_flow *di__awaiter_flow(const struct di__awaiter *awaiter);

/* ---- await.c ---- */

/** The flow that awaits what is called back so, or NULL. */
struct di_flow *di__flow_of_wait(void (*callback)(void), const void *data);

/* ---- direct_get.c ---- */

/** Gives back what the context has spare, before it is released. */
void di__direct_get_release(struct di_context *context);

/* ---- keep.c ---- */

struct di__operation;

/** Keeps the container's memory, as a get does that has not called back; and lets go. */
void di__container_hold(struct di_container *container);
void di__container_let_go(struct di_flow *flow, struct di_container *container);
/** The same under the lock of steps.c, which it gives up. */
void di__container_let_go_locked(struct di_flow *flow, struct di_container *container);
/** Whether nobody keeps the container; else who lets go last adds the step of what frees it. */
int di__container_release_or_wait(struct di_container *container, struct di__operation *freer);
/** Keeps the context's memory and its container, as a get does that asks it; and lets go. */
enum di_status di__context_keep(struct di_flow *flow, struct di_context *context,
				struct di_error *err);
void di__context_let_go(struct di_flow *flow, struct di_context *context);
/**
 * A handler or a capture, which keeps the container, begins to run its function: until it has ended
 * that, and closed what was opened for it, nothing ends in the container. 0: it is being freed.
 */
int di__handling_begin(struct di_container *container);
/** Ends that; the second one lets go of the container, too. */
void di__handling_leave(struct di_flow *flow, struct di_container *container);
void di__handling_end(struct di_flow *flow, struct di_container *container);
/** Nobody begins that any more; whether none is at it, else as above. */
int di__handling_stop(struct di_container *container, struct di__operation *freer);

/* ---- pin.c ---- */

/** Keeps the context's memory, or DI_ECLOSED. */
enum di_status di__pin(struct di_flow *flow, struct di_context *context,
		       const struct di_provider *provider, struct di_error *err);
/** Lets go of it. Returns whether it is closing or closed: its values end at any time. */
int di__unpin(struct di_flow *flow, struct di_context *context);

#endif
