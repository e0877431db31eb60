/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

/* "the block of web", "the set of web_user" */
static const char *kind_of(const struct di__frame *frame)
{
	return frame->set != NULL ? "set" : "block";
}

static const char *name_of(const struct di__frame *frame)
{
	return frame->set != NULL ? frame->set->name : frame->space->name;
}

/* The number of the frame that has that serial, counted from 1; 0: there is none. */
static uint32_t find(struct di__frames *frames, uint64_t serial)
{
	uint32_t number = frames->count;

	while (number > 0 && di__frame_at(frames, number - 1)->serial != serial)
		number--;
	return serial != 0 ? number : 0;
}

static enum di_status not_open(const char *what, struct di_error *err)
{
	return di__misuse(err, DI_EINVAL, NULL,
			  "this %s is not open in this flow: it has ended already, or was begun in "
			  "another flow",
			  what);
}

static enum di_status out_of_order(const struct di__frame *frame, struct di_error *err)
{
	return di__misuse(err, DI_EINVAL, NULL,
			  "what was begun last ends first, and that is the %s of %s",
			  kind_of(frame), name_of(frame));
}

static struct di__frame pop(struct di__frames *frames)
{
	return *di__frame_at(frames, --frames->count);
}

static void drop_set(const struct di__frame *frame)
{
	const struct di_allocator *memory = di__space_memory(frame->space);

	di__trie_release(di__trie_slot(frame->set), memory);
	if (frame->old != NULL)
		di__trie_release(di__trie_slot(frame->old), memory);
	di__space_release(frame->space);
}

