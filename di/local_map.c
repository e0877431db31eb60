/* SPDX-License-Identifier: MIT */
#include "di/local_map.h"
#include "di/internal.h"

#include <stdlib.h>

struct map {
	struct di_local space; /* first: this is what the user has */
	struct di_allocator allocator;
	uint32_t refs;
	uint32_t is_over; /* 1: the user has freed it */
	size_t size;
	char name[];
};

/* Only maps, which are not constant, are counted. */
static struct map *map_of(const struct di_local *space)
{
	union {
		const struct di_local *space;
		struct map *map;
	} it = { space };

	return di__space_is_map(space) ? it.map : NULL;
}

void di__space_hold(const struct di_local *space)
{
	struct map *map = map_of(space);

	if (map != NULL)
		__atomic_fetch_add(&map->refs, 1, __ATOMIC_RELAXED);
}

void di__space_release(const struct di_local *space)
{
	struct map *map = map_of(space);
	struct di_allocator allocator;

	if (map == NULL || __atomic_sub_fetch(&map->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	allocator = map->allocator;
	allocator.release(map, map->size, allocator.data);
}

int di__space_is_over(const struct di_local *space)
{
	const struct map *map = map_of(space);

	return map != NULL && DI__LOAD(map->is_over);
}

struct di_local *di_local_map_new(const char *name, const struct di_allocator *allocator,
				  struct di_error *err)
{
	struct map *map;
	size_t length, size;

	if (name == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "a map needs a name");
		return NULL;
	}
	allocator = di__or_libc(allocator);
	length = strlen(name) + 1;
	size = sizeof(*map) + length;
	map = allocator->allocate(size, allocator->data);
	if (map == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for the map %s", name);
		return NULL;
	}
	memset(map, 0, sizeof(*map));
	map->allocator = *allocator;
	map->refs = 1;
	map->size = size;
	map->space.abi = DI_ABI;
	map->space.name = memcpy(map->name, name, length);
	map->space.allocator = &map->allocator;
	return &map->space;
}

void di_local_map_free(struct di_local *map)
{
	if (map == NULL)
		return;
	DI__STORE(map_of(map)->is_over, 1);
	di__locals_forget(di__flow_get(), map);
	di__space_release(map);
}

/* FNV-1a: short, and good for short names. Names of equal hash are told apart all the same. */
static uint64_t hash_of(const char *name)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return hash ^ hash >> 32;
}

static struct di__trie_key key_of(const char *name)
{
	struct di__trie_key key = { hash_of(name), name };

	return key;
}

