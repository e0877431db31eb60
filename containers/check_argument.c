/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <stdlib.h>
#include <string.h>

/*
 * What fills a parameter: another row, a member of what it provides, a value, a string.
 */

/* What is filled, and how faults speak of it. */
struct place {
	struct di_builder *builder;
	const struct di__built_row *row;
	enum di_row_part part;
	uint32_t number;
	const struct di_parameter *parameter; /* NULL: not known */
	struct di__seen_type type;            /* of what a pointer points to */
	const char *function;                 /* NULL: it is the value of an object */
};

/* "argument 2 of store_open is an int", or "it is an int". */
struct text {
	char text[192];
};

static struct text describe(const struct place *place)
{
	struct text text = { "" };
	struct di__text out = { text.text, sizeof(text.text), 0 };
	char type[96];

	if (place->function != NULL)
		di__text_append(&out, "argument %u of %s is ", (unsigned)place->number + 1,
				place->function);
	else
		di__text_append(&out, "it is ");
	if (place->parameter->kind == DI_VALUE_POINTER)
		di__text_append(&out, "a %s *", di__type_text(place->type, type, sizeof(type)));
	else
		di__text_append(&out, "%s %s", di__article(place->parameter->type.name),
				place->parameter->type.name);
	return text;
}

static void report(const struct place *place, enum di_fault_kind kind, const char *behind)
{
	di__report(place->builder, kind, place->row, place->part, place->number, "%s%s",
		   describe(place).text, behind);
}

/* ---- Rows. ---- */

static int is_row(const struct di__name *name, const void *data)
{
	return name != data && (name->row != NULL || name->connected != NULL);
}

void di__check_target(struct di_builder *builder, const struct di__built_row *row,
		      struct di__target *target, enum di_row_part part, uint32_t number)
{
	const struct di__name *name = target->name;
	struct di__hint hint;

	target->row = name->row;
	target->provider = name->row == NULL ? name->connected : NULL;
	target->is_cut = 0;
	if (target->provider != NULL && name->connected_by != NULL)
		di__report(builder, DI_FAULT_DUPLICATE, row, part, number,
			   "%s is a row of %s and of %s", name->text, name->connected->table->name,
			   name->connected_by->table->name);
	if (target->row != NULL || target->provider != NULL)
		return;
	hint = di__hint(builder, name->text, is_row, row->name);
	di__report(builder, DI_FAULT_MISSING, row, part, number, "there is no row %s%s", name->text,
		   hint.text);
}

struct di__seen_type di__target_type(struct di_builder *builder, const struct di__target *target)
{
	struct di__seen_type type = { NULL, 0 };

	if (target->row != NULL)
		return target->row->provides;
	/* A type without a name is not known. */
	if (target->provider == NULL || target->provider->type->name[0] == '\0')
		return type;
	if (di__see_type(builder, target->provider->type->name, 0, &type) != DI_OK)
		builder->is_out_of_memory = 1;
	type.is_const = target->provider->type->is_const;
	return type;
}

static void check_type(const struct place *place, struct di__seen_type given, const char *name)
{
	char type[96], behind[192];
	struct di__text out = { behind, sizeof(behind), 0 };

	if (di__type_fits(given, place->type))
		return;
	di__text_append(&out, ", and %s provides a %s *", name,
			di__type_text(given, type, sizeof(type)));
	report(place, DI_FAULT_TYPE, behind);
}

static void check_need(const struct place *place, const struct di__built_argument *argument,
		       struct di__seen_type given)
{
	if (place->parameter == NULL)
		return;
	if (place->parameter->kind != DI_VALUE_POINTER)
		report(place, DI_FAULT_TYPE,
		       ", which a row cannot fill, but a value or a member can");
	else
		check_type(place, given, argument->target.name->text);
}

/* ---- Members. ---- */

static int is_field(const struct di__name *name, const void *data)
{
	const struct di__seen_type *type = data;

	return di__find_field(name, *type) != NULL;
}

static void report_no_field(const struct place *place, const struct di__built_argument *argument,
			    struct di__seen_type type)
{
	struct di__hint hint = di__hint(place->builder, argument->path->text, is_field, &type);

	di__report(place->builder, DI_FAULT_FIELD, place->row, place->part, place->number,
		   "no member %s of %s is exported%s", argument->path->text, type.base->text,
		   hint.text);
}

