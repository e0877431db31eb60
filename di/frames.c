/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <stdlib.h>
#include <string.h>

struct di__frames *di__frames_of(struct di_flow *flow)
{
	return flow->locals.frames != NULL ? flow->locals.frames : &flow->locals.own;
}

static int grow(struct di__frames *frames)
{
	uint32_t room = frames->room != 0 ? 2 * frames->room : 2 * DI__FRAMES_FEW;
	struct di__frame *more = malloc(room * sizeof(*more));

	if (more == NULL)
		return 0;
	memcpy(more, di__frame_at(frames, 0), frames->count * sizeof(*more));
	free(frames->more);
	frames->more = more;
	frames->room = room;
	return 1;
}

struct di__frame *di__frames_reserve(struct di_flow *flow)
{
	struct di__frames *frames = di__frames_of(flow);
	struct di__frame *frame;

	if (frames->count == (frames->more != NULL ? frames->room : DI__FRAMES_FEW) &&
	    !grow(frames))
		return NULL;
	frame = di__frame_at(frames, frames->count);
	memset(frame, 0, sizeof(*frame));
	/* Unique in the process: numbers of flows are. */
	frame->serial = flow->id << 32 | ++flow->locals.serial;
	return frame;
}

static void drop(const struct di__frame *frame)
{
	const struct di_allocator *memory = di__space_memory(frame->space);

	di__trie_release(frame->values, memory);
	if (frame->set != NULL)
		di__trie_release(di__trie_slot(frame->set), memory);
	if (frame->old != NULL)
		di__trie_release(di__trie_slot(frame->old), memory);
	di__space_release(frame->space);
}

void di__frames_drop(struct di__frames *frames)
{
	while (frames->count > 0) {
		struct di__frame frame = *di__frame_at(frames, --frames->count);

		drop(&frame);
	}
	free(frames->more);
	frames->more = NULL;
	frames->room = 0;
}
