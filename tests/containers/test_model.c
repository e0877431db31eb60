/* SPDX-License-Identifier: MIT */
#include "tests/support/check_main.h"
#include "tests/support/last_words.h"
#include "tests/support/twin.h"

#include <stdlib.h>

/*
 * Random graphs and random use of them, in the real container and in the model.
 *
 * The seed of a case stands first in what is printed when it fails. DI_MODEL_SEED=n runs that case alone
 * and DI_MODEL_CASES=n that many for each of the loops, which begin LOOP_SEEDS apart.
 */

enum {
	LOOPS = 10,
	CASES = 2000, /* for each loop */
	CASES_QUICK = 30,
	LOOP_SEEDS = 1000000,
	STEPS = 40,
	DEPTH = 5
};

static unsigned seed;

/* ---- Choosing ---- */

static int below(int limit)
{
	return graph_random(&seed, limit);
}

static int any_context(void)
{
	int context;

	do {
		context = below(twin.model.contexts_count);
	} while (!twin.model.contexts[context].open);
	return context;
}

static int any_row(void)
{
	return below(twin.graph.count);
}

static const struct graph_row *row_of(int row)
{
	return &twin.graph.rows[row];
}

static struct twin_value *fake(int step)
{
	return &twin.fakes[step];
}

/* The allocation of that number fails; mostly none. */
static int refused(void)
{
	return below(8) == 0 ? 1 + below(3) : 0;
}

static enum di_status status_of(const void *value)
{
	return value != NULL ? DI_OK : twin.error.status;
}

static void tell(const char *what, int a, const char *in, int b)
{
	trace_write(&twin.story, "%s%d%s%d\n", what, a, in, b);
}

/* ---- Keys ---- */

static const struct di_key keys[MODEL_KEYS] = {
	{ "first", { 0, "struct twin_value", 1 }, 0 },
	{ "second", { 0, "char", 1 }, 0 },
	{ "third", { 0, "struct twin_value", 1 }, 0 },
	{ "first", { 0, "struct twin_value", 1 }, 0 },
};

static int number_of(const void *value)
{
	return value != NULL ? ((const struct twin_value *)value)->number : -1;
}

static void step_put_item(int step)
{
	int context = any_context(), key = below(MODEL_KEYS), n = refused();
	struct di_context *real = twin.contexts[context];
	enum di_status expected;

	tell("put item ", key, " into c", context);
	expected = model_put_item(&twin.model, context, key, fake(step)->number);
	twin_compare(expected,
		     twin_try(n, di_context_put(real, &keys[key], fake(step), &twin.error)));
}

static void expect_item(void *data, const struct di_key *key, const void *value)
{
	int *context = data;
	int number = (int)(key - keys);

	twin_assert(number_of(value) == model_fetch(&twin.model, *context, number),
		    "c%d lists another item %d", *context, number);
}

