/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void trace_clear(struct trace *trace)
{
	trace->length = 0;
	trace->text[0] = '\0';
}

void trace_write(struct trace *trace, const char *format, ...)
{
	size_t room = sizeof(trace->text) - (size_t)trace->length;
	va_list arguments;

	va_start(arguments, format);
	trace->length += vsnprintf(trace->text + trace->length, room, format, arguments);
	va_end(arguments);
	if (trace->length >= (int)sizeof(trace->text))
		abort();
}

const struct graph_row *model_row(const struct model *model, int row)
{
	return &model->graph->rows[row];
}

int model_is_given(const struct model *model, int row)
{
	return model_row(model, row)->kind == GRAPH_OBJECT ||
	       model_row(model, row)->kind == GRAPH_STATE;
}

int model_is_per_call(const struct model *model, int row)
{
	const struct graph_row *at = model_row(model, row);

	return at->kind == GRAPH_FACTORY ||
	       (at->kind == GRAPH_CONTEXT_RESOURCE && at->scope->rank >= di_scope_inject.rank);
}

int model_is_around(const struct model *model, int outer, int context)
{
	while (context >= 0 && context != outer)
		context = model->contexts[context].parent;
	return context >= 0;
}

int model_depth(const struct model *model, int context)
{
	int depth = 0;

	for (; context > 0; context = model->contexts[context].parent)
		depth++;
	return depth;
}

struct model_context *model_add_context(struct model *model, int parent,
					const struct di_scope *scope)
{
	struct model_context *context = &model->contexts[model->contexts_count++];
	int row, key;

	if (model->contexts_count > MODEL_CONTEXTS)
		abort();
	memset(context, 0, sizeof(*context));
	context->open = 1;
	context->parent = parent;
	context->scope = scope;
	for (row = 0; row < GRAPH_ROWS; row++)
		context->slots[row] = -1;
	for (key = 0; key < MODEL_KEYS; key++)
		context->items[key] = -1;
	return context;
}

void model_init(struct model *model, const struct graph *graph)
{
	memset(model, 0, offsetof(struct model, values));
	model->graph = graph;
	model_add_context(model, -1, &di_scope_app);
}

/* ---- Homes ---- */

int model_depends_on(const struct model *model, int row, const struct di_scope *scope)
{
	const struct graph_row *at = model_row(model, row);
	int i;

	if (at->scope != NULL && at->scope == scope)
		return 1;
	for (i = 0; i < at->needs_count; i++) {
		if (at->needs[i] >= 0 && model_depends_on(model, at->needs[i], scope))
			return 1;
	}
	return 0;
}

int model_overrider(const struct model *model, int context, int row)
{
	for (; context >= 0; context = model->contexts[context].parent) {
		enum model_meaning meaning = model->contexts[context].meaning[row];

		if (meaning == MODEL_VALUE || meaning == MODEL_OTHER)
			return context;
		if (meaning == MODEL_AFRESH)
			return -1;
	}
	return -1;
}

/* Whether something that the row is built from begins afresh in that very context. */
static int begins(const struct model *model, int context, int row)
{
	const struct model_context *at = &model->contexts[context];

	if (at->parent < 0)
		return 1;
	return model_depends_on(model, row, at->scope) ||
	       (at->scope != &di_scope_none && model_depends_on(model, row, &di_scope_any)) ||
	       at->meaning[row] != MODEL_ITSELF || at->touched[row];
}

static int has_scope(const struct model *model, int context, int row)
{
	const struct di_scope *scope = model_row(model, row)->scope;

	if (scope == NULL || scope == &di_scope_any)
		return 1;
	for (; context >= 0; context = model->contexts[context].parent) {
		if (model->contexts[context].scope == scope ||
		    model->contexts[context].meaning[row] == MODEL_AFRESH)
			return 1;
	}
	return 0;
}

/* What a strict row asks for: contexts of no scope and private ones are looked through. */
static int is_strictly_within(const struct model *model, int context, const struct di_scope *scope)
{
	const struct model_context *at = &model->contexts[context];

	if (at->scope == scope)
		return 1;
	return (at->private_ || at->scope == &di_scope_none) &&
	       is_strictly_within(model, at->parent, scope);
}

int model_home(const struct model *model, int context, int row)
{
	int by = model_overrider(model, context, row);

	if (by >= 0)
		return by;
	if (model_row(model, row)->kind == GRAPH_FACTORY)
		return context;
	if (model_row(model, row)->strict &&
	    !is_strictly_within(model, context, model_row(model, row)->scope))
		return -1;
	while (!begins(model, context, row))
		context = model->contexts[context].parent;
	return has_scope(model, context, row) ? context : -1;
}

int model_stands_for(const struct model *model, int context, int row)
{
	int by = model_overrider(model, context, row);

	return by >= 0 && model->contexts[by].meaning[row] == MODEL_OTHER
		       ? model->contexts[by].given[row]
		       : GRAPH_NONE;
}

int model_stand_in(const struct model *model, int context, int row)
{
	int next;

	while ((next = model_stands_for(model, context, row)) != GRAPH_NONE)
		row = next;
	return row;
}

int model_asked_in(const struct model *model, int home, const struct graph_ask *ask)
{
	return ask->where == GRAPH_OUTSIDE && home > 0 ? model->contexts[home].parent : home;
}

int model_peek(const struct model *model, int context, int row)
{
	const struct model_context *at;
	int home;

	row = model_stand_in(model, context, row);
	home = model_home(model, context, row);
	if (home < 0)
		return -1;
	at = &model->contexts[home];
	if (at->meaning[row] == MODEL_VALUE)
		return at->given[row];
	if (model_row(model, row)->kind == GRAPH_OBJECT)
		return MODEL_OBJECTS + row;
	return at->slots[row];
}
