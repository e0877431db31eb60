/* SPDX-License-Identifier: MIT */
#include "di/home.h"

#include <stdio.h>

/*
 * The home rule: a value lives in the innermost context that either is named by its kind and scope,
 * or overrides, or begins afresh, something that it is built from. Which rows the second clause
 * touches is worked out when a context is opened or overridden; here it is one look per context on
 * the way up. What a context overrides is seen below it whatever its scope: it is given there, and
 * made nowhere.
 */

static int has_flags(const struct di_context *context, uint32_t row, int flags)
{
	const uint8_t *all = DI__LOAD(context->flags);

	return all != NULL && (DI__LOAD_RELAXED(all[row]) & flags) != 0;
}

const struct di_context *di__outer_root(const struct di_context *root,
					const struct di_provider *provider)
{
	const struct di_container *owner = di__owner(root->container, provider);

	return owner != root->container ? owner->root : NULL;
}

/*
 * The context whose override is what the row means as seen from context, or NULL. Between an
 * override and a begin afresh the inner one counts.
 */
static struct di_context *overrider(const struct di_context *context,
				    const struct di_provider *provider)
{
	/* Where nothing deviates only what lives in roots is overridden. */
	if (!DI__LOAD_RELAXED(context->overridden) ||
	    (provider->kind->home != DI_HOME_ROOT && !DI__LOAD_RELAXED(context->deviates)))
		return NULL;
	while (context != NULL) {
		const struct di_context *at = context;
		uint32_t row = di__row(at, provider);

		for (; at != NULL; context = at, at = at->parent) {
			if (has_flags(at, row, DI__OVERRIDDEN))
				return (struct di_context *)(uintptr_t)at;
			if (has_flags(at, row, DI__AFRESH))
				return NULL;
		}
		context = di__outer(context, provider);
	}
	return NULL;
}

int di__is_overridden(const struct di_context *context, const struct di_provider *provider)
{
	return overrider(context, provider) != NULL;
}

/* Whether the row's own scope is open at or above context, or the row was begun there by name. */
static int scope_is_open(const struct di_context *context, const struct di_provider *provider)
{
	for (; context != NULL; context = di__outer(context, provider)) {
		if (context->scope == provider->scope ||
		    has_flags(context, di__row(context, provider), DI__AFRESH))
			return 1;
	}
	return 0;
}

void di__context_names(const struct di_context *context, char *buffer, size_t size)
{
	size_t used = 0;

	buffer[0] = '\0';
	for (; context != NULL && used < size; context = context->parent) {
		int length = snprintf(buffer + used, size - used, "%s%s", used > 0 ? ", " : "",
				      context->scope->name);

		used += length > 0 ? (size_t)length : 0;
	}
}

static struct di_context *no_context(const struct di_context *from,
				     const struct di_provider *provider, struct di_error *err)
{
	char open[96];

	di__context_names(from, open, sizeof(open));
	di__fail(err, DI_ENOCONTEXT, provider, "it needs a context of scope %s; open are: %s",
		 provider->scope->name, open);
	return NULL;
}

/*
 * Whether the innermost context is of the row's scope. Contexts of no scope and those that handlers
 * open do not stand in the way; what is made in such a one may well be strict there.
 */
static int is_innermost(const struct di_context *at, const struct di_scope *scope)
{
	while (at->scope != scope && (at->private_ || at->scope == &di_scope_none))
		at = at->parent;
	return at->scope == scope;
}

static struct di_context *not_here(const struct di_context *from,
				   const struct di_provider *provider, struct di_error *err)
{
	char open[96];

	di__context_names(from, open, sizeof(open));
	di__fail(err, DI_ENOCONTEXT, provider,
		 "it is strict: the innermost context must be of scope %s; open are: %s",
		 provider->scope->name, open);
	return NULL;
}

/*
 * What was not settled below a root, or a thread's place, is settled there for rows of the
 * container's own. Those of a connected one go on to its root, for the two roots are one level: but
 * not what lives in any context or holds what does, and not what the inner root has flags for.
 */
static struct di_context *at_root(struct di_context *at, const struct di_provider *provider,
				  uint32_t row)
{
	const struct di_context *root = at;
	struct di_container *owner;

	if (at->parent != NULL && at->threaded == DI__THREAD_PLACE)
		root = at->parent;
	if (root->parent != NULL || provider->life == di_scope_any__rank ||
	    has_flags(root, row, ~0))
		return at;
	owner = di__owner(at->container, provider);
	return owner != at->container ? owner->root : at;
}

struct di_context *di__home(struct di_context *from, const struct di_provider *provider,
			    struct di_error *err)
{
	const uint32_t *masks = DI__LOAD(from->container->masks);
	uint32_t row = di__row(from, provider);
	uint32_t mask = masks != NULL ? masks[row] : 0;
	struct di_context *at = from;

	if (DI__UNLIKELY(DI__LOAD_RELAXED(from->overridden))) {
		struct di_context *by = overrider(from, provider);

		if (by != NULL)
			return by;
	}
	if (provider->kind->home == DI_HOME_ASKED)
		return from;
	if (DI__UNLIKELY(provider->kind->strict) && !is_innermost(from, provider->scope))
		return not_here(from, provider, err);
	while (at->parent != NULL && (at->scope_bits & mask) == 0 && !has_flags(at, row, ~0))
		at = at->parent;
	if (DI__UNLIKELY(at->connects))
		at = at_root(at, provider, row);
	if (provider->kind->home == DI_HOME_ROOT || provider->kind->home == DI_HOME_NEEDS ||
	    provider->kind->home == DI_HOME_THREAD || at->scope == provider->scope ||
	    provider->scope == &di_scope_any || scope_is_open(at, provider))
		return at;
	return no_context(from, provider, err);
}

const struct di_provider *di__stand_in(const struct di_context *context,
				       const struct di_provider *provider)
{
	const struct di_context *by = overrider(context, provider);

	return by != NULL ? di__substitute(by, provider) : NULL;
}

int di__may_mean_others(const struct di_context *context)
{
	/* Of what a part overrides only this is known. */
	if (!DI__LOAD_RELAXED(context->overridden) || context->connects)
		return DI__LOAD_RELAXED(context->overridden);
	while (context != NULL && DI__LOAD_RELAXED(context->substitutes) == NULL)
		context = context->parent;
	return context != NULL;
}

const struct di_provider *di__meaning(const struct di_context *context,
				      const struct di_provider *provider)
{
	const struct di_provider *other;

	while ((other = di__stand_in(context, provider)) != NULL)
		provider = other;
	return provider;
}

const struct di_provider *di__substitute(const struct di_context *home,
					 const struct di_provider *provider)
{
	const struct di__substitute *at;

	for (at = home->substitutes; at != NULL; at = at->next) {
		if (at->provider == provider)
			return at->other;
	}
	return NULL;
}
