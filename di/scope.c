/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <string.h>

const struct di_scope di_scope_app = { "app", di_scope_app__rank };
const struct di_scope di_scope_request = { "request", di_scope_request__rank };
const struct di_scope di_scope_inject = { "inject", di_scope_inject__rank };
const struct di_scope di_scope_any = { "any", di_scope_any__rank };
const struct di_scope di_scope_none = { "none", di_scope_none__rank };
const struct di_scope di__scope_thread = { "thread", di__scope_thread__rank };
/* That a row is asynchronous, or needs such, is noted as if that were a scope. */
static const struct di_scope async = { "async", -1 };

/* The bit of scope, or 0 where no row of the container names it. */
static uint32_t bit_of(const struct di_container *container, const struct di_scope *scope)
{
	uint32_t i;

	for (i = 0; i < container->scopes_count; i++) {
		if (container->scopes[i] == scope)
			return UINT32_C(1) << i;
	}
	return 0;
}

uint32_t di__scope_bits(const struct di_container *container, const struct di_scope *scope)
{
	return scope == &di_scope_none
		       ? 0
		       : bit_of(container, scope) | bit_of(container, &di_scope_any);
}

static int number_scope(struct di_container *container, const struct di_scope *scope)
{
	if (bit_of(container, scope) != 0)
		return 1;
	if (container->scopes_count == DI__SCOPES_MAX)
		return 0;
	container->scopes[container->scopes_count++] = scope;
	return 1;
}

static uint32_t mask_of(const struct di_container *container, const uint32_t *masks,
			const struct di_provider *provider)
{
	uint32_t mask = provider->scope != NULL ? bit_of(container, provider->scope) : 0;
	uint32_t i;

	if (provider->kind->async)
		mask |= container->async_bit;
	for (i = 0; i < di__leads_count(provider); i++) {
		if (di__is_row(provider->needs[i]))
			mask |= masks[di__row(container->root, provider->needs[i])];
	}
	return mask;
}

static int leads_down(const struct di_provider *provider)
{
	return provider->options_count > 0 &&
	       provider->needs[provider->needs_count]->index >= provider->index;
}

/*
 * Needs stand above their users, so one pass in table order sees every need's mask ready; but a
 * lazy may lead to a row below it. Whether another pass is needed.
 */
static int compute_masks(const struct di_container *container, const struct di_table *table,
			 uint32_t *masks)
{
	int down = 0, grown = 0;
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		uint32_t mask = mask_of(container, masks, table->providers[i]);
		uint32_t row = di__row(container->root, table->providers[i]);

		down |= leads_down(table->providers[i]);
		grown |= mask != masks[row];
		masks[row] = mask;
	}
	return down && grown;
}

static enum di_status number_scopes(struct di_container *container, const struct di_table *table,
				    struct di_error *err)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const struct di_provider *provider = table->providers[i];

		if (provider->scope != NULL && !number_scope(container, provider->scope))
			return di__fail(err, DI_EINVAL, provider, "%s uses more than %d scopes",
					container->table->name, DI__SCOPES_MAX);
		if (provider->kind->async && !number_scope(container, &async))
			return di__fail(err, DI_EINVAL, provider,
					"%s has asynchronous rows and uses more than %d scopes",
					container->table->name, DI__SCOPES_MAX - 1);
	}
	return DI_OK;
}

static void add_table(struct di_container *container, uint32_t *masks, const struct di_table *table)
{
	uint32_t i;

	while (compute_masks(container, table, masks))
		;
	for (i = 0; i < table->count; i++) {
		if (table->providers[i]->kind->home == DI_HOME_ROOT)
			container->root_mask |=
				masks[di__row(container->root, table->providers[i])];
	}
}

/* The table of the container, or that of one of its parts, which come before it. */
static const struct di_table *table_at(const struct di_container *container, uint32_t i)
{
	return i < container->parts_count ? container->parts[i].container->table : container->table;
}

/* The scopes stand in front of the masks. */
static size_t prepared_size(const struct di_container *container)
{
	return container->scopes_count * sizeof(void *) + (container->rows + 1) * sizeof(uint32_t);
}

static enum di_status number_all_scopes(struct di_container *container, struct di_error *err)
{
	enum di_status status = DI_OK;
	uint32_t i;

	container->scopes_count = 0;
	for (i = 0; i <= container->parts_count && status == DI_OK; i++)
		status = number_scopes(container, table_at(container, i), err);
	return status;
}

/* Where the scopes are kept; NULL with err filled. */
static void *keep_scopes(struct di_container *container, struct di_error *err)
{
	size_t size = prepared_size(container);
	void *block = container->allocator.allocate(size, container->allocator.data);

	if (block == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for the scopes of %s", container->table->name);
		return NULL;
	}
	memset(block, 0, size);
	return memcpy(block, container->scopes, container->scopes_count * sizeof(void *));
}

static enum di_status compute(struct di_container *container, struct di_error *err)
{
	const struct di_scope *numbered[DI__SCOPES_MAX];
	enum di_status status;
	uint32_t *masks;
	uint32_t i;

	container->scopes = numbered;
	status = number_all_scopes(container, err);
	container->scopes = status == DI_OK ? keep_scopes(container, err) : NULL;
	if (container->scopes == NULL) {
		container->scopes_count = 0;
		return status != DI_OK ? status : DI_ENOMEM;
	}
	container->async_bit = bit_of(container, &async);
	container->thread_bit = bit_of(container, &di__scope_thread);
	masks = (uint32_t *)(void *)(container->scopes + container->scopes_count);
	for (i = 0; i <= container->parts_count; i++)
		add_table(container, masks, table_at(container, i));
	DI__STORE(container->masks, masks);
	return DI_OK;
}

void di__prepared_release(struct di_container *container)
{
	if (container->masks != NULL)
		container->allocator.release(container->scopes, prepared_size(container),
					     container->allocator.data);
}

enum di_status di__prepare_slowly(struct di_container *container, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = DI_OK;

	di__lock_take(&container->prepare_lock, flow->number);
	if (container->masks == NULL)
		status = compute(container, err);
	di__lock_give(&container->prepare_lock, flow->number);
	return status;
}
