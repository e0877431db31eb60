/* SPDX-License-Identifier: MIT */
#include "di/override.h"

#include <stdlib.h>
#include <string.h>

/*
 * Overriding by name: all of a list, or none.
 *
 * The names are sorted, and each row is looked up among them, since a table has them in no order.
 */

/* A name of the list, and what the row of that name is to mean. */
struct named {
	const char *name;
	struct di__override *change;
};

static int compare(const void *a, const void *b)
{
	const struct named *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* What the changes lack then is not there, or stands twice in the list. */
static void find_rows(const struct di_container *container, const struct named *names, size_t count)
{
	size_t left = count;
	uint32_t row;

	for (row = 0; row < container->rows && left > 0; row++) {
		const struct di_provider *provider = di__provider_of(container, row);
		struct named wanted = { provider->name, NULL };
		const struct named *found = bsearch(&wanted, names, count, sizeof(wanted), compare);

		/* Of rows of one name the first counts: parts come last. */
		if (found == NULL || found->change->provider != NULL)
			continue;
		found->change->provider = provider;
		left--;
	}
}

static enum di_status refuse(const struct di_container *container, const char *name,
			     struct di_error *err)
{
	const struct di_provider *provider = di__provider_named(container, name);

	if (provider != NULL)
		return di__misuse(err, DI_EINVAL, provider, "it stands twice in the list");
	return di__misuse(err, DI_EINVAL, NULL, "%s has no provider %s", container->table->name,
			  name != NULL ? name : "(NULL)");
}

static enum di_status look_up(const struct di_container *container,
			      const struct di_override_pair *pairs, size_t count,
			      struct di__override *changes, struct named *names,
			      struct di_error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		changes[i] = (struct di__override){ NULL, pairs[i].value, NULL, 0 };
		names[i].name = pairs[i].name != NULL ? pairs[i].name : "";
		names[i].change = &changes[i];
	}
	qsort(names, count, sizeof(*names), compare);
	find_rows(container, names, count);
	for (i = 0; i < count; i++) {
		if (changes[i].provider == NULL)
			return refuse(container, pairs[i].name, err);
		if (pairs[i].value == NULL)
			return di__misuse(err, DI_ENULL, changes[i].provider,
					  "an override needs a value");
	}
	return DI_OK;
}

enum di_status di_override_all(struct di_context *context, const struct di_override_pair *pairs,
			       size_t count, struct di_error *err)
{
	const size_t each = sizeof(struct di__override) + sizeof(struct named);
	const struct di_allocator *allocator;
	struct di__override *changes;
	enum di_status status;

	if (context == NULL || (pairs == NULL && count > 0))
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s",
				  context == NULL ? "context" : "list of overrides");
	if (count == 0)
		return DI_OK;
	allocator = &context->container->allocator;
	changes = count <= SIZE_MAX / each ? allocator->allocate(count * each, allocator->data)
					   : NULL;
	if (changes == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for %zu overrides", count);
	status = look_up(context->container, pairs, count, changes,
			 (struct named *)(void *)(changes + count), err);
	if (status == DI_OK)
		status = di__override_rows(context, changes, count, err);
	allocator->release(changes, count * each, allocator->data);
	return status;
}
