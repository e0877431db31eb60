/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <stdio.h>
#include <string.h>

/*
 * Whether the functions of a row are asynchronous as its kind is.
 */

/* "; did you mean async_singleton?": the kind that is like the row's but for that, or "". */
static struct di__hint other_kind(const struct di__built_row *row)
{
	static const char prefix[] = "async_";
	const char *name = row->found_kind->name;
	struct di__hint hint = { "" };
	char other[64];

	if (!row->found_kind->async)
		snprintf(other, sizeof(other), "%s%s", prefix, name);
	else if (strncmp(name, prefix, strlen(prefix)) == 0)
		snprintf(other, sizeof(other), "%s", name + strlen(prefix));
	else
		return hint;
	if (di_kind_find(other) != NULL)
		snprintf(hint.text, sizeof(hint.text), "; did you mean %s?", other);
	return hint;
}

static int makes_slowly(const struct di__built_row *row)
{
	return row->shape == DI__SHAPE_MADE && row->maker != NULL &&
	       row->maker->export->begin != NULL;
}

/* Who completes a call fits a row that gives it one, and nobody else does. */
void di__check_maker_kind(struct di_builder *builder, const struct di__built_row *row)
{
	const char *kind = row->found_kind->name;

	if (row->shape != DI__SHAPE_MADE || makes_slowly(row) == row->found_kind->async)
		return;
	if (row->found_kind->async)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_CONSTRUCTOR, 0,
			   "%s is not asynchronous, and %s %s is%s", row->maker->export->name,
			   di__article(kind), kind, other_kind(row).text);
	else
		di__report(builder, DI_FAULT_KIND, row, DI_PART_CONSTRUCTOR, 0,
			   "%s is asynchronous, and %s %s is not%s", row->maker->export->name,
			   di__article(kind), kind, other_kind(row).text);
}

/* One that is wrong because the constructor is, is not told. */
void di__check_ender_kind(struct di_builder *builder, const struct di__built_row *row)
{
	const char *kind = row->found_kind->name;

	if (row->ender->export->end == NULL || row->found_kind->async || makes_slowly(row))
		return;
	di__report(builder, DI_FAULT_KIND, row, DI_PART_DESTRUCTOR, 0,
		   "%s is asynchronous, and %s %s is not%s", row->ender->export->name,
		   di__article(kind), kind, other_kind(row).text);
}
