/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stdarg.h>
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

static const struct graph_row *row_of(const struct model *model, int row)
{
	return &model->graph->rows[row];
}

static struct model_context *add_context(struct model *model, int parent,
					 const struct di_scope *scope)
{
	struct model_context *context = &model->contexts[model->contexts_count++];
	int row;

	memset(context, 0, sizeof(*context));
	context->open = 1;
	context->parent = parent;
	context->scope = scope;
	for (row = 0; row < GRAPH_ROWS; row++)
		context->slots[row] = -1;
	return context;
}

void model_init(struct model *model, const struct graph *graph)
{
	memset(model, 0, sizeof(*model));
	model->graph = graph;
	add_context(model, -1, &di_scope_app);
}

/* ---- Homes ---- */

/* Whether values of row depend on the scope, by their own or by what they need. */
static int depends_on(const struct model *model, int row, const struct di_scope *scope)
{
	const struct graph_row *at = row_of(model, row);
	int i;

	if (at->scope != NULL && at->scope == scope)
		return 1;
	for (i = 0; i < at->needs_count; i++) {
		if (at->needs[i] >= 0 && depends_on(model, at->needs[i], scope))
			return 1;
	}
	return 0;
}

/* The context whose override the row means as seen from context, or -1. */
static int overrider(const struct model *model, int context, int row)
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
	return depends_on(model, row, at->scope) || depends_on(model, row, &di_scope_any) ||
	       at->meaning[row] != MODEL_ITSELF || at->touched[row];
}

static int has_scope(const struct model *model, int context, int row)
{
	const struct di_scope *scope = row_of(model, row)->scope;

	if (scope == NULL || scope == &di_scope_any)
		return 1;
	for (; context >= 0; context = model->contexts[context].parent) {
		if (model->contexts[context].scope == scope ||
		    model->contexts[context].meaning[row] == MODEL_AFRESH)
			return 1;
	}
	return 0;
}

/* The home of the row's own value, or -1. */
static int home_of(const struct model *model, int context, int row)
{
	int by = overrider(model, context, row);

	if (by >= 0)
		return by;
	if (row_of(model, row)->kind == GRAPH_FACTORY)
		return context;
	while (!begins(model, context, row))
		context = model->contexts[context].parent;
	return has_scope(model, context, row) ? context : -1;
}

/* The row that stands for this one as seen from context, or GRAPH_NONE. */
static int stands_for(const struct model *model, int context, int row)
{
	int by = overrider(model, context, row);

	return by >= 0 && model->contexts[by].meaning[row] == MODEL_OTHER ?
		       model->contexts[by].given[row] :
		       GRAPH_NONE;
}

/* What the row means over any number of such steps, mostly itself. */
static int stand_in(const struct model *model, int context, int row)
{
	int next;

	while ((next = stands_for(model, context, row)) != GRAPH_NONE)
		row = next;
	return row;
}

static int is_given(const struct model *model, int row)
{
	return row_of(model, row)->kind == GRAPH_OBJECT || row_of(model, row)->kind == GRAPH_STATE;
}

int model_peek(const struct model *model, int context, int row)
{
	const struct model_context *at;
	int home;

	row = stand_in(model, context, row);
	home = home_of(model, context, row);
	if (home < 0)
		return -1;
	at = &model->contexts[home];
	if (at->meaning[row] == MODEL_VALUE)
		return at->given[row];
	if (row_of(model, row)->kind == GRAPH_OBJECT)
		return MODEL_OBJECTS + row;
	return at->slots[row];
}

/* ---- Ending ---- */

static void take_off(struct model_context *context, int value)
{
	int i, kept = 0;

	for (i = 0; i < context->height; i++) {
		if (context->stack[i] != value)
			context->stack[kept++] = context->stack[i];
	}
	context->height = kept;
}

static void end_value(struct model *model, int number, enum di_outcome outcome)
{
	struct model_value *value = &model->values[number];
	struct model_context *home = &model->contexts[value->home];

	take_off(home, number);
	value->alive = 0;
	if (home->slots[value->row] == number)
		home->slots[value->row] = -1;
	if (model->fail_end[value->row] > 0) {
		model->fail_end[value->row]--;
		model->failed_ends++;
		trace_write(&model->trace, "end #%d badly\n", number);
	} else {
		trace_write(&model->trace, "end #%d %s\n", number, di_outcome_text(outcome));
	}
}

/* Ends the values of a context for which marked says 1, newest first. */
static enum di_status end_marked(struct model *model, int context, const char *marked,
				 enum di_outcome outcome)
{
	struct model_context *at = &model->contexts[context];
	int i;

