/* SPDX-License-Identifier: MIT */
#include "di/internal.h"
#include "di/text.h"

#include <string.h>

static int same_key(const struct di_key *a, const struct di_key *b)
{
	return a == b || (strcmp(a->name, b->name) == 0 && di_type_equal(&a->type, &b->type));
}

/* The next outer context whose items are seen, or NULL. */
static struct di_context *outer(const struct di_context *context)
{
	return context->isolate_items ? NULL : context->parent;
}

static enum di_status put(struct di_context *context, const struct di_key *key, const void *value,
			  struct di_error *err)
{
	struct di__item_node *node;

	if (context->state == DI__CLOSING)
		return di__fail(err, DI_ECLOSED, NULL, "the item %s comes too late", key->name);
	if (di__is_over(context->state))
		return di__closed(context, context->state, NULL, err);
	for (node = context->items; node != NULL; node = node->next) {
		if (same_key(node->key, key))
			return di__fail(
				err, DI_EBUSY, NULL,
				"the context has an item %s already: one put per key and context",
				key->name);
	}
	node = di__arena_take(&context->arena, &context->container->allocator, sizeof(*node));
	if (node == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for the item %s", key->name);
	node->key = key;
	node->value = value;
	node->next = context->items;
	context->used = 1;
	DI__STORE(context->items, node);
	return DI_OK;
}

enum di_status di_context_put(struct di_context *context, const struct di_key *key,
			      const void *value, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status;

	if (context == NULL || key == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s",
				  context == NULL ? "context to put an item into"
						  : "key to put an item under");
	if (value == NULL)
		return di__misuse(err, DI_ENULL, NULL, "the item %s needs a value", key->name);
	di__lock_context(context, flow);
	status = put(context, key, value, err);
	di__unlock_context(context, flow);
	return status;
}

/* The item of key that is seen from the context, or NULL. */
static const struct di__item_node *find(const struct di_context *context, const struct di_key *key)
{
	for (; context != NULL; context = outer(context)) {
		const struct di__item_node *node = DI__LOAD(context->items);

		for (; node != NULL; node = node->next) {
			if (same_key(node->key, key))
				return node;
		}
	}
	return NULL;
}

const void *di_context_fetch(struct di_context *context, const struct di_key *key)
{
	const struct di__item_node *node = key != NULL ? find(context, key) : NULL;

	return node != NULL ? node->value : NULL;
}

/* Names the scopes of the contexts whose items are seen. */
static void name_seen(const struct di_context *context, struct di__text *text)
{
	for (; context != NULL; context = outer(context))
		di__text_append(text, "%s%s", text->length > 0 ? ", " : "", context->scope->name);
}

static enum di_status not_found(struct di_context *context, const struct di_key *key,
				struct di_error *err)
{
	char seen[96] = "";
	struct di__text text = { seen, sizeof(seen), 0 };
	struct di_flow *flow = di__flow_get();
	uint8_t state;

	di__lock_context(context, flow);
	state = context->state;
	di__unlock_context(context, flow);
	if (di__is_over(state) && state != DI__CLOSING)
		return di__closed(context, state, NULL, err);
	name_seen(context, &text);
	return di__fail(err, DI_ENOVALUE, NULL, "no item %s (%s) in the contexts seen: %s",
			key->name, key->type.name, seen);
}

const void *di_context_require(struct di_context *context, const struct di_key *key,
			       struct di_error *err)
{
	const struct di__item_node *node;

	if (context == NULL || key == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no %s",
			   context == NULL ? "context to look for an item in"
					   : "key to look for an item by");
		return NULL;
	}
	node = find(context, key);
	if (node != NULL)
		return node->value;
	not_found(context, key, err);
	return NULL;
}

const void *di_context_fetch_name(struct di_context *context, const char *name,
				  const struct di_key **key)
{
	for (; context != NULL && name != NULL; context = outer(context)) {
		const struct di__item_node *node = DI__LOAD(context->items);

		for (; node != NULL; node = node->next) {
			if (strcmp(node->key->name, name) != 0)
				continue;
			if (key != NULL)
				*key = node->key;
			return node->value;
		}
	}
	return NULL;
}

const void *di_context_fetch_type(struct di_context *context, const struct di_type *type)
{
	for (; context != NULL && type != NULL; context = outer(context)) {
		const struct di__item_node *node = DI__LOAD(context->items);

		for (; node != NULL; node = node->next) {
			if (di_type_equal(&node->key->type, type))
				return node->value;
		}
	}
	return NULL;
}

size_t di_context_items_each(struct di_context *context, di_item_fn *function, void *data)
{
	struct di_context *at;
	size_t count = 0;

	for (at = function != NULL ? context : NULL; at != NULL; at = outer(at)) {
		const struct di__item_node *node = DI__LOAD(at->items);

		for (; node != NULL; node = node->next) {
			if (find(context, node->key) != node)
				continue;
			function(data, node->key, node->value);
			count++;
		}
	}
	return count;
}
