/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <string.h>

/*
 * Rows that a row names without a constructor's argument: options, members, what a lazy leads to.
 */

static const char *member_word(const struct di__built_row *row)
{
	return row->shape == DI__SHAPE_SELECTOR ? "option" : "member";
}

static struct di__seen_type wanted_type(const struct di__built_row *row)
{
	struct di__seen_type none = { NULL, 0 };

	if (row->shape == DI__SHAPE_SELECTOR)
		return row->provides;
	return row->holder != NULL ? row->holder->parameters[0] : none;
}

static void check_type(struct di_builder *builder, const struct di__built_row *row, uint32_t number)
{
	const struct di__target *target = &row->members[number].target;
	struct di__seen_type given = di__target_type(builder, target), wanted = wanted_type(row);
	char given_text[96], wanted_text[96];

	if (di__type_fits(given, wanted))
		return;
	di__type_text(given, given_text, sizeof(given_text));
	di__type_text(wanted, wanted_text, sizeof(wanted_text));
	if (row->shape == DI__SHAPE_LAZY)
		di__report(builder, DI_FAULT_TYPE, row, DI_PART_MEMBER, number,
			   "it leads to a %s, and %s provides a %s", wanted_text,
			   target->name->text, given_text);
	else
		di__report(builder, DI_FAULT_TYPE, row, DI_PART_MEMBER, number,
			   "each %s is a %s, and %s provides a %s", member_word(row), wanted_text,
			   target->name->text, given_text);
}

static int takes_keys(const struct di__built_row *row)
{
	return row->shape == DI__SHAPE_SELECTOR || row->shape == DI__SHAPE_DICT;
}

static void check_key(struct di_builder *builder, const struct di__built_row *row, uint32_t number)
{
	const char *key = row->members[number].key;

	if (takes_keys(row) && key == NULL)
		di__report(builder, DI_FAULT_KEY, row, DI_PART_MEMBER, number, "it needs a key");
	if (!takes_keys(row) && key != NULL)
		di__report(builder, DI_FAULT_KEY, row, DI_PART_MEMBER, number, "a %s takes no keys",
			   row->found_kind->name);
}

/* The row that had a key last tells whether it is the same row again. */
static int is_again(struct di_builder *builder, struct di__built_row *row, const char *key)
{
	struct di__name *name = di__names_enter(&builder->keys, key, strlen(key));

	builder->is_out_of_memory |= name == NULL;
	if (name == NULL)
		return 0;
	if (name->row == row && name->seen == builder->checks)
		return 1;
	name->row = row;
	name->seen = builder->checks;
	return 0;
}

static void check_keys(struct di_builder *builder, struct di__built_row *row)
{
	int is_there = row->always == NULL;
	uint32_t i;

	if (!takes_keys(row))
		return;
	for (i = 0; i < row->members_count; i++) {
		const char *key = row->members[i].key;

		if (key == NULL)
			continue;
		if (is_again(builder, row, key))
			di__report(builder, DI_FAULT_KEY, row, DI_PART_MEMBER, i,
				   "there is another %s with the key \"%s\"", member_word(row),
				   key);
		is_there |= row->always != NULL && strcmp(key, row->always) == 0;
	}
	if (!is_there && row->members_count > 0)
		di__report(builder, DI_FAULT_KEY, row, DI_PART_ALWAYS, 0,
			   "no option has the key \"%s\"", row->always);
}

static void check_selector(struct di_builder *builder, const struct di__built_row *row)
{
	if (row->always != NULL && row->constructor != NULL)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ALWAYS, 0,
			   "a selector has a chooser or a key to choose always, not both");
	if (row->always == NULL && row->constructor == NULL)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ROW, 0,
			   "a selector needs a chooser, or a key to choose always");
	if (row->always != NULL && row->arguments_count > 0)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_ARGUMENT, 0,
			   "what chooses always the same takes no arguments");
}

void di__check_members(struct di_builder *builder, struct di__built_row *row)
{
	uint32_t i;

	for (i = 0; i < row->members_count; i++) {
		di__check_target(builder, row, &row->members[i].target, DI_PART_MEMBER, i);
		if (row->shape < DI__SHAPE_SELECTOR)
			continue;
		check_type(builder, row, i);
		check_key(builder, row, i);
	}
	check_keys(builder, row);
	if (row->shape == DI__SHAPE_SELECTOR)
		check_selector(builder, row);
	if (row->shape == DI__SHAPE_LAZY && row->members_count > 1)
		di__report(builder, DI_FAULT_KIND, row, DI_PART_MEMBER, 1,
			   "a lazy leads to one row");
	if (row->shape == DI__SHAPE_LAZY && row->members_count > 0 &&
	    row->members[0].target.row == row)
		di__report(builder, DI_FAULT_CYCLE, row, DI_PART_MEMBER, 0, "it leads to itself");
}
