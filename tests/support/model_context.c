/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stdio.h>
#include <string.h>

/* ---- Contexts ---- */

int model_has_children(const struct model *model, int context)
{
	int i;

	for (i = 0; i < model->contexts_count; i++) {
		if (model->contexts[i].open && model->contexts[i].parent == context)
			return 1;
	}
	return 0;
}

enum di_status model_close(struct model *model, int context, enum di_outcome outcome)
{
	model->failed_ends = 0;
	if (model_has_children(model, context) || model->contexts[context].entered > 0)
		return DI_EBUSY;
	return model_end_context(model, context, outcome);
}

/* Children before parents, and of siblings the one opened last first. */
static void end_below(struct model *model, int context)
{
	int i;

	for (i = model->contexts_count - 1; i > context; i--) {
		if (model->contexts[i].open && model->contexts[i].parent == context) {
			end_below(model, i);
			model_end_context(model, i, DI_CANCELLED);
		}
	}
}

enum di_status model_free(struct model *model)
{
	int open = model_has_children(model, 0);

	model->failed_ends = 0;
	end_below(model, 0);
	model_end_context(model, 0, DI_DONE);
	return open ? DI_EOPEN : model->failed_ends > 0 ? DI_EFINALIZE : DI_OK;
}

enum di_status model_mark(struct model *model, int context, enum di_outcome outcome)
{
	if (outcome > model->contexts[context].mark)
		model->contexts[context].mark = outcome;
	return DI_OK;
}

enum di_status model_defer(struct model *model, int context, int badly)
{
	struct model_value call = {
		.row = -1, .home = context, .alive = 1, .owner = -1, .badly = badly
	};
	int i;

	for (i = 0; i < MODEL_NEEDS; i++)
		call.needs[i] = -1;
	model_add_value(model, &call);
	return DI_OK;
}

enum di_status model_enter(struct model *model, int context)
{
	model->contexts[context].entered++;
	model->entered[model->entered_count++] = context;
	return DI_OK;
}

enum di_status model_leave(struct model *model)
{
	model->contexts[model->entered[--model->entered_count]].entered--;
	return DI_OK;
}

/* ---- Who resolves ---- */

enum di_status model_start(struct model *model)
{
	enum di_status status = DI_OK;
	int row, value;

	for (row = 0; row < model->graph->count && status == DI_OK; row++) {
		if (model_row(model, row)->kind == GRAPH_RESOURCE &&
		    model_overrider(model, 0, row) < 0)
			status = model_resolve(model, 0, row, &value);
	}
	return status;
}

static enum di_status get_all(struct model *model, int context, const int *needs, int count,
			      int *values)
{
	enum di_status status = DI_OK;
	int i;

	for (i = 0; i < count && status == DI_OK; i++) {
		if (needs[i] != GRAPH_CONTEXT)
			status = model_resolve(model, context, needs[i], &values[i]);
	}
	return status;
}

enum di_status model_call(struct model *model, int context, const int *needs, int count, int failed,
			  int *opened)
{
	int i, at = context, values[GRAPH_NEEDS];
	enum di_status status;

	*opened = -1;
	for (i = 0; i < count && at == context; i++) {
		if (needs[i] == GRAPH_CONTEXT || !model_is_per_call(model, needs[i]))
			continue;
		model_add_context(model, context, &di_scope_inject)->private_ = 1;
		at = *opened = model->contexts_count - 1;
	}
	status = get_all(model, at, needs, count, values);
	model->failed_ends = 0;
	if (status != DI_OK) {
		size_t used = strlen(model->path);

		snprintf(model->path + used, sizeof(model->path) - used, " <- handler");
		if (at != context)
			model_end_context(model, at, DI_FAILED);
		return status;
	}
	trace_write(&model->trace, "call");
	for (i = 0; i < count; i++) {
		if (needs[i] != GRAPH_CONTEXT)
			trace_write(&model->trace, " #%d", values[i]);
	}
	trace_write(&model->trace, "\n");
	return at == context ? DI_OK : model_end_context(model, at, failed ? DI_FAILED : DI_DONE);
}

/* ---- Items ---- */

static int same_key(int key)
{
	return key == MODEL_KEYS - 1 ? 0 : key;
}

enum di_status model_put_item(struct model *model, int context, int key, int value)
{
	struct model_context *at = &model->contexts[context];

	key = same_key(key);
	if (at->items[key] >= 0)
		return DI_EBUSY;
	at->items[key] = value;
	at->newest_item[at->items_count++] = key;
	return DI_OK;
}

/* The next context whose items are seen, or -1. */
static int outer(const struct model *model, int context)
{
	return model->contexts[context].isolated ? -1 : model->contexts[context].parent;
}

int model_fetch(const struct model *model, int context, int key)
{
	for (key = same_key(key); context >= 0; context = outer(model, context)) {
		if (model->contexts[context].items[key] >= 0)
			return model->contexts[context].items[key];
	}
	return -1;
}

int model_fetch_type(const struct model *model, int context, int type)
{
	for (; context >= 0; context = outer(model, context)) {
		const struct model_context *at = &model->contexts[context];
		int i;

		for (i = at->items_count - 1; i >= 0; i--) {
			if (at->newest_item[i] % 2 == type)
				return at->items[at->newest_item[i]];
		}
	}
	return -1;
}
