/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include "providers/async_context_resource.h"
#include "providers/async_factory.h"
#include "providers/async_resource.h"
#include "providers/async_singleton.h"
#include "providers/context_resource.h"
#include "providers/dict.h"
#include "providers/factory.h"
#include "providers/lazy.h"
#include "providers/list.h"
#include "providers/object.h"
#include "providers/resource.h"
#include "providers/singleton.h"
#include "providers/state.h"
#include "providers/thread_singleton.h"

#include <string.h>

static const struct di_kind *const kinds[] = {
	&di_object,
	&di_singleton,
	&di_resource,
	&di_context_resource,
	&di_factory,
	&di_state,
	&di_selector,
	&di_list,
	&di_dict,
	&di_lazy,
	&di_thread_singleton,
	&di_async_singleton,
	&di_async_resource,
	&di_async_context_resource,
	&di_async_factory,
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

const struct di_kind *di_kind_find(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < KINDS; i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	return NULL;
}

int di__enter_kinds(struct di_builder *builder)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		const char *text = kinds[i]->name;
		struct di__name *name = di__names_enter(&builder->names, text, strlen(text));

		if (name == NULL)
			return 0;
		name->kind = kinds[i];
	}
	return 1;
}

static int is_kind(const struct di__name *name, const void *data)
{
	(void)data;
	return name->kind != NULL;
}

void di__report_kind(struct di_builder *builder, const struct di__built_row *row)
{
	struct di__hint hint = di__hint(builder, row->kind_name->text, is_kind, NULL);

	di__report(builder, DI_FAULT_KIND, row, DI_PART_KIND, 0, "%s is not a kind of provider%s",
		   row->kind_name->text, hint.text);
}

/* ---- Scopes. ---- */

static int is_scope(const struct di__name *name, const void *data)
{
	(void)data;
	return name->scope != NULL;
}

const struct di_scope *di__find_scope(struct di_builder *builder, const struct di__built_row *row)
{
	const struct di__name *name = row->scope != NULL ? row->scope : builder->default_scope;
	const struct di_scope *scope = name != NULL ? name->scope : NULL;
	struct di__hint hint;

	if (scope != NULL)
		return scope;
	if (name == NULL) {
		di__report(builder, DI_FAULT_SCOPE, row, DI_PART_ROW, 0,
			   "it names no scope, and %s has no default", builder->name);
		return NULL;
	}
	if (strcmp(name->text, "none") == 0) {
		di__report(builder, DI_FAULT_SCOPE, row, DI_PART_SCOPE, 0,
			   "none is a scope of contexts, no row lives in it");
		return NULL;
	}
	hint = di__hint(builder, name->text, is_scope, NULL);
	di__report(builder, DI_FAULT_SCOPE, row, DI_PART_SCOPE, 0, "there is no scope %s%s",
		   name->text, hint.text);
	return NULL;
}

/* ---- Exports. ---- */

struct di__exported *di__find_exported(const struct di__name *name, enum di_export_kind kind)
{
	struct di__exported *at = name->exported;

	while (at != NULL && at->export->kind != (uint32_t)kind)
		at = at->next;
	return at;
}

struct di__exported *di__find_destructor(const struct di__name *name, struct di__seen_type type)
{
	struct di__exported *at, *any = NULL;

	for (at = name->exported; at != NULL; at = at->next) {
		if (at->export->kind != DI_EXPORT_DESTRUCTOR)
			continue;
		if (at->type.base == type.base)
			return at;
		if (any == NULL || strcmp(at->type.base->text, "void") == 0)
			any = at;
	}
	return any;
}

const struct di__exported *di__find_field(const struct di__name *path, struct di__seen_type type)
{
	const struct di__exported *at;

	for (at = path->exported; at != NULL; at = at->next) {
		if (at->export->kind == DI_EXPORT_FIELD && at->type.base == type.base)
			return at;
	}
	return NULL;
}
