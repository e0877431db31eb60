/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include <stdlib.h>
#include <string.h>

static int is_given(const struct model *model, int row)
{
	return model_row(model, row)->kind == GRAPH_OBJECT ||
	       model_row(model, row)->kind == GRAPH_STATE;
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
	const struct graph_row *at = model_row(model, row);
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
	if (model_row(model, row)->kind != GRAPH_FACTORY)
		home->slots[row] = model->values_count;
	return model->values_count++;
}

static enum di_status make(struct model *model, int home, int row, struct creation *asker,
			   int *value)
{
	struct creation *self = calloc(1, sizeof(*self));
	int needs[GRAPH_NEEDS + 1] = { -1, -1, -1, -1 };
	int cached = model_row(model, row)->kind != GRAPH_FACTORY;
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
	row = model_stand_in(model, context, row);
	if (*value >= 0)
		return DI_OK;
	home = model_home(model, context, row);
	if (home < 0)
		return DI_ENOCONTEXT;
	if (model_row(model, row)->kind == GRAPH_STATE)
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

int model_has_children(const struct model *model, int context)
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
	if (model_has_children(model, context))
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
	int open = model_has_children(model, 0);

	model->failed_ends = 0;
	end_below(model, 0);
	end_context(model, 0, DI_DONE);
	return open ? DI_EOPEN : model->failed_ends > 0 ? DI_EFINALIZE : DI_OK;
}

enum di_status model_reset(struct model *model, int context, int row)
{
	char marked[MODEL_VALUES] = { 0 };
	int i, home = model_home(model, context, row);

	model->failed_ends = 0;
	if (is_given(model, row))
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
