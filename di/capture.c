/* SPDX-License-Identifier: MIT */
#include "di/capture.h"
#include "di/internal.h"

#include <stdlib.h>

struct di_capture {
	struct di__locals *table; /* NULL: nothing was ever set */
};

struct di_capture *di_flow_capture(struct di_error *err)
{
	struct di_capture *capture = malloc(sizeof(*capture));

	if (capture != NULL && di__locals_share(di__flow_get(), &capture->table))
		return capture;
	free(capture);
	di__fail(err, DI_ENOMEM, NULL, "for capturing the values of the flow");
	return NULL;
}

void di_capture_free(struct di_capture *capture)
{
	if (capture == NULL)
		return;
	di__locals_drop(capture->table);
	free(capture);
}

static struct di__locals *hold(struct di__locals *table)
{
	if (table != NULL)
		__atomic_fetch_add(&table->refs, 1, __ATOMIC_RELAXED);
	return table;
}

struct di__locals *di__capture_hold(const struct di_capture *capture)
{
	return hold(capture->table);
}

/* Replaces what the flow has while function runs. Returns how much it has left open. */
static uint32_t run(struct di__flow_locals *locals, struct di__locals *table, di_local_fn *function,
		    void *data)
{
	struct di__locals *outer = locals->table, *outer_spare = locals->spare, *spare;
	struct di__frames *outer_frames = locals->frames;
	struct di__frames frames = { .count = 0 };
	uint32_t left;

	locals->table = table;
	locals->spare = NULL;
	locals->frames = &frames;
	function(data);
	left = frames.count;
	table = locals->table;
	spare = locals->spare;
	locals->table = outer;
	locals->spare = outer_spare;
	locals->frames = outer_frames;
	free(spare);
	di__frames_drop(&frames);
	di__locals_drop(table);
	return left;
}

enum di_status di_flow_run(const struct di_capture *capture, di_local_fn *function, void *data,
			   struct di_error *err)
{
	uint32_t left;

	if (capture == NULL || function == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s to run",
				  capture == NULL ? "capture" : "function");
	left = run(&di__flow_get()->locals, hold(capture->table), function, data);
	return left == 0 ? DI_OK
			 : di__misuse(err, DI_EINVAL, NULL,
				      "the function has left %u of what it began open",
				      (unsigned)left);
}
