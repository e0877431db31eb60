/* SPDX-License-Identifier: MIT */
#include "di/handler.h"

#include "di/current.h"

#include <stdlib.h>

/* Of flows that are threads; apart from struct di_flow, which must stay small. */
static _Thread_local struct di__callback of_thread;

/* Of a flow that has no memory for its own; it is never written. */
static struct di__callback lost = {
	.error = { .status = DI_ENOMEM, .detail = "for keeping the error of a callback" },
};

struct di_context *di__called_on(struct di_context *context)
{
	return context != NULL && context->private_ ? context->parent : context;
}

/* Gets the needs in order, and puts the context behind them. */
static enum di_status get_needs(struct di_context *at, struct di_context *context,
				const struct di_provider *const *needs, void **values,
				struct di_error *err)
{
	for (; *needs != NULL; needs++, values++) {
		*values = *needs == &di__context ? di__called_on(context)
						 : di_resolve(at, err, *needs);
		if (*values == NULL)
			return err->status;
	}
	*values = at;
	return DI_OK;
}

enum di_status di__call_prepare(struct di_context *context, const struct di_provider *const *needs,
				void **values, const struct di_scope *scope, const char *name,
				struct di_error *err)
{
	struct di_context *at = context;
	struct di_error own, closing;
	enum di_status status = DI_OK;

	/* Not all of them: they are large, and written whole where something fails. */
	own.status = DI_OK;
	closing.more = 0;
	if (err == NULL)
		err = &own;
	if (context == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "%s was called on no context", name);
	if (scope != NULL) {
		at = di__context_open_private(context, scope, err);
		if (at == NULL)
			status = err->status;
	}
	if (status == DI_OK)
		status = get_needs(at, context, needs, values, err);
	if (status == DI_OK)
		return DI_OK;
	di__error_path(err, name);
	if (scope != NULL && at != NULL && di_context_close(at, DI_FAILED, &closing) != DI_OK)
		err->more += 1 + closing.more;
	return status;
}

enum di_status di__call_end(struct di_context *opened, int failed, const char *name,
			    struct di_error *err)
{
	enum di_status status = di_context_close(opened, failed ? DI_FAILED : DI_DONE, err);

	if (status != DI_OK)
		di__error_path(err, name);
	return status;
}

static const struct di_table *table_of(const struct di_provider *const *needs)
{
	for (; *needs != NULL; needs++) {
		if ((*needs)->table != NULL)
			return (*needs)->table;
	}
	return NULL;
}

struct di_context *di__callback_begin(const struct di_provider *const *needs, const char *name,
				      struct di_error *err)
{
	const struct di_table *table = table_of(needs);
	struct di_context *context = table != NULL ? di_context_current(table) : NULL;

	if (context == NULL) {
		di__fail(err, DI_ENOCONTEXT, NULL, "no context of %s is entered",
			 table != NULL ? table->name : "any table");
		di__error_path(err, name);
	}
	return context;
}

static DI__NOINLINE enum di_status prepare_across(struct di_context *context,
						  const struct di_provider *const *needs,
						  void **values, const struct di_scope *scope,
						  const char *name, struct di_error *err)
{
	if (!di__covers_all(context->container, needs))
		context = di__flow_context(di__flow_get(), needs);
	if (context != NULL)
		return di__call_prepare(context, needs, values, scope, name, err);
	di__fail(err, DI_ENOCONTEXT, NULL, "no context is entered that covers all that it needs");
	di__error_path(err, name);
	return DI_ENOCONTEXT;
}

enum di_status di__callback_prepare(struct di_context *context,
				    const struct di_provider *const *needs, void **values,
				    const struct di_scope *scope, const char *name,
				    struct di_error *err)
{
	if (DI__UNLIKELY(context->connects || DI__LOAD_RELAXED(context->container->users) != NULL))
		return prepare_across(context, needs, values, scope, name, err);
	return di__call_prepare(context, needs, values, scope, name, err);
}

static struct di__callback *callback_of(struct di_flow *flow)
{
	if (DI__LIKELY(flow->callback != NULL))
		return flow->callback;
	flow->callback = flow->thread == flow ? &of_thread : calloc(1, sizeof(*flow->callback));
	if (flow->callback == NULL)
		flow->callback = &lost;
	return flow->callback;
}

void di__callback_failed(const struct di_error *err)
{
	struct di__callback *callback = callback_of(di__flow_get());

	if (callback == &lost)
		return;
	if (callback->unread) {
		callback->error.more++;
		return;
	}
	callback->error = *err;
	callback->unread = 1;
}

const struct di_error *di_callback_error(void)
{
	struct di_flow *flow = di__flow_get();
	struct di__callback *callback = flow->callback;

	if (callback == &lost) {
		flow->callback = NULL;
		return &lost.error;
	}
	if (callback == NULL || !callback->unread)
		return NULL;
	callback->unread = 0;
	return &callback->error;
}

void di__callback_end(struct di_flow *flow)
{
	if (flow->thread != flow && flow->callback != &lost)
		free(flow->callback);
	flow->callback = NULL;
}
