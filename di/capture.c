/* SPDX-License-Identifier: MIT */
#include "di/capture.h"
#include "di/current.h"
#include "di/get.h"

#include <stdlib.h>

/* It is freed by the last of its owner and those who run it: that may be done within a run. */
struct di_capture {
	uint32_t refs;            /* atomic */
	struct di__locals *table; /* NULL: nothing was ever set */
	uint32_t count;
	struct di_context *entered[]; /* outermost first; pinned */
};

static struct di_capture *capture_new(struct di_flow *flow, uint32_t room, struct di_error *err)
{
	struct di_capture *capture = malloc(sizeof(*capture) + room * sizeof(struct di_context *));

	if (capture != NULL && di__locals_share(flow, &capture->table)) {
		capture->refs = 1;
		capture->count = 0;
		return capture;
	}
	free(capture);
	di__fail(err, DI_ENOMEM, NULL, "for capturing what the flow sees");
	return NULL;
}

struct di_capture *di_flow_capture(struct di_error *err)
{
	return capture_new(di__flow_get(), 0, err);
}

struct di_capture *di_flow_capture_contexts(struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_capture *capture = capture_new(flow, flow->entered_count, err);
	uint32_t i;

	if (capture == NULL)
		return NULL;
	for (i = 0; i < flow->entered_count; i++) {
		if (di__context_keep(flow, flow->entered[i], err) != DI_OK) {
			di_capture_free(capture);
			return NULL;
		}
		capture->entered[capture->count++] = flow->entered[i];
	}
	return capture;
}

static void let_go(struct di_flow *flow, struct di_capture *capture)
{
	uint32_t i;

	if (__atomic_sub_fetch(&capture->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (i = capture->count; i > 0; i--)
		di__context_let_go(flow, capture->entered[i - 1]);
	di__locals_drop(capture->table);
	free(capture);
	di__steps_run(flow);
}

void di_capture_free(struct di_capture *capture)
{
	if (capture != NULL)
		let_go(di__flow_get(), capture);
}

/* For as long as it is run: it is the user's constant, and the count is not. */
static struct di_capture *keep(const struct di_capture *capture)
{
	struct di_capture *kept = (struct di_capture *)(uintptr_t)capture;

	__atomic_add_fetch(&kept->refs, 1, __ATOMIC_RELAXED);
	return kept;
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

static enum di_status check(const struct di_capture *capture, di_local_fn *function,
			    struct di_error *err)
{
	if (capture != NULL && function != NULL)
		return DI_OK;
	return di__misuse(err, DI_EINVAL, NULL, "there is no %s to run",
			  capture == NULL ? "capture" : "function");
}

static enum di_status left_open(uint32_t left, struct di_error *err)
{
	return left == 0 ? DI_OK
			 : di__misuse(err, DI_EINVAL, NULL,
				      "the function has left %u of what it began open",
				      (unsigned)left);
}

enum di_status di_flow_run_values(const struct di_capture *capture, di_local_fn *function,
				  void *data, struct di_error *err)
{
	enum di_status status = check(capture, function, err);

	if (status != DI_OK)
		return status;
	return left_open(run(&di__flow_get()->locals, hold(capture->table), function, data), err);
}

/* Leaves what is entered above base. Returns how much of that was not captured. */
static uint32_t leave(struct di_flow *flow, const struct di_capture *capture, uint32_t base)
{
	uint32_t i = 0, others;

	while (i < capture->count && base + i < flow->entered_count &&
	       flow->entered[base + i] == capture->entered[i])
		i++;
	others = flow->entered_count > base ? flow->entered_count - base - i : 0;
	while (flow->entered_count > base)
		di_context_leave(flow->entered[flow->entered_count - 1], NULL);
	return others;
}

/* As long as function runs nobody who frees the container closes what it has entered. */
static enum di_status enter_one(struct di_flow *flow, struct di_context *context,
				struct di_error *err)
{
	enum di_status status = DI_ECLOSED;

	if (di__handling_begin(context->container)) {
		status = di__flow_enter(flow, context, err);
		if (status != DI_OK)
			di__handling_leave(flow, context->container);
	}
	return status;
}

/* *entered says how many were. */
static enum di_status enter(struct di_flow *flow, const struct di_capture *capture,
			    uint32_t *entered, struct di_error *err)
{
	enum di_status status = DI_OK;
	uint32_t i;

	for (i = 0; i < capture->count && status == DI_OK; i++)
		status = enter_one(flow, capture->entered[i], err);
	*entered = i - (status != DI_OK);
	if (status != DI_ECLOSED)
		return status;
	return di__fail(err, DI_ECLOSED, NULL,
			"a context of scope %s that was captured was closed meanwhile",
			capture->entered[i - 1]->scope->name);
}

static enum di_status run_entered(struct di_flow *flow, const struct di_capture *capture,
				  di_local_fn *function, void *data, struct di_error *err)
{
	uint32_t base = flow->entered_count, entered, left = 0;
	enum di_status status = enter(flow, capture, &entered, err);

	if (status == DI_OK)
		left = run(&flow->locals, hold(capture->table), function, data);
	left += leave(flow, capture, base);
	while (entered > 0)
		di__handling_leave(flow, capture->entered[--entered]->container);
	return status == DI_OK ? left_open(left, err) : status;
}

enum di_status di_flow_run(const struct di_capture *capture, di_local_fn *function, void *data,
			   struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = check(capture, function, err);
	struct di_capture *kept;

	if (status != DI_OK)
		return status;
	kept = keep(capture);
	status = run_entered(flow, kept, function, data, err);
	let_go(flow, kept);
	di__steps_run(flow);
	return status;
}
