/* SPDX-License-Identifier: MIT */
#ifndef DI_INTERNAL_H
#define DI_INTERNAL_H

/* private */

/**
 * What the sources of the core share: the structs behind the public names, and who may touch what.
 *
 * "Under the lock" means the lock of the context concerned. Where several are held at once, they
 * are taken in this order: the process-wide one of thread.c, outer contexts before inner ones, then
 * the process-wide one of wait.c.
 */

#include "containers/container.h"
#include "di/arena.h"
#include "di/flow.h"
#include "di/inline.h"
#include "di/locals.h"
#include "di/lock.h"

#include <stdint.h>

enum di__context_state {
	DI__CLOSED, /* a spare, or about to be */
	DI__PARKED, /* closed, and ready for the flow that opened it to open it again: see park.h */
	DI__STALE,  /* was parked, and must be begun anew */
	DI__OPEN,
	DI__CHANGING, /* being reset or overridden: values are seen, nothing is made */
	DI__CLOSING
};

enum di__entry_state {
	DI__KEPT, /* neither: its memory waits for the row's next creation */
	DI__MAKING,
	DI__ALIVE
};

enum {
	DI__SCOPES_MAX = 32,
	DI__ALIASES_MAX = 8,
	DI__PLACES = 16 /* for parked children of one context */
};

/** Who has the memory of an ended product next. */
enum di__kept {
	DI__GIVEN_BACK, /* anyone */
	DI__FOR_ROW,    /* the row's next one */
	DI__FOR_OWNER /* the next one that is made for the same entry, which keeps its own memory */
};

/** Flags of a row in one context; any of them makes the context the home of the row's values. */
enum {
	DI__OVERRIDDEN = 1, /* its value here is the override's */
	DI__AFRESH = 2,     /* begun afresh by name, or a state that was put here */
	DI__AFFECTED = 4,   /* built from such a row */
	DI__PERHAPS = 8     /* its values may be, each for itself: they choose, or ask later */
};

/** What an entry has that most have not. */
enum {
	DI__PRODUCT = 1,      /* it is of a factory, in no slot */
	DI__CALL = 2,         /* it is a deferred call */
	DI__ENDLESS = 4,      /* nothing is called at its end */
	DI__HAS_PRODUCTS = 8, /* products were made for it */
	DI__HAS_EDGES = 16,   /* its constructor resolved something itself */
	DI__AWAITED = 32,     /* flows wait for it */
	DI__OF_THREAD = 64,   /* it is, or was built from, a value of a thread's: in no slot */
	DI__ASYNC = 128       /* of an asynchronous row, or it is made for a get that calls back */
};

/** What a constructor resolved itself while it made an entry. */
struct di__edge {
	struct di__edge *next;
	uint32_t row;
};

/**
 * One creation, and then the value on its context's stack. It is reserved before the constructor
 * runs, so that teardown needs no memory. args stand behind it, and behind them DI_INIT storage.
 * That of a cached row stays with its context: once warm, creating takes no memory and little work.
 */
struct di_entry {
	struct di_entry *older; /* on the stack of home; under the lock */
	union {
		struct di_flow *maker;  /* while it is being made ... */
		struct di_call *call;   /* ... and is DI__ASYNC */
		struct di_entry *newer; /* on the stack, only after di__link_newer() */
	};
	const struct di_provider *provider; /* NULL: a deferred call */
	struct di_context *home;
	di__made value;         /* or the data of a deferred call */
	struct di_entry *owner; /* the entry that this product was made for, or NULL */
	union {
		struct di__edge *edges; /* under the lock */
		di_defer_fn *deferred;
	} more;
	uint8_t state;       /* enum di__entry_state */
	uint8_t marked;      /* scratch of a pass over the stack, under the lock */
	uint16_t needs_done; /* while making */
	uint32_t size;       /* of the whole block */
	uint8_t traits;      /* DI__PRODUCT ...; most have none. Under the lock */
	uint8_t kept;        /* of a product: enum di__kept */
	uint32_t row;        /* its number in home: that of its slot, or of its row's list there */
	union {
		struct di_entry *asker; /* while it is being made: the creation that asked for it */
		uint64_t number;        /* in a thread's place: of its creation, over all threads */
		struct di_call
			*ender; /* alive and DI__ASYNC: what its finalizer is given, or NULL */
	};
	struct di__waiter *waiters; /* while it is being made; under the lock of wait.c */
	union {
		uint64_t since_ns;     /* if observed: when it was made, or for how long in vain */
		struct di_entry *part; /* if not: a product that was made for it, and is again */
	};
	void *args[];
};

