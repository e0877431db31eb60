/* SPDX-License-Identifier: MIT */
#include "containers/connect.h"
#include "containers/place.h"
#include "di/internal.h"
#include "di/park.h"

#include <stdlib.h>

/*
 * The life of a container. It and its root context are one block.
 */

static void *allocate_with_malloc(size_t size, void *data)
{
	(void)data;
	return malloc(size);
}

static void release_with_free(void *memory, size_t size, void *data)
{
	(void)size;
	(void)data;
	free(memory);
}

static const struct di_allocator from_libc = { allocate_with_malloc, release_with_free, NULL };

static int check(const struct di_table *table, const struct di_options *options,
		 struct di_error *err)
{
	if (table == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no table");
		return 0;
	}
	if (table->abi != DI_ABI) {
		di__misuse(err, DI_EABI, NULL, "the table has abi %u, the library %d",
			   (unsigned)table->abi, DI_ABI);
		return 0;
	}
	if (table->provider_size != sizeof(struct di_provider)) {
		di__misuse(err, DI_EABI, NULL,
			   "a row of the table %s has %u bytes, of the library %zu", table->name,
			   (unsigned)table->provider_size, sizeof(struct di_provider));
		return 0;
	}
	if (options != NULL && options->abi != DI_ABI) {
		di__misuse(err, DI_EABI, NULL,
			   "the options have abi %u, the library %d; set abi to DI_ABI",
			   (unsigned)options->abi, DI_ABI);
		return 0;
	}
	return 1;
}

static void begin_root(struct di_container *container, struct di_context *root)
{
	/* An instance is small until something is made in it, and then takes a whole chunk. */
	di__context_init(root, container, 0);
	di__lock_init(&root->lock, container->biased ? di__flow_get()->number : 0);
	root->scope = &di_scope_app;
	root->number = container->contexts = 1;
	root->lane.root = root->lane.own;
	root->root_array = root;
	root->state = DI__OPEN;
	root->lane.table = container->table;
	root->overridden = di__connect_overridden(container);
	container->root = root;
	if (di__observed(container)) {
		root->since_ns = di__now();
		di__tell(root, DI_EVENT_OPENED, NULL, 0, DI_DONE, NULL);
	}
}

static void count_user(const struct di_table *table, uint32_t added)
{
	if (table->users != NULL)
		__atomic_add_fetch(table->users, added, __ATOMIC_ACQ_REL);
}

static struct di_container *allocate(const struct di_table *table, const struct di_options *options,
				     struct di_error *err)
{
	const struct di_allocator *allocator =
		options->allocator != NULL ? options->allocator : &from_libc;
	uint32_t rows = table->count;
	size_t size = sizeof(struct di_container);
	struct di_container *container;

	if (DI__UNLIKELY(options->connected_count > 0))
		size += di__connect_size(table, options, &rows);
	if (DI__UNLIKELY(options->in_place_of != NULL))
		size += di__place_size(options->in_place_of);
	size += di__context_size(rows, 0);
	container = allocator->allocate(size, allocator->data);
	if (container == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for a container of %s", table->name);
		return NULL;
	}
	*container = (struct di_container){ .table = table, .rows = table->count, .size = size };
	container->allocator = *allocator;
	return container;
}

struct di_container *di_container_new(const struct di_table *table,
				      const struct di_options *options, struct di_error *err)
{
	static const struct di_options none = { .abi = DI_ABI };
	struct di_container *container;
	struct di_context *root;

	if (!check(table, options, err))
		return NULL;
	if (options == NULL)
		options = &none;
	if (DI__UNLIKELY(table->connects_count + options->connected_count > 0) &&
	    di__connect_check(table, options, err) != DI_OK)
		return NULL;
	if (DI__UNLIKELY(options->in_place_of != NULL) &&
	    di__place_check(table, options->in_place_of, err) != DI_OK)
		return NULL;
	container = allocate(table, options, err);
	if (container == NULL)
		return NULL;
	root = (struct di_context *)(void *)(container + 1);
	if (DI__UNLIKELY(options->connected_count > 0))
		root = di__connect_place(container, options, container + 1);
	if (DI__UNLIKELY(options->in_place_of != NULL))
		root = di__place_rows(container, options->in_place_of, root);
	if (DI__UNLIKELY(di__connect(container, err) != DI_OK)) {
		container->allocator.release(container, container->size, container->allocator.data);
		return NULL;
	}
	count_user(table, 1);
	container->observer = options->observer;
	container->slow_ns = options->slow_ns;
	container->biased = di__lock_can_bias();
	di__lock_init(&container->prepare_lock, 0);
	begin_root(container, root);
	return container;
}

struct di_context *di_container_root(struct di_container *container)
{
	return container != NULL ? container->root : NULL;
}

/* What the root overrides of a connected container is not started there. */
static enum di_status start(struct di_container *container, const struct di_table *table,
			    struct di_error *err)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const struct di_provider *provider = table->providers[i];
		struct di_error own = { 0 };
		struct di_error *made = err != NULL ? err : &own;

		if (!provider->kind->eager || di__is_overridden(container->root, provider))
			continue;
		if (di_resolve(container->root, made, provider) == NULL)
			return made->status;
	}
	return DI_OK;
}