static enum di_status check_map(const struct di_local *map, const char *name, struct di_error *err)
{
	if (map == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no map");
	if (!di__space_is_map(map))
		return di__misuse(err, DI_EINVAL, NULL,
				  "the namespace %s has fields, and is no map", map->name);
	if (name == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "a value of %s needs a name", map->name);
	return DI_OK;
}

const void *di_local_map_get(const struct di_local *map, const char *name)
{
	struct di__trie_key key;
	const struct di__leaf *leaf;
	uintptr_t values = di__locals_values(di__flow, map);

	if (values == 0 || name == NULL || !di__space_is_map(map))
		return NULL;
	key = key_of(name);
	leaf = di__trie_find(values, &key);
	return leaf != NULL ? leaf->value : NULL;
}

const void *di_local_map_get_or(const struct di_local *map, const char *name, const void *fallback)
{
	const void *value = di_local_map_get(map, name);

	return value != NULL ? value : fallback;
}

const void *di_local_map_require(const struct di_local *map, const char *name, struct di_error *err)
{
	const void *value;

	if (check_map(map, name, err) != DI_OK)
		return NULL;
	value = di_local_map_get(map, name);
	if (value == NULL)
		di__fail(err, DI_ENOVALUE, NULL, "%s of %s is not set in this flow", name,
			 map->name);
	return value;
}

static struct di__change change_of(const struct di_local *map, const char *name, const void *value,
				   void (*end)(void *value))
{
	struct di__change change = { map, key_of(name), name, value, end, NULL };

	return change;
}

enum di_status di_local_map_set(const struct di_local *map, const char *name, const void *value,
				void (*end)(void *value), struct di_error *err)
{
	struct di__change change;

	if (check_map(map, name, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(map, name, value, end);
	return di__local_set(di__flow_get(), &change, err);
}

enum di_status di_local_map_set_until(const struct di_local *map, const char *name,
				      const void *value, void (*end)(void *value),
				      struct di_local_undo *undo, struct di_error *err)
{
	struct di__change change;

	if (check_map(map, name, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(map, name, value, end);
	return di__local_set_until(di__flow_get(), &change, undo, err);
}

enum di_status di_local_map_unset(const struct di_local *map, const char *name,
				  struct di_error *err)
{
	struct di__change change;

	if (check_map(map, name, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(map, name, NULL, NULL);
	return di__local_unset(di__flow_get(), &change, err);
}

static enum di_status check_entries(const struct di_local *map,
				    const struct di_local_entry *entries, size_t count,
				    struct di_error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (check_map(map, entries[i].name, err) != DI_OK)
			return DI_EINVAL;
		if (entries[i].value == NULL)
			return di__misuse(err, DI_ENULL, NULL, "%s of %s needs a value",
					  entries[i].name, map->name);
	}
	return check_map(map, "", err);
}

/* Puts an entry, whose value is the caller's until all are there. */
static struct di__leaf *put_entry(uintptr_t *values, const struct di_local_entry *entry,
				  const struct di_allocator *memory)
{
	struct di__trie_key key = key_of(entry->name);
	uintptr_t *place = di__trie_place(values, &key, memory);
	struct di__leaf *leaf = place != NULL ? di__leaf_new(&key, entry->name, 1, memory) : NULL;
	uintptr_t before;

	if (leaf == NULL)
		return NULL;
	leaf->value = entry->value;
	before = *place;
	*place = di__trie_hold(di__trie_slot(leaf));
	di__trie_release(before, memory);
	return leaf;
}

/* Values that were replaced within the update itself end with the leaves that are given up here. */
static void give_values(struct di__leaf **leaves, const struct di_local_entry *entries,
			size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		leaves[i]->end = entries[i].end;
}

static void give_up(struct di__leaf **leaves, size_t count, const struct di_allocator *memory)
{
	size_t i;

	for (i = 0; i < count; i++)
		di__trie_release(di__trie_slot(leaves[i]), memory);
	free(leaves);
}

enum di_status di_local_map_update(const struct di_local *map, const struct di_local_entry *entries,
				   size_t count, struct di_error *err)
{
	enum di_status status = check_entries(map, entries, count, err);
	const struct di_allocator *memory;
	struct di__leaf **leaves;
	struct di__cell *cell;
	uintptr_t values, before;
	size_t done = 0;

	if (status != DI_OK || count == 0)
		return status;
	status = di__locals_cell(di__flow_get(), map, &cell, err);
	if (status != DI_OK)
		return status;
	leaves = calloc(count, sizeof(struct di__leaf *));
	if (leaves == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for %s", map->name);
	memory = di__space_memory(map);
	values = di__trie_hold(cell->values);
	while (done < count && (leaves[done] = put_entry(&values, &entries[done], memory)) != NULL)
		done++;
	before = values;
	if (done == count) {
		give_values(leaves, entries, count);
		before = cell->values;
		cell->values = values;
	}
	give_up(leaves, done, memory);
	di__trie_release(before, memory);
	return done == count ? DI_OK
			     : di__fail(err, DI_ENOMEM, NULL, "for %s of %s", entries[done].name,
					map->name);
}

enum di_status di_local_map_clear(const struct di_local *map, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = check_map(map, "", err);
	struct di__cell *cell;
	uintptr_t before;

	if (status != DI_OK || di__locals_values(flow, map) == 0)
		return status;
	status = di__locals_cell(flow, map, &cell, err);
	if (status != DI_OK)
		return status;
	before = cell->values;
	cell->values = 0;
	di__trie_release(before, di__space_memory(map));
	return DI_OK;
}