/** A provider that means another one in a context, by di_override_with(). */
struct di__substitute {
	struct di__substitute *next;
	const struct di_provider *provider, *other;
};

struct di__item_node {
	struct di__item_node *next;
	const struct di_key *key;
	const void *value;
};

struct di_context {
	struct di__lane lane; /* the inline prefix: first */
	struct di__lock lock;
	struct di_container *container;
	struct di_context *parent;
	const struct di_scope *scope;
	uint32_t scope_bits;   /* of its scope and of `any`, as the container numbers them */
	uint8_t state;         /* enum di__context_state; under the lock */
	uint8_t mark;          /* worst outcome it was told; under the lock */
	uint8_t private_;      /* 1: a handler's own */
	uint8_t isolate_items; /* so far one store sets them all, when it is opened */
	uint8_t deviates;      /* 1: overridden, and some rows have other homes than they say */
	uint8_t watched;       /* 1: opened by a constructor, whose resolves are recorded */
	uint8_t observed;      /* 1: its container is */
	uint8_t connects;      /* 1: its container connects others, whose rows have numbers here */
	uint8_t careful;       /* 1: one of these, or deviates: nothing is made or ended directly */
	uint8_t parks;         /* 1: it stands in a place of the parent's; under its own lock */
	uint8_t used;          /* 1: something is to be cleared at its end; under the lock */
	uint8_t wipe;          /* 1: that is the whole array of values */
	uint8_t overridden;    /* 1: it or an outer one has flags; read without the lock */
	uint8_t aliases_count;
	uint8_t threads;  /* 1: a root, and some of its rows live with threads */
	uint8_t threaded; /* enum di__threaded */
	uint32_t making;  /* creations and drops under way here; under the lock */
	uint32_t calls;   /* those that are DI__ASYNC; under the lock */
	uint32_t idle; /* and of those the ones whose constructor is not running; under the lock */
	uint32_t slow_ends; /* live values with asynchronous finalizers, for which it counts as
			       entered once; under the lock */
	uint32_t pins; /* gets that ask it and have not called back, captures; set under the lock */
	struct di__get *spare_get; /* for the next value that is got directly; set under the lock */
	struct di__removal *spare_removal; /* for the next product that is dropped so; the same */
	struct di__close *closer; /* what closes it once nothing is being made; under the lock */
	uint32_t entered;         /* how often flows have entered it; under the lock */
	uint32_t place;           /* of the flow that opened it, among the parent's */
	uint32_t aliases[DI__ALIASES_MAX]; /* rows whose own[] is an outer context's value */
	struct di_entry *newest;           /* the stack; under the lock */
	struct di_entry *
		*entries; /* of each row that was ever made here: its own if it is cached, or
				    those of ended products. Under the lock */
	uint8_t *flags;   /* of each row, or NULL; read without the lock */
	struct di__substitute *substitutes;
	struct di__item_node *items;     /* published with release: readers take no lock */
	struct di_context *root_array;   /* whose own[] is our lane.root */
	struct di_context *children;     /* open, parked and stale; under the lock */
	struct di_context *next, **link; /* among the parent's children, or (next) its spares */
	struct di_context *spares,
		**spares_end; /* closed children for reuse, oldest first; under the lock */
	uint32_t spares_count;
	uint64_t opener;                       /* number of the flow that opened it; relaxed */
	struct di_context *places[DI__PLACES]; /* of parked children; set under the lock */
	uint8_t holders[DI__PLACES]; /* the places of the flows that have those; set with them */
	uint64_t number;
	uint64_t since_ns;
	struct di__arena arena;
	/* Number of the flow that it belongs to, or 0. Under the lock; atomic while it closes. */
	uint64_t belongs;
	/* How much in it is DI__OF_THREAD; 1 in and below a thread's place. Under the lock. */
	uint32_t held;
	/* What follows is for the flow that it belongs to, or who ends that one's values. */
	struct di__thread *thread;
	struct di_context *held_next, **held_link; /* among those of the thread */
};

