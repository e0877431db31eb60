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
	for (i = 0; at->asks >= 0 && i < model->values_count; i++) {
		int home = context;

		while (home >= 0 && home != model->values[i].home)
			home = model->contexts[home].parent;
		if (home >= 0 && model->values[i].alive && model->values[i].row == row &&
		    is_flagged(model, context, flagged, at->asks))
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

static enum di_status change(struct model *model, int context, int row, enum model_meaning meaning,
			     int given)
{
	struct model_context *at = &model->contexts[context];
	int flagged[GRAPH_ROWS] = { 0 };
	int i;

	if (model_has_children(model, context))
		return DI_EBUSY;
	flagged[row] = 1;
	flag_built_from(model, context, flagged);
	for (i = 0; i < at->height; i++) {
		if (flagged[model->values[at->stack[i]].row])
			return DI_EBUSY;
	}
	for (i = 0; i < GRAPH_ROWS; i++)
		at->touched[i] |= flagged[i];
	at->meaning[row] = meaning;
	at->given[row] = given;
	if (meaning == MODEL_AFRESH)
		at->slots[row] = given;
	return DI_OK;
}

enum di_status model_override(struct model *model, int context, int row, int value)
{
	return change(model, context, row, MODEL_VALUE, value);
}

enum di_status model_override_with(struct model *model, int context, int row, int other)
{
	return change(model, context, row, MODEL_OTHER, other);
}

enum di_status model_put(struct model *model, int context, int row, int value)
{
	struct model_context *at = &model->contexts[context];

	if (at->slots[row] >= 0 || model_overrider(model, context, row) >= 0)
		return change(model, context, row, MODEL_AFRESH, value);
	at->slots[row] = value;
	return DI_OK;
}

enum di_status model_open(struct model *model, int parent, const struct di_scope *scope,
			  const int *afresh, int *opened)
{
	struct model_context *context = model_add_context(model, parent, scope);

	*opened = model->contexts_count - 1;
	for (; *afresh >= 0; afresh++) {
		context->meaning[*afresh] = MODEL_AFRESH;
		context->touched[*afresh] = 1;
	}
	flag_built_from(model, *opened, context->touched);
	return DI_OK;
}

/* ---- What must hold ---- */

int model_reaches(const struct model *model, int context, int other, int row)
{
	int i;

	for (; other != GRAPH_NONE; other = model_stands_for(model, context, other)) {
		const struct graph_row *at = model_row(model, other);

		if (other == row)
			return 1;
		for (i = 0; i < at->needs_count; i++) {
			if (at->needs[i] >= 0 && model_reaches(model, context, at->needs[i], row))
				return 1;
		}
		if (at->asks >= 0 && model_reaches(model, context, at->asks, row))
			return 1;
	}
	return 0;
}

int model_lives_within(const struct model *model, int other, int row)
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

static const char *fault_of(const struct model *model, int number)
{
	const struct model_value *value = &model->values[number];
	const struct graph_row *row = model_row(model, value->row);
	int i;

	for (i = 0; i <= GRAPH_NEEDS; i++) {
		int need = value->needs[i], seen;
		int from = i < GRAPH_NEEDS ? row->needs[i] : row->asks;

		if (need < 0)
			continue;
		if (need < MODEL_VALUES && !model->values[need].alive)
			return "a live value is built from a dead one";
		seen = model_peek(model, value->home, from);
		if (seen >= 0 && seen != need)
			return "a live value is built from what its row does not mean any more";
	}
	return NULL;
}

/* Whatever is seen together from one context is built from each other. */
static const char *fault_seen_from(const struct model *model, int context)
{
	int row, i;

	for (row = 0; row < model->graph->count; row++) {
		const struct graph_row *at = model_row(model, row);
		int number = model_peek(model, context, row);

		if (number < 0 || number >= MODEL_VALUES || model->values[number].row != row)
			continue;
		for (i = 0; i < at->needs_count; i++) {
			int seen =
				at->needs[i] >= 0 ? model_peek(model, context, at->needs[i]) : -1;

			if (seen >= 0 && seen != model->values[number].needs[i])
				return "a context sees a value built from another than it sees";
		}
	}
	return NULL;
}

const char *model_fault(const struct model *model)
{
	const char *fault = NULL;
	int i;

	for (i = 0; i < model->values_count && fault == NULL; i++) {
		if (model->values[i].alive)
			fault = fault_of(model, i);
	}
	for (i = 0; i < model->contexts_count && fault == NULL; i++) {
		if (model->contexts[i].open)
			fault = fault_seen_from(model, i);
	}
	return fault;
}
