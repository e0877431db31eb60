/* SPDX-License-Identifier: MIT */
#include "di/operation.h"

#include <string.h>

void *di__operation_new(struct di_container *container, size_t size, di_done_fn *callback,
			void *data, struct di_error *err)
{
	const struct di_allocator *allocator = &container->allocator;
	struct di__operation *operation;

	if (callback == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no callback");
		return NULL;
	}
	operation = allocator->allocate(size, allocator->data);
	if (operation == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for what calls back");
		return NULL;
	}
	/* The error is written when there is one. */
	memset(operation, 0, offsetof(struct di__operation, err));
	operation->err.status = DI_OK;
	operation->err.more = 0;
	memset(operation + 1, 0, size - sizeof(*operation));
	operation->allocator = *allocator;
	operation->size = size;
	operation->executor = di__flow_get()->executor;
	operation->callback = callback;
	operation->data = data;
	operation->ending.err = &operation->err;
	operation->ending.step.of = DI__STEP_OF_OPERATION;
	return operation;
}

void di__operation_drop(struct di__operation *operation)
{
	struct di_allocator allocator = operation->allocator;

	allocator.release(operation, operation->size, allocator.data);
}

static DI__NOINLINE void tell_failure(struct di__operation *operation)
{
	struct di_error err = operation->err;
	enum di_status status = operation->ending.status;
	di_done_fn *callback = operation->callback;
	void *data = operation->data;

	di__operation_drop(operation);
	callback(data, status, &err);
}

static void call_back(struct di__operation *operation)
{
	enum di_status status = operation->ending.status;
	di_done_fn *callback = operation->callback;
	void *data = operation->data;

	if (DI__UNLIKELY(operation->keeps)) {
		callback(data, status, status != DI_OK ? &operation->err : NULL);
		di__operation_drop(operation);
	} else if (DI__LIKELY(status == DI_OK)) {
		di__operation_drop(operation);
		callback(data, DI_OK, NULL);
	} else {
		tell_failure(operation);
	}
}

static void run_step(struct di_flow *flow, struct di__step *step)
{
	(void)flow;
	call_back((struct di__operation *)(void *)step);
}

static void run_task(struct di_task *task)
{
	call_back((struct di__operation *)(void *)((char *)task -
						   offsetof(struct di__operation, task)));
	di__steps_run(di__flow_get());
}

void di__operation_done(struct di_flow *flow, struct di__operation *operation)
{
	if (operation->executor != NULL) {
		operation->task = (struct di_task){ NULL, run_task };
		operation->executor->post(operation->executor, &operation->task);
		return;
	}
	operation->ending.step.run = run_step;
	di__step_add(flow, &operation->ending.step);
}
