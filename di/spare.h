/* SPDX-License-Identifier: MIT */
#ifndef DI_SPARE_H
#define DI_SPARE_H

/* private */

/**
 * Closed contexts, kept for reuse.
 *
 * A closed context is kept as a spare of its parent, which has its lock in hand anyway when a child
 * opens or closes: in the steady state a request allocates nothing. When a parent closes, it keeps
 * a few spares for its own next use, so that nested contexts find theirs, and the others move to
 * its parent. Debug builds keep spares as a quarantine only, so that the use of a closed context is
 * found.
 */

#include "di/internal.h"

enum {
	DI__SPARES_MAX = 32, /* of one parent */
#ifdef DI_DEBUG
	DI__SPARES_REUSED = 0,
#else
	DI__SPARES_REUSED = 1,
#endif
	DI__SPARES_KEPT = DI__SPARES_REUSED ? 4 : 0 /* by a parent that closes */
};

/** A new context, or NULL without memory. */
struct di_context *di__context_allocate(struct di_container *container);
/** Releases the contexts of the list, and the spares that they have kept. */
void di__context_release_list(struct di_context *list);
/** What di__spare_add() does where the closed child has many spares itself. */
struct di_context *di__spare_add_all(struct di_context *parent, struct di_context *closed);

/** The oldest spare, or NULL. Under the lock. */
static inline struct di_context *di__spare_take(struct di_context *parent)
{
	struct di_context *spare = parent->spares;

	if (spare == NULL)
		return NULL;
	parent->spares = spare->next;
	if (spare->next == NULL)
		parent->spares_end = &parent->spares;
	parent->spares_count--;
	spare->next = NULL;
	return spare;
}

/**
 * Takes a spare into the list, and gives back one to release if there are too many. Under the lock.
 */
static inline struct di_context *di__spare_add_one(struct di_context *parent,
						   struct di_context *spare)
{
	spare->next = NULL;
	*parent->spares_end = spare;
	parent->spares_end = &spare->next;
	parent->spares_count++;
	return parent->spares_count > DI__SPARES_MAX ? di__spare_take(parent) : NULL;
}

/**
 * Adds a closed child and the spares that it does not keep; the list returned is to be released.
 */
static inline struct di_context *di__spare_add(struct di_context *parent, struct di_context *closed)
{
	if (DI__LIKELY(closed->spares_count <= DI__SPARES_KEPT))
		return di__spare_add_one(parent, closed);
	return di__spare_add_all(parent, closed);
}

#endif
