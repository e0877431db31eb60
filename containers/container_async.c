/* SPDX-License-Identifier: MIT */
#include "containers/connect.h"
#include "containers/start.h"
#include "di/below.h"
#include "di/get.h"
#include "di/home.h"
#include "di/operation.h"
#include "di/threads.h"

/*
 * Starting and freeing where that takes time.
 */

/* ---- Starting. ---- */

struct start;

/** One row that is asked for. */
struct started {
	struct start *start;
	uint32_t number;
};

struct start {
	struct di__operation operation;
	uint32_t pending; /* atomic */
	uint32_t failed;  /* the number of the row whose error it has; under the lock of steps.c */
	struct started rows[];
};

static uint32_t count_eager(const struct di_container *container, const struct di_table *table)
{
	uint32_t i, count = 0;

	for (i = 0; i < table->count; i++)
		count += table->providers[i]->kind->eager &&
			 !di__is_overridden(container->root, table->providers[i]);
	return count;
}

static void note_failure(struct start *start, uint32_t number, const struct di_error *error)
{
	struct di__ending *ending = &start->operation.ending;

	di__waiting_lock();
	if (ending->status == DI_OK) {
		*ending->err = *error;
	} else if (number < start->failed) {
		unsigned more = ending->err->more + 1;

		*ending->err = *error;
		ending->err->more += more;
	} else {
		ending->err->more += 1 + error->more;
	}
	if (ending->status == DI_OK || number < start->failed)
		start->failed = number;
	ending->status = ending->err->status;
	di__waiting_unlock();
}

static void settle(struct di_flow *flow, struct start *start)
{
	if (__atomic_sub_fetch(&start->pending, 1, __ATOMIC_ACQ_REL) == 0)
		di__operation_done(flow, &start->operation);
}

static void take(void *data, void *value, const struct di_error *error)
{
	const struct started *row = data;

	(void)value;
	if (error != NULL)
		note_failure(row->start, row->number, error);
	settle(di__flow_get(), row->start);
}

/* Asks for the rows of one table; returns the number of the next one. */
static uint32_t ask(struct di_container *container, const struct di_table *table,
		    struct start *start, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const struct di_provider *provider = table->providers[i];
		struct started *row = &start->rows[number];
		struct di_error err;

		if (!provider->kind->eager || di__is_overridden(container->root, provider))
			continue;
		*row = (struct started){ start, number++ };
		if (di_get_async(container->root, provider, take, row, &err).number != 0)
			continue;
		note_failure(start, row->number, &err);
		__atomic_sub_fetch(&start->pending, 1, __ATOMIC_ACQ_REL);
	}
	return number;
}

enum di_status di_container_start_async(struct di_container *container, di_done_fn *callback,
					void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	uint32_t i, count, number = 0;
	struct start *start;

	if (container == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no container to start");
	count = count_eager(container, container->table);
	for (i = 0; i < container->parts_count; i++)
		count += count_eager(container, container->parts[i].container->table);
	start = di__operation_new(container, sizeof(*start) + count * sizeof(struct started),
				  callback, data, err);
	if (start == NULL)
		return callback == NULL ? DI_EINVAL : DI_ENOMEM;
	start->pending = count + 1;
	for (i = 0; i < container->parts_count; i++)
		number = ask(container, container->parts[i].container->table, start, number);
	ask(container, container->table, start, number);
	settle(flow, start);
	di__steps_run(flow);
	return DI_OK;
}

/* ---- Freeing. ---- */

struct freeing {
	struct di__close close;
	struct di_container *container;
};

static void end_next(struct di_flow *flow, struct di__step *step);

static struct freeing *freeing_of(void *first)
{
	return first;
}

/* Its gets have called back, and nothing is alive. */
static void release(struct di_flow *flow, struct di__step *step)
{
	struct freeing *freeing = freeing_of(step);

	di__container_release(freeing->container);
	di__operation_done(flow, &freeing->close.operation);
}

static void release_or_wait(struct di_flow *flow, struct freeing *freeing)
{
	struct di__operation *operation = &freeing->close.operation;

	operation->ending.step.run = release;
	if (di__container_release_or_wait(freeing->container, operation))
		di__step_add(flow, &operation->ending.step);
}

static void ended_one(struct di_flow *flow, struct di__close *close)
{
	struct freeing *freeing = freeing_of(close);
	struct di_context *context = close->context;

	if (di__observed(context->container))
		di__tell(context, DI_EVENT_CLOSED, NULL, 0, close->outcome, NULL);
	if (context->parent == NULL) {
		release_or_wait(flow, freeing);
		return;
	}
	di__context_retire(flow, context);
	close->operation.ending.step.run = end_next;
	di__step_add(flow, &close->operation.ending.step);
}

/* Contexts first, the innermost before others, then what belongs to threads, then the root. */
static void end_next(struct di_flow *flow, struct di__step *step)
{
	struct freeing *freeing = freeing_of(step);
	struct di__close *close = &freeing->close;
	struct di__ending *ending = &close->operation.ending;
	struct di_context *root = freeing->container->root;

	close->context = di__below_next(root, flow);
	close->outcome = close->context == root ? DI_DONE : DI_CANCELLED;
	if (close->context == root && root->threads)
		di__threads_end(freeing->container, flow, &ending->status, ending->err);
	di__context_end_begin(flow, close->context);
	di__close_run(flow, close);
}

static void note_open(struct di_container *container, struct di_flow *flow,
		      struct di__ending *ending)
{
	char names[96] = "";
	unsigned open = di__below_count(container->root, flow, names, sizeof(names));

	if (container->root->threads)
		open += di__threads_count_open(container, flow, names, sizeof(names));
	if (open > 0)
		ending->status = di__fail(ending->err, DI_EOPEN, NULL,
					  "%u of them, the innermost in: %s", open, names);
}

/* Handlers close no context any more: what is open stays so until it is closed here. */
static void begin_ending(struct di_flow *flow, struct di__step *step)
{
	struct freeing *freeing = freeing_of(step);

	note_open(freeing->container, flow, &freeing->close.operation.ending);
	end_next(flow, step);
}

static enum di_status begin_freeing(struct di_container *container, struct di_flow *flow,
				    struct di_error *err)
{
	enum di_status status = di__connect_check_unused(container, 1, err);

	if (status == DI_OK && container->starts != NULL)
		status = di__start_end(container, err);
	if (status == DI_OK)
		status = di__below_check_async(container->root, flow, err);
	if (status == DI_OK && container->root->threads)
		status = di__threads_claim(container, flow, err);
	return status;
}

enum di_status di_container_free_async(struct di_container *container, di_done_fn *callback,
				       void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct freeing *freeing;
	enum di_status status;

	if (container == NULL && callback != NULL) {
		callback(data, DI_OK, NULL);
		return DI_OK;
	}
	if (container == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no callback");
	freeing = di__operation_new(container, sizeof(*freeing), callback, data, err);
	if (freeing == NULL)
		return callback == NULL ? DI_EINVAL : DI_ENOMEM;
	freeing->container = container;
	freeing->close.torn_down = ended_one;
	status = begin_freeing(container, flow, err);
	if (status != DI_OK) {
		di__operation_drop(&freeing->close.operation);
		return status;
	}
	freeing->close.operation.ending.step.run = begin_ending;
	if (di__handling_stop(container, &freeing->close.operation))
		di__step_add(flow, &freeing->close.operation.ending.step);
	di__steps_run(flow);
	return DI_OK;
}
