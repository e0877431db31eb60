/* SPDX-License-Identifier: MIT */
#include "di/async_row.h"
#include "di/dependents.h"
#include "di/get.h"
#include "di/stepwise.h"

#include <errno.h>

/*
 * What constructors and finalizers do with their calls.
 */

struct di_context *di_call_context(const struct di_call *call)
{
	return call != NULL ? call->entry->home : NULL;
}

/* Whether the call is a constructor's that is not completed. */
static enum di_status check(const struct di_call *call, const struct di_provider *provider,
			    struct di_error *err)
{
	if (call == NULL)
		return di__misuse(err, DI_EINVAL, provider, "there is no call");
	if (call->ending != NULL || (DI__LOAD(call->state) & DI__CLAIMED) != 0)
		return di__misuse(err, DI_EINVAL, provider,
				  "what %s makes is complete, or ending, and needs nothing more",
				  call->entry->provider->name);
	return DI_OK;
}

/* What is got for the value that is being made is one of its needs. */
static enum di_status record(struct di_flow *flow, struct di_call *call,
			     const struct di_provider **provider, struct di_error *err)
{
	struct di_context *home;
	enum di_status status = check(call, *provider, err);

	if (status != DI_OK)
		return status;
	home = call->entry->home;
	status = di__check_provider(home, provider, err);
	if (status == DI_OK)
		status = di__prepare(home->container, err);
	return status == DI_OK ? di__record(flow, call->entry, home, *provider, err) : status;
}

void *di_call_get(struct di_call *call, const struct di_provider *provider, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_error own;

	if (err == NULL)
		err = &own;
	if (provider == &di__context)
		return di_call_context(call);
	if (record(flow, call, &provider, err) != DI_OK)
		return NULL;
	return di__make_stepwise(flow, call->entry->home, provider, call->entry, NULL, err);
}

static void count_asking(uint32_t added)
{
	di__waiting_lock();
	di__calls_asking += added;
	di__waiting_unlock();
}

void di__call_got(struct di_flow *flow, struct di_call *asker)
{
	count_asking(UINT32_MAX);
	di__call_settled(flow, asker);
}

struct di_get di_call_get_async(struct di_call *call, const struct di_provider *provider,
				di_get_fn *callback, void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_get get = { NULL, 0 };

	if (record(flow, call, &provider, err) != DI_OK)
		return get;
	count_asking(1);
	__atomic_add_fetch(&call->pending, 1, __ATOMIC_RELAXED);
	get = di__get_begin(call->entry->home, provider, call, NULL, flow->executor,
			    di__deliver_plain, (void (*)(void))callback, data, err);
	if (get.number == 0) {
		count_asking(UINT32_MAX);
		__atomic_sub_fetch(&call->pending, 1, __ATOMIC_ACQ_REL);
	}
	return get;
}

static DI__NOINLINE enum di_status completed_twice(const struct di_call *call)
{
	return di__misuse(NULL, DI_EINVAL, call->entry->provider, "it is complete already");
}

/* Lets the call go on, unless the function that was given it has not returned: then that does. */
static DI__NOINLINE void go_on(struct di_call *call)
{
	struct di_flow *flow;

	if ((__atomic_fetch_or(&call->state, DI__COMPLETED, __ATOMIC_ACQ_REL) & DI__RUNNING) != 0)
		return;
	flow = di__flow_get();
	if (call->ending != NULL)
		di__step_add(flow, &call->step);
	else
		di__call_settled(flow, call);
	di__steps_run(flow);
}

/* On the flow on which that runs it cannot return meanwhile, and nobody else changes the state. */
static DI__INLINE void complete(struct di_call *call, uint32_t state, int cause, void *value)
{
	call->cause = cause;
	call->value = value;
	if (DI__LIKELY((state & DI__RUNNING) != 0) && DI__LIKELY(call->runner == di__flow))
		DI__STORE(call->state, DI__RUNNING | DI__CLAIMED | DI__COMPLETED);
	else
		go_on(call);
}

/* Returns the state from before, in which it is not claimed if it was not. */
static DI__INLINE uint32_t claim(struct di_call *call)
{
	return __atomic_fetch_or(&call->state, DI__CLAIMED, __ATOMIC_ACQ_REL);
}

static DI__INLINE enum di_status complete_making(struct di_call *call, int status, void *value)
{
	uint32_t state = claim(call);

	if (DI__UNLIKELY((state & DI__CLAIMED) != 0))
		return completed_twice(call);
	complete(call, state, status, status == 0 ? value : NULL);
	return DI_OK;
}

/* What completes the calls of the row. */
static const char *completer(const struct di_provider *provider)
{
	return di__is_built(provider) ? provider->constructor : provider->name;
}

static DI__NOINLINE enum di_status completed_as_another(const struct di_call *call,
							const struct di_provider *provider)
{
	const struct di_provider *own;

	if (call == NULL)
		return di__misuse(NULL, DI_EINVAL, provider, "there is no call to complete");
	own = call->entry->provider;
	if (call->ending != NULL)
		return di__misuse(NULL, DI_EINVAL, provider, "the call is of %s, and ends it",
				  own->name);
	return di__misuse(NULL, DI_EINVAL, provider,
			  "the call is of %s in %s, and is completed by %s_complete()", own->name,
			  own->table->name, completer(own));
}

enum di_status di__call_complete(struct di_call *call, const struct di_provider *provider,
				 int status, void *value)
{
	if (DI__UNLIKELY(call == NULL) || DI__UNLIKELY(call->entry->provider != provider) ||
	    DI__UNLIKELY(call->ending != NULL))
		return completed_as_another(call, provider);
	return complete_making(call, status, value);
}

/* Of built rows types have been compared, by more than the text. */
static int makes(const struct di_provider *provider, const struct di_type *type)
{
	return di__is_built(provider) || di_type_equal(provider->type, type);
}

enum di_status di__call_complete_by(struct di_call *call, void (*constructor)(void),
				    const char *name, const struct di_type *type, int status,
				    void *value)
{
	const struct di_provider *provider = call != NULL ? call->entry->provider : NULL;
	const struct di_async *async;

	if (call == NULL)
		return di__misuse(NULL, DI_EINVAL, NULL, "there is no call for %s to complete",
				  name);
	async = provider->object;
	if (call->ending != NULL)
		return di__misuse(NULL, DI_EINVAL, provider,
				  "the call ends it: complete it by di_call_end()");
	if (async->constructor != constructor)
		return di__misuse(NULL, DI_EINVAL, provider, "%s was given the call, and not %s",
				  provider->constructor, name);
	if (!makes(provider, type))
		return di__misuse(NULL, DI_EINVAL, provider, "it provides %s, and %s makes %s",
				  provider->type->name, name, type->name);
	return complete_making(call, status, value);
}

enum di_status di_call_end(struct di_call *call, int cause)
{
	uint32_t state;

	if (call == NULL)
		return di__misuse(NULL, DI_EINVAL, NULL, "there is no call to end");
	if (call->ending == NULL)
		return di__misuse(NULL, DI_EINVAL, call->entry->provider,
				  "the call makes it: complete it by %s_complete()",
				  completer(call->entry->provider));
	state = claim(call);
	if (DI__UNLIKELY((state & DI__CLAIMED) != 0))
		return completed_twice(call);
	complete(call, state, cause, NULL);
	return DI_OK;
}
