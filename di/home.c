/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <stdio.h>

/*
 * The home rule: a value lives in the innermost context that either is named by its kind and scope, or
 * overrides, or begins afresh, something that it is built from. Which rows the second clause touches
 * is worked out when a context is opened or overridden; here it is one look per context on the way up.
 */

static int has_flags(const struct di_context *context, uint32_t row, int flags)
{
	return context->flags != NULL && (context->flags[row] & flags) != 0;
}

static struct di_context *home_of_product(struct di_context *from, uint32_t row)
{
	struct di_context *at;

	if (from->overridden) {
		for (at = from; at != NULL; at = at->parent) {
			if (has_flags(at, row, DI__OVERRIDDEN))
				return at;
		}
	}
	return from;
}

/* Whether the row's own scope is open at or above context, or the row was begun there by name. */
static int scope_is_open(const struct di_context *context, const struct di_provider *provider)
{
	for (; context != NULL; context = context->parent) {
		if (context->scope == provider->scope ||
		    has_flags(context, provider->index, DI__OVERRIDDEN | DI__AFRESH))
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

struct di_context *di__home(struct di_context *from, const struct di_provider *provider,
			    struct di_error *err)
{
	const uint32_t *masks = DI__LOAD_RELAXED(from->container->masks);
	uint32_t row = provider->index;
	uint32_t mask = masks != NULL ? masks[row] : 0;
	struct di_context *at = from;

	if (provider->kind->home == DI_HOME_ASKED)
		return home_of_product(from, row);
	while (at->parent != NULL && (at->scope_bits & mask) == 0 && !has_flags(at, row, ~0))
		at = at->parent;
	if (provider->kind->home == DI_HOME_ROOT || at->scope == provider->scope ||
	    provider->scope == &di_scope_any || scope_is_open(at, provider))
		return at;
	return no_context(from, provider, err);
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
