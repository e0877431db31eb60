/* SPDX-License-Identifier: MIT */
#ifndef DI_TRIE_H
#define DI_TRIE_H

/* private */

/**
 * A persistent map: copying one is counting one reference, and a write copies only the nodes on the
 * way to its place, and those only where somebody else holds them too.
 *
 * A hash trie of eight ways. A map is one slot: 0 where it is empty, a leaf, whose lowest bit is
 * set, or a node. Who holds a map may read it while others read, copy and release theirs, on any
 * threads; a map itself is written by one. Nodes and leaves are of the allocator that is given,
 * always the same for one map.
 */

#include "di/allocator.h"
#include "di/compiler.h"

#include <stdint.h>
#include <string.h>

/** One value and what it stands under. It is the holder of the value, which ends with it. */
struct di__leaf {
	uint32_t refs;
	uint32_t size; /* of the block: a name of its own stands behind */
	uint64_t hash;
	const char *name;
	const void *value;
	void (*end)(void *value); /* NULL: the value is borrowed */
};

enum {
	DI__TRIE_WAYS = 8,
	DI__TRIE_BITS = 3,
	DI__TRIE_HASHED = 22 /* levels for which a hash has bits; then the name is spelt */
};

struct di__trie_node {
	union {
		uint32_t refs;
		struct di__trie_node *next; /* among those that nobody holds any more */
	};
	uintptr_t slots[DI__TRIE_WAYS];
};

/** What a value stands under: a number alone, where name is NULL, or a name with its hash. */
struct di__trie_key {
	uint64_t hash;
	const char *name;
};

static inline int di__trie_is_node(uintptr_t slot)
{
	return slot != 0 && (slot & 1) == 0;
}

static inline struct di__leaf *di__trie_leaf(uintptr_t slot)
{
	return (struct di__leaf *)(slot - 1);
}

static inline uintptr_t di__trie_slot(struct di__leaf *leaf)
{
	return (uintptr_t)leaf + 1;
}

/** Which of the ways the key takes at a level. Three levels spell one byte. */
static inline unsigned di__trie_way(const struct di__trie_key *key, unsigned level)
{
	unsigned spelt = level - DI__TRIE_HASHED;

	if (DI__LIKELY(level < DI__TRIE_HASHED))
		return (unsigned)(key->hash >> (DI__TRIE_BITS * level)) % DI__TRIE_WAYS;
	return ((unsigned)(unsigned char)key->name[spelt / 3] >> (DI__TRIE_BITS * (spelt % 3))) %
	       DI__TRIE_WAYS;
}

static inline int di__trie_matches(const struct di__leaf *leaf, const struct di__trie_key *key)
{
	return leaf->hash == key->hash && (key->name == NULL || strcmp(leaf->name, key->name) == 0);
}

/** The leaf of that key, or NULL. */
static inline struct di__leaf *di__trie_find(uintptr_t map, const struct di__trie_key *key)
{
	unsigned level = 0;

	while (di__trie_is_node(map))
		map = ((const struct di__trie_node *)map)->slots[di__trie_way(key, level++)];
	if (map == 0 || !di__trie_matches(di__trie_leaf(map), key))
		return NULL;
	return di__trie_leaf(map);
}

/**
 * The place of that key, which holds its leaf or nothing, with nobody else on the way to it; NULL
 * where there is no memory. The map holds what it held.
 */
uintptr_t *di__trie_place(uintptr_t *map, const struct di__trie_key *key,
			  const struct di_allocator *allocator);

/**
 * Takes the leaf of that key out and returns it, in a slot that the caller releases. Its place has
 * been asked for right before, and had it.
 */
uintptr_t di__trie_take(uintptr_t *map, const struct di__trie_key *key);

/** The first leaf, or where after is not NULL the one behind that, which is in the map; or NULL. */
struct di__leaf *di__trie_next(uintptr_t map, const struct di__leaf *after);

/** One holder more of what a slot has. */
static inline uintptr_t di__trie_hold(uintptr_t slot)
{
	uint32_t *refs;

	if (slot == 0)
		return 0;
	refs = (slot & 1) != 0 ? &di__trie_leaf(slot)->refs : &((struct di__trie_node *)slot)->refs;
	__atomic_fetch_add(refs, 1, __ATOMIC_RELAXED);
	return slot;
}

/** One holder less. Values that nobody holds any more end, in no order that is promised. */
void di__trie_release(uintptr_t slot, const struct di_allocator *allocator);

/** Whether nobody else holds it. */
static inline int di__trie_is_ours(const uint32_t *refs)
{
	return __atomic_load_n(refs, __ATOMIC_ACQUIRE) == 1;
}

/** A leaf without a value; the name is copied if it is to be. NULL: no memory. */
struct di__leaf *di__leaf_new(const struct di__trie_key *key, const char *name, int copy,
			      const struct di_allocator *allocator);

#endif