/* What an array's address leads to is const by the compiler's own check of exports. */
static void check_field_type(const struct place *place, const struct di__built_argument *argument,
			     const struct di__exported *field)
{
	const struct di_parameter *member = &field->export->parameters[0];
	struct di__seen_type given = field->parameters[0];
	char behind[224];
	struct di__text out = { behind, sizeof(behind), 0 };

	if (place->parameter->kind == DI_VALUE_POINTER && member->kind == DI_VALUE_POINTER &&
	    di__type_fits(given, place->type))
		return;
	if (place->parameter->kind != DI_VALUE_POINTER && member->kind != DI_VALUE_POINTER &&
	    di__literal_fits(member, place->parameter))
		return;
	di__text_append(&out, ", and %s.%s is %s %s", argument->target.name->text,
			argument->path->text, di__article(member->type.name), member->type.name);
	report(place, DI_FAULT_TYPE, behind);
}

static void check_field(const struct place *place, struct di__built_argument *argument,
			struct di__seen_type given)
{
	const struct di__exported *field;

	if (given.base == NULL)
		return;
	field = di__find_field(argument->path, given);
	if (field == NULL) {
		report_no_field(place, argument, given);
		return;
	}
	argument->field = field->export;
	if (place->parameter != NULL)
		check_field_type(place, argument, field);
}

static void check_row_need(const struct place *place, struct di__built_argument *argument)
{
	struct di__seen_type given = { NULL, 0 };

	if (argument->target.name == place->builder->context) {
		argument->target.row = NULL;
		argument->target.provider = &di__context;
		if (di__see_type(place->builder, "struct di_context", 0, &given) != DI_OK)
			place->builder->is_out_of_memory = 1;
	} else {
		di__check_target(place->builder, place->row, &argument->target, place->part,
				 place->number);
		given = di__target_type(place->builder, &argument->target);
	}
	if (argument->path != NULL)
		check_field(place, argument, given);
	else
		check_need(place, argument, given);
}

/* ---- Values. ---- */

static int is_string(const struct place *place)
{
	return place->parameter->kind == DI_VALUE_POINTER && place->type.is_const &&
	       place->type.base != NULL && strcmp(place->type.base->text, "char") == 0;
}

static void check_plain(const struct place *place, struct di__built_argument *argument,
			const char *text)
{
	char form[96], behind[224];
	struct di__text out = { behind, sizeof(behind), 0 };

	if (place->parameter == NULL)
		return;
	if (is_string(place)) {
		argument->pointer = text;
	} else if (place->parameter->kind == DI_VALUE_POINTER) {
		report(place, DI_FAULT_TYPE, ", which a value cannot fill, but a row can");
	} else if (!di__literal_read(text, place->parameter, &argument->value)) {
		di__text_append(&out, ": %s, not %.64s",
				di__literal_form(place->parameter, form, sizeof(form)),
				text[0] != '\0' ? text : "\"\"");
		report(place, DI_FAULT_VALUE, behind);
	}
}

static void check_string(const struct place *place, struct di__built_argument *argument)
{
	if (place->parameter == NULL)
		return;
	if (is_string(place))
		argument->pointer = argument->text;
	else
		report(place, DI_FAULT_TYPE, ", not a string");
}

static void check_environment(const struct place *place, struct di__built_argument *argument)
{
	const char *value = getenv(argument->text), *copied;

	if (value == NULL && argument->fallback == NULL) {
		di__report(place->builder, DI_FAULT_VALUE, place->row, place->part, place->number,
			   "%s is not set in the environment, and there is no default",
			   argument->text);
		return;
	}
	if (value == NULL)
		value = argument->fallback;
	/* The environment may change; the default may be taken twice, which does no harm. */
	copied = di__pool_copy(&place->builder->pool, value, strlen(value));
	if (copied == NULL)
		place->builder->is_out_of_memory = 1;
	else
		check_plain(place, argument, copied);
}

static int is_object(const struct di__name *name, const void *data)
{
	(void)data;
	return di__find_exported(name, DI_EXPORT_OBJECT) != NULL;
}

static void check_object(const struct place *place, struct di__built_argument *argument)
{
	const struct di__exported *object = di__find_exported(argument->object, DI_EXPORT_OBJECT);
	struct di__hint hint;

	if (object == NULL) {
		hint = di__hint(place->builder, argument->object->text, is_object, NULL);
		di__report(place->builder, DI_FAULT_UNKNOWN, place->row, place->part, place->number,
			   "no object %s is exported%s", argument->object->text, hint.text);
		return;
	}
	argument->pointer = object->export->object;
	if (place->parameter == NULL)
		return;
	if (place->parameter->kind != DI_VALUE_POINTER)
		report(place, DI_FAULT_TYPE, ", which an object cannot fill, but a value can");
	else
		check_type(place, object->type, argument->object->text);
}

