/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include "providers/async_context_resource.h"
#include "providers/context_resource.h"
#include "providers/dict.h"
#include "providers/lazy.h"
#include "providers/list.h"

#include <string.h>

/*
 * A row by itself: whether it has what its kind takes, and whether what it names is there.
 */

/* ---- What kinds take. ---- */

/* What a row of a shape may have, and what it must. */
static const struct {
	unsigned takes, must;
} forms[] = {
	[DI__SHAPE_NONE] = { 0, 0 },
	[DI__SHAPE_MADE] = { DI__HAS_CONSTRUCTOR | DI__HAS_DESTRUCTOR | DI__HAS_TYPE,
			     DI__HAS_CONSTRUCTOR | DI__HAS_DESTRUCTOR },
	[DI__SHAPE_OBJECT] = { DI__HAS_VALUE | DI__HAS_TYPE, DI__HAS_VALUE },
	[DI__SHAPE_STATE] = { DI__HAS_TYPE, DI__HAS_TYPE },
	[DI__SHAPE_SELECTOR] = { DI__HAS_CONSTRUCTOR | DI__HAS_ALWAYS | DI__HAS_MEMBERS |
					 DI__HAS_TYPE,
				 DI__HAS_MEMBERS },
	[DI__SHAPE_LIST] = { DI__HAS_MEMBERS | DI__HAS_TYPE, DI__HAS_TYPE },
	[DI__SHAPE_DICT] = { DI__HAS_MEMBERS | DI__HAS_TYPE, DI__HAS_TYPE },
	[DI__SHAPE_LAZY] = { DI__HAS_MEMBERS | DI__HAS_TYPE, DI__HAS_MEMBERS | DI__HAS_TYPE },
};

static enum di__shape shape_of(const struct di_kind *kind)
{
	if (kind == &di_list || kind == &di_list_made_anew)
		return DI__SHAPE_LIST;
	if (kind == &di_dict || kind == &di_dict_made_anew)
		return DI__SHAPE_DICT;
	if (kind == &di_lazy)
		return DI__SHAPE_LAZY;
	if (kind->choose != NULL)
		return DI__SHAPE_SELECTOR;
	if (kind->given != NULL)
		return kind->home == DI_HOME_ROOT ? DI__SHAPE_OBJECT : DI__SHAPE_STATE;
	return DI__SHAPE_MADE;
}

static void check_part(struct di_builder *builder, const struct di__built_row *row, unsigned part,
		       int is_there, enum di_row_part where, const char *what)
{
	const char *kind = row->found_kind->name;
	unsigned takes = forms[row->shape].takes, must = forms[row->shape].must;

	if (row->found_kind->home == DI_HOME_SCOPE) {
		takes |= DI__HAS_SCOPE;
	}
	if (is_there && (takes & part) == 0)
		di__report(builder, DI_FAULT_KIND, row, where, 0, "%s %s takes no %s",
			   di__article(kind), kind, what);
	else if (!is_there && (must & part) != 0)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ROW, 0, "%s %s needs %s %s%s",
			   di__article(kind), kind, di__article(what), what,
			   part == DI__HAS_DESTRUCTOR ? ", di_keep where nothing ends it" : "");
}

/* What most rows are: right. */
static int has_its_parts(const struct di__built_row *row)
{
	unsigned takes = forms[row->shape].takes;

	if (row->found_kind->home == DI_HOME_SCOPE)
		takes |= DI__HAS_SCOPE;
	if ((takes & DI__HAS_CONSTRUCTOR) != 0)
		takes |= DI__HAS_ARGUMENTS;
	return (row->has & ~takes) == 0 && (forms[row->shape].must & ~(unsigned)row->has) == 0;
}

