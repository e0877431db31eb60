/* SPDX-License-Identifier: MIT */
#include "containers/connect.h"
#include "containers/place.h"
#include "containers/start.h"
#include "di/below.h"
#include "di/get.h"
#include "di/libc.h"
#include "di/operation.h"
#include "di/threads.h"

/*
 * The life of a container. It and its root context are one block.
 */

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
	root->overridden = root->deviates = di__connect_overridden(container);
	container->root = root;
}

static void tell_opened(struct di_container *container)
{
	if (!di__observed(container))
		return;
	container->root->since_ns = di__now();
	di__tell(container->root, DI_EVENT_OPENED, NULL, 0, DI_DONE, NULL);
}

static void count_user(const struct di_table *table, uint32_t added)
{
	if (table->users != NULL)
		__atomic_add_fetch(table->users, added, __ATOMIC_ACQ_REL);
}

static struct di_container *allocate(const struct di_table *table, const struct di_options *options,
				     struct di_error *err)
{
	const struct di_allocator *allocator = di__or_libc(options->allocator);
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

void di__container_release(struct di_container *container)
{
	struct di_allocator allocator = container->allocator;
	struct di_context *root = container->root;

	if (root->threads)
		di__threads_release(container);
	di__context_release_spares(root);
	di__direct_get_release(root);
	di__direct_drop_release(root);
	di__gets_release(container);
	if (root->flags != NULL)
		allocator.release(root->flags, container->rows, allocator.data);
	di__arena_reset(&root->arena, &allocator);
	di__lock_release(&root->lock);
	di__lock_release(&container->prepare_lock);
	di__prepared_release(container);
	di__disconnect(container);
	count_user(container->table, UINT32_MAX);
	allocator.release(container, container->size, allocator.data);
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
		root = di__place_rows(container, options->in_place_of, root, err);
	if (DI__UNLIKELY(root == NULL) || DI__UNLIKELY(di__connect(container, err) != DI_OK)) {
		container->allocator.release(container, container->size, container->allocator.data);
		return NULL;
	}
	count_user(table, 1);
	container->observer = options->observer;
	container->slow_ns = options->slow_ns;
	container->start_threads = options->start_threads;
	container->start_timeout_ns = options->start_timeout_ns;
	container->biased = di__lock_can_bias();
	di__lock_init(&container->prepare_lock, 0);
	begin_root(container, root);
	if (DI__UNLIKELY(di__threads_begin(container, err) != DI_OK)) {
		di__container_release(container);
		return NULL;
	}
	tell_opened(container);
	return container;
}

struct di_context *di_container_root(struct di_container *container)
{
	return container != NULL ? container->root : NULL;
}

enum di_status di_container_start(struct di_container *container, struct di_error *err)
{
	if (container == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no container to start");
	return di__start(container, err);
}

/* Contexts first, then what belongs to threads, and at last the root. */
static void end_all(struct di_container *container, struct di_flow *flow, enum di_status *status,
		    struct di_error *err)
{
	struct di_context *root = container->root;
	struct di_error error;
	enum di_status found;

	di__below_end(root, flow, status, err);
	if (root->threads)
		di__threads_end(container, flow, status, err);
	found = di__context_end(flow, root, DI_DONE, &error);
	di__keep_first(found, status, err, &error);
}

enum di_status di_container_free(struct di_container *container, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status;
	char names[96] = "";
	unsigned open;

	if (container == NULL)
		return DI_OK;
	status = di__connect_check_unused(container, 0, err);
	if (status == DI_OK && container->starts != NULL)
		status = di__start_end(container, err);
	if (status == DI_OK)
		status = di__below_check(container->root, flow, err);
	if (status == DI_OK && container->root->threads)
		status = di__threads_claim(container, flow, err);
	if (status != DI_OK)
		return status;
	open = di__below_count(container->root, flow, names, sizeof(names));
	if (container->root->threads)
		open += di__threads_count_open(container, flow, names, sizeof(names));
	if (open > 0)
		status = di__fail(err, DI_EOPEN, NULL, "%u of them, the innermost in: %s", open,
				  names);
	end_all(container, flow, &status, err);
	di__container_release(container);
	return status;
}
