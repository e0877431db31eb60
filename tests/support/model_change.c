/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <string.h>

/* ---- Changing what rows mean ---- */

/* Whether the row is one of those flagged, or one that stands for it as seen from context. */
static int is_flagged(const struct model *model, int context, const int *flagged, int row)
{
	int next;

	for (; !flagged[row]; row = next) {
		next = model_stands_for(model, context, row);
		if (next == GRAPH_NONE)
			return 0;
	}
	return 1;
}

static int has_asked(const struct model *model, int context, const int *flagged,
		     const struct model_value *value)
{
	const struct graph_row *row = model_row(model, value->row);
	int i;

	for (i = 0; i < row->asks_count; i++) {
		if (value->recorded[i] && is_flagged(model, context, flagged, row->asks[i].row))
			return 1;
	}
	return 0;
}

static int is_touched(const struct model *model, int context, const int *flagged, int row)
{
	const struct graph_row *at = model_row(model, row);
	int i;

	if (model_overrider(model, context, row) >= 0)
		return 0;
	for (i = 0; i < at->needs_count; i++) {
		if (at->needs[i] >= 0 && is_flagged(model, context, flagged, at->needs[i]))
			return 1;
	}
	/* What a constructor resolves itself is known once it has. */
	for (i = 0; i < model->values_count; i++) {
		const struct model_value *value = &model->values[i];

		if (value->row == row && value->alive &&
		    model_is_around(model, value->home, context) &&
		    has_asked(model, context, flagged, value))
			return 1;
	}
	return 0;
}

static void flag_built_from(const struct model *model, int context, int *flagged)
{
	int row, grown = 1;

	while (grown) {
		grown = 0;
		for (row = 0; row < model->graph->count; row++) {
			if (!flagged[row] && is_touched(model, context, flagged, row))
				flagged[row] = grown = 1;
		}
	}
}

static enum di_status change(struct model *model, int context, const struct model_pair *pairs,
			     int count, enum model_meaning meaning)
{
	struct model_context *at = &model->contexts[context];
	int flagged[GRAPH_ROWS] = { 0 };
	int i;

	if (model_has_children(model, context))
		return DI_EBUSY;
	for (i = 0; i < count; i++)
		flagged[pairs[i].row] = 1;
	flag_built_from(model, context, flagged);
	for (i = 0; i < at->height; i++) {
		int row = model->values[at->stack[i]].row;

		if (row >= 0 && flagged[row])
			return DI_EBUSY;
	}
	for (i = 0; i < GRAPH_ROWS; i++)
		at->touched[i] |= flagged[i];
	model->events[DI_EVENT_OVERRIDDEN] += count;
	for (i = 0; i < count; i++) {
		at->meaning[pairs[i].row] = meaning;
		at->given[pairs[i].row] = pairs[i].value;
		if (meaning == MODEL_AFRESH)
			at->slots[pairs[i].row] = pairs[i].value;
	}
	return DI_OK;
}

enum di_status model_override(struct model *model, int context, const struct model_pair *pairs,
			      int count)
{
	return change(model, context, pairs, count, MODEL_VALUE);
}

/* Whether other is row or needs it, with what stands for what there; reached: a scratch. */
static int reaches(const struct model *model, int context, int other, int row, int *reached)
{
	int i;

	for (; other != GRAPH_NONE; other = model_stands_for(model, context, other)) {
		const struct graph_row *at = model_row(model, other);

		if (other == row)
			return 1;
		if (reached[other])
			continue;
		reached[other] = 1;
		for (i = 0; i < at->needs_count; i++) {
			if (at->needs[i] >= 0 &&
			    reaches(model, context, at->needs[i], row, reached))
				return 1;
		}
	}
	return 0;
}

/* Whether every scope that the values of other depend on is one of row's. */
static int lives_within(const struct model *model, int other, int row)
{
	static const struct di_scope *const scopes[] = { &di_scope_app, &di_scope_request,
							 &graph_scope_job, &di_scope_inject,
							 &di_scope_any };
	int i;

	for (i = 0; i < 5; i++) {
		if (model_depends_on(model, other, scopes[i]) &&
		    !model_depends_on(model, row, scopes[i]))
			return 0;
	}
	return 1;
}

enum di_status model_override_with(struct model *model, int context, int row, int other)
{
	const struct model_pair pair = { row, other };
	int reached[GRAPH_ROWS] = { 0 };

	if (model_row(model, other)->rank > model_row(model, row)->rank)
		return DI_EINVAL;
	if (model_has_children(model, context))
		return DI_EBUSY;
	if (!lives_within(model, other, row) || reaches(model, context, other, row, reached))
		return DI_EINVAL;
	return change(model, context, &pair, 1, MODEL_OTHER);
}

enum di_status model_put(struct model *model, int context, int row, int value)
{
	struct model_context *at = &model->contexts[context];
	const struct model_pair pair = { row, value };

	if (at->slots[row] >= 0 || at->scope == &di_scope_none ||
	    model_overrider(model, context, row) >= 0)
		return change(model, context, &pair, 1, MODEL_AFRESH);
	at->slots[row] = value;
	return DI_OK;
}

enum di_status model_open(struct model *model, int parent, const struct di_scope *scope,
			  const int *afresh, int isolated, int *opened)
{
	struct model_context *context = model_add_context(model, parent, scope);

	*opened = model->contexts_count - 1;
	context->isolated = isolated;
	for (; *afresh >= 0; afresh++) {
		context->meaning[*afresh] = MODEL_AFRESH;
		context->touched[*afresh] = 1;
	}
	flag_built_from(model, *opened, context->touched);
	return DI_OK;
}
