/* SPDX-License-Identifier: MIT */
#include "di/await.h"

#include "di/async.h"
#include "di/internal.h"

/* One get that a flow waits for. On its C stack. */
struct wait {
	struct di_flow *flow;
	struct di_error *err;
	void *value;
	int state; /* enum state; atomic */
};

enum state {
	ASKED,
	ANSWERED,
	PARKED
};

/* Whoever comes second goes on: once the flow has been answered, or unparked, the wait is gone. */
static void answer(void *data, void *value, const struct di_error *error)
{
	struct wait *wait = data;
	const struct di__hooks *hooks = &wait->flow->hooks;

	wait->value = value;
	if (value == NULL && error != NULL && wait->err != NULL)
		*wait->err = *error;
	if (__atomic_exchange_n(&wait->state, ANSWERED, __ATOMIC_ACQ_REL) == PARKED)
		hooks->unpark(hooks->data);
}

static void *ask(struct di_flow *flow, struct di_context *context,
		 const struct di_provider *provider, struct di_error *err)
{
	struct wait wait = { flow, err, NULL, ASKED };

	if (di_get_async(context, provider, answer, &wait, err).number == 0)
		return NULL;
	if (__atomic_exchange_n(&wait.state, PARKED, __ATOMIC_ACQ_REL) == ASKED)
		flow->hooks.park(flow->hooks.data);
	return wait.value;
}

/* Whether it is not there yet, and may take time. What is overridden may mean anything. */
static int takes_time(const struct di_context *context, const struct di_provider *provider)
{
	const struct di_container *container = context->container;
	uint32_t row = di__row(context, provider);

	if (provider->kind->cached && DI__LOAD(di__lane_values(&context->lane, provider)[row]))
		return 0;
	return DI__LOAD_RELAXED(context->overridden) ||
	       (container->masks[row] & container->async_bit) != 0;
}

void *di_await(struct di_context *context, const struct di_provider *provider, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	const struct di_provider *own = provider;
	const struct di_entry *making = flow->run != NULL ? flow->run->making : NULL;
	void *value;

	if (flow->hooks.park == NULL || flow->stepping || provider == &di__context)
		return di_resolve(context, err, provider);
	if (di__check_provider(context, &own, err) != DI_OK ||
	    di__prepare(context->container, err) != DI_OK)
		return NULL;
	if (!takes_time(context, own) || (making != NULL && !own->kind->cached))
		return di_resolve(context, err, own);
	value = ask(flow, context, own, err);
	/* What a constructor asks for is recorded. */
	return making != NULL && value != NULL ? di_resolve(context, err, own) : value;
}
