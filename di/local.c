/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

static enum di_status check_field(const struct di_local *space, uint32_t field,
				  struct di_error *err)
{
	if (space == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no namespace");
	if (field >= space->count)
		return di__misuse(err, DI_EINVAL, NULL,
				  "the namespace %s has no field of number %u", space->name,
				  (unsigned)field);
	return DI_OK;
}

const void *di_local_get(const struct di_local *space, uint32_t field)
{
	const struct di__cell *cell = di__locals_find(di__flow->locals.table, space);
	const struct di__trie_key key = { field, NULL };
	const struct di__leaf *leaf = cell != NULL ? di__trie_find(cell->values, &key) : NULL;

	return leaf != NULL ? leaf->value : NULL;
}

const void *di_local_require(const struct di_local *space, uint32_t field, struct di_error *err)
{
	const void *value;

	if (check_field(space, field, err) != DI_OK)
		return NULL;
	value = di_local_get(space, field);
	if (value == NULL)
		di__fail(err, DI_ENOVALUE, NULL, "%s of %s is not set in this flow",
			 space->fields[field].name, space->name);
	return value;
}

/* The value in a leaf that nobody else holds gives way to another; it is returned with its end. */
static struct di__leaf exchange(struct di__leaf *leaf, const struct di__change *change)
{
	struct di__leaf before = *leaf;

	leaf->value = change->value;
	leaf->end = change->end;
	return before;
}

static void end_value(const struct di__leaf *before)
{
	union {
		const void *given;
		void *taken;
	} value = { before->value };

	if (before->end != NULL)
		before->end(value.taken);
}

/* Puts a leaf of its own into the place; the one before is returned, or NULL. */
static enum di_status put_leaf(uintptr_t *place, const struct di__change *change,
			       struct di__leaf **before)
{
	struct di__leaf *leaf = di__leaf_new(&change->key, change->name, change->key.name != NULL,
					     di__space_memory(change->space));

	if (leaf == NULL)
		return DI_ENOMEM;
	leaf->value = change->value;
	leaf->end = change->end;
	*before = *place != 0 ? di__trie_leaf(*place) : NULL;
	*place = di__trie_slot(leaf);
	return DI_OK;
}

static enum di_status no_memory(const struct di__change *change, struct di_error *err)
{
	return di__fail(err, DI_ENOMEM, NULL, "for %s of %s", change->name, change->space->name);
}

enum di_status di__local_set(struct di_flow *flow, const struct di__change *change,
			     struct di_error *err)
{
	const struct di_allocator *memory;
	struct di__leaf *before = NULL;
	struct di__cell *cell;
	enum di_status status;
	uintptr_t *place;

	if (change->value == NULL)
		return di__misuse(err, DI_ENULL, NULL, "%s of %s needs a value", change->name,
				  change->space->name);
	status = di__locals_cell(flow, change->space, &cell, err);
	if (status != DI_OK)
		return status;
	memory = di__space_memory(change->space);
	place = di__trie_place(&cell->values, &change->key, memory);
	if (place == NULL)
		return no_memory(change, err);
	if (*place != 0 && change->frame == NULL &&
	    di__trie_is_ours(&di__trie_leaf(*place)->refs)) {
		struct di__leaf ended = exchange(di__trie_leaf(*place), change);

		end_value(&ended);
		return DI_OK;
	}
	if (put_leaf(place, change, &before) != DI_OK)
		return no_memory(change, err);
	if (change->frame != NULL) {
		change->frame->set = di__trie_leaf(di__trie_hold(*place));
		change->frame->old = before;
	} else if (before != NULL) {
		di__trie_release(di__trie_slot(before), memory);
	}
	return DI_OK;
}

enum di_status di__local_unset(struct di_flow *flow, const struct di__change *change,
			       struct di_error *err)
{
	const struct di_allocator *memory;
	struct di__cell *cell;
	enum di_status status;

	if (di__trie_find(di__locals_values(flow, change->space), &change->key) == NULL)
		return di__fail(err, DI_ENOVALUE, NULL, "%s of %s is not set in this flow",
				change->name, change->space->name);
	status = di__locals_cell(flow, change->space, &cell, err);
	if (status != DI_OK)
		return status;
	memory = di__space_memory(change->space);
	if (di__trie_place(&cell->values, &change->key, memory) == NULL)
		return no_memory(change, err);
	di__trie_release(di__trie_take(&cell->values, &change->key), memory);
	return DI_OK;
}

static struct di__change change_of(const struct di_local *space, uint32_t field, const void *value)
{
	const struct di_local_field *row = &space->fields[field];
	struct di__change change = { space, { field, NULL }, row->name, value, row->end, NULL };

	return change;
}

enum di_status di_local_set(const struct di_local *space, uint32_t field, const void *value,
			    struct di_error *err)
{
	struct di__change change;

	if (check_field(space, field, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(space, field, value);
	return di__local_set(di__flow_get(), &change, err);
}

enum di_status di_local_set_until(const struct di_local *space, uint32_t field, const void *value,
				  struct di_local_undo *undo, struct di_error *err)
{
	struct di__change change;

	if (check_field(space, field, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(space, field, value);
	return di__local_set_until(di__flow_get(), &change, undo, err);
}

enum di_status di_local_unset(const struct di_local *space, uint32_t field, struct di_error *err)
{
	struct di__change change;

	if (check_field(space, field, err) != DI_OK)
		return DI_EINVAL;
	change = change_of(space, field, NULL);
	return di__local_unset(di__flow_get(), &change, err);
}

static const struct di_type *type_of(const struct di_local *space, const struct di__leaf *leaf)
{
	return di__space_is_map(space) ? NULL : &space->fields[leaf->hash].type;
}

size_t di_local_each(const struct di_local *space, di_local_each_fn *function, void *data)
{
	uintptr_t values = di__trie_hold(di__locals_values(di__flow, space));
	const struct di__leaf *leaf = NULL;
	size_t count = 0;

	if (values == 0)
		return 0;
	di__space_hold(space);
	while ((leaf = di__trie_next(values, leaf)) != NULL) {
		if (function != NULL)
			function(data, leaf->name, type_of(space, leaf), leaf->value);
		count++;
	}
	di__trie_release(values, di__space_memory(space));
	di__space_release(space);
	return count;
}