	for (i = at->height - 1; i >= 0; i--) {
		if (marked[at->stack[i]])
			end_value(model, at->stack[i], outcome);
	}
	return model->failed_ends > 0 ? DI_EFINALIZE : DI_OK;
}

static int is_made_from(const struct model_value *value, const char *marked)
{
	int i;

	for (i = 0; i <= GRAPH_NEEDS; i++) {
		if (value->needs[i] >= 0 && value->needs[i] < MODEL_VALUES && marked[value->needs[i]])
			return 1;
	}
	return 0;
}

/* Marks all that was made from, or for, what is marked; with_owners: and what holds a marked product. */
static void spread(const struct model *model, char *marked, int with_users)
{
	int i, grown = 1;

	while (grown) {
		grown = 0;
		for (i = 0; i < model->values_count; i++) {
			const struct model_value *value = &model->values[i];

			if (!value->alive || marked[i])
				continue;
			marked[i] = (value->owner >= 0 && marked[value->owner]) ||
				    (with_users && is_made_from(value, marked));
			grown |= marked[i];
		}
	}
}

/* ---- Making ---- */

/* A creation under way: where, and the products made for it so far. */
struct creation {
	int home;
	int products[MODEL_VALUES];
	int count;
};

static enum di_status resolve(struct model *model, int context, int row, struct creation *asker,
			      int *value);

/* All that its constructor gets and does; the numbers of its needs go to needs. */
static enum di_status construct(struct model *model, int row, struct creation *self, int *needs)
{
	const struct graph_row *at = row_of(model, row);
	enum di_status status;
	int i;

	for (i = 0; i < at->needs_count; i++) {
		needs[i] = -1;
		if (at->needs[i] == GRAPH_CONTEXT)
			continue;
		status = resolve(model, self->home, at->needs[i], self, &needs[i]);
		if (status != DI_OK)
			return status;
	}
	if (at->asks >= 0 &&
	    resolve(model, self->home, at->asks, self, &needs[GRAPH_NEEDS]) != DI_OK)
		return DI_ECREATE;
	if (model->fail_new[row] == 0)
		return DI_OK;
	model->fail_new[row]--;
	trace_write(&model->trace, "fail r%d\n", row);
	return DI_ECREATE;
}

static void abandon(struct model *model, const struct creation *self)
{
	char marked[MODEL_VALUES] = { 0 };
	unsigned failed = model->failed_ends;
	int i;

	for (i = 0; i < self->count; i++)
		marked[self->products[i]] = 1;
	spread(model, marked, 0);
	end_marked(model, self->home, marked, DI_FAILED);
	model->failed_ends = failed;
}

static int finish(struct model *model, int row, const struct creation *self, const int *needs)
{
	struct model_context *home = &model->contexts[self->home];
	struct model_value *value = &model->values[model->values_count];
	int i;

	if (model->values_count == MODEL_VALUES)
		abort();
	*value = (struct model_value){ row, self->home, 1, -1, { -1, -1, -1, -1 } };
	trace_write(&model->trace, "make r%d #%d in c%d:", row, model->values_count, self->home);
	for (i = 0; i <= GRAPH_NEEDS; i++) {
		value->needs[i] = needs[i];
		if (needs[i] >= 0)
			trace_write(&model->trace, " #%d", needs[i]);
	}
	trace_write(&model->trace, "\n");
	for (i = 0; i < self->count; i++)
		model->values[self->products[i]].owner = model->values_count;
	home->stack[home->height++] = model->values_count;
	if (row_of(model, row)->kind != GRAPH_FACTORY)
		home->slots[row] = model->values_count;
	return model->values_count++;
}

static enum di_status make(struct model *model, int home, int row, struct creation *asker,
			   int *value)
{
	struct creation *self = calloc(1, sizeof(*self));
	int needs[GRAPH_NEEDS + 1] = { -1, -1, -1, -1 };
	int cached = row_of(model, row)->kind != GRAPH_FACTORY;
	enum di_status status;

	if (self == NULL)
		abort();
	self->home = home;
	if (cached)
		model->making[row][home] = 1;
	status = construct(model, row, self, needs);
	if (status == DI_OK) {
		*value = finish(model, row, self, needs);
		if (!cached && asker != NULL && asker->home == home)
			asker->products[asker->count++] = *value;
	} else {
		abandon(model, self);
	}
	model->making[row][home] = 0;
	free(self);
	return status;
}

static enum di_status resolve(struct model *model, int context, int row, struct creation *asker,
			      int *value)
{
	int home;

	*value = model_peek(model, context, row);
	row = stand_in(model, context, row);
	if (*value >= 0)
		return DI_OK;
	home = home_of(model, context, row);
	if (home < 0)
		return DI_ENOCONTEXT;
	if (row_of(model, row)->kind == GRAPH_STATE)
		return DI_ENOVALUE;
	if (model->making[row][home])
		return DI_ECYCLE;
	return make(model, home, row, asker, value);
}