static void check_argument(const struct place *place, struct di__built_argument *argument)
{
	argument->field = NULL;
	argument->pointer = NULL;
	argument->target.is_cut = 0;
	switch (argument->kind) {
	case DI_ARGUMENT_NEED:
		check_row_need(place, argument);
		break;
	case DI_ARGUMENT_PLAIN:
		check_plain(place, argument, argument->text);
		break;
	case DI_ARGUMENT_STRING:
		check_string(place, argument);
		break;
	case DI_ARGUMENT_ENVIRONMENT:
		check_environment(place, argument);
		break;
	case DI_ARGUMENT_OBJECT:
		check_object(place, argument);
		break;
	}
}

/* What most arguments are, and nothing is wrong with: a row of just the type that is wanted. */
static int is_right(const struct place *place, struct di__built_argument *argument)
{
	const struct di__name *name = argument->target.name;
	struct di__built_row *need;

	if (argument->kind != DI_ARGUMENT_NEED || argument->path != NULL ||
	    place->parameter == NULL || place->parameter->kind != DI_VALUE_POINTER ||
	    name->row == NULL)
		return 0;
	need = name->row;
	if (need->provides.base == NULL || need->provides.base != place->type.base ||
	    need->provides.is_const > place->type.is_const)
		return 0;
	argument->target.row = need;
	argument->target.provider = NULL;
	argument->target.is_cut = 0;
	return 1;
}

void di__check_arguments(struct di_builder *builder, struct di__built_row *row)
{
	const struct di__exported *maker = row->maker;
	struct place place = { .builder = builder, .row = row, .part = DI_PART_ARGUMENT };
	uint32_t i;

	if (row->shape != DI__SHAPE_MADE && row->shape != DI__SHAPE_SELECTOR)
		maker = NULL;
	if (maker != NULL && maker->export->parameters_count != row->arguments_count)
		di__report(builder, DI_FAULT_ARGUMENTS, row, DI_PART_CONSTRUCTOR, 0,
			   "%s takes %u argument%s, here %s %u", maker->export->name,
			   (unsigned)maker->export->parameters_count,
			   maker->export->parameters_count == 1 ? "" : "s",
			   row->arguments_count == 1 ? "is" : "are",
			   (unsigned)row->arguments_count);
	place.function = maker != NULL ? maker->export->name : "";
	for (i = 0; i < row->arguments_count; i++) {
		place.number = i;
		place.parameter = NULL;
		if (maker != NULL && i < maker->export->parameters_count) {
			place.parameter = &maker->export->parameters[i];
			place.type = maker->parameters[i];
		}
		if (!is_right(&place, &row->arguments[i]))
			check_argument(&place, &row->arguments[i]);
	}
}

/* A string is an object of the type const char. */
void di__check_value(struct di_builder *builder, struct di__built_row *row)
{
	struct place place = { .builder = builder, .row = row, .part = DI_PART_VALUE };
	struct di_parameter parameter;

	if (row->shape != DI__SHAPE_OBJECT)
		return;
	row->value->pointer = row->maker != NULL ? row->maker->export->object : NULL;
	if (row->value->kind == DI_ARGUMENT_OBJECT)
		return;
	if (row->value->kind == DI_ARGUMENT_NEED) {
		di__report(builder, DI_FAULT_KIND, row, DI_PART_VALUE, 0,
			   "the value of an object is no other row");
		return;
	}
	if (row->type == NULL) {
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ROW, 0,
			   "an object with a value needs a type");
		return;
	}
	if (!row->provides.is_const || !di__scalar_type(row->provides.base->text, &parameter)) {
		di__report(builder, DI_FAULT_TYPE, row, DI_PART_TYPE, 0,
			   "an object with a value is of a type as const int or const char, not %s",
			   row->type);
		return;
	}
	if (strcmp(row->provides.base->text, "char") == 0) {
		parameter = (struct di_parameter){ { 0, "const char *", 1 }, DI_VALUE_POINTER };
		place.type = row->provides;
	}
	place.parameter = &parameter;
	check_argument(&place, row->value);
}
