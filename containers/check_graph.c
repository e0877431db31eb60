/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

/*
 * The rows as a graph: in what order they stand, which need each other, how long each lives. No
 * function calls itself: on the way through the graph each row remembers who led to it.
 */

enum visited {
	NEW,
	ON_THE_WAY,
	DONE
};

enum {
	PATH_FRONT = 8, /* names of a long path that are shown */
	PATH_BACK = 3
};

/* How many rows must stand above it: not what a lazy leads to; of an unknown kind, arguments. */
static uint32_t edges_count(const struct di__built_row *row)
{
	return row->shape == DI__SHAPE_LAZY || row->shape == DI__SHAPE_NONE
		       ? row->arguments_count
		       : di__targets_count(row);
}

/* ---- Cycles. ---- */

static void report_cycle(struct di_builder *builder, struct di__built_row *last,
			 struct di__built_row *first, uint32_t edge)
{
	uint32_t length = last->depth - first->depth + 1, number;
	struct di__built_row *at = last;
	char path[400];
	struct di__text text = { path, sizeof(path), 0 };
	int is_argument = edge < last->arguments_count;

	di__text_append(&text, "%s", first->name->text);
	for (number = 0; number < length && at != NULL; number++, at = at->asker) {
		uint32_t left = length - number;

		if (length <= PATH_FRONT + PATH_BACK || number < PATH_FRONT || left <= PATH_BACK)
			di__text_append(&text, " <- %.60s", at->name->text);
		else if (number == PATH_FRONT)
			di__text_append(&text, " <- ... %u more ...",
					(unsigned)(length - PATH_FRONT - PATH_BACK));
	}
	di__report(builder, DI_FAULT_CYCLE, last, is_argument ? DI_PART_ARGUMENT : DI_PART_MEMBER,
		   is_argument ? edge : edge - last->arguments_count, "it needs itself: %s", path);
}

static void begin(struct di__built_row *row, struct di__built_row *asker)
{
	row->visited = ON_THE_WAY;
	row->edge = 0;
	row->asker = asker;
	row->depth = asker != NULL ? asker->depth + 1 : 0;
}

/* The next row to go on with: one that is needed, or who led to this one when nothing is left. */
static struct di__built_row *step(struct di_builder *builder, struct di__built_row *row,
				  uint32_t *done)
{
	while (row->edge < edges_count(row)) {
		struct di__target *target = di__target_at(row, row->edge++);

		if (target->row == NULL || target->row->visited == DONE)
			continue;
		if (target->row->visited == NEW) {
			begin(target->row, row);
			return target->row;
		}
		target->is_cut = 1;
		report_cycle(builder, row, target->row, row->edge - 1);
	}
	row->visited = DONE;
	row->index = *done;
	builder->order[(*done)++] = row;
	return row->asker;
}

void di__check_cycles(struct di_builder *builder)
{
	struct di__built_row *row, *at;
	uint32_t done = 0;

	for (row = builder->first; row != NULL; row = row->next) {
		if (row->visited != NEW)
			continue;
		begin(row, NULL);
		for (at = row; at != NULL;)
			at = step(builder, at, &done);
	}
}

/* ---- Lives. ---- */

static int rank_of(const struct di__target *target)
{
	if (target->row != NULL)
		return target->row->life;
	return target->provider != NULL ? target->provider->life : 0;
}

static const struct di_scope *scope_of_provider(const struct di_provider *provider)
{
	uint32_t i;

	while (provider->scope == NULL) {
		const struct di_provider *next = NULL;

		for (i = 0; i < di__leads_count(provider); i++) {
			if (di__is_row(provider->needs[i]) &&
			    provider->needs[i]->life == provider->life)
				next = provider->needs[i];
		}
		if (next == NULL)
			return NULL;
		provider = next;
	}
	return provider->scope;
}

static const char *scope_text(const struct di__target *target)
{
	const struct di_scope *scope = target->row != NULL ? target->row->found_scope
							   : scope_of_provider(target->provider);

	return scope != NULL ? scope->name : "app";
}