static void check_parts(struct di_builder *builder, const struct di__built_row *row)
{
	if (has_its_parts(row))
		return;
	check_part(builder, row, DI__HAS_TYPE, row->type != NULL, DI_PART_TYPE, "type");
	check_part(builder, row, DI__HAS_VALUE, row->value != NULL, DI_PART_VALUE, "value");
	check_part(builder, row, DI__HAS_CONSTRUCTOR, row->constructor != NULL, DI_PART_CONSTRUCTOR,
		   row->shape == DI__SHAPE_SELECTOR ? "chooser" : "constructor");
	if (row->arguments_count > 0 && (forms[row->shape].takes & DI__HAS_CONSTRUCTOR) == 0)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ARGUMENT, 0,
			   "%s %s takes no arguments", di__article(row->found_kind->name),
			   row->found_kind->name);
	check_part(builder, row, DI__HAS_DESTRUCTOR, row->destructor != NULL, DI_PART_DESTRUCTOR,
		   "destructor");
	check_part(builder, row, DI__HAS_SCOPE, row->scope != NULL, DI_PART_SCOPE, "scope");
	check_part(builder, row, DI__HAS_MEMBERS, row->members_count > 0, DI_PART_MEMBER,
		   row->shape == DI__SHAPE_LAZY       ? "provider"
		   : row->shape == DI__SHAPE_SELECTOR ? "option"
						      : "member");
	check_part(builder, row, DI__HAS_ALWAYS, row->always != NULL, DI_PART_ALWAYS,
		   "key to choose always");
}

/* ---- Types. ---- */

/* A lazy, list or dict is always const, whether it is written or not. */
static enum di_status type_of_holder(struct di_builder *builder, struct di__built_row *row)
{
	static const enum di_export_kind wanted[] = {
		[DI__SHAPE_LIST] = DI_EXPORT_LIST,
		[DI__SHAPE_DICT] = DI_EXPORT_DICT,
		[DI__SHAPE_LAZY] = DI_EXPORT_LAZY,
	};
	struct di__seen_type seen = { NULL, 0 };

	if (row->type == NULL)
		return DI_OK;
	if (di__see_type(builder, row->type, 0, &seen) != DI_OK)
		return DI_ENOMEM;
	row->holder = seen.base->holder;
	if (row->holder != NULL && row->holder->export->kind != (uint32_t)wanted[row->shape])
		row->holder = NULL;
	if (row->holder != NULL) {
		row->provides = row->holder->type;
		row->found_type = &row->holder->export->type;
	}
	return DI_OK;
}

/* Of made rows and objects of the program, what makes them says it. */
static enum di_status type_of_export(struct di_builder *builder, struct di__built_row *row)
{
	struct di__seen_type seen;

	if (row->shape == DI__SHAPE_MADE && row->constructor != NULL)
		row->maker = di__find_exported(row->constructor, DI_EXPORT_CONSTRUCTOR);
	if (row->shape == DI__SHAPE_SELECTOR && row->constructor != NULL)
		row->maker = di__find_exported(row->constructor, DI_EXPORT_CHOOSER);
	if (row->shape == DI__SHAPE_OBJECT && row->value != NULL && row->value->object != NULL)
		row->maker = di__find_exported(row->value->object, DI_EXPORT_OBJECT);
	if (row->maker != NULL && row->shape != DI__SHAPE_SELECTOR) {
		row->provides = row->maker->type;
		row->found_type = &row->maker->export->type;
	}
	if (row->type == NULL)
		return DI_OK;
	if (di__see_type(builder, row->type, 0, &seen) != DI_OK)
		return DI_ENOMEM;
	/* A mistake in the type is the row's own: who needs it goes by what is made. */
	if (row->provides.base == NULL ||
	    (row->shape == DI__SHAPE_OBJECT && di__type_fits(row->provides, seen))) {
		row->provides = seen;
		row->found_type = NULL;
	}
	return DI_OK;
}

static enum di_status type_of(struct di_builder *builder, struct di__built_row *row)
{
	row->found_kind = row->kind != NULL ? row->kind : row->kind_name->kind;
	row->shape =
		(uint8_t)(row->found_kind != NULL ? shape_of(row->found_kind) : DI__SHAPE_NONE);
	row->is_typing = row->is_new = row->visited = 0;
	row->found_scope = NULL;
	row->maker = row->ender = row->holder = NULL;
	row->provides = (struct di__seen_type){ NULL, 0 };
	row->found_type = NULL;
	row->life = 0;
	row->via = row->root = NULL;
	row->depth = 0;
	builder->has_selectors |= row->shape == DI__SHAPE_SELECTOR;
	builder->has_lazies |= row->shape == DI__SHAPE_LAZY;
	if (row->shape >= DI__SHAPE_LIST)
		return type_of_holder(builder, row);
	return type_of_export(builder, row);
}

