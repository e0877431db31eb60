/* SPDX-License-Identifier: MIT */
#include "di/handler_async.h"

#include "di/get.h"
#include "di/home.h"
#include "di/operation.h"
#include "di/threads.h"

#include <stddef.h>

/*
 * One call of an asynchronous handler: ask for its needs, call the function, close what was opened
 * for it, tell.
 */

struct handling;

struct asked {
	struct handling *handling;
	uint32_t number;
};

struct handling {
	struct di__close close; /* of the context that was opened for the call, if any */
	const struct di_provider *const *needs;
	const char *name;
	di__handler_run_fn *run;
	di__handler_told_fn *told;
	void (*callback)(void);
	void *data;
	struct di_context *context;
	struct di_container *container; /* which it keeps until its end */
	uint32_t pending;               /* atomic */
	uint32_t failed; /* the number of the need whose error it has; under the lock of steps.c */
	int called;
	struct asked asked[DI_NEEDS_MAX];
	void *values[DI_NEEDS_MAX];
	_Alignas(max_align_t) unsigned char frame[];
};

static void tell(void *data, enum di_status status, const struct di_error *error)
{
	struct handling *handling = data;

	handling->told(handling->frame, handling->callback, handling->data, handling->called,
		       status, error);
}

/* Its memory is the callback's as long as that runs. */
static void done(struct di_flow *flow, struct handling *handling)
{
	struct di__ending *ending = &handling->close.operation.ending;

	if (ending->status != DI_OK)
		di__error_path(ending->err, handling->name);
	di__operation_done(flow, &handling->close.operation);
}

static void torn_down(struct di_flow *flow, struct di__close *close)
{
	struct di_container *container = close->context->container;

	di__close_end(close->context, flow, close->outcome);
	di__handling_end(flow, container);
	done(flow, (struct handling *)(void *)close);
}

static void close_opened(struct di_flow *flow, struct handling *handling, int failed)
{
	struct di__close *close = &handling->close;
	struct di__ending *ending = &close->operation.ending;
	struct di_context *context = close->context;
	struct di_error err;
	enum di_status status;
	int waits;

	close->outcome = failed ? DI_FAILED : DI_DONE;
	status = di__close_begin(context, flow, &waits, &err);
	di__unpin(flow, context);
	if (status == DI_OK) {
		di__close_run(flow, close);
		return;
	}
	di__handling_end(flow, handling->container);
	if (ending->status == DI_OK) {
		*ending->err = err;
		ending->status = status;
	} else {
		ending->err->more += 1 + err.more;
	}
	done(flow, handling);
}

/* Who frees the container closes what was opened. */
static void give_up(struct di_flow *flow, struct handling *handling)
{
	struct di__ending *ending = &handling->close.operation.ending;

	if (ending->status == DI_OK)
		ending->status =
			di__fail(ending->err, DI_ECLOSED, NULL, "its container is being freed");
	if (handling->close.context != NULL)
		di__unpin(flow, handling->close.context);
	di__container_let_go(flow, handling->container);
	done(flow, handling);
}

/* All needs have settled. */
static void call(struct di_flow *flow, struct di__step *step)
{
	struct handling *handling = (struct handling *)(void *)step;
	int failed = 1;

	if (!di__handling_begin(handling->container)) {
		give_up(flow, handling);
		return;
	}
	if (handling->close.operation.ending.status == DI_OK) {
		failed = handling->run(handling->frame, handling->values);
		handling->called = 1;
	}
	if (handling->close.context != NULL) {
		close_opened(flow, handling, failed);
		return;
	}
	di__handling_end(flow, handling->container);
	done(flow, handling);
}

