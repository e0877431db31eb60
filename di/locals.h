/* SPDX-License-Identifier: MIT */
#ifndef DI_LOCALS_H
#define DI_LOCALS_H

/* private */

/**
 * What a flow knows of context-local values: a table with the values of each namespace, and a stack
 * of what is to be restored.
 *
 * A table may be shared with captures, which only read it: it is copied by whoever changes it
 * first. Restoring never needs memory, so a capture that is taken while something is to be restored
 * sets memory for that copy aside. All of this is the flow's alone, and from libc; the values are
 * from the allocator of their namespace.
 */

#include "di/error.h"
#include "di/libc.h"
#include "di/local.h"
#include "di/trie.h"

#include <stdint.h>

struct di_capture;
struct di_flow;

/** The values of one namespace: a map. */
struct di__cell {
	const struct di_local *space; /* NULL: free */
	uintptr_t values;
};

struct di__locals {
	uint32_t refs;
	uint32_t used;
	uint32_t shift; /* 32 less the binary logarithm of how many cells there are */
	struct di__cell cells[];
};

/** A block, or a set that can be undone. */
struct di__frame {
	const struct di_local *space;
	uint64_t serial;
	uintptr_t values;     /* of a block: what the block does not see, or 0 */
	struct di__leaf *set; /* what was set; NULL: it is a block */
	struct di__leaf *old; /* what was there before, or NULL */
};

enum {
	DI__FRAMES_FEW = 4
};

struct di__frames {
	struct di__frame *more; /* NULL: they are in few */
	uint32_t count, room;
	uint32_t is_step; /* 1: of a generator, which restores what it has replaced, besides */
	struct di__frame few[DI__FRAMES_FEW];
};

struct di__flow_locals {
	struct di__locals *table, *spare; /* or NULL; a spare is as large as the table */
	struct di__frames *frames;        /* NULL: own */
	struct di__frames own;
	uint32_t serial;
	int ends; /* 1: the end of the thread is noticed */
};

/** The first cell to look at. */
static inline uint32_t di__cell_of(const struct di__locals *table, const struct di_local *space)
{
	return (uint32_t)((uintptr_t)space >> 3) * UINT32_C(2654435769) >> table->shift;
}

static inline uint32_t di__cells_mask(const struct di__locals *table)
{
	return (UINT32_C(1) << (32 - table->shift)) - 1;
}

/** The cell of a namespace, or NULL. */
static inline struct di__cell *di__locals_find(struct di__locals *table,
					       const struct di_local *space)
{
	uint32_t at;

	if (table == NULL)
		return NULL;
	for (at = di__cell_of(table, space);; at = (at + 1) & di__cells_mask(table)) {
		if (table->cells[at].space == space)
			return &table->cells[at];
		if (table->cells[at].space == NULL)
			return NULL;
	}
}

/** What the flow sees of a namespace. */
uintptr_t di__locals_values(const struct di_flow *flow, const struct di_local *space);

/**
 * Finds the cell of a namespace in a table that is the flow's alone, or makes it: DI_EINVAL,
 * DI_EABI, DI_ENOMEM. It is where it is until the next call.
 */
enum di_status di__locals_cell(struct di_flow *flow, const struct di_local *space,
			       struct di__cell **cell, struct di_error *err);

/** The same for what is to be restored: NULL where the namespace is no more. It cannot fail. */
struct di__cell *di__locals_restore(struct di_flow *flow, const struct di_local *space);

/** Takes a namespace out of the flow's table, if it is there. Its values end. */
void di__locals_forget(struct di_flow *flow, const struct di_local *space);

/** Shares the flow's table: *table, which may be NULL, is the caller's to drop. 0: no memory. */
int di__locals_share(struct di_flow *flow, struct di__locals **table);
void di__locals_drop(struct di__locals *table);

/** Gives up what the flow still holds at the end of the thread. */
void di__locals_end(struct di_flow *flow);

/* ---- capture.c ---- */

/** The table of a capture, or NULL: the caller's to drop. */
struct di__locals *di__capture_hold(const struct di_capture *capture);

/* ---- frames.c ---- */

struct di__frames *di__frames_of(struct di_flow *flow);

static inline struct di__frame *di__frame_at(struct di__frames *frames, uint32_t number)
{
	return (frames->more != NULL ? frames->more : frames->few) + number;
}

/** Room for one more frame, zeroed, and numbered; it counts when the caller says so. Or NULL. */
struct di__frame *di__frames_reserve(struct di_flow *flow);

/** Gives up all frames without restoring anything, and their memory. */
void di__frames_drop(struct di__frames *frames);

/* ---- local_map.c: namespaces that are made at run time ---- */

void di__space_hold(const struct di_local *space);
void di__space_release(const struct di_local *space);
/** Whether nobody but tables has it any more. */
int di__space_is_over(const struct di_local *space);
static inline int di__space_is_map(const struct di_local *space)
{
	return space->fields == NULL;
}

/* ---- local.c ---- */

static inline const struct di_allocator *di__space_memory(const struct di_local *space)
{
	return di__or_libc(space->allocator);
}
/** What is set, or unset, in one go. */
struct di__change {
	const struct di_local *space;
	struct di__trie_key key;
	const char *name; /* of the value, for texts */
	const void *value;
	void (*end)(void *value);
	struct di__frame *frame; /* NULL: it cannot be undone */
};
enum di_status di__local_set(struct di_flow *flow, const struct di__change *change,
			     struct di_error *err);
enum di_status di__local_unset(struct di_flow *flow, const struct di__change *change,
			       struct di_error *err);
/** Sets what can be undone; *undo then says which. */
enum di_status di__local_set_until(struct di_flow *flow, struct di__change *change,
				   struct di_local_undo *undo, struct di_error *err);

#endif
