/* SPDX-License-Identifier: MIT */
#include "tests/support/twin_draw.h"
#include "tests/support/twin_steps.h"

/* ---- Resolving ---- */

static void fail_some(void)
{
	int failing = twin_any_row();

	if (twin_below(10) == 0) {
		twin_tell("  next, ", 1, " constructor fails of r", failing);
		twin.model.fail_new[failing]++;
		twin.fail_new[failing]++;
	} else if (twin_below(20) == 0 && !twin_row(failing)->storage) {
		twin_tell("  next, ", 1, " constructor makes nothing of r", failing);
		twin.model.null_new[failing]++;
		twin.null_new[failing]++;
	}
}

void twin_step_resolve(void)
{
	int context = twin_any_context(), row = twin_any_row(), number = -1;
	const struct twin_value *value;
	enum di_status expected;

	twin_tell("resolve r", row, " in c", context);
	fail_some();
	expected = model_resolve(&twin.model, context, row, &number);
	value = di_resolve(twin.contexts[context], &twin.error, twin_provider(row));
	twin_compare_path(expected, twin_status_of(value));
	twin_assert(value == NULL || value->number == number, "got #%d, not #%d",
		    twin_number_of(value), number);
}

void twin_step_start(void)
{
	enum di_status expected;

	twin_tell("start, ", twin.graph.count, " rows, c", 0);
	fail_some();
	expected = model_start(&twin.model);
	twin_compare_path(expected, di_container_start(twin.container, &twin.error));
}

/* What a handler turns into, with needs that no table knew. */
static enum di_status call_real(int context, const int *needs, int count, int failed, int opened)
{
	const struct di_provider *providers[GRAPH_NEEDS + 1] = { NULL };
	void *values[GRAPH_NEEDS + 1];
	enum di_status status;
	int i;

	for (i = 0; i < count; i++)
		providers[i] = needs[i] == GRAPH_CONTEXT ? &di__context : twin_provider(needs[i]);
	status = di__call_prepare(twin.contexts[context], providers, values,
				  opened >= 0 ? &di_scope_inject : NULL, "handler", &twin.error);
	if (status != DI_OK)
		return status;
	trace_write(&twin.trace, "call");
	for (i = 0; i < count; i++) {
		if (needs[i] != GRAPH_CONTEXT)
			trace_write(&twin.trace, " #%d", twin_number_of(values[i]));
		else
			twin_assert(values[i] == twin.contexts[context], "DI_CONTEXT is another");
	}
	trace_write(&twin.trace, "\n");
	return opened >= 0 ? di__call_end(values[count], failed, "handler", &twin.error) : DI_OK;
}

void twin_step_call(void)
{
	int context = twin_any_context(), count = 1 + twin_below(GRAPH_NEEDS),
	    failed = twin_below(3) == 0;
	int i, opened, needs[GRAPH_NEEDS];
	enum di_status expected, found;

	if (twin.model.contexts_count == MODEL_CONTEXTS)
		return;
	twin_tell("call a handler, failed ", failed, ", in c", context);
	for (i = 0; i < count; i++) {
		needs[i] = twin_below(8) == 0 ? GRAPH_CONTEXT : twin_any_row();
		twin_tell("  needs r", needs[i], ", of ", count);
	}
	fail_some();
	expected = model_call(&twin.model, context, needs, count, failed, &opened);
	twin.unseen = opened;
	if (opened >= 0)
		twin_opened(opened, NULL);
	found = call_real(context, needs, count, failed, opened);
	twin.unseen = -1;
	if (opened >= 0)
		twin.contexts[opened] = NULL;
	if (expected == DI_EFINALIZE)
		twin_compare_end(expected, found);
	else
		twin_compare_path(expected, found);
}

/* ---- Changing ---- */

void twin_step_override(void)
{
	int context = twin_any_context(), n = twin_refusal();
	struct di_context *real = twin.contexts[context];
	struct model_pair pair = { twin_any_row(), twin_fake()->number };
	const struct di_provider *overridden = twin_provider(pair.row);
	enum di_status expected;

	twin_tell("override r", pair.row, " in c", context);
	expected = model_override(&twin.model, context, &pair, 1);
	twin_compare(expected,
		     twin_try(n, di_override(real, overridden, twin_fake(), &twin.error)));
}