/** Whether a context belongs to a thread for good. */
enum di__threaded {
	DI__BELOW_THREAD = 1, /* it was opened in a thread's place */
	DI__THREAD_PLACE /* it is a thread's place: below the root, and not among its children */
};

/** What a flow has in a container. What others see of it is under the lock of thread.c. */
struct di__thread {
	struct di_flow *flow; /* while it is linked there */
	struct di_container *container;
	struct di_context *place;                  /* in the same block */
	struct di__thread *next, **link;           /* among the container's */
	struct di__thread *flow_next, **flow_link; /* among the flow's; NULL: it is being ended */
	struct di_context *held; /* contexts that belong to it, for as long as they do */
};

/**
 * A container that another one connects, itself or over others: its rows have numbers there too.
 */
struct di__part {
	struct di_container *container;
	uint32_t first; /* number of its first row */
};

/** That a living container connects another one. */
struct di__connection {
	struct di__connection
		*next; /* of the same connected container; under the lock of its root */
	struct di_container *user, *connected;
};

struct di_container {
	const struct di_table *table;
	uint32_t rows;        /* its own, which come first, and those of its parts */
	uint32_t parts_count; /* the containers that it connects, what they connect before them */
	uint32_t connections_count;
	uint32_t start_threads;
	struct di__part *parts;             /* in the same block */
	struct di__connection *connections; /* what it connects itself; in the same block */
	struct di__connection *users;       /* who connects it; under the lock of the root */
	const struct di_table *in_place_of; /* whose rows mean its own of the same names, or NULL */
	const struct di_provider **placed;  /* its own rows by the numbers of those; in the block */
	uint32_t asking;                    /* flows that ask it for rows of its parts; atomic */
	size_t size;                        /* of the block */
	struct di_allocator allocator;
	struct di_observer observer;
	uint64_t slow_ns;
	uint64_t contexts; /* numbers given so far; atomic */
	uint32_t *masks;   /* of each row: scopes it depends on; set once, under prepare_lock */
	const struct di_scope **scopes; /* that rows name, in front of the masks; likewise */
	uint32_t scopes_count;
	int biased;           /* whether contexts' locks may be biased to who opens them */
	uint32_t root_mask;   /* union of the masks of rows that live in the root lane */
	uint32_t thread_bit;  /* in masks: it depends on a row that lives with threads */
	uint32_t async_bit;   /* in masks: it, or a row that it depends on, is asynchronous */
	struct di__get *gets; /* that have ended; under the lock of steps.c */
	uint32_t getting;     /* gets, closes, handlers under way, captured contexts; the same */
	uint32_t handling; /* handlers that run or close, contexts that captures run in; the same */
	int freeing;       /* 1: none of those begins any more; the same */
	struct di__operation *freer; /* what frees it once there are none of those; the same */
	struct di_entry *gatherings; /* under way, by `older`: see gathering.h; the same */
	uint64_t id; /* no other container has it; 0 where none of its rows does that */
	struct di__thread *threads; /* under the lock of thread.c */
	uint64_t thread_values;     /* alive, in all threads; atomic */
	uint64_t thread_creations;  /* so far; atomic */
	uint64_t start_timeout_ns;
	struct di__start *starts; /* those that have timed out; under prepare_lock */
	struct di__lock prepare_lock;
	struct di_context *root; /* in the same block */
};

/**
 * User code that runs on a flow: a constructor, or a finalizer. On the C stack of who called it.
 */