/*
 * A selector that says no type has that of its first option, which may be a selector too: the way
 * is followed to its end, and all on it are given what was found there.
 */
static void type_of_selector(struct di_builder *builder, struct di__built_row *row)
{
	struct di__built_row *at = row;
	struct di__seen_type found = { NULL, 0 };
	const struct di_type *type = NULL;

	while (at != NULL && at->shape == DI__SHAPE_SELECTOR && at->provides.base == NULL &&
	       at->members_count > 0 && !at->is_typing) {
		struct di__target *first = &at->members[0].target;

		at->is_typing = 1;
		if (first->name->row == NULL && first->name->connected != NULL) {
			first->provider = first->name->connected;
			found = di__target_type(builder, first);
			type = first->name->connected->type;
		}
		at = first->name->row;
	}
	if (at != NULL) {
		found = at->provides;
		type = at->found_type;
	}
	for (at = row; at != NULL && at->shape == DI__SHAPE_SELECTOR && at->provides.base == NULL &&
		       at->is_typing;
	     at = at->members[0].target.name->row) {
		at->is_typing = 0;
		at->provides = found;
		at->found_type = type;
		if (found.base == NULL)
			break;
	}
}

enum di_status di__check_types(struct di_builder *builder)
{
	struct di__built_row *row;

	builder->has_lazies = builder->has_selectors = 0;
	for (row = builder->first; row != NULL; row = row->next) {
		if (type_of(builder, row) != DI_OK)
			return DI_ENOMEM;
	}
	for (row = builder->has_selectors ? builder->first : NULL; row != NULL; row = row->next) {
		if (row->shape == DI__SHAPE_SELECTOR && row->provides.base == NULL)
			type_of_selector(builder, row);
	}
	return DI_OK;
}

/* ---- What is wrong with it. ---- */

static void check_name(struct di_builder *builder, const struct di__built_row *row)
{
	const struct di__name *name = row->name;

	if (!name->is_identifier)
		di__report(builder, DI_FAULT_NAME, row, DI_PART_NAME, 0,
			   "a name has letters, digits and _, and no digit in front");
	if (name == builder->context)
		di__report(builder, DI_FAULT_NAME, row, DI_PART_NAME, 0,
			   "DI_CONTEXT is the context that a value is made in, and no row");
	if (name->row != row)
		di__report(builder, DI_FAULT_DUPLICATE, row, DI_PART_NAME, 0,
			   "there is another row of that name");
	else if (name->connected != NULL)
		di__report(builder, DI_FAULT_DUPLICATE, row, DI_PART_NAME, 0,
			   "%s, which %s connects, has a row of that name",
			   name->connected->table->name, builder->name);
}

struct export_kind {
	enum di_export_kind kind;
};

static int is_exported(const struct di__name *name, const void *data)
{
	const struct export_kind *wanted = data;

	return di__find_exported(name, wanted->kind) != NULL;
}

static void report_unknown(struct di_builder *builder, const struct di__built_row *row,
			   enum di_row_part part, const struct di__name *name,
			   enum di_export_kind kind, const char *what)
{
	struct export_kind wanted = { kind };
	struct di__hint hint = di__hint(builder, name->text, is_exported, &wanted);

	di__report(builder, DI_FAULT_UNKNOWN, row, part, 0, "no %s %s is exported%s", what,
		   name->text, hint.text);
}

static void check_maker(struct di_builder *builder, const struct di__built_row *row)
{
	if (row->shape == DI__SHAPE_MADE && row->constructor != NULL)
		report_unknown(builder, row, DI_PART_CONSTRUCTOR, row->constructor,
			       DI_EXPORT_CONSTRUCTOR, "constructor");
	else if (row->shape == DI__SHAPE_SELECTOR && row->constructor != NULL)
		report_unknown(builder, row, DI_PART_CONSTRUCTOR, row->constructor,
			       DI_EXPORT_CHOOSER, "chooser");
	else if (row->shape == DI__SHAPE_OBJECT && row->value != NULL && row->value->object != NULL)
		report_unknown(builder, row, DI_PART_VALUE, row->value->object, DI_EXPORT_OBJECT,
			       "object");
}

