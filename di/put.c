/* SPDX-License-Identifier: MIT */
#include "di/direct.h"
#include "di/home.h"
#include "di/override.h"

/*
 * Putting: the values of states, in contexts of their scope.
 *
 * The first one in a context changes nothing, since all that needs it has no value so far. A
 * further one, and one where an override is seen, is an override that nested contexts of the scope
 * do not see.
 */

/* The first value of a state in a context: nothing can have been built from it yet. */
static int put_first(struct di_context *context, const struct di_provider *provider,
		     const void *value)
{
	uint32_t row = di__row(context, provider);

	/* In a root, that of a connected container begins afresh what its own root has. */
	if (context->parent == NULL && provider->table != context->container->table)
		return 0;
	if (context->state != DI__OPEN || context->scope == &di_scope_none ||
	    context->threaded == DI__THREAD_PLACE || context->lane.own[row] != NULL ||
	    di__is_overridden(context, provider))
		return 0;
	di__context_alias(context, row, (void *)(uintptr_t)value);
	return 1;
}

static DI__NOINLINE enum di_status put(struct di_context *context,
				       const struct di_provider *provider, const void *value,
				       struct di_error *err)
{
	enum di_status status = di__check_provider(context, &provider, err);
	const struct di__override one = { provider, value, NULL, 1 };
	struct di_flow *flow = di__flow_get();
	int done;

	if (status != DI_OK)
		return status;
	if (provider->kind->given == NULL || provider->scope == NULL)
		return di__misuse(err, DI_EINVAL, provider, "it is a %s, not a state",
				  provider->kind->name);
	if (value == NULL)
		return di__misuse(err, DI_ENULL, provider, "a state needs a value");
	if (provider->scope != context->scope && provider->scope != &di_scope_any)
		return di__misuse(err, DI_EINVAL, provider,
				  "it is put into contexts of scope %s, this one is of %s",
				  provider->scope->name, context->scope->name);
	di__lock_context(context, flow);
	done = put_first(context, provider, value);
	di__unlock_context(context, flow);
	return done ? DI_OK : di__override_rows(context, &one, 1, err);
}

/*
 * The same where only the flow that opened the context uses it and no row deviates, as in most
 * requests; or 0, and nothing was done.
 */
static int put_directly(struct di_context *context, const struct di_provider *provider,
			const void *value)
{
	const struct di_flow *flow = di__flow;
	int done;

	if (context == NULL || provider == NULL || value == NULL ||
	    !di__is_ready(context, provider, flow) || provider->scope != context->scope ||
	    provider->kind->given == NULL)
		return 0;
	done = di__lock_claim(&context->lock) && DI__LOAD_RELAXED(context->lane.table) != NULL &&
	       !context->careful && context->lane.own[provider->index] == NULL;
	if (DI__LIKELY(done))
		di__context_alias(context, provider->index, (void *)(uintptr_t)value);
	di__lock_give_biased(&context->lock);
	return done;
}

enum di_status di_state_put(struct di_context *context, const struct di_provider *provider,
			    const void *value, struct di_error *err)
{
	return DI__LIKELY(put_directly(context, provider, value))
		       ? DI_OK
		       : put(context, provider, value, err);
}
