/* SPDX-License-Identifier: MIT */
#ifndef DI_CONTEXT_H
#define DI_CONTEXT_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Contexts: live, nested regions of time that own values.
 *
 * A context has a parent, a scope and one stack of what it must tear down. The container's own
 * lifetime is its root context. Opening creates nothing; values are made on first use and torn
 * down, newest first, when the context closes. A context belongs to the container and is named by
 * the caller until it is closed; a closed one is as dead as freed memory.
 *
 * Any thread may call any function of this header, also at once with others on one context, except
 * that nobody may use a context that somebody closes. Functions that answer DI_EBUSY have changed
 * nothing. NULL for a context, a provider or a function is DI_EINVAL; what only tells something
 * about a context has an answer for NULL. The accessors of tables, which are inline, do not look:
 * for them it is a crash.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/key.h"
#include "di/observer.h"
#include "di/provider.h"
#include "di/scope.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;

/** One item for di_context_options: a key and its borrowed value. */
struct di_item {
	const struct di_key *key;
	const void *value;
};

/**
 * How to open a context. Zero it, set abi to DI_ABI and what is wanted; all is borrowed for the
 * call.
 */
struct di_context_options {
	uint32_t abi;                            /**< DI_ABI */
	const struct di_scope *scope;            /**< not NULL, not any */
	const struct di_provider *const *afresh; /**< context resources to begin afresh here ... */
	size_t afresh_count;                     /**< ... whatever their scope */
	const struct di_table *const
		*afresh_tables; /**< all context resources of these tables too */
	size_t afresh_tables_count;
	const struct di_item *items; /**< put before anyone sees the context */
	size_t items_count;
	int isolate_items; /**< 1: parents' items are not seen here */
};

/**
 * Opens a context of that scope below parent.
 *
 * Returns it, to be closed by di_context_close(), or NULL: DI_EINVAL (no parent, no scope, the
 * scope any, or a table of more than 32 scopes), DI_ECLOSED (the parent is closed or closing),
 * DI_EBUSY (the parent is being reset or overridden), DI_ENOMEM. A value must not keep a child of
 * its own home open: the home could not be closed before it.
 */
DI_API struct di_context *di_context_open(struct di_context *parent, const struct di_scope *scope,
					  struct di_error *err);

/**
 * Opens a context as di_context_open() does, with more said about it.
 *
 * Further errors: DI_EABI, DI_EINVAL for a provider or table of another container, or one named
 * afresh that is no context resource, and those of di_context_put() for the items.
 */
DI_API struct di_context *di_context_open_with(struct di_context *parent,
					       const struct di_context_options *options,
					       struct di_error *err);

/**
 * Ends a context: runs all its finalizers, newest creation first, and gives them the worst of
 * outcome and the context's marks.
 *
 * It never waits and allocates nothing. DI_EBUSY, nothing changed: a child is open, something is
 * being made in it, or a flow has entered it. DI_ECLOSED: closed or closing already. DI_EINVAL: the
 * root, or no outcome. DI_EFINALIZE: closed, but finalizers failed; the error is the first one, its
 * `more` counts the rest.
 */
DI_API enum di_status di_context_close(struct di_context *context, enum di_outcome outcome,
				       struct di_error *err);

/**
 * Makes the context end with at least that outcome. DI_ECLOSED once closing, DI_EINVAL for what is
 * no outcome. Any thread may call it.
 */
DI_API enum di_status di_context_mark(struct di_context *context, enum di_outcome outcome,
				      struct di_error *err);

/** Runs at the end of a context. Returns 0, or an errno that counts as a failed finalizer. */
typedef int di_defer_fn(void *data, enum di_outcome outcome);

/**
 * Puts a call of function on the context's stack, as if a value had just been made there.
 *
 * data is borrowed until then. DI_EINVAL (no function), DI_ECLOSED, DI_EBUSY (being reset),
 * DI_ENOMEM; after an error function is never called. Any thread may call it.
 */
DI_API enum di_status di_context_defer(struct di_context *context, di_defer_fn *function,
				       void *data, struct di_error *err);

/**
 * Tears down the provider's value in this context and everything alive that was built from it,
 * newest first, as DI_DONE; the next resolve makes them anew.
 *
 * "Built from" is followed through factories, fields and what constructors resolved themselves,
 * from the home of their value or a context that they opened there. What a constructor takes by way
 * of one further in that is open already may not be seen: its value stays and keeps what has
 * ended.
 * Nothing alive is not an error. DI_EBUSY: a child is open, something is being made here, the
 * context is being reset or overridden already, or it is the root of a container that a living one
 * connects. DI_EINVAL: the value lives in another context, is given and not made, is overridden
 * here, or is of another container. DI_ENOCONTEXT: no context of its scope is open. DI_ECLOSED,
 * DI_EFINALIZE as for close. It allocates nothing.
 */
DI_API enum di_status di_reset(struct di_context *context, const struct di_provider *provider,
			       struct di_error *err);