/* What holds it lives until when. */
static const char *life_text(const struct di__built_row *row)
{
	return row->found_scope != NULL ? row->found_scope->name : "app";
}

static int has_own_life(const struct di__built_row *row)
{
	return row->found_kind == NULL ||
	       (row->found_kind->home != DI_HOME_ASKED && row->found_kind->home != DI_HOME_NEEDS);
}

/* The way from what lives shorter to the row: through what passes its life on. */
static void report_captive(struct di_builder *builder, const struct di__built_row *row,
			   uint32_t edge, const struct di__target *target)
{
	const struct di__target *root =
		target->row != NULL && target->row->root != NULL ? target->row->root : target;
	uint32_t length = target->row != NULL ? target->row->depth + 1 : 1, number;
	const struct di__target *at = target;
	const char *names[PATH_FRONT];
	char path[700];
	struct di__text text = { path, sizeof(path), 0 };
	int is_argument = edge < row->arguments_count;

	for (number = 0; number < PATH_FRONT && at != NULL; number++) {
		names[number] = at->name->text;
		at = at->row != NULL ? at->row->via : NULL;
	}
	if (at != NULL)
		di__text_append(&text, "%.60s <- ", root->name->text);
	if (length > PATH_FRONT + 1)
		di__text_append(&text, "... %u more ... <- ", (unsigned)(length - PATH_FRONT - 1));
	while (number > 0)
		di__text_append(&text, "%.60s <- ", names[--number]);
	di__text_append(&text, "%.60s", row->name->text);
	di__report(builder, DI_FAULT_CAPTIVE, row, is_argument ? DI_PART_ARGUMENT : DI_PART_MEMBER,
		   is_argument ? edge : edge - row->arguments_count,
		   "of scope %s, it would outlive %s of scope %s%s%s", life_text(row),
		   root->name->text, scope_text(root), length > 1 ? ": " : "",
		   length > 1 ? path : "");
}

/* It lives as shortly as what it needs. */
static void pass_on(struct di__built_row *row, const struct di__target *target)
{
	const struct di__built_row *need = target->row;

	row->life = rank_of(target);
	row->via = target;
	row->root = need != NULL && need->root != NULL ? need->root : target;
	row->depth = need != NULL && need->root != NULL ? need->depth + 1 : 1;
}

static int is_new(const struct di__target *target)
{
	return target->row != NULL
		       ? target->row->is_new
		       : target->provider->kind != NULL && !target->provider->kind->cached;
}

/* Of a row with a life of its own; others get theirs from what they need. */
static int own_rank(const struct di__built_row *row)
{
	return row->found_scope != NULL ? row->found_scope->rank : di_scope_app__rank;
}

static void check_life(struct di_builder *builder, struct di__built_row *row)
{
	int own = has_own_life(row);
	int is_holder = row->shape == DI__SHAPE_LIST || row->shape == DI__SHAPE_DICT;
	uint32_t count = edges_count(row), i;

	row->depth = 0;
	row->life = own_rank(row);
	row->is_new = row->found_kind != NULL && !row->found_kind->cached;
	for (i = 0; i < count; i++) {
		const struct di__target *target = di__target_at(row, i);

		if (target->is_cut || (target->row == NULL && target->provider == NULL))
			continue;
		if (is_holder)
			row->is_new = row->is_new || is_new(target);
		if (rank_of(target) <= row->life)
			continue;
		if (!own)
			pass_on(row, target);
		else if (row->found_kind != NULL &&
			 (row->found_kind->home != DI_HOME_SCOPE || row->found_scope != NULL))
			report_captive(builder, row, i, target);
	}
}

void di__check_lives(struct di_builder *builder)
{
	struct di__built_row *row;
	uint32_t i;

	for (i = 0; i < builder->count; i++)
		check_life(builder, builder->order[i]);
	for (row = builder->has_lazies ? builder->first : NULL; row != NULL; row = row->next) {
		const struct di__target *target;

		if (row->shape != DI__SHAPE_LAZY || row->members_count == 0)
			continue;
		target = &row->members[0].target;
		if (rank_of(target) > row->life && row->found_scope != NULL)
			report_captive(builder, row, row->arguments_count, target);
	}
}