enum di_status model_resolve(struct model *model, int context, int row, int *value)
{
	return resolve(model, context, row, NULL, value);
}

/* ---- Contexts ---- */

static int has_children(const struct model *model, int context)
{
	int i;

	for (i = 0; i < model->contexts_count; i++) {
		if (model->contexts[i].open && model->contexts[i].parent == context)
			return 1;
	}
	return 0;
}

static enum di_status end_context(struct model *model, int context, enum di_outcome outcome)
{
	struct model_context *at = &model->contexts[context];
	char all[MODEL_VALUES];

	memset(all, 1, sizeof(all));
	at->open = 0;
	return end_marked(model, context, all, outcome > at->mark ? outcome : at->mark);
}

enum di_status model_close(struct model *model, int context, enum di_outcome outcome)
{
	model->failed_ends = 0;
	if (has_children(model, context))
		return DI_EBUSY;
	return end_context(model, context, outcome);
}

/* Children before parents, and of siblings the one opened last first. */
static void end_below(struct model *model, int context)
{
	int i;

	for (i = model->contexts_count - 1; i > context; i--) {
		if (model->contexts[i].open && model->contexts[i].parent == context) {
			end_below(model, i);
			end_context(model, i, DI_CANCELLED);
		}
	}
}

enum di_status model_free(struct model *model)
{
	int open = has_children(model, 0);

	model->failed_ends = 0;
	end_below(model, 0);
	end_context(model, 0, DI_DONE);
	return open ? DI_EOPEN : model->failed_ends > 0 ? DI_EFINALIZE : DI_OK;
}

enum di_status model_reset(struct model *model, int context, int row)
{
	char marked[MODEL_VALUES] = { 0 };
	int i, home = home_of(model, context, row);

	model->failed_ends = 0;
	if (is_given(model, row))
		return DI_EINVAL;
	if (home < 0)
		return DI_ENOCONTEXT;
	if (home != context)
		return DI_EINVAL;
	if (has_children(model, context))
		return DI_EBUSY;
	if (overrider(model, context, row) == context)
		return DI_EINVAL;
	for (i = 0; i < model->values_count; i++)
		marked[i] = model->values[i].alive && model->values[i].home == context &&
			    model->values[i].row == row;
	spread(model, marked, 1);
	return end_marked(model, context, marked, DI_DONE);
}

enum di_status model_drop(struct model *model, int value)
{
	char marked[MODEL_VALUES] = { 0 };

	model->failed_ends = 0;
	if (model->values[value].owner >= 0)
		return DI_EBUSY;
	marked[value] = 1;
	spread(model, marked, 0);
	return end_marked(model, model->values[value].home, marked, DI_DONE);
}

/* ---- Changing what rows mean ---- */

/* Whether the row is one of those flagged, or one that stands for it as seen from context. */
static int is_flagged(const struct model *model, int context, const int *flagged, int row)
{
	int next;

	for (; !flagged[row]; row = next) {
		next = stands_for(model, context, row);
		if (next == GRAPH_NONE)
			return 0;
	}
	return 1;
}

static int is_touched(const struct model *model, int context, const int *flagged, int row)
{
	const struct graph_row *at = row_of(model, row);
	int i;

	if (overrider(model, context, row) >= 0)
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

	if (has_children(model, context))
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

	if (at->slots[row] >= 0 || overrider(model, context, row) >= 0)
		return change(model, context, row, MODEL_AFRESH, value);
	at->slots[row] = value;
	return DI_OK;
}

enum di_status model_open(struct model *model, int parent, const struct di_scope *scope,
			  const int *afresh, int *opened)
{
	struct model_context *context = add_context(model, parent, scope);

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

	for (; other != GRAPH_NONE; other = stands_for(model, context, other)) {
		const struct graph_row *at = row_of(model, other);

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
		if (depends_on(model, other, scopes[i]) && !depends_on(model, row, scopes[i]))
			return 0;
	}
	return 1;
}

static const char *fault_of(const struct model *model, int number)
{
	const struct model_value *value = &model->values[number];
	const struct graph_row *row = row_of(model, value->row);
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
		const struct graph_row *at = row_of(model, row);
		int number = model_peek(model, context, row);

		if (number < 0 || number >= MODEL_VALUES || model->values[number].row != row)
			continue;
		for (i = 0; i < at->needs_count; i++) {
			int seen = at->needs[i] >= 0 ? model_peek(model, context, at->needs[i]) : -1;

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