struct di__run {
	struct di__run *outer;
	struct di_context *home;
	struct di_entry *making; /* the creation whose constructor runs; NULL in a finalizer */
	uint32_t entered;        /* contexts that the flow had entered when it began */
};

/** Where a flow finds what it has in a container, by its id; NULL: no more. */
struct di__thread_slot {
	uint64_t id;
	struct di__thread *thread;
};

enum {
	DI__THREADS_FEW = 4,
	DI__ENTERED_FEW = 6,
	DI__NOWHERE = 64 /* flows beyond that many park nothing */
};

/** The first error of a flow's callbacks. */
struct di__callback {
	struct di_error error;
	int unread;
};

/** What a flow is given that is no thread. */
struct di__hooks {
	void (*park)(void *data); /* NULL: waiting blocks the thread */
	void (*unpark)(void *data);
	void *data;
};

struct di_flow {
	/* What locks are biased to: the lower bits are the thread's, see di/lock.h. */
	uint64_t number;
	uint64_t id;
	struct di_flow *thread; /* that of the thread it runs on, mostly itself; NULL: that ended */
	uint32_t place;         /* no other thread that lives has it; DI__NOWHERE: it has none */
	struct di__run *run;
	struct di_context **entered;
	uint32_t entered_count, entered_room;
	struct di_context *entered_few[DI__ENTERED_FEW];
	struct di__thread *threads;    /* under the lock of thread.c */
	struct di__thread *ending;     /* what it ends itself: its own affair */
	struct di__thread_slot *slots; /* a hash table, at most half full; NULL: none yet */
	uint32_t slots_mask, slots_used;
	struct di__thread_slot slots_few[DI__THREADS_FEW];
	/* Under the lock of wait.c: */
	struct di_entry *awaited;  /* the creation it waits for */
	struct di_entry *awaiting; /* the creation of its own for which it does */
	struct di_flow *blocker;   /* of a thread: the flow that keeps all its flows waiting */
	struct di_flow *seen_next; /* of a thread, in one search */
	uint64_t seen;
	pthread_cond_t woken;
	struct di__waiter *unparked; /* whom it has woken, and is to unpark */
	struct di__hooks hooks;
	struct di__callback *callback; /* NULL: none has failed */
	struct di_flow *others;        /* of a thread: those that are no threads */
	struct di_flow *next, **link;  /* among them */
	uint64_t flows;                /* of a thread: how many such it has had */
	uint32_t ends;                 /* of a thread: how often its end was noticed */
	struct di__flow_locals locals;
	struct di__step *steps, *last_step; /* what it is to do next: see steps.h */
	int stepping;
	struct di_call *calling_back; /* for which what it asked for calls back now, or NULL */
	int parked;                   /* 1: its hook has suspended it */
	struct di__run *outer_run;    /* while it is stepping: what it has come from */
	/* See ring.h. Under the locks of steps.c and wait.c: */
	struct di__run *awaiting_run; /* the constructor in which it awaits, or NULL */
	struct di__run *joining_from; /* what that was before it joined */
	uint8_t joining;              /* enum di__joining of ring.h */
	uint8_t ring_listed;
	struct di_flow *joins;  /* who ends before it goes on; NULL: nobody, or it is freed */
	struct di_flow *joiner; /* who waits for it to end, or NULL */
	struct di_flow *ring_next;
	uint64_t ring_seen;
	struct di_executor *executor;
	/* See await.c; the first two under its lock. */
	struct di_get get;   /* what it awaits; its number is 0: nothing that could be cancelled */
	uint32_t cancelling; /* how many are about to cancel that */
	int cancelled;       /* what it awaits next is cancelled; atomic */
};

/** Suspends a flow that has hooks, until it is unparked. Under no lock. */
static inline void di__flow_park(struct di_flow *flow)
{
	flow->parked = 1;
	flow->hooks.park(flow->hooks.data);
	flow->parked = 0;
}