static void check_destructor(struct di_builder *builder, struct di__built_row *row)
{
	char made[128], ended[128];

	if (row->shape != DI__SHAPE_MADE)
		return;
	row->ender = di__find_destructor(row->destructor, row->provides);
	if (row->ender == NULL)
		report_unknown(builder, row, DI_PART_DESTRUCTOR, row->destructor,
			       DI_EXPORT_DESTRUCTOR, "destructor");
	else if (!di__type_fits(row->provides, row->ender->type))
		di__report(builder, DI_FAULT_TYPE, row, DI_PART_DESTRUCTOR, 0,
			   "%s ends a %s, and %s makes a %s", row->destructor->text,
			   di__type_text(row->ender->type, ended, sizeof(ended)),
			   row->constructor != NULL ? row->constructor->text : "the constructor",
			   di__type_text(row->provides, made, sizeof(made)));
	else
		di__check_ender_kind(builder, row);
}

static enum di_status check_written_type(struct di_builder *builder, struct di__built_row *row)
{
	struct di_parameter scalar;
	struct di__seen_type seen;
	char made[128];

	if (di__see_type(builder, row->type, 0, &seen) != DI_OK)
		return DI_ENOMEM;
	if (seen.base->uses == NULL && !di__scalar_type(seen.base->text, &scalar))
		di__report(builder, DI_FAULT_UNKNOWN, row, DI_PART_TYPE, 0,
			   "nothing that is exported has the type %s", row->type);
	else if (row->maker != NULL && row->shape != DI__SHAPE_SELECTOR &&
		 (seen.base != row->provides.base || seen.is_const != row->provides.is_const))
		di__report(builder, DI_FAULT_TYPE, row, DI_PART_TYPE, 0, "%s %s a %s, not a %s",
			   row->maker->export->name,
			   row->shape == DI__SHAPE_OBJECT ? "is" : "makes",
			   di__type_text(row->maker->type, made, sizeof(made)), row->type);
	return DI_OK;
}

static void check_holder(struct di_builder *builder, const struct di__built_row *row)
{
	if (row->type == NULL || row->holder != NULL)
		return;
	di__report(builder, DI_FAULT_UNKNOWN, row, DI_PART_TYPE, 0, "no %s %s is exported",
		   row->found_kind->name, row->type);
}

static void check_scope(struct di_builder *builder, struct di__built_row *row)
{
	if (row->found_kind->home == DI_HOME_SCOPE)
		row->found_scope = di__find_scope(builder, row);
	else if (row->found_kind->home == DI_HOME_THREAD)
		row->found_scope = &di__scope_thread;
	if (row->strict && row->found_kind == &di_context_resource)
		row->found_kind = &di_strict_context_resource;
	if (row->strict && row->found_kind == &di_async_context_resource)
		row->found_kind = &di_strict_async_context_resource;
	if (row->strict && !row->found_kind->strict)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_SCOPE, 0,
			   "only a context_resource is strict, or an async_context_resource");
	else if (row->found_kind->strict && row->found_scope == &di_scope_any)
		di__report(builder, DI_FAULT_SCOPE, row, DI_PART_SCOPE, 0,
			   "any is whatever context is innermost, strict can be only one scope");
}

enum di_status di__check_row(struct di_builder *builder, struct di__built_row *row)
{
	check_name(builder, row);
	if (row->found_kind == NULL) {
		di__report_kind(builder, row);
		/* It still may name what is not there. */
		di__check_arguments(builder, row);
		di__check_members(builder, row);
		return DI_OK;
	}
	check_parts(builder, row);
	if (row->maker == NULL)
		check_maker(builder, row);
	else
		di__check_maker_kind(builder, row);
	if (row->shape >= DI__SHAPE_LIST)
		check_holder(builder, row);
	else if (row->type != NULL && check_written_type(builder, row) != DI_OK)
		return DI_ENOMEM;
	if (row->value != NULL)
		di__check_value(builder, row);
	if (row->arguments_count > 0 || row->maker != NULL)
		di__check_arguments(builder, row);
	if (row->members_count > 0 || row->shape == DI__SHAPE_SELECTOR)
		di__check_members(builder, row);
	if (row->destructor != NULL && row->destructor != builder->keep)
		check_destructor(builder, row);
	if (row->strict || row->found_kind->home == DI_HOME_SCOPE ||
	    row->found_kind->home == DI_HOME_THREAD)
		check_scope(builder, row);
	return DI_OK;
}