enum di_status di_local_begin(const struct di_local *space, struct di_local_block *block,
			      struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__cell *cell;
	struct di__frame *frame;
	enum di_status status = di__locals_cell(flow, space, &cell, err);

	block->serial = 0;
	if (status != DI_OK)
		return status;
	frame = di__frames_reserve(flow);
	if (frame == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for a block of %s", space->name);
	frame->space = space;
	frame->values = di__trie_hold(cell->values);
	di__space_hold(space);
	block->serial = frame->serial;
	di__frames_of(flow)->count++;
	return DI_OK;
}

/* The namespace is again what it was before the block. Returns what it was in it. */
static uintptr_t put_values_back(struct di_flow *flow, const struct di__frame *frame)
{
	struct di__cell *cell = di__locals_restore(flow, frame->space);
	uintptr_t inner = frame->values;

	if (cell != NULL) {
		inner = cell->values;
		cell->values = frame->values;
	}
	return inner;
}

static void drop_block(const struct di__frame *frame, uintptr_t inner)
{
	di__trie_release(inner, di__space_memory(frame->space));
	di__space_release(frame->space);
}

/* Whether all that was begun behind the block are sets of its namespace, which end with it. */
static const struct di__frame *first_in_the_way(struct di__frames *frames, uint32_t number)
{
	const struct di__frame *block = di__frame_at(frames, number - 1);
	uint32_t at;

	for (at = frames->count; at > number; at--) {
		const struct di__frame *frame = di__frame_at(frames, at - 1);

		if (frame->set == NULL || frame->space != block->space)
			return frame;
	}
	return NULL;
}

/* Everything is put back before anything ends, so that destructors find what will be there. */
static void end_block(struct di_flow *flow, struct di__frames *frames, uint32_t number)
{
	struct di__frame block = *di__frame_at(frames, number - 1);
	uintptr_t inner = put_values_back(flow, &block);

	while (frames->count > number) {
		struct di__frame frame = pop(frames);

		drop_set(&frame);
	}
	pop(frames);
	drop_block(&block, inner);
}

enum di_status di_local_end(struct di_local_block *block, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__frames *frames = di__frames_of(flow);
	uint32_t number = find(frames, block->serial);
	const struct di__frame *other;

	if (number == 0)
		return not_open("block", err);
	other = first_in_the_way(frames, number);
	if (other != NULL)
		return out_of_order(other, err);
	block->serial = 0;
	end_block(flow, frames, number);
	return DI_OK;
}

enum di_status di__local_set_until(struct di_flow *flow, struct di__change *change,
				   struct di_local_undo *undo, struct di_error *err)
{
	struct di__frame *frame = di__frames_reserve(flow);
	enum di_status status;

	undo->serial = 0;
	if (frame == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for %s of %s", change->name,
				change->space->name);
	frame->space = change->space;
	change->frame = frame;
	status = di__local_set(flow, change, err);
	if (status != DI_OK)
		return status;
	di__space_hold(frame->space);
	undo->serial = frame->serial;
	di__frames_of(flow)->count++;
	return DI_OK;
}

/* Checks that it was set last, and is still to be undone. */
static enum di_status check_undo(struct di__frames *frames, const struct di_local_undo *undo,
				 struct di_error *err)
{
	uint32_t number = find(frames, undo->serial);

	if (number == 0)
		return not_open("set", err);
	if (number != frames->count)
		return out_of_order(di__frame_at(frames, frames->count - 1), err);
	return DI_OK;
}

/* The leaf that was there before stands there again, or none. The one in its place is returned. */
static enum di_status put_back(struct di_flow *flow, const struct di__frame *frame, uintptr_t *gone)
{
	struct di__trie_key key = { frame->set->hash,
				    di__space_is_map(frame->space) ? frame->set->name : NULL };
	struct di__cell *cell;
	enum di_status status = di__locals_cell(flow, frame->space, &cell, NULL);
	uintptr_t *place;

	if (status != DI_OK)
		return status;
	place = di__trie_place(&cell->values, &key, di__space_memory(frame->space));
	if (place == NULL)
		return DI_ENOMEM;
	*gone = *place;
	if (frame->old != NULL)
		*place = di__trie_hold(di__trie_slot(frame->old));
	else if (*place != 0)
		*gone = di__trie_take(&cell->values, &key);
	return DI_OK;
}

enum di_status di_local_undo(struct di_local_undo *undo, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__frames *frames = di__frames_of(flow);
	struct di__frame frame;
	uintptr_t gone = 0;

	if (check_undo(frames, undo, err) != DI_OK)
		return DI_EINVAL;
	frame = *di__frame_at(frames, frames->count - 1);
	if (put_back(flow, &frame, &gone) != DI_OK)
		return di__fail(err, DI_ENOMEM, NULL, "for undoing the set of %s", frame.set->name);
	pop(frames);
	undo->serial = 0;
	di__trie_release(gone, di__space_memory(frame.space));
	drop_set(&frame);
	return DI_OK;
}

enum di_status di_local_keep(struct di_local_undo *undo, struct di_error *err)
{
	struct di__frames *frames = di__frames_of(di__flow_get());
	struct di__frame frame;

	if (check_undo(frames, undo, err) != DI_OK)
		return DI_EINVAL;
	undo->serial = 0;
	frame = pop(frames);
	drop_set(&frame);
	return DI_OK;
}

/* Ends what function has left open behind that block, and returns how much that was. */
static uint32_t end_all_behind(struct di_flow *flow, uint32_t number)
{
	struct di__frames *frames = di__frames_of(flow);
	uint32_t left = frames->count - number;

	while (frames->count > number) {
		struct di__frame frame = pop(frames);

		if (frame.set != NULL)
			drop_set(&frame);
		else
			drop_block(&frame, put_values_back(flow, &frame));
	}
	return left;
}

enum di_status di_local_call(const struct di_local *space, di_local_fn *function, void *data,
			     struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_local_block block;
	enum di_status status;
	uint32_t number, left;

	if (function == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no function to call");
	status = di_local_begin(space, &block, err);
	if (status != DI_OK)
		return status;
	number = di__frames_of(flow)->count;
	function(data);
	left = end_all_behind(flow, number);
	di_local_end(&block, NULL);
	return left == 0 ? DI_OK
			 : di__misuse(err, DI_EINVAL, NULL,
				      "the function has left %u of what it began open",
				      (unsigned)left);
}

struct di__with_local di__with_local_begin(const struct di_local *space, struct di_error *err)
{
	struct di__with_local with = { { 0 }, err, 0, 0 };

	with.begun = with.runs = di_local_begin(space, &with.block, err) == DI_OK;
	return with;
}

void di__with_local_end(struct di__with_local *with)
{
	if (with->begun)
		di_local_end(&with->block, with->err);
}
