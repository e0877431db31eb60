/* SPDX-License-Identifier: MIT */
#include "di/operation.h"

/*
 * Resets and drops whose finalizers take time.
 */

struct change {
	struct di__operation operation;
	struct di__taken taken;
};

static void end_reset(struct di_flow *flow, struct di__ending *ending)
{
	struct change *change = (struct change *)(void *)ending;

	di__context_end_change(flow, change->taken.context);
	di__operation_done(flow, &change->operation);
}

static void end_drop(struct di_flow *flow, struct di__ending *ending)
{
	struct change *change = (struct change *)(void *)ending;

	di__drop_end(flow, change->taken.context);
	di__operation_done(flow, &change->operation);
}

static void run(struct change *change, void (*done)(struct di_flow *, struct di__ending *))
{
	struct di__ending *ending = &change->operation.ending;
	struct di_flow *flow = di__flow_get();

	ending->done = done;
	ending->outcome = DI_DONE;
	ending->todo = change->taken.todo;
	di__todo_end(flow, change->taken.of_thread, DI_DONE, &ending->status, ending->err);
	if (change->taken.context != NULL)
		di__ending_run(flow, ending);
	else
		di__operation_done(flow, &change->operation);
	di__steps_run(flow);
}

static struct change *begin(struct di_context *context, const struct di_provider *provider,
			    di_done_fn *callback, void *data, struct di_error *err,
			    enum di_status *status)
{
	struct change *change = NULL;

	*status = di__check_provider(context, &provider, err);
	if (*status != DI_OK)
		return NULL;
	change = di__operation_new(context->container, sizeof(*change), callback, data, err);
	if (change == NULL)
		*status = callback == NULL ? DI_EINVAL : DI_ENOMEM;
	return change;
}

enum di_status di_reset_async(struct di_context *context, const struct di_provider *provider,
			      di_done_fn *callback, void *data, struct di_error *err)
{
	enum di_status status;
	struct change *change = begin(context, provider, callback, data, err, &status);

	if (change == NULL)
		return status;
	status = di__reset_begin(context, provider, 1, &change->taken, err);
	if (status == DI_OK)
		run(change, end_reset);
	else
		di__operation_drop(&change->operation);
	return status;
}

enum di_status di_context_drop_async(struct di_context *context, const struct di_provider *provider,
				     const void *value, di_done_fn *callback, void *data,
				     struct di_error *err)
{
	enum di_status status;
	struct change *change = begin(context, provider, callback, data, err, &status);

	if (change == NULL)
		return status;
	status = di__drop_begin(context, provider, value, 1, &change->taken, err);
	if (status == DI_OK)
		run(change, end_drop);
	else
		di__operation_drop(&change->operation);
	return status;
}
