/* SPDX-License-Identifier: MIT */
#include "di/operation.h"

/*
 * Resets and drops whose finalizers take time.
 */

static void end_reset(struct di_flow *flow, struct di__ending *ending)
{
	struct di__removal *removal = (struct di__removal *)(void *)ending;

	di__context_end_change(flow, removal->taken.context);
	di__operation_done(flow, &removal->operation);
}

void di__drop_done(struct di_flow *flow, struct di__ending *ending)
{
	struct di__removal *removal = (struct di__removal *)(void *)ending;

	di__drop_end(flow, removal->taken.context);
	di__operation_done(flow, &removal->operation);
}

static void run(struct di__removal *removal, void (*done)(struct di_flow *, struct di__ending *))
{
	struct di__ending *ending = &removal->operation.ending;
	struct di_flow *flow = di__flow_get();

	ending->done = done;
	ending->outcome = DI_DONE;
	ending->todo = removal->taken.todo;
	di__todo_end(flow, removal->taken.of_thread, DI_DONE, &ending->status, ending->err);
	if (removal->taken.context != NULL)
		di__ending_run(flow, ending);
	else
		di__operation_done(flow, &removal->operation);
	di__steps_run(flow);
}

static struct di__removal *begin(struct di_context *context, const struct di_provider *provider,
				 di_done_fn *callback, void *data, struct di_error *err,
				 enum di_status *status)
{
	struct di__removal *removal = NULL;

	*status = di__check_provider(context, &provider, err);
	if (*status != DI_OK)
		return NULL;
	removal = di__operation_new(context->container, sizeof(*removal), callback, data, err);
	if (removal == NULL)
		*status = callback == NULL ? DI_EINVAL : DI_ENOMEM;
	return removal;
}

enum di_status di_reset_async(struct di_context *context, const struct di_provider *provider,
			      di_done_fn *callback, void *data, struct di_error *err)
{
	enum di_status status;
	struct di__removal *removal = begin(context, provider, callback, data, err, &status);

	if (removal == NULL)
		return status;
	status = di__reset_begin(context, provider, 1, &removal->taken, err);
	if (status == DI_OK)
		run(removal, end_reset);
	else
		di__operation_drop(&removal->operation);
	return status;
}

enum di_status di__drop_with_care(struct di_context *context, const struct di_provider *provider,
				  const void *value, di_done_fn *callback, void *data,
				  struct di_error *err)
{
	enum di_status status;
	struct di__removal *removal = begin(context, provider, callback, data, err, &status);

	if (removal == NULL)
		return status;
	status = di__drop_begin(context, provider, value, 1, &removal->taken, err);
	if (status == DI_OK)
		run(removal, di__drop_done);
	else
		di__operation_drop(&removal->operation);
	return status;
}
