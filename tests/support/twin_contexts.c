/* SPDX-License-Identifier: MIT */
#include "tests/support/twin_draw.h"
#include "tests/support/twin_steps.h"

/* ---- Keys ---- */

enum {
	DEPTH = 5
};

static const struct di_key keys[MODEL_KEYS] = {
	{ "first", { 0, "struct twin_value", 1 }, 0 },
	{ "second", { 0, "char", 1 }, 0 },
	{ "third", { 0, "struct twin_value", 1 }, 0 },
	{ "first", { 0, "struct twin_value", 1 }, 0 },
};

void twin_step_put_item(void)
{
	int context = twin_any_context(), key = twin_below(MODEL_KEYS), n = twin_refusal();
	struct di_context *real = twin.contexts[context];
	enum di_status expected;

	twin_tell("put item ", key, " into c", context);
	expected = model_put_item(&twin.model, context, key, twin_fake()->number);
	twin_compare(expected,
		     twin_try(n, di_context_put(real, &keys[key], twin_fake(), &twin.error)));
}

static void expect_item(void *data, const struct di_key *key, const void *value)
{
	int *context = data;
	int number = (int)(key - keys);

	twin_assert(twin_number_of(value) == model_fetch(&twin.model, *context, number),
		    "c%d lists another item %d", *context, number);
}

void twin_step_fetch(void)
{
	int context = twin_any_context(), key, type, seen = 0;
	struct di_context *real = twin.contexts[context];

	twin_tell("fetch items, ", MODEL_KEYS, ", in c", context);
	for (key = 0; key < MODEL_KEYS; key++) {
		int expected = model_fetch(&twin.model, context, key);

		twin_assert(twin_number_of(di_context_fetch(real, &keys[key])) == expected,
			    "c%d sees another item %d", context, key);
		seen += key < MODEL_KEYS - 1 && expected >= 0;
	}
	for (type = 0; type < 2; type++)
		twin_assert(twin_number_of(di_context_fetch_type(real, &keys[type].type)) ==
				    model_fetch_type(&twin.model, context, type),
			    "c%d sees another item of type %d", context, type);
	twin_assert((int)di_context_items_each(real, expect_item, &context) == seen,
		    "c%d lists not %d items", context, seen);
}

/* ---- Contexts ---- */

/* What a context is opened with, in both worlds. */
struct opening {
	struct di_context_options options;
	const struct di_provider *afresh[GRAPH_ROWS];
	int rows[GRAPH_ROWS + 1];
	struct di_item item;
	int key;
};

static void draw_afresh(struct opening *opening)
{
	const struct di_table *const *all = &twin.table;
	int row, by_table = twin_below(20) == 0;

	for (row = 0; row < twin.graph.count; row++) {
		if (twin_row(row)->kind != GRAPH_CONTEXT_RESOURCE ||
		    (twin_below(8) > 0 && !by_table))
			continue;
		opening->rows[opening->options.afresh_count] = row;
		opening->afresh[opening->options.afresh_count++] = twin_provider(row);
	}
	opening->rows[opening->options.afresh_count] = -1;
	if (by_table) {
		opening->options.afresh_count = 0;
		opening->options.afresh_tables = all;
		opening->options.afresh_tables_count = 1;
	}
}

static void draw_opening(struct opening *opening)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_request,
							 &graph_scope_job,  &di_scope_inject,
							 &di_scope_app,     &di_scope_none };
	int key = twin_below(3 * MODEL_KEYS);

	opening->options = (struct di_context_options){ .abi = DI_ABI,
							.scope = scopes[twin_below(6)],
							.afresh = opening->afresh,
							.isolate_items = twin_below(6) == 0 };
	draw_afresh(opening);
	opening->key = key < MODEL_KEYS ? key : -1;
	if (opening->key < 0)
		return;
	opening->item = (struct di_item){ &keys[key], twin_fake() };
	opening->options.items = &opening->item;
	opening->options.items_count = 1;
}

void twin_step_open(void)
{
	int row, opened, parent = twin_any_context(), n = twin_refusal();
	struct di_context *context = NULL;
	struct opening opening;
	enum di_status expected;

	if (model_depth(&twin.model, parent) == DEPTH ||
	    twin.model.contexts_count == MODEL_CONTEXTS)
		return;
	draw_opening(&opening);
	trace_write(&twin.story, "open c%d, scope %s, in c%d", twin.model.contexts_count,
		    opening.options.scope->name, parent);
	for (row = 0; opening.rows[row] >= 0; row++)
		trace_write(&twin.story, ", r%d afresh", opening.rows[row]);
	trace_write(&twin.story, "\n");
	expected = model_open(&twin.model, parent, opening.options.scope, opening.rows,
			      opening.options.isolate_items, &opened);
	if (opening.key >= 0)
		model_put_item(&twin.model, opened, opening.key, twin_fake()->number);
	twin_compare(expected, twin_try(n, twin_status_of(context = di_context_open_with(
								  twin.contexts[parent],
								  &opening.options, &twin.error))));
	twin_opened(opened, context);
	twin_assert(di_context_parent(context) == twin.contexts[parent], "another parent");
}

void twin_step_close(void)
{
	int context = twin_any_context();
	struct di_context *real = twin.contexts[context];
	enum di_outcome outcome = (enum di_outcome)twin_below(3);
	enum di_status expected;

	if (context == 0)
		return;
	twin_tell("close c", context, ", outcome ", (int)outcome);
	expected = model_close(&twin.model, context, outcome);
	twin_compare_end(expected,
			 twin_without_memory(di_context_close(real, outcome, &twin.error)));
	if (expected != DI_EBUSY)
		twin.contexts[context] = NULL;
}

void twin_step_mark(void)
{
	int context = twin_any_context();
	struct di_context *real = twin.contexts[context];
	enum di_outcome outcome = (enum di_outcome)twin_below(3);

	twin_tell("mark c", context, ", outcome ", (int)outcome);
	twin_compare(model_mark(&twin.model, context, outcome),
		     di_context_mark(real, outcome, &twin.error));
}

void twin_step_defer(void)
{
	int context = twin_any_context(), badly = twin_below(6) == 0, n = twin_refusal();
	struct di_context *real = twin.contexts[context];
	struct twin_value *call = twin_deferred();

	twin_tell("defer #", call->number, " in c", context);
	twin_compare(model_defer(&twin.model, context, badly),
		     twin_try(n, di_context_defer(real, twin_run_deferred, call, &twin.error)));
}

void twin_step_enter(void)
{
	int context = twin_any_context(), leave = twin.model.entered_count > 0 && twin_below(4) > 0;
	struct di_context *real = twin.contexts[context];
	int count = twin.model.entered_count;

	if (leave) {
		context = twin.model.entered[count - 1];
		real = twin.contexts[context];
		twin_tell("leave c", context, ", entered before ", count - 1);
		twin_compare(model_leave(&twin.model),
			     twin_without_memory(di_context_leave(real, &twin.error)));
	} else {
		twin_tell("enter c", context, ", entered before ", count);
		twin_compare(model_enter(&twin.model, context),
			     di_context_enter(real, &twin.error));
	}
	count = twin.model.entered_count;
	twin_assert(di_context_current(twin.table) ==
			    (count > 0 ? twin.contexts[twin.model.entered[count - 1]] : NULL),
		    "another context is current");
}