/** Who values of threads belong to. */
static inline uint64_t di__thread_id(const struct di_flow *flow)
{
	return flow->thread->id;
}

/** One who waits for a creation that another flow makes. On the waiter's C stack. */
struct di__waiter {
	struct di__waiter *next; /* of the same entry, or among those to be unparked */
	struct di_flow *flow;
	struct di_error *err;
	void *value;
	int done;
};

/* ---- error.c ---- */

/**
 * Begins an error: fills *err, if not NULL, and returns status. The detail is printf-like or NULL.
 */
enum di_status di__fail(struct di_error *err, enum di_status status,
			const struct di_provider *provider, const char *detail, ...)
	DI__PRINTF(4, 5);
/** The same for what is a mistake of the program: an assertion in debug builds. */
enum di_status di__misuse(struct di_error *err, enum di_status status,
			  const struct di_provider *provider, const char *detail, ...)
	DI__PRINTF(4, 5);
/** Adds the next outer name to the path. */
void di__error_path(struct di_error *err, const char *name);
/** Says which user function failed and with what. */
void di__error_cause(struct di_error *err, const char *function, int cause);
void di__copy_name(char *to, const char *from);

/* ---- flow.c ---- */

/**
 * The flow, or what stands for one that has not begun: as if it were always in user code, and not
 * the owner of any lock, so that what is quick for others is not for it.
 */
extern _Thread_local struct di_flow *di__flow DI__TLS_FAST;
extern struct di_flow di__no_flow;
struct di_flow *di__flow_begin(void);
static inline struct di_flow *di__flow_get(void)
{
	struct di_flow *flow = di__flow;

	return DI__LIKELY(flow != &di__no_flow) ? flow : di__flow_begin();
}
/** The next number of the flows of the process. */
uint64_t di__flow_id(void);
/** Leaves what the flow has entered, and forgets its values. */
void di__flow_empty(struct di_flow *flow);
/** Makes sure that the end of the flow's thread is noticed. 0: it cannot be. */
int di__flow_expect_end(struct di_flow *flow);

/* ---- handler.c ---- */

/** Forgets the error of the flow's callbacks. */
void di__callback_end(struct di_flow *flow);

/* ---- wait.c ---- */

/**
 * Parks the flow until entry, which another flow makes, is made or has failed. Called under the
 * lock of entry's home, which it gives up. Returns the value, or NULL with err filled: also
 * DI_ECYCLE where waiting would never end.
 */
void *di__wait(struct di_flow *flow, struct di_entry *entry, struct di_entry *asker,
	       struct di_error *err);
/**
 * Wakes who waits for entry with the value, or with a copy of the error. Under the lock of its
 * home; di__unpark() must follow when no lock is held, before anything of the user's runs.
 */
void di__wake(struct di_entry *entry, void *value, const struct di_error *err);
/** The same for one that is made; what is of its maker's thread is nothing for other threads. */
void di__wake_made(struct di_entry *entry, void *value);
/** Unparks whom the flow, which is the calling one, has woken. Under no lock. */
void di__unpark_all(struct di_flow *flow);
static inline void di__unpark(struct di_flow *flow)
{
	if (DI__UNLIKELY(flow->unparked != NULL))
		di__unpark_all(flow);
}

/* ---- observe.c ---- */

static inline int di__observed(const struct di_container *container)
{
	return container->observer.observe != NULL;
}
uint64_t di__now(void);
void di__tell(struct di_context *context, enum di_event_kind kind, const char *provider,
	      uint64_t took_ns, enum di_outcome outcome, const struct di_error *error);

/* ---- context.c, close.c, spare.c ---- */