static void settle(struct di_flow *flow, struct handling *handling)
{
	struct di__step *step = &handling->close.operation.ending.step;

	if (__atomic_sub_fetch(&handling->pending, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	step->run = call;
	di__step_add(flow, step);
}

static void note_failure(struct handling *handling, uint32_t number, const struct di_error *error)
{
	struct di__ending *ending = &handling->close.operation.ending;
	unsigned more = 0;

	di__waiting_lock();
	if (ending->status != DI_OK)
		more = ending->err->more + 1;
	if (ending->status == DI_OK || number < handling->failed) {
		*ending->err = *error;
		ending->status = error->status;
		handling->failed = number;
		ending->err->more += more;
	} else {
		ending->err->more += 1 + error->more;
	}
	di__waiting_unlock();
}

static void take(void *data, void *value, const struct di_error *error)
{
	const struct asked *asked = data;

	if (error == NULL)
		asked->handling->values[asked->number] = value;
	else
		note_failure(asked->handling, asked->number, error);
	settle(di__flow_get(), asked->handling);
}

/* The function is called wherever the last need is complete. */
static enum di_status refuse_thread(struct di_context *at, const struct di_provider *need,
				    const char *name, struct di_error *err)
{
	const struct di_provider *own = need;
	const struct di_context *home;

	if (di__check_provider(at, &own, err) != DI_OK || di__prepare(at->container, err) != DI_OK)
		return err->status;
	home = di__home(at, own, NULL);
	if (home == NULL || !di__lives_with_thread(home, own))
		return DI_OK;
	return di__fail(err, DI_ETHREAD, need,
			"it lives with a thread, and %s is called wherever its needs are complete",
			name);
}

static void ask(struct handling *handling, uint32_t number)
{
	const struct di_provider *need = handling->needs[number];
	struct di_context *at = handling->close.context;
	struct asked *asked = &handling->asked[number];
	struct di_error err;

	*asked = (struct asked){ handling, number };
	if (need == &di__context) {
		take(asked, di__called_on(handling->context), NULL);
		return;
	}
	if (at == NULL)
		at = handling->context;
	if (refuse_thread(at, need, handling->name, &err) != DI_OK ||
	    di_get_async(at, need, take, asked, &err).number == 0)
		take(asked, NULL, &err);
}

static struct handling *handling_of(void *frame)
{
	return (struct handling *)(void *)((char *)frame - offsetof(struct handling, frame));
}

enum di_status di__handler_begin(struct di_context *context, const struct di_provider *const *needs,
				 const struct di_scope *scope, const char *name, size_t frame_size,
				 void **frame, struct di_error *err)
{
	struct di_error own = { 0 };
	struct di_error *failure = err != NULL ? err : &own;
	struct handling *handling;

	if (context == NULL)
		return di__misuse(err, DI_EINVAL, NULL,
				  "%s was called on no context, or with no callback", name);
	handling = di__operation_new(context->container, sizeof(*handling) + frame_size, tell, NULL,
				     failure);
	if (handling == NULL)
		return failure->status;
	handling->close.operation.data = handling;
	handling->close.operation.keeps = 1;
	handling->close.torn_down = torn_down;
	handling->needs = needs;
	handling->name = name;
	handling->context = context;
	handling->container = context->container;
	*frame = handling->frame;
	if (scope == NULL) {
		di__container_hold(handling->container);
		return DI_OK;
	}
	handling->close.context = di__context_open_private(context, scope, failure);
	if (handling->close.context != NULL)
		return di__context_keep(di__flow_get(), handling->close.context, failure);
	di__operation_drop(&handling->close.operation);
	di__error_path(failure, name);
	return failure->status;
}

void di__handler_go(void *frame, di__handler_run_fn *run, di__handler_told_fn *told,
		    void (*callback)(void), void *data)
{
	struct handling *handling = handling_of(frame);
	struct di_flow *flow = di__flow_get();
	uint32_t i, count = 0;

	while (handling->needs[count] != NULL)
		count++;
	handling->run = run;
	handling->told = told;
	handling->callback = callback;
	handling->data = data;
	handling->pending = count + 1;
	for (i = 0; i < count; i++)
		ask(handling, i);
	settle(flow, handling);
	di__steps_run(flow);
}
