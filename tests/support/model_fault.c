/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stddef.h>

/*
 * What must hold whatever was done: nothing outlives what it is built from, is stale, or poisons.
 */

/* Whether some context from there outwards gives that value, which was not made. */
static int is_given_around(const struct model *model, int context, int number)
{
	int row;

	if (number >= MODEL_OBJECTS)
		return 1;
	for (; context >= 0; context = model->contexts[context].parent) {
		const struct model_context *at = &model->contexts[context];

		for (row = 0; row < GRAPH_ROWS; row++) {
			if (at->slots[row] == number ||
			    (at->meaning[row] == MODEL_VALUE && at->given[row] == number))
				return 1;
		}
	}
	return 0;
}

static const char *fault_of_need(const struct model *model, const struct model_value *value,
				 int need)
{
	if (need >= MODEL_VALUES)
		return is_given_around(model, value->home, need)
			       ? NULL
			       : "a value is built from an override that it does not see";
	if (!model->values[need].alive)
		return "a live value is built from a dead one";
	if (!model_is_around(model, model->values[need].home, value->home))
		return "an outer value is built from an inner one";
	return NULL;
}

/* What the row would get now for that need, or -1 where nothing says. */
static int seen_now(const struct model *model, const struct model_value *value, int need)
{
	const struct graph_row *row = model_row(model, value->row);
	const struct graph_ask *ask;

	if (need < GRAPH_NEEDS)
		return model_peek(model, value->home, row->needs[need]);
	ask = &row->asks[need - GRAPH_NEEDS];
	if (ask->where == GRAPH_INSIDE)
		return -1;
	return model_peek(model, model_asked_in(model, value->home, ask), ask->row);
}

static const char *fault_of(const struct model *model, int number)
{
	const struct model_value *value = &model->values[number];
	const char *fault;
	int i;

	for (i = 0; i < MODEL_NEEDS; i++) {
		int need = value->needs[i], seen;

		if (need < 0)
			continue;
		fault = fault_of_need(model, value, need);
		if (fault != NULL)
			return fault;
		seen = seen_now(model, value, i);
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