/** Whether a context in that state is closing or closed. */
static inline int di__is_over(uint8_t state)
{
	return state < DI__OPEN || state == DI__CLOSING;
}
static inline void di__lock_context(struct di_context *context, struct di_flow *flow)
{
	di__lock_take(&context->lock, flow->number);
}
static inline void di__unlock_context(struct di_context *context, struct di_flow *flow)
{
	di__lock_give(&context->lock, flow->number);
}
/** Lets the inline path see the context, if nothing forbids it. Under the lock. */
static inline void di__lane_update(struct di_context *context, const struct di_table *table)
{
	int usable =
		context->state == DI__OPEN && context->making == context->idle && !context->watched;

	DI__STORE(context->lane.table, usable ? table : NULL);
}
/** Nothing is being made any more in a context that closes. Under its lock. */
void di__close_go_on(struct di_flow *flow, struct di_context *context);
/** Where a creation or drop has been counted out, who waits for that goes on. Under the lock. */
static inline void di__closer_update(struct di_flow *flow, struct di_context *context)
{
	if (DI__UNLIKELY(context->closer != NULL) && context->making == 0)
		di__close_go_on(flow, context);
}
/** Counts one out. Under the lock. */
static inline void di__making_less(struct di_flow *flow, struct di_context *context)
{
	context->making--;
	di__lane_update(context, context->container->table);
	di__closer_update(flow, context);
}
/** Readies the memory of a context, in which so many bytes are the first of its arena. */
void di__context_init(struct di_context *context, struct di_container *container,
		      size_t first_size);
size_t di__context_size(uint32_t rows, size_t first_size);
/** A private context of a handler below parent. */
struct di_context *di__context_open_private(struct di_context *parent, const struct di_scope *scope,
					    struct di_error *err);
/** Runs the finalizers of a context that the caller has set to closing. */
enum di_status di__context_tear_down(struct di_flow *flow, struct di_context *context,
				     enum di_outcome outcome, struct di_error *err);
/** Makes a torn down context a spare of its parent. No other flow is at work in the container. */
void di__context_retire(struct di_flow *flow, struct di_context *context);
/** DI_ECLOSED for a context that was seen closing, or closed: to use that is a mistake. */
enum di_status di__closed(const struct di_context *context, uint8_t state,
			  const struct di_provider *provider, struct di_error *err);
/**
 * Makes an open context in which nothing is being made, and without open children, the caller's to
 * change: until the end nothing is made, opened or closed in it. Else DI_EBUSY or DI_ECLOSED. Under
 * the lock, and what is to end is taken off the stack before that is given up: products may be
 * dropped meanwhile, each by whoever takes it first.
 */
enum di_status di__context_begin_change(struct di_flow *flow, struct di_context *context,
					struct di_error *err);
void di__context_end_change(struct di_flow *flow, struct di_context *context);
/** Stores an outer context's value, or a given one, as seen from here. Under the lock. */
void di__context_alias(struct di_context *context, uint32_t row, void *value);
/**
 * Makes the rows' flags ready: the context then has an array of its own for both lanes. deviates
 * says whether they will give a row another home. Under the lock.
 */
int di__context_needs_flags(struct di_context *context, int deviates);
/** The same for the rows that options begin afresh; nobody else sees the context yet. */
enum di_status di__begin_afresh(struct di_context *context,
				const struct di_context_options *options, struct di_error *err);
/** DI_EINVAL unless the context covers the provider's table. *provider becomes what it means. */
enum di_status di__check_provider(const struct di_context *context,
				  const struct di_provider **provider, struct di_error *err);
void di__context_release(struct di_context *context);
void di__context_release_spares(struct di_context *context);

/** Gives back the memory of a container in which nothing is alive. */
void di__container_release(struct di_container *container);

/* ---- What a row says of others. ---- */

/**
 * How many of its needs[] a value may be built from: what is chosen, or resolved later, besides its
 * needs.
 */
static inline uint32_t di__leads_count(const struct di_provider *provider)
{
	return provider->needs_count + provider->options_count;
}
/** Of what row a constructor or chooser is to work, from the arguments that it was called with. */
static inline const struct di_provider *di__provider_of_args(void *const *args)
{
	const char *at = (const char *)args - offsetof(struct di_entry, args);

	return ((const struct di_entry *)(const void *)at)->provider;
}
/** Whether it was made at run time: no functions were generated of its name. */
static inline int di__is_built(const struct di_provider *provider)
{
	return provider->table->users != NULL;
}
/** 0 for the needs that are built in: DI_CONTEXT, and what a row chose. */
static inline int di__is_row(const struct di_provider *need)
{
	return need->table != NULL;
}