/**
 * Ends one product of a factory, and the products made for it alone, before its context does.
 *
 * This is what the generated <name>_drop calls. DI_EINVAL: value is no live product of that factory
 * in this context, or provider is no factory or of another container; DI_EBUSY: the value was made
 * for another one, which still holds it; DI_ECLOSED; DI_EFINALIZE as for close. Products of the
 * root that are got in a loop and never dropped pile up.
 */
DI_API enum di_status di_context_drop(struct di_context *context,
				      const struct di_provider *provider, const void *value,
				      struct di_error *err);

/**
 * Makes the provider mean value, in this context and below, from the next resolve on until the
 * context closes: what the generated <name>_override calls.
 *
 * value is borrowed and must outlive the close, finalizers of dependents included. What is built
 * from it is built afresh in this context; outer values are never touched. "Built from" is what the
 * table says, and what the constructors of values that are alive have resolved themselves: what a
 * constructor will resolve is not known before it has run. A second override here
 * replaces the first. DI_ENULL; DI_EINVAL (another container's provider); DI_ECLOSED; DI_ENOMEM;
 * DI_EBUSY: a child is open, something is being made here, or something that was built from the
 * provider is alive here (di_reset() it first), or the context is the root of a container that a
 * living one connects (override in that one's root instead).
 */
DI_API enum di_status di_override(struct di_context *context, const struct di_provider *provider,
				  const void *value, struct di_error *err);

/**
 * Makes provider mean other, in this context and below; other keeps its own life.
 *
 * Errors as for di_override(), and DI_EINVAL where their types differ, other lives shorter than
 * provider or depends on contexts of a scope that provider does not, or other is or needs provider.
 */
DI_API enum di_status di_override_with(struct di_context *context,
				       const struct di_provider *provider,
				       const struct di_provider *other, struct di_error *err);

/** One override by name: the provider's name in the table and the value it shall mean. */
struct di_override_pair {
	const char *name;
	const void *value;
};

/**
 * Overrides several providers by name, all or none. The types are the caller's word.
 *
 * Errors as for di_override(), and DI_EINVAL for a name that the container does not have or that
 * stands twice.
 */
DI_API enum di_status di_override_all(struct di_context *context,
				      const struct di_override_pair *pairs, size_t count,
				      struct di_error *err);

/**
 * Gives a `state` row its value in this context: what the generated <name>_put calls.
 *
 * The context must be of the row's scope, or the row's scope any. value is borrowed until the
 * context's last finalizer has run. A second put replaces the first. DI_ENULL; DI_EINVAL (not a
 * state, another scope or another container); DI_ECLOSED; DI_ENOMEM; DI_EBUSY as for di_override().
 */
DI_API enum di_status di_state_put(struct di_context *context, const struct di_provider *provider,
				   const void *value, struct di_error *err);

/**
 * Resolves provider as seen from context: what the generated <name>_get calls where its inline part
 * finds nothing. It is exported for programs that hold a descriptor and not a name.
 *
 * Returns the value, borrowed until its home ends, or NULL: DI_EINVAL (another container's
 * provider), DI_ECREATE (a constructor failed: cause and path say more), DI_ENULL, DI_ENOVALUE,
 * DI_ENOCONTEXT, DI_ECYCLE, DI_ECLOSED, DI_EBUSY (the home is being reset or overridden),
 * DI_ENOMEM. It may wait for another thread that is making the value, never for itself.
 */
DI_API void *di_resolve(struct di_context *context, struct di_error *err,
			const struct di_provider *provider);

/** The parent, or NULL for the root and for NULL. Borrowed. */
DI_API struct di_context *di_context_parent(const struct di_context *context);

/** The scope it was opened with; NULL for NULL. */
DI_API const struct di_scope *di_context_scope(const struct di_context *context);

/** Its number, unique in its container; the root is 1, NULL is 0. Observers report it. */
DI_API uint64_t di_context_number(const struct di_context *context);

/** What DI_WITH_CONTEXT keeps; not for direct use. */
struct di__with {
	struct di_context *context;
	int begun, done;
};
DI_API struct di__with di__with_open(struct di_context *parent, const struct di_scope *scope);
DI_API void di__with_close(struct di__with *with);

/**
 * A block with a context of its own: DI_WITH_CONTEXT(ctx, parent, &di_scope_request) { ... }.
 *
 * Falling off its end, and continue, close ctx as DI_DONE; break, return and goto close it as
 * DI_FAILED. Where the context cannot be opened the block does not run. Errors go to the observer.
 */
#define DI_WITH_CONTEXT(context_, parent_, scope_)                                                 \
	for (struct di__with context_##__with DI__CLEANUP(di__with_close) =                        \
		     di__with_open((parent_), (scope_));                                           \
	     context_##__with.context && !context_##__with.begun; context_##__with.begun = 1)      \
		for (struct di_context *context_ = context_##__with.context; context_;             \
		     context_ = NULL, context_##__with.done = 1)

#ifdef __cplusplus
}
#endif

#endif
