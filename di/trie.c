/* SPDX-License-Identifier: MIT */
#include "di/trie.h"

#include <stddef.h>

static struct di__trie_node *node_new(const struct di_allocator *allocator)
{
	struct di__trie_node *node = allocator->allocate(sizeof(*node), allocator->data);

	if (node != NULL) {
		memset(node, 0, sizeof(*node));
		node->refs = 1;
	}
	return node;
}

struct di__leaf *di__leaf_new(const struct di__trie_key *key, const char *name, int copy,
			      const struct di_allocator *allocator)
{
	size_t length = copy ? strlen(name) + 1 : 0;
	struct di__leaf *leaf;

	if (length > UINT32_MAX - sizeof(*leaf))
		return NULL;
	leaf = allocator->allocate(sizeof(*leaf) + length, allocator->data);
	if (leaf == NULL)
		return NULL;
	leaf->refs = 1;
	leaf->size = (uint32_t)(sizeof(*leaf) + length);
	leaf->hash = key->hash;
	leaf->name = copy ? memcpy(leaf + 1, name, length) : name;
	leaf->value = NULL;
	leaf->end = NULL;
	return leaf;
}

static void leaf_free(struct di__leaf *leaf, const struct di_allocator *allocator)
{
	union {
		const void *given;
		void *taken;
	} value = { leaf->value };
	void (*end)(void *) = leaf->end;

	allocator->release(leaf, leaf->size, allocator->data);
	if (end != NULL)
		end(value.taken);
}

static void give_up_leaf(struct di__leaf *leaf, const struct di_allocator *allocator)
{
	if (__atomic_sub_fetch(&leaf->refs, 1, __ATOMIC_ACQ_REL) == 0)
		leaf_free(leaf, allocator);
}

/* Gives up one holding; a node that nobody holds then goes to the dead. */
static void give_up(uintptr_t slot, struct di__trie_node **dead,
		    const struct di_allocator *allocator)
{
	struct di__trie_node *node = (struct di__trie_node *)slot;

	if (slot == 0)
		return;
	if (!di__trie_is_node(slot)) {
		give_up_leaf(di__trie_leaf(slot), allocator);
	} else if (__atomic_sub_fetch(&node->refs, 1, __ATOMIC_ACQ_REL) == 0) {
		node->next = *dead;
		*dead = node;
	}
}

void di__trie_release(uintptr_t slot, const struct di_allocator *allocator)
{
	struct di__trie_node *dead = NULL;

	give_up(slot, &dead, allocator);
	while (dead != NULL) {
		struct di__trie_node *node = dead;
		unsigned way;

		dead = node->next;
		for (way = 0; way < DI__TRIE_WAYS; way++)
			give_up(node->slots[way], &dead, allocator);
		allocator->release(node, sizeof(*node), allocator->data);
	}
}

/* The node of a slot, ours alone from now on; or NULL. */
static struct di__trie_node *own(uintptr_t *slot, const struct di_allocator *allocator)
{
	struct di__trie_node *node = (struct di__trie_node *)*slot, *copy;
	unsigned way;

	if (di__trie_is_ours(&node->refs))
		return node;
	copy = node_new(allocator);
	if (copy == NULL)
		return NULL;
	for (way = 0; way < DI__TRIE_WAYS; way++)
		copy->slots[way] = di__trie_hold(node->slots[way]);
	*slot = (uintptr_t)copy;
	di__trie_release((uintptr_t)node, allocator);
	return copy;
}

/* Puts a node between a slot and its leaf, of another key. */
static int deepen(uintptr_t *slot, unsigned level, const struct di_allocator *allocator)
{
	const struct di__leaf *leaf = di__trie_leaf(*slot);
	struct di__trie_key key = { leaf->hash, leaf->name };
	struct di__trie_node *node = node_new(allocator);

	if (node == NULL)
		return 0;
	node->slots[di__trie_way(&key, level)] = *slot;
	*slot = (uintptr_t)node;
	return 1;
}

uintptr_t *di__trie_place(uintptr_t *map, const struct di__trie_key *key,
			  const struct di_allocator *allocator)
{
	uintptr_t *slot = map;
	unsigned level = 0;

	while (*slot != 0) {
		struct di__trie_node *node;

		if (!di__trie_is_node(*slot)) {
			if (di__trie_matches(di__trie_leaf(*slot), key))
				return slot;
			if (!deepen(slot, level, allocator))
				return NULL;
		}
		node = own(slot, allocator);
		if (node == NULL)
			return NULL;
		slot = &node->slots[di__trie_way(key, level++)];
	}
	return slot;
}

static int has_others(const struct di__trie_node *node, unsigned way)
{
	unsigned other;

	for (other = 0; other < DI__TRIE_WAYS; other++) {
		if (other != way && node->slots[other] != 0)
			return 1;
	}
	return 0;
}

uintptr_t di__trie_take(uintptr_t *map, const struct di__trie_key *key)
{
	uintptr_t *slot = map, *cut = map, taken;
	unsigned level = 0;

	while (di__trie_is_node(*slot)) {
		struct di__trie_node *node = (struct di__trie_node *)*slot;
		unsigned way = di__trie_way(key, level++);

		slot = &node->slots[way];
		if (has_others(node, way))
			cut = slot;
	}
	taken = *cut;
	*cut = 0;
	return taken;
}

static struct di__leaf *first(uintptr_t slot)
{
	while (di__trie_is_node(slot)) {
		const uintptr_t *at = ((const struct di__trie_node *)slot)->slots;

		while (*at == 0)
			at++;
		slot = *at;
	}
	return slot != 0 ? di__trie_leaf(slot) : NULL;
}

/* What a node has behind that way, or 0. */
static uintptr_t behind(const struct di__trie_node *node, unsigned way)
{
	while (++way < DI__TRIE_WAYS) {
		if (node->slots[way] != 0)
			return node->slots[way];
	}
	return 0;
}

struct di__leaf *di__trie_next(uintptr_t map, const struct di__leaf *after)
{
	struct di__trie_key key;
	uintptr_t next = 0;
	unsigned level = 0;

	if (after == NULL)
		return first(map);
	key.hash = after->hash;
	key.name = after->name;
	while (di__trie_is_node(map)) {
		const struct di__trie_node *node = (const struct di__trie_node *)map;
		unsigned way = di__trie_way(&key, level++);
		uintptr_t later = behind(node, way);

		if (later != 0)
			next = later;
		map = node->slots[way];
	}
	return first(next);
}