static void step_fetch(void)
{
	int context = any_context(), key, type, seen = 0;
	struct di_context *real = twin.contexts[context];

	tell("fetch items, ", MODEL_KEYS, ", in c", context);
	for (key = 0; key < MODEL_KEYS; key++) {
		int expected = model_fetch(&twin.model, context, key);

		twin_assert(number_of(di_context_fetch(real, &keys[key])) == expected,
			    "c%d sees another item %d", context, key);
		seen += key < MODEL_KEYS - 1 && expected >= 0;
	}
	for (type = 0; type < 2; type++)
		twin_assert(number_of(di_context_fetch_type(real, &keys[type].type)) ==
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
	int row, by_table = below(20) == 0;

	for (row = 0; row < twin.graph.count; row++) {
		if (row_of(row)->kind != GRAPH_CONTEXT_RESOURCE || (below(8) > 0 && !by_table))
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

static void draw_opening(struct opening *opening, int step)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_request,
							 &graph_scope_job, &di_scope_inject,
							 &di_scope_app };
	int key = below(3 * MODEL_KEYS);

	opening->options = (struct di_context_options){ .abi = DI_ABI,
							.scope = scopes[below(5)],
							.afresh = opening->afresh,
							.isolate_items = below(6) == 0 };
	draw_afresh(opening);
	opening->key = key < MODEL_KEYS ? key : -1;
	if (opening->key < 0)
		return;
	opening->item = (struct di_item){ &keys[key], fake(step) };
	opening->options.items = &opening->item;
	opening->options.items_count = 1;
}

static void step_open(int step)
{
	int row, opened, parent = any_context(), n = refused();
	struct di_context *context = NULL;
	struct opening opening;
	enum di_status expected;

	if (model_depth(&twin.model, parent) == DEPTH ||
	    twin.model.contexts_count == MODEL_CONTEXTS)
		return;
	draw_opening(&opening, step);
	trace_write(&twin.story, "open c%d, scope %s, in c%d", twin.model.contexts_count,
		    opening.options.scope->name, parent);
	for (row = 0; opening.rows[row] >= 0; row++)
		trace_write(&twin.story, ", r%d afresh", opening.rows[row]);
	trace_write(&twin.story, "\n");
	expected = model_open(&twin.model, parent, opening.options.scope, opening.rows,
			      opening.options.isolate_items, &opened);
	if (opening.key >= 0)
		model_put_item(&twin.model, opened, opening.key, fake(step)->number);
	twin_compare(expected, twin_try(n, status_of(context = di_context_open_with(
							     twin.contexts[parent],
							     &opening.options, &twin.error))));
	twin_opened(opened, context);
	twin_assert(di_context_parent(context) == twin.contexts[parent], "another parent");
}

static void step_close(void)
{
	int context = any_context();
	struct di_context *real = twin.contexts[context];
	enum di_outcome outcome = (enum di_outcome)below(3);
	enum di_status expected;

	if (context == 0)
		return;
	tell("close c", context, ", outcome ", (int)outcome);
	expected = model_close(&twin.model, context, outcome);
	twin_compare_end(expected,
			 twin_without_memory(di_context_close(real, outcome, &twin.error)));
	if (expected != DI_EBUSY)
		twin.contexts[context] = NULL;
}

static void step_mark(void)
{
	int context = any_context();
	struct di_context *real = twin.contexts[context];
	enum di_outcome outcome = (enum di_outcome)below(3);

	tell("mark c", context, ", outcome ", (int)outcome);
	twin_compare(model_mark(&twin.model, context, outcome),
		     di_context_mark(real, outcome, &twin.error));
}

static void step_defer(void)
{
	int context = any_context(), badly = below(6) == 0, n = refused();
	struct di_context *real = twin.contexts[context];
	struct twin_value *call = twin_deferred();

	tell("defer #", call->number, " in c", context);
	twin_compare(model_defer(&twin.model, context, badly),
		     twin_try(n, di_context_defer(real, twin_run_deferred, call, &twin.error)));
}

static void step_enter(void)
{
	int context = any_context(), leave = twin.model.entered_count > 0 && below(4) > 0;
	struct di_context *real = twin.contexts[context];
	int count = twin.model.entered_count;

	if (leave) {
		context = twin.model.entered[count - 1];
		real = twin.contexts[context];
		tell("leave c", context, ", entered before ", count - 1);
		twin_compare(model_leave(&twin.model),
			     twin_without_memory(di_context_leave(real, &twin.error)));
	} else {
		tell("enter c", context, ", entered before ", count);
		twin_compare(model_enter(&twin.model, context),
			     di_context_enter(real, &twin.error));
	}
	count = twin.model.entered_count;
	twin_assert(di_context_current(twin.table) ==
			    (count > 0 ? twin.contexts[twin.model.entered[count - 1]] : NULL),
		    "another context is current");
}

/* ---- Resolving ---- */

static void fail_some(void)
{
	int failing = any_row();

	if (below(10) == 0) {
		tell("  next, ", 1, " constructor fails of r", failing);
		twin.model.fail_new[failing]++;
		twin.fail_new[failing]++;
	} else if (below(20) == 0 && !row_of(failing)->storage) {
		tell("  next, ", 1, " constructor makes nothing of r", failing);
		twin.model.null_new[failing]++;
		twin.null_new[failing]++;
	}
}

static void step_resolve(void)
{
	int context = any_context(), row = any_row(), number = -1;
	const struct twin_value *value;
	enum di_status expected;

	tell("resolve r", row, " in c", context);
	fail_some();
	expected = model_resolve(&twin.model, context, row, &number);
	value = di_resolve(twin.contexts[context], &twin.error, twin_provider(row));
	twin_compare_path(expected, status_of(value));
	twin_assert(value == NULL || value->number == number, "got #%d, not #%d", number_of(value),
		    number);
}

static void step_start(void)
{
	enum di_status expected;

	tell("start, ", twin.graph.count, " rows, c", 0);
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
	status = di__call_prepare(twin.contexts[context], providers, values, opened >= 0, "handler",
				  &twin.error);
	if (status != DI_OK)
		return status;
	trace_write(&twin.trace, "call");
	for (i = 0; i < count; i++) {
		if (needs[i] != GRAPH_CONTEXT)
			trace_write(&twin.trace, " #%d", number_of(values[i]));
		else
			twin_assert(values[i] == twin.contexts[context], "DI_CONTEXT is another");
	}
	trace_write(&twin.trace, "\n");
	return opened >= 0 ? di__call_end(values[count], failed, "handler", &twin.error) : DI_OK;
}

static void step_call(void)
{
	int context = any_context(), count = 1 + below(GRAPH_NEEDS), failed = below(3) == 0;
	int i, opened, needs[GRAPH_NEEDS];
	enum di_status expected, found;

	if (twin.model.contexts_count == MODEL_CONTEXTS)
		return;
	tell("call a handler, failed ", failed, ", in c", context);
	for (i = 0; i < count; i++) {
		needs[i] = below(8) == 0 ? GRAPH_CONTEXT : any_row();
		tell("  needs r", needs[i], ", of ", count);
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

static void step_override(int step)
{
	int context = any_context(), n = refused();
	struct di_context *real = twin.contexts[context];
	struct model_pair pair = { any_row(), fake(step)->number };
	const struct di_provider *overridden = twin_provider(pair.row);
	enum di_status expected;

	tell("override r", pair.row, " in c", context);
	expected = model_override(&twin.model, context, &pair, 1);
	twin_compare(expected, twin_try(n, di_override(real, overridden, fake(step), &twin.error)));
}

static void step_override_all(void)
{
	int context = any_context(), n = refused(), row;
	struct di_context *real = twin.contexts[context];
	struct di_override_pair pairs[GRAPH_ROWS];
	struct model_pair modelled[GRAPH_ROWS];
	enum di_status expected;
	int count = 0;

	for (row = 0; row < twin.graph.count; row++) {
		if (below(5) > 0)
			continue;
		tell("override, among others, r", row, " in c", context);
		modelled[count] = (struct model_pair){ row, fake(STEPS + row)->number };
		pairs[count++] =
			(struct di_override_pair){ twin_provider(row)->name, fake(STEPS + row) };
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
	int tries, row = any_row();

	for (tries = below(8); tries > 0; tries--) {
		if (model_stands_for(&twin.model, context, row) != GRAPH_NONE)
			break;
		row = any_row();
	}
	return row;
}

static void step_override_with(void)
{
	int context = any_context(), row = any_row(), other = any_stand_in(context), n = refused();
	struct di_context *real = twin.contexts[context];
	enum di_status expected = model_override_with(&twin.model, context, row, other);

	if (expected == DI_EINVAL && TWIN_MISUSE_ASSERTS)
		return;
	tell("override r", row, " with another row in c", context);
	tell("  by r", other, " of ", twin.graph.count);
	twin_compare(expected, twin_try(n, di_override_with(real, twin_provider(row),
							    twin_provider(other), &twin.error)));
}

static void step_put(int step)
{
	int context = any_context(), row = any_row(), n = refused();
	struct di_context *real = twin.contexts[context];
	const struct di_scope *scope = row_of(row)->scope;
	enum di_status expected;

	if (row_of(row)->kind != GRAPH_STATE ||
	    (scope != &di_scope_any && scope != twin.model.contexts[context].scope))
		return;
	tell("put r", row, " into c", context);
	expected = model_put(&twin.model, context, row, fake(step)->number);
	twin_compare(expected,
		     twin_try(n, di_state_put(real, twin_provider(row), fake(step), &twin.error)));
}

/* ---- Ending ---- */

static void step_reset(void)
{
	int context = any_context(), row = any_row();
	struct di_context *real = twin.contexts[context];
	enum di_status expected = model_reset(&twin.model, context, row);

	if (expected == DI_EINVAL && TWIN_MISUSE_ASSERTS)
		return;
	tell("reset r", row, " in c", context);
	twin_compare_end(expected,
			 twin_without_memory(di_reset(real, twin_provider(row), &twin.error)));
}

static void step_drop(void)
{
	const struct model_value *value;
	enum di_status expected;
	struct di_context *home;
	int number;

	if (twin.model.values_count == 0)
		return;
	number = below(twin.model.values_count);
	value = &twin.model.values[number];
	if (!value->alive || value->row < 0 || row_of(value->row)->kind != GRAPH_FACTORY)
		return;
	home = twin.contexts[value->home];
	tell("drop #", number, " of r", value->row);
	expected = model_drop(&twin.model, number);
	twin_compare_end(expected,
			 twin_without_memory(di_context_drop(home, twin_provider(value->row),
							     twin.values[number], &twin.error)));
}

static void step_fail_end(void)
{
	int row = any_row();

	tell("next, ", 1, " finalizer fails of r", row);
	twin.model.fail_end[row]++;
	twin.fail_end[row]++;
}

/* ---- Cases ---- */

static void take_step(int step)
{
	int kind = below(56);

	if (kind < 16)
		step_resolve();
	else if (kind < 18)
		step_call();
	else if (kind < 24)
		step_open(step);
	else if (kind < 29)
		step_close();
	else if (kind < 32)
		step_override(step);
	else if (kind < 33)
		step_override_all();
	else if (kind < 37)
		step_override_with();
	else if (kind < 40)
		step_put(step);
	else if (kind < 44)
		step_reset();
	else if (kind < 46)
		step_drop();
	else if (kind < 47)
		step_mark();
	else if (kind < 48)
		step_fail_end();
	else if (kind < 50)
		step_defer();
	else if (kind < 52)
		step_enter();
	else if (kind < 53)
		step_start();
	else if (kind < 55)
		step_put_item(step);
	else
		step_fetch();
}

static void run_case(unsigned number)
{
	enum di_status expected;
	int step;

	seed = number;
	last_words_number(number);
	twin_begin(&seed);
	for (step = 0; step < STEPS; step++)
		take_step(step);
	trace_write(&twin.story, "free\n");
	expected = model_free(&twin.model);
	twin_compare_end(expected,
			 twin_without_memory(di_container_free(twin.container, &twin.error)));
	failing_allocator_check(&twin.memory);
	twin_assert(twin.values_count == twin.model.values_count, "not all was made");
	twin_compare_events();
}

static unsigned number_from(const char *variable, unsigned otherwise)
{
	const char *text = getenv(variable);

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void setup(void)
{
	last_words_begin("DI_MODEL_SEED=", 55);
}

START_TEST(random_use_of_random_graphs_is_as_the_model_says)
{
	unsigned i, cases = number_from("DI_MODEL_CASES", di_check_quick() ? CASES_QUICK : CASES);

	if (getenv("DI_MODEL_SEED") != NULL) {
		run_case(number_from("DI_MODEL_SEED", 0));
		return;
	}
	for (i = 0; i < cases; i++)
		run_case((unsigned)_i * LOOP_SEEDS + i);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, setup, last_words_end);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, random_use_of_random_graphs_is_as_the_model_says, 0,
			    getenv("DI_MODEL_SEED") != NULL ? 1 : LOOPS);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