enum di_status di_container_start(struct di_container *container, struct di_error *err)
{
	enum di_status status = DI_OK;
	uint32_t i;

	if (container == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no container to start");
	for (i = 0; i < container->parts_count && status == DI_OK; i++)
		status = start(container, container->parts[i].container->table, err);
	return status == DI_OK ? start(container, container->table, err) : status;
}

/* ---- The end. ---- */

/* Nobody opens a context any more: what is parked on the way goes. */
static struct di_context *innermost(struct di_context *context, struct di_flow *flow)
{
	for (;;) {
		di__lock_context(context, flow);
		di__park_clear(context, flow);
		di__unlock_context(context, flow);
		if (context->children == NULL)
			return context;
		context = context->children;
	}
}

/* The context after this one, children before parents; NULL after the root. */
static struct di_context *next_outer(struct di_context *context, struct di_flow *flow)
{
	return context->parent == NULL ? NULL
	       : context->next != NULL ? innermost(context->next, flow)
				       : context->parent;
}

static enum di_status check_unused(struct di_container *container, struct di_flow *flow,
				   struct di_error *err)
{
	struct di_context *at;
	uint32_t making, others;
	uint8_t state;

	for (at = innermost(container->root, flow); at != NULL; at = next_outer(at, flow)) {
		di__lock_context(at, flow);
		making = at->making;
		state = at->state;
		others = at->entered - di__flow_entered(flow, at);
		di__unlock_context(at, flow);
		if (state != DI__OPEN)
			return di__fail(
				err, DI_EBUSY, NULL,
				"the context of scope %s is being closed, reset or overridden",
				at->scope->name);
		if (making > 0)
			return di__fail(
				err, DI_EBUSY, NULL,
				"something is being made or dropped in the context of scope %s",
				at->scope->name);
		if (others > 0)
			return di__fail(err, DI_EBUSY, NULL,
					"another flow has entered the context of scope %s",
					at->scope->name);
	}
	return DI_OK;
}

static void keep_first(enum di_status found, enum di_status *status, struct di_error *err,
		       const struct di_error *error)
{
	if (found == DI_OK)
		return;
	if (*status == DI_OK) {
		*status = found;
		if (err != NULL)
			*err = *error;
	} else if (err != NULL) {
		err->more += 1 + error->more;
	}
}

static enum di_status end_context(struct di_flow *flow, struct di_context *context,
				  enum di_outcome outcome, struct di_error *err)
{
	enum di_status status;

	di__flow_forget(flow, context);
	di__lock_context(context, flow);
	if (context->mark > outcome)
		outcome = (enum di_outcome)context->mark;
	context->entered = 0;
	context->state = DI__CLOSING;
	DI__STORE(context->lane.table, NULL);
	di__unlock_context(context, flow);
	status = di__context_tear_down(flow, context, outcome, err);
	if (di__observed(context->container))
		di__tell(context, DI_EVENT_CLOSED, NULL, 0, outcome, NULL);
	return status;
}

static unsigned count_open(struct di_container *container, struct di_flow *flow, char *names,
			   size_t size)
{
	struct di_context *at, *first = innermost(container->root, flow);
	unsigned count = 0;

	for (at = first; at->parent != NULL; at = next_outer(at, flow))
		count++;
	if (count > 0)
		di__context_names(first, names, size);
	return count;
}

static void release(struct di_container *container)
{
	struct di_allocator allocator = container->allocator;
	struct di_context *root = container->root;

	di__context_release_spares(root);
	if (root->flags != NULL)
		allocator.release(root->flags, container->rows, allocator.data);
	di__arena_reset(&root->arena, &allocator);
	di__lock_release(&root->lock);
	di__lock_release(&container->prepare_lock);
	if (container->masks != NULL)
		allocator.release(container->masks, sizeof(uint32_t) * (container->rows + 1),
				  allocator.data);
	di__disconnect(container);
	count_user(container->table, UINT32_MAX);
	allocator.release(container, container->size, allocator.data);
}

enum di_status di_container_free(struct di_container *container, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status;
	struct di_error error;
	char names[96];
	unsigned open;

	if (container == NULL)
		return DI_OK;
	status = di__connect_check_unused(container, err);
	if (status == DI_OK)
		status = check_unused(container, flow, err);
	if (status != DI_OK)
		return status;
	open = count_open(container, flow, names, sizeof(names));
	if (open > 0)
		status = di__fail(err, DI_EOPEN, NULL, "%u of them, the innermost in: %s", open,
				  names);
	while (container->root->children != NULL) {
		struct di_context *context = innermost(container->root, flow);

		keep_first(end_context(flow, context, DI_CANCELLED, &error), &status, err, &error);
		di__context_retire(flow, context);
	}
	keep_first(end_context(flow, container->root, DI_DONE, &error), &status, err, &error);
	release(container);
	return status;
}