void twin_step_override_all(void)
{
	int context = twin_any_context(), n = twin_refusal(), row;
	struct di_context *real = twin.contexts[context];
	struct di_override_pair pairs[GRAPH_ROWS];
	struct model_pair modelled[GRAPH_ROWS];
	enum di_status expected;
	int count = 0;

	for (row = 0; row < twin.graph.count; row++) {
		if (twin_below(5) > 0)
			continue;
		twin_tell("override, among others, r", row, " in c", context);
		modelled[count] = (struct model_pair){ row, twin.fakes[TWIN_STEPS + row].number };
		pairs[count++] = (struct di_override_pair){ twin_provider(row)->name,
							    &twin.fakes[TWIN_STEPS + row] };
	}
	if (count == 0)
		return;
	expected = model_override(&twin.model, context, modelled, count);
	twin_compare(expected,
		     twin_try(n, di_override_all(real, pairs, (size_t)count, &twin.error)));
}

/* Preferably one for which another stands already. */
static int any_stand_in(int context)
{
	int tries, row = twin_any_row();

	for (tries = twin_below(8); tries > 0; tries--) {
		if (model_stands_for(&twin.model, context, row) != GRAPH_NONE)
			break;
		row = twin_any_row();
	}
	return row;
}

void twin_step_override_with(void)
{
	int context = twin_any_context(), row = twin_any_row(), other = any_stand_in(context),
	    n = twin_refusal();
	struct di_context *real = twin.contexts[context];
	enum di_status expected = model_override_with(&twin.model, context, row, other);

	if (expected == DI_EINVAL && TWIN_MISUSE_ASSERTS)
		return;
	twin_tell("override r", row, " with another row in c", context);
	twin_tell("  by r", other, " of ", twin.graph.count);
	twin_compare(expected, twin_try(n, di_override_with(real, twin_provider(row),
							    twin_provider(other), &twin.error)));
}

void twin_step_put(void)
{
	int context = twin_any_context(), row = twin_any_row(), n = twin_refusal();
	struct di_context *real = twin.contexts[context];
	const struct di_scope *scope = twin_row(row)->scope;
	enum di_status expected;

	if (twin_row(row)->kind != GRAPH_STATE ||
	    (scope != &di_scope_any && scope != twin.model.contexts[context].scope))
		return;
	twin_tell("put r", row, " into c", context);
	expected = model_put(&twin.model, context, row, twin_fake()->number);
	twin_compare(expected,
		     twin_try(n, di_state_put(real, twin_provider(row), twin_fake(), &twin.error)));
}

/* ---- Ending ---- */

void twin_step_reset(void)
{
	int context = twin_any_context(), row = twin_any_row();
	struct di_context *real = twin.contexts[context];
	enum di_status expected = model_reset(&twin.model, context, row);

	if (expected == DI_EINVAL && TWIN_MISUSE_ASSERTS)
		return;
	twin_tell("reset r", row, " in c", context);
	twin_compare_end(expected,
			 twin_without_memory(di_reset(real, twin_provider(row), &twin.error)));
}

void twin_step_drop(void)
{
	const struct model_value *value;
	enum di_status expected;
	struct di_context *home;
	int number;

	if (twin.model.values_count == 0)
		return;
	number = twin_below(twin.model.values_count);
	value = &twin.model.values[number];
	if (!value->alive || value->row < 0 || twin_row(value->row)->kind != GRAPH_FACTORY)
		return;
	home = twin.contexts[value->home];
	twin_tell("drop #", number, " of r", value->row);
	expected = model_drop(&twin.model, number);
	twin_compare_end(expected,
			 twin_without_memory(di_context_drop(home, twin_provider(value->row),
							     twin.values[number], &twin.error)));
}

void twin_step_fail_end(void)
{
	int row = twin_any_row();

	twin_tell("next, ", 1, " finalizer fails of r", row);
	twin.model.fail_end[row]++;
	twin.fail_end[row]++;
}
