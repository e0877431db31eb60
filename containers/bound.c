/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include "providers/lazy.h"

#include <string.h>

/*
 * What makes and chooses for rows that were built at run time, where the exported function alone
 * does not do. Which row it is for is found from where its arguments stand.
 *
 * Lists, dicts and handles are written as the types of DI_LIST_TYPE and the like have it, which the
 * exports have checked: their memory has no type of its own.
 */

/* ---- Functions whose arguments are not all rows. ---- */

union room {
	union di__scalar value;
	void *pointer;
};

static void *fill_from_field(const struct di__bound_argument *argument, void *holder,
			     union di__scalar *value)
{
	char *at = (char *)holder + argument->field->offset;
	void *pointer;

	if (argument->field->is_array)
		return at;
	if (argument->parameter->kind == DI_VALUE_POINTER) {
		memcpy(&pointer, at, sizeof(pointer));
		return pointer;
	}
	di__literal_convert(at, &argument->field->parameters[0], value, argument->parameter);
	return value;
}

static void fill(const struct di__binding *binding, void *const *needs, void **args,
		 union di__scalar *values)
{
	uint32_t i;

	for (i = 0; i < binding->count; i++) {
		const struct di__bound_argument *argument = &binding->arguments[i];

		values[i] = argument->value;
		if (argument->is_need && argument->field != NULL)
			args[i] = fill_from_field(argument, *needs, &values[i]);
		else if (argument->is_need)
			args[i] = *needs;
		else if (argument->parameter->kind == DI_VALUE_POINTER)
			args[i] = (void *)(uintptr_t)argument->pointer;
		else
			args[i] = &values[i];
		needs += argument->is_need;
	}
}

int di__create_bound(void *const *args, void **out)
{
	const struct di__binding *binding = di__provider_of_args(args)->object;
	union di__scalar values[DI_NEEDS_MAX];
	void *filled[DI_NEEDS_MAX];

	fill(binding, args, filled, values);
	return binding->export->create(filled, out);
}

int di__begin_bound(struct di_call *call, void *const *args)
{
	const struct di__built_async *async = di__provider_of_args(args)->object;
	union di__scalar values[DI_NEEDS_MAX];
	void *filled[DI_NEEDS_MAX];

	fill(async->binding, args, filled, values);
	return async->binding->export->begin(call, filled);
}

const char *di__choose_bound(void *const *args)
{
	const struct di__built_choice *choice = di__provider_of_args(args)->object;
	union di__scalar values[DI_NEEDS_MAX];
	void *filled[DI_NEEDS_MAX];

	fill(choice->binding, args, filled, values);
	return choice->binding->export->choose(filled);
}

const char *di__choose_always(void *const *args)
{
	const struct di__built_choice *choice = di__provider_of_args(args)->object;

	return choice->always;
}

/* ---- Several rows as one value. ---- */

struct list {
	size_t count;
	void *const *items;
	void *stored[];
};

struct item {
	const char *key;
	void *value;
};

struct dict {
	size_t count;
	const struct item *items;
	struct item stored[];
};

size_t di__list_size(uint32_t count)
{
	return sizeof(struct list) + count * sizeof(void *);
}

size_t di__dict_size(uint32_t count)
{
	return sizeof(struct dict) + count * sizeof(struct item);
}

int di__create_list(void *const *args, void **out)
{
	uint32_t count = di__provider_of_args(args)->needs_count;
	struct list *list = *out;

	list->count = count;
	list->items = list->stored;
	memcpy(list->stored, args, count * sizeof(void *));
	return 0;
}

int di__create_dict(void *const *args, void **out)
{
	const struct di_provider *provider = di__provider_of_args(args);
	const char *const *keys = provider->object;
	struct dict *dict = *out;
	uint32_t i;

	dict->count = provider->needs_count;
	dict->items = dict->stored;
	for (i = 0; i < provider->needs_count; i++)
		dict->stored[i] = (struct item){ keys[i], args[i] };
	return 0;
}

/* ---- A handle. ---- */

struct handle {
	struct di_context *context;
	void (*resolve)(void);
	const struct di_provider *target;
};

size_t di__lazy_size(void)
{
	return sizeof(struct handle);
}

int di__create_lazy(void *const *args, void **out)
{
	const struct di_provider *provider = di__provider_of_args(args);
	const struct di_export *export = provider->object;
	struct handle *handle = *out;

	handle->context = args[0];
	handle->resolve = export->resolve;
	handle->target = provider->needs[1];
	return 0;
}

void *di__lazy_resolve(const void *handle, struct di_error *err)
{
	const struct handle *asked = handle;

	return di_resolve(asked->context, err, asked->target);
}
