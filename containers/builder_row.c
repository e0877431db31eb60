/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <string.h>

/*
 * Copying a row. Whatever runs out of memory is noticed at the end: until then it is NULL.
 */

struct copy {
	struct di_builder *builder;
	int failed;
};

static struct di__name *enter(struct copy *copy, const char *text, size_t length)
{
	struct di__name *name = di__names_enter(&copy->builder->names, text, length);

	copy->failed |= name == NULL;
	return name;
}

static const struct di__name *enter_text(struct copy *copy, const char *text)
{
	return text != NULL ? enter(copy, text, strlen(text)) : NULL;
}

static const char *copy_text(struct copy *copy, const char *text)
{
	char *copied;

	if (text == NULL)
		return NULL;
	copied = di__pool_copy(&copy->builder->pool, text, strlen(text));
	copy->failed |= copied == NULL;
	return copied;
}

static void *take(struct copy *copy, size_t count, size_t size)
{
	void *taken = count > 0 ? di__pool_array(&copy->builder->pool, count, size) : NULL;

	copy->failed |= count > 0 && taken == NULL;
	return taken;
}

/* A need is a row, or a row and behind a point the path of a member. */
static void copy_need(struct copy *copy, const char *text, struct di__built_argument *argument)
{
	const char *point = strchr(text, '.');
	size_t length = point != NULL ? (size_t)(point - text) : strlen(text);

	argument->target.name = enter(copy, text, length);
	argument->path = enter_text(copy, point != NULL ? point + 1 : NULL);
}

static void copy_argument(struct copy *copy, const struct di_argument *from,
			  struct di__built_argument *to)
{
	to->kind = from->kind;
	to->at = from->at;
	switch (from->kind) {
	case DI_ARGUMENT_NEED:
		copy_need(copy, from->text, to);
		break;
	case DI_ARGUMENT_OBJECT:
		to->object = enter_text(copy, from->text);
		break;
	case DI_ARGUMENT_PLAIN:
	case DI_ARGUMENT_STRING:
	case DI_ARGUMENT_ENVIRONMENT:
		to->text = copy_text(copy, from->text);
		to->fallback = copy_text(copy, from->fallback);
		break;
	}
}

static struct di__built_argument *copy_arguments(struct copy *copy,
						 const struct di_argument *arguments, size_t count)
{
	struct di__built_argument *copied = take(copy, count, sizeof(*copied));
	size_t i;

	for (i = 0; copied != NULL && i < count; i++)
		copy_argument(copy, &arguments[i], &copied[i]);
	return copied;
}

static struct di__built_member *copy_members(struct copy *copy, const struct di_row *row)
{
	struct di__built_member *copied = take(copy, row->members_count, sizeof(*copied));
	size_t i;

	for (i = 0; copied != NULL && i < row->members_count; i++) {
		copied[i].key = copy_text(copy, row->members[i].key);
		copied[i].target.name = enter_text(copy, row->members[i].provider);
		copied[i].at = row->members[i].at;
	}
	return copied;
}

static unsigned parts_of(const struct di_row *row)
{
	return (row->constructor != NULL ? DI__HAS_CONSTRUCTOR : 0U) |
	       (row->destructor != NULL ? DI__HAS_DESTRUCTOR : 0U) |
	       (row->value != NULL ? DI__HAS_VALUE : 0U) |
	       (row->members_count > 0 ? DI__HAS_MEMBERS : 0U) |
	       (row->scope != NULL ? DI__HAS_SCOPE : 0U) |
	       (row->always != NULL ? DI__HAS_ALWAYS : 0U) |
	       (row->type != NULL ? DI__HAS_TYPE : 0U) |
	       (row->arguments_count > 0 ? DI__HAS_ARGUMENTS : 0U);
}

static struct di__built_row *copy_row(struct copy *copy, const struct di_row *row)
{
	struct di__built_row *copied = take(copy, 1, sizeof(*copied));
	struct di__name *name = enter(copy, row->name, strlen(row->name));

	if (copied == NULL || name == NULL)
		return NULL;
	copied->name = name;
	copied->kind = row->kind;
	copied->kind_name = enter_text(copy, row->kind_name);
	copied->type = copy_text(copy, row->type);
	copied->constructor = enter_text(copy, row->constructor);
	copied->destructor = enter_text(copy, row->destructor);
	copied->scope = enter_text(copy, row->scope);
	copied->arguments = copy_arguments(copy, row->arguments, row->arguments_count);
	copied->arguments_count = (uint32_t)row->arguments_count;
	copied->value = copy_arguments(copy, row->value, row->value != NULL);
	copied->members = copy_members(copy, row);
	copied->members_count = (uint32_t)row->members_count;
	copied->always = copy_text(copy, row->always);
	copied->at = row->at;
	copied->strict = row->strict != 0;
	copied->has = (uint8_t)parts_of(row);
	if (copy->failed)
		return NULL;
	if (name->row == NULL)
		name->row = copied;
	return copied;
}

static const char *what_lacks(const struct di_row *row)
{
	size_t i;

	if (row->name == NULL)
		return "its name";
	if (row->kind == NULL && row->kind_name == NULL)
		return "its kind";
	if ((row->arguments == NULL && row->arguments_count > 0) ||
	    (row->members == NULL && row->members_count > 0))
		return "what it counts";
	for (i = 0; i < row->arguments_count; i++) {
		if (row->arguments[i].text == NULL)
			return "the text of an argument";
	}
	for (i = 0; i < row->members_count; i++) {
		if (row->members[i].provider == NULL)
			return "the provider of a member";
	}
	return row->value != NULL && row->value->text == NULL ? "the text of its value" : NULL;
}

static int is_argument_kind(enum di_argument_kind kind)
{
	return kind >= DI_ARGUMENT_NEED && kind <= DI_ARGUMENT_OBJECT;
}

static enum di_status check(const struct di_row *row, struct di_error *err)
{
	const char *lacks = what_lacks(row);
	size_t i;

	if (lacks != NULL)
		return di__misuse(err, DI_EINVAL, NULL, "the row %s lacks %s",
				  row->name != NULL ? row->name : "", lacks);
	for (i = 0; i < row->arguments_count; i++) {
		if (!is_argument_kind(row->arguments[i].kind))
			return di__misuse(err, DI_EINVAL, NULL,
					  "the row %s has an argument of no kind", row->name);
	}
	if (row->value != NULL && !is_argument_kind(row->value->kind))
		return di__misuse(err, DI_EINVAL, NULL, "the row %s has a value of no kind",
				  row->name);
	if (row->arguments_count > UINT16_MAX || row->members_count > UINT16_MAX - 1)
		return di__misuse(err, DI_EINVAL, NULL, "the row %s names more than %d others",
				  row->name, UINT16_MAX - 1);
	return DI_OK;
}

enum di_status di_builder_row(struct di_builder *builder, const struct di_row *row,
			      struct di_error *err)
{
	struct copy copy = { builder, 0 };
	struct di__built_row *copied;
	enum di_status status;

	if (builder == NULL || row == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s",
				  builder == NULL ? "builder" : "row");
	status = check(row, err);
	if (status != DI_OK)
		return status;
	copied = copy_row(&copy, row);
	if (copied == NULL)
		return di__fail(err, DI_ENOMEM, NULL, "for the row %s", row->name);
	*builder->last = copied;
	builder->last = &copied->next;
	builder->count++;
	builder->is_checked = 0;
	return DI_OK;
}
