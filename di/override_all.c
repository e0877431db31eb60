/* SPDX-License-Identifier: MIT */
#include "di/override.h"

/*
 * Overriding by name: all of a list, or none.
 */

static enum di_status look_up(const struct di_container *container,
			      const struct di_override_pair *pairs, size_t count,
			      struct di__override *changes, struct di_error *err)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		const char *name = pairs[i].name != NULL ? pairs[i].name : "(NULL)";

		changes[i].provider = di__provider_named(container, pairs[i].name);
		changes[i].value = pairs[i].value;
		changes[i].other = NULL;
		changes[i].put = 0;
		if (changes[i].provider == NULL)
			return di__misuse(err, DI_EINVAL, NULL, "%s has no provider %s",
					  container->table->name, name);
		if (pairs[i].value == NULL)
			return di__misuse(err, DI_ENULL, changes[i].provider,
					  "an override needs a value");
		for (k = 0; k < i; k++) {
			if (changes[k].provider == changes[i].provider)
				return di__misuse(err, DI_EINVAL, changes[i].provider,
						  "it stands twice in the list");
		}
	}
	return DI_OK;
}

enum di_status di_override_all(struct di_context *context, const struct di_override_pair *pairs,
			       size_t count, struct di_error *err)
{
	const struct di_allocator *allocator;
	struct di__override *changes;
	enum di_status status;

	if (context == NULL || (pairs == NULL && count > 0))
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s",
				  context == NULL ? "context" : "list of overrides");
	if (count == 0)
		return DI_OK;
	allocator = &context->container->allocator;
	changes = count <= SIZE_MAX / sizeof(*changes)
			  ? allocator->allocate(count * sizeof(*changes), allocator->data)
			  : NULL;
	if (changes == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for %zu overrides", count);
	status = look_up(context->container, pairs, count, changes, err);
	if (status == DI_OK)
		status = di__override_rows(context, changes, count, err);
	allocator->release(changes, count * sizeof(*changes), allocator->data);
	return status;
}
