/* SPDX-License-Identifier: MIT */
#include "di/override.h"

/*
 * Contexts opened with more said: rows begun afresh by name or by table, and items.
 */

static enum di_status check_list(const void *list, size_t count, const char *name,
				 struct di_error *err)
{
	if (list != NULL || count == 0)
		return DI_OK;
	return di__misuse(err, DI_EINVAL, NULL,
			  "the options count what they do not list: %s is NULL", name);
}

static enum di_status check_lists(const struct di_context_options *options, struct di_error *err)
{
	enum di_status status = check_list(options->afresh, options->afresh_count, "afresh", err);

	if (status == DI_OK)
		status = check_list(options->items, options->items_count, "items", err);
	if (status == DI_OK)
		status = check_list(options->afresh_tables, options->afresh_tables_count,
				    "afresh_tables", err);
	return status;
}

static enum di_status check_afresh(const struct di_context *context,
				   const struct di_context_options *options, struct di_error *err)
{
	enum di_status lists = check_lists(options, err);
	size_t i;

	if (lists != DI_OK)
		return lists;
	for (i = 0; i < options->afresh_count; i++) {
		const struct di_provider *provider = options->afresh[i];
		enum di_status status = di__check_provider(context, &provider, err);

		if (status != DI_OK)
			return status;
		if (provider->kind->home != DI_HOME_SCOPE || provider->kind->given != NULL)
			return di__misuse(err, DI_EINVAL, provider,
					  "only a context resource can begin afresh, it is a %s",
					  provider->kind->name);
	}
	for (i = 0; i < options->afresh_tables_count; i++) {
		if (!di__covers(context->container, options->afresh_tables[i]))
			return di__misuse(
				err, DI_EINVAL, NULL,
				"a table to begin afresh is not the container's, which is %s",
				context->container->table->name);
	}
	return DI_OK;
}

static int is_listed(const struct di_container *container, const struct di_context_options *options,
		     const struct di_table *table)
{
	size_t i;

	for (i = 0; i < options->afresh_tables_count; i++) {
		const struct di_table *listed = options->afresh_tables[i];

		if (listed == table ||
		    (table == container->table && listed == container->in_place_of))
			return 1;
	}
	return 0;
}

enum di_status di__begin_afresh(struct di_context *context,
				const struct di_context_options *options, struct di_error *err)
{
	const struct di_container *container = context->container;
	enum di_status status = check_afresh(context, options, err);
	uint32_t row;
	size_t i;

	if (status != DI_OK || container->rows == 0 ||
	    options->afresh_count + options->afresh_tables_count == 0)
		return status;
	if (!di__context_needs_flags(context, 1))
		return di__fail(err, DI_ENOMEM, NULL, "for a context");
	for (i = 0; i < options->afresh_count; i++) {
		const struct di_provider *provider = di__own_row(container, options->afresh[i]);

		context->flags[di__row(context, provider)] |= DI__AFRESH;
	}
	for (row = 0; options->afresh_tables_count > 0 && row < container->rows; row++) {
		const struct di_provider *provider = di__provider_of(container, row);

		if (provider->kind->home == DI_HOME_SCOPE && provider->kind->given == NULL &&
		    is_listed(container, options, provider->table))
			context->flags[row] |= DI__AFRESH;
	}
	di__add_built_from(context, context->flags);
	return DI_OK;
}

static enum di_status put_items(struct di_context *context,
				const struct di_context_options *options, struct di_error *err)
{
	enum di_status status = DI_OK;
	size_t i;

	for (i = 0; i < options->items_count && status == DI_OK; i++)
		status = di_context_put(context, options->items[i].key, options->items[i].value,
					err);
	return status;
}

struct di_context *di_context_open_with(struct di_context *parent,
					const struct di_context_options *options,
					struct di_error *err)
{
	struct di_context *context;

	if (options == NULL || options->abi != DI_ABI) {
		if (options == NULL)
			di__misuse(err, DI_EINVAL, NULL, "there are no options");
		else
			di__misuse(err, DI_EABI, NULL,
				   "the options have abi %u, the library %d; set abi to DI_ABI",
				   (unsigned)options->abi, DI_ABI);
		return NULL;
	}
	context = di_context_open(parent, options->scope, err);
	if (context == NULL)
		return NULL;
	if (options->isolate_items)
		context->used = context->isolate_items = 1;
	if (di__begin_afresh(context, options, err) == DI_OK &&
	    put_items(context, options, err) == DI_OK)
		return context;
	di_context_close(context, DI_FAILED, NULL);
	return NULL;
}