/* ---- rows.c: the rows that a container covers, its own and those of its parts ---- */

/** The part of that table, or NULL. */
static inline const struct di__part *di__part_of(const struct di_container *container,
						 const struct di_table *table)
{
	uint32_t i;

	for (i = 0; i < container->parts_count; i++) {
		if (container->parts[i].container->table == table)
			return &container->parts[i];
	}
	return NULL;
}
/** Number of a row of a part, or UINT32_MAX if the container does not cover it. */
uint32_t di__row_of_part(const struct di_container *container, const struct di_provider *provider);
/** Number, in the container of context, of a row that it covers. Not for DI_CONTEXT. */
static inline uint32_t di__row(const struct di_context *context, const struct di_provider *provider)
{
	return DI__LIKELY(!context->connects) ? provider->index
					      : di__row_of_part(context->container, provider);
}
const struct di_provider *di__provider_of_part(const struct di_container *container, uint32_t row);
/** The provider of that number. */
static inline const struct di_provider *di__provider_of(const struct di_container *container,
							uint32_t row)
{
	return DI__LIKELY(row < container->table->count) ? container->table->providers[row]
							 : di__provider_of_part(container, row);
}
/** The provider of that name, or NULL. */
const struct di_provider *di__provider_named(const struct di_container *container,
					     const char *name);
/** Whether the table is the container's, the one in whose place it is, or one of a part. */
static inline int di__covers(const struct di_container *container, const struct di_table *table)
{
	return DI__LIKELY(container->table == table) ||
	       (table != NULL && container->in_place_of == table) ||
	       di__part_of(container, table) != NULL;
}
/** The row that a provider means to a container which covers its table: mostly itself. */
static inline const struct di_provider *di__own_row(const struct di_container *container,
						    const struct di_provider *provider)
{
	if (DI__LIKELY(provider->table == NULL || provider->table != container->in_place_of))
		return provider;
	return container->placed[provider->index];
}
/** The same for the tables of all the needs, which a NULL ends. */
int di__covers_all(const struct di_container *container, const struct di_provider *const *needs);
/** The container that a provider is a row of, among container and its parts. */
struct di_container *di__owner(struct di_container *container, const struct di_provider *provider);

/* ---- scope.c ---- */

/** Computes the scopes that each row depends on. */
enum di_status di__prepare_slowly(struct di_container *container, struct di_error *err);
/** The same, once for a container. */
static inline enum di_status di__prepare(struct di_container *container, struct di_error *err)
{
	return DI__LIKELY(DI__LOAD(container->masks) != NULL) ? DI_OK
							      : di__prepare_slowly(container, err);
}
/** Releases what was computed, if it was. */
void di__prepared_release(struct di_container *container);
/** The bits of a scope in that container's masks, `any` included. */
uint32_t di__scope_bits(const struct di_container *container, const struct di_scope *scope);

/*
 * ---- entry.c, besides di/entry.h; under the lock of home, but for di__entry_end and di__todo_end
 * ----
 */

/** Gives the memory back. */
void di__entry_free(struct di_entry *entry);
/**
 * Runs what ends the entry. Under no lock. The first failure is kept in *status and err, further
 * ones are counted.
 */
void di__entry_end(struct di_flow *flow, struct di_entry *entry, enum di_outcome outcome,
		   enum di_status *status, struct di_error *err);

/**
 * Moves the marked entries of a stack, from *newest down, to a list in that order; they stay in
 * their slots.
 */
struct di_entry *di__todo_take(struct di_entry **newest);
/** Ends the entries of the list in order and gives their memory back. Under no lock. */
void di__todo_end(struct di_flow *flow, struct di_entry *todo, enum di_outcome outcome,
		  enum di_status *status, struct di_error *err);

#endif
