/* SPDX-License-Identifier: MIT */
#ifndef DI_HOME_H
#define DI_HOME_H

/* private */

/**
 * Where values live, and what rows mean as seen from there: that of the row itself, of an override,
 * or of another row that stands for it.
 */

#include "di/internal.h"

/** The context that owns the provider's value as seen from context, or NULL with err filled. */
struct di_context *di__home(struct di_context *from, const struct di_provider *provider,
			    struct di_error *err);
/**
 * The root around a root for rows of a connected container: that of whose rows they are; or NULL.
 */
const struct di_context *di__outer_root(const struct di_context *root,
					const struct di_provider *provider);
/** The context around this one, as the provider's home is looked for. */
static inline const struct di_context *di__outer(const struct di_context *context,
						 const struct di_provider *provider)
{
	if (DI__LIKELY(context->parent != NULL || !context->connects))
		return context->parent;
	return di__outer_root(context, provider);
}
/**
 * Whether an override at or above context is what the provider means there: nothing builds it then.
 */
int di__is_overridden(const struct di_context *context, const struct di_provider *provider);
/** The row that stands for the provider as seen from context by di_override_with(), or NULL. */
const struct di_provider *di__stand_in(const struct di_context *context,
				       const struct di_provider *provider);
/** Whether rows may mean others as seen from context, by di_override_with(). */
int di__may_mean_others(const struct di_context *context);
/** What that means over any number of such steps; mostly the provider itself. */
const struct di_provider *di__meaning(const struct di_context *context,
				      const struct di_provider *provider);
/** What the provider means in that context by di_override_with(), or NULL. */
const struct di_provider *di__substitute(const struct di_context *home,
					 const struct di_provider *provider);
/** Names the scopes that are open as seen from context: "inject, request, app". */
void di__context_names(const struct di_context *context, char *buffer, size_t size);

#endif
