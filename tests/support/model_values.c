/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int fails_at_end(struct model *model, const struct model_value *value)
{
	if (value->row < 0)
		return value->badly;
	if (model->fail_end[value->row] == 0)
		return 0;
	model->fail_end[value->row]--;
	return 1;
}

static void end_value(struct model *model, int number, enum di_outcome outcome)
{
	struct model_value *value = &model->values[number];
	struct model_context *home = &model->contexts[value->home];

	model->events[DI_EVENT_TORN_DOWN]++;
	take_off(home, number);
	value->alive = 0;
	if (value->row >= 0 && home->slots[value->row] == number)
		home->slots[value->row] = -1;
	if (fails_at_end(model, value)) {
		model->failed_ends++;
		model->events[DI_EVENT_FAILED]++;
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

	for (i = 0; i < MODEL_NEEDS; i++) {
		if (value->needs[i] >= 0 && value->needs[i] < MODEL_VALUES &&
		    marked[value->needs[i]])
			return 1;
	}
	return 0;
}

/* Marks what was made for what is marked; with_users: and what was made from it. */
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

enum di_status model_end_context(struct model *model, int context, enum di_outcome outcome)
{
	struct model_context *at = &model->contexts[context];
	char all[MODEL_VALUES];

	memset(all, 1, sizeof(all));
	at->open = 0;
	return end_marked(model, context, all, outcome > at->mark ? outcome : at->mark);
}

enum di_status model_reset(struct model *model, int context, int row)
{
	char marked[MODEL_VALUES] = { 0 };
	int i, home = model_home(model, context, row);

	model->failed_ends = 0;
	if (model_is_given(model, row))
		return DI_EINVAL;
	if (home < 0)
		return DI_ENOCONTEXT;
	if (home != context)
		return DI_EINVAL;
	if (model_has_children(model, context))
		return DI_EBUSY;
	if (model_overrider(model, context, row) == context)
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

/* ---- Making ---- */

/* A creation under way: where, for which, and the products made for it so far. */
struct creation {
	int row, home;
	const struct creation *asker;
	struct model_value made;
	int asked[GRAPH_ASKS];
	int products[MODEL_VALUES];
	int count;
};

static enum di_status resolve(struct model *model, int context, int row, struct creation *asker,
			      int *value);

static enum di_status fail(struct model *model, enum di_status status, int row,
			   const struct creation *asker)
{
	int used = snprintf(model->path, sizeof(model->path), "r%d", row);

	for (; asker != NULL; asker = asker->asker)
		used += snprintf(model->path + used, sizeof(model->path) - (size_t)used, " <- r%d",
				 asker->row);
	return status;
}

static enum di_status get_needs(struct model *model, struct creation *self)
{
	const struct graph_row *at = model_row(model, self->row);
	enum di_status status = DI_OK;
	int i;

	for (i = 0; i < at->needs_count && status == DI_OK; i++) {
		if (at->needs[i] != GRAPH_CONTEXT)
			status = resolve(model, self->home, at->needs[i], self,
					 &self->made.needs[i]);
	}
	return status;
}

/*
 * Whether the value is there as long as who holds it: no product of another context, and not ended.
 */
static int stays(const struct model *model, int value, const struct creation *holder)
{
	const struct model_value *at;

	if (value >= MODEL_VALUES)
		return 1;
	at = &model->values[value];
	return at->alive &&
	       (model_row(model, at->row)->kind != GRAPH_FACTORY || at->home == holder->home);
}

static enum di_status ask(struct model *model, struct creation *self, int number)
{
	const struct graph_ask *asked = &model_row(model, self->row)->asks[number];
	int context = model_asked_in(model, self->home, asked), value;
	enum di_status status;

	if (asked->where == GRAPH_INSIDE) {
		if (model->contexts_count == MODEL_CONTEXTS)
			return DI_ENOMEM;
		model_add_context(model, context, &di_scope_request);
		context = model->contexts_count - 1;
	}
	self->made.recorded[number] =
		context == self->home ||
		(asked->where == GRAPH_INSIDE &&
		 model_home(model, context, model_stand_in(model, context, asked->row)) != context);
	status = resolve(model, context, asked->row, self, &value);
	if (status != DI_OK)
		trace_write(&model->trace, "asked in vain: %s %s\n", di_status_name(status),
			    model->path);
	if (asked->where == GRAPH_INSIDE)
		model_end_context(model, context, status == DI_OK ? DI_DONE : DI_FAILED);
	self->asked[number] = value;
	if (status == DI_OK && stays(model, value, self))
		self->made.needs[GRAPH_NEEDS + number] = value;
	return status;
}

/* The constructor: DI_OK, DI_ECREATE or, where it makes nothing, DI_ENULL. */
static enum di_status construct(struct model *model, struct creation *self)
{
	const struct graph_row *at = model_row(model, self->row);
	int i;

	if (model->constructing[self->row] == 2 || model->depth == MODEL_DEPTH)
		return DI_ECREATE;
	for (i = 0; i < at->asks_count; i++) {
		enum di_status status;

		model->constructing[self->row]++;
		model->depth++;
		status = ask(model, self, i);
		model->constructing[self->row]--;
		model->depth--;
		if (status != DI_OK)
			return DI_ECREATE;
	}
	if (model->fail_new[self->row] > 0) {
		model->fail_new[self->row]--;
		trace_write(&model->trace, "fail r%d\n", self->row);
		return DI_ECREATE;
	}
	if (model->null_new[self->row] > 0) {
		model->null_new[self->row]--;
		return DI_ENULL;
	}
	return DI_OK;
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

int model_add_value(struct model *model, const struct model_value *value)
{
	struct model_context *home = &model->contexts[value->home];

	if (model->values_count == MODEL_VALUES)
		abort();
	model->values[model->values_count] = *value;
	home->stack[home->height++] = model->values_count;
	return model->values_count++;
}

static int finish(struct model *model, struct creation *self)
{
	const struct graph_row *at = model_row(model, self->row);
	int i, number = model_add_value(model, &self->made);

	trace_write(&model->trace, "make r%d #%d in c%d:", self->row, number, self->home);
	for (i = 0; i < at->needs_count; i++) {
		if (at->needs[i] != GRAPH_CONTEXT)
			trace_write(&model->trace, " #%d", self->made.needs[i]);
	}
	for (i = 0; i < at->asks_count; i++)
		trace_write(&model->trace, " asked #%d", self->asked[i]);
	trace_write(&model->trace, "\n");
	model->events[DI_EVENT_CREATED]++;
	for (i = 0; i < self->count; i++)
		model->values[self->products[i]].owner = number;
	if (at->kind != GRAPH_FACTORY)
		model->contexts[self->home].slots[self->row] = number;
	return number;
}

static struct creation *begin(int row, int home, const struct creation *asker)
{
	struct creation *self = calloc(1, sizeof(*self));
	int i;

	if (self == NULL)
		abort();
	self->row = row;
	self->home = home;
	self->asker = asker;
	self->made = (struct model_value){ .row = row, .home = home, .alive = 1, .owner = -1 };
	for (i = 0; i < MODEL_NEEDS; i++)
		self->made.needs[i] = -1;
	return self;
}

static enum di_status make(struct model *model, int home, int row, struct creation *asker,
			   int *value)
{
	struct creation *self = begin(row, home, asker);
	int cached = model_row(model, row)->kind != GRAPH_FACTORY;
	enum di_status status;

	model->making[row][home] += cached;
	status = get_needs(model, self);
	if (status == DI_OK) {
		status = construct(model, self);
		if (status != DI_OK)
			fail(model, status, row, asker);
	}
	if (status == DI_OK) {
		*value = finish(model, self);
		if (!cached && asker != NULL && asker->home == home)
			asker->products[asker->count++] = *value;
	} else {
		model->events[DI_EVENT_FAILED]++;
		abandon(model, self);
	}
	model->making[row][home] -= cached;
	free(self);
	return status;
}

static enum di_status resolve(struct model *model, int context, int row, struct creation *asker,
			      int *value)
{
	int home;

	*value = model_peek(model, context, row);
	row = model_stand_in(model, context, row);
	if (*value >= 0)
		return DI_OK;
	home = model_home(model, context, row);
	if (home < 0)
		return fail(model, DI_ENOCONTEXT, row, asker);
	if (model_row(model, row)->kind == GRAPH_STATE)
		return fail(model, DI_ENOVALUE, row, asker);
	if (model->making[row][home])
		return fail(model, DI_ECYCLE, row, asker);
	return make(model, home, row, asker, value);
}

enum di_status model_resolve(struct model *model, int context, int row, int *value)
{
	return resolve(model, context, row, NULL, value);
}
