/* SPDX-License-Identifier: MIT */
#include "di/di.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Random graphs and random use of them, in the real container and in the model. After every step
 * both must have answered the same, and made and ended the same values from the same needs in the
 * same order.
 */

enum {
	STEPS = 40,
	FAKES = STEPS + 1,
	DEPTH = 5
};

/* A value; where it stands in storage of the container, it is gone when it has ended. */
struct value {
	int number;
};

static struct model model;
static struct graph graph;
static struct failing_allocator memory;

/* The real thing. */
static struct {
	struct di_container *container;
	const struct di_table *table;
	struct di_context *contexts[MODEL_CONTEXTS];
	struct value *values[MODEL_VALUES];
	int values_count;
	struct value fakes[FAKES], objects[GRAPH_ROWS];
	int fail_new[GRAPH_ROWS], fail_end[GRAPH_ROWS];
	struct trace trace;
	struct di_error error;
} real;

/* What was done in this case, for who has to find the fault. */
static struct trace story;

static const struct di_provider *provider(int row)
{
	return real.table->providers[row];
}

/* ---- Constructors and destructors ---- */

static int number_of_context(const struct di_context *context)
{
	int i = model.contexts_count - 1;

	/* The memory of closed ones is used again. */
	while (i >= 0 && real.contexts[i] != context)
		i--;
	return i;
}

static int construct(int row, void *const *args, void **out)
{
	const struct graph_row *at = &graph.rows[row];
	struct di_context *home = di_context_current(real.table);
	const struct value *asked = NULL;
	struct value *value;
	int i;

	if (at->asks >= 0) {
		asked = di_resolve(home, NULL, provider(at->asks));
		if (asked == NULL)
			return MODEL_EPROTO;
	}
	if (real.fail_new[row] > 0) {
		real.fail_new[row]--;
		trace_write(&real.trace, "fail r%d\n", row);
		return MODEL_EIO;
	}
	value = at->storage ? *out : malloc(sizeof(*value));
	value->number = real.values_count;
	trace_write(&real.trace, "make r%d #%d in c%d:", row, value->number,
		    number_of_context(home));
	for (i = 0; i < at->needs_count; i++) {
		if (at->needs[i] == GRAPH_CONTEXT)
			ck_assert_ptr_eq(args[i], home);
		else
			trace_write(&real.trace, " #%d", ((const struct value *)args[i])->number);
	}
	if (asked != NULL)
		trace_write(&real.trace, " #%d", asked->number);
	trace_write(&real.trace, "\n");
	real.values[real.values_count++] = value;
	*out = value;
	return 0;
}

static int destroy(void *ended, enum di_outcome outcome)
{
	struct value *value = ended;
	int number = value->number, row = model.values[number].row;

	real.values[number] = NULL;
	value->number = -1;
	if (!graph.rows[row].storage)
		free(value);
	if (real.fail_end[row] > 0) {
		real.fail_end[row]--;
		trace_write(&real.trace, "end #%d badly\n", number);
		return MODEL_EIO;
	}
	trace_write(&real.trace, "end #%d %s\n", number, di_outcome_text(outcome));
	return 0;
}

/* ---- Comparing ---- */

static void expect_same(enum di_status expected, enum di_status found)
{
	const char *fault = model_fault(&model);

	ck_assert_msg(expected == found, "expected %s, but was %s\n%s", di_status_name(expected),
		      di_status_name(found), story.text);
	ck_assert_msg(strcmp(model.trace.text, real.trace.text) == 0, "expected:\n%sbut was:\n%s%s",
		      model.trace.text, real.trace.text, story.text);
	ck_assert_msg(fault == NULL, "%s\n%s", fault, story.text);
	trace_clear(&model.trace);
	trace_clear(&real.trace);
}

static void expect_same_end(enum di_status expected, enum di_status found)
{
	unsigned failed = found == DI_EFINALIZE ? 1 + real.error.more
			  : found == DI_EOPEN   ? real.error.more
						: 0;

	expect_same(expected, found);
	if (expected != DI_EBUSY)
		ck_assert_msg(failed == model.failed_ends, "%u finalizers failed, not %u\n%s",
			      model.failed_ends, failed, story.text);
}

/* ---- Steps ---- */

static unsigned seed;

static int any_context(void)
{
	int context;

	do {
		context = graph_random(&seed, model.contexts_count);
	} while (!model.contexts[context].open);
	return context;
}

static int any_row(void)
{
	return graph_random(&seed, graph.count);
}

static int depth_of(int context)
{
	int depth = 0;

	for (; context > 0; context = model.contexts[context].parent)
		depth++;
	return depth;
}

static void step_open(void)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_request,
							 &graph_scope_job, &di_scope_inject,
							 &di_scope_app };
	const struct di_provider *afresh[GRAPH_ROWS];
	struct di_context_options options = { .abi = DI_ABI, .afresh = afresh };
	int rows[GRAPH_ROWS + 1], row, opened, parent = any_context();

	if (depth_of(parent) == DEPTH || model.contexts_count == MODEL_CONTEXTS)
		return;
	options.scope = scopes[graph_random(&seed, 5)];
	for (row = 0; row < graph.count; row++) {
		if (graph.rows[row].kind != GRAPH_CONTEXT_RESOURCE || graph_random(&seed, 8) > 0)
			continue;
		rows[options.afresh_count] = row;
		afresh[options.afresh_count++] = provider(row);
	}
	rows[options.afresh_count] = -1;
	trace_write(&story, "open c%d, scope %s, in c%d", model.contexts_count, options.scope->name,
		    parent);
	for (row = 0; rows[row] >= 0; row++)
		trace_write(&story, ", r%d afresh", rows[row]);
	trace_write(&story, "\n");
	model_open(&model, parent, options.scope, rows, &opened);
	real.contexts[opened] = di_context_open_with(real.contexts[parent], &options, &real.error);
	expect_same(DI_OK, real.contexts[opened] != NULL ? DI_OK : real.error.status);
}

static void step_close(void)
{
	int context = any_context();
	enum di_outcome outcome = (enum di_outcome)graph_random(&seed, 3);
	enum di_status expected;

	if (context == 0)
		return;
	trace_write(&story, "close c%d\n", context);
	expected = model_close(&model, context, outcome);
	expect_same_end(expected, di_context_close(real.contexts[context], outcome, &real.error));
}

static void step_mark(void)
{
	int context = any_context();
	enum di_outcome outcome = (enum di_outcome)graph_random(&seed, 3);

	trace_write(&story, "mark c%d\n", context);
	if (outcome > model.contexts[context].mark)
		model.contexts[context].mark = outcome;
	expect_same(DI_OK, di_context_mark(real.contexts[context], outcome, &real.error));
}

static void step_resolve(void)
{
	int context = any_context(), row = any_row(), number = -1;
	const struct value *value;
	enum di_status expected;

	trace_write(&story, "resolve r%d in c%d\n", row, context);
	if (graph_random(&seed, 10) == 0) {
		int failing = any_row();

		trace_write(&story, "  a constructor of r%d fails\n", failing);
		model.fail_new[failing]++;
		real.fail_new[failing]++;
	}
	expected = model_resolve(&model, context, row, &number);
	value = di_resolve(real.contexts[context], &real.error, provider(row));
	expect_same(expected, value != NULL ? DI_OK : real.error.status);
	if (value != NULL)
		ck_assert_msg(value->number == number, "got #%d, not #%d\n%s", value->number,
			      number, story.text);
}

static void step_override(int step)
{
	int context = any_context(), row = any_row();
	const struct di_provider *overridden = provider(row);
	struct value *fake = &real.fakes[step];
	enum di_status expected;

	trace_write(&story, "override r%d in c%d by #%d\n", row, context, fake->number);
	expected = model_override(&model, context, row, fake->number);
	expect_same(expected, di_override(real.contexts[context], overridden, fake, &real.error));
}

static void step_override_with(void)
{
	int context = any_context(), row = any_row(), other = any_row();
	enum di_status expected;

	if (graph.rows[other].rank > graph.rows[row].rank ||
	    model_reaches(&model, context, other, row) || !model_lives_within(&model, other, row))
		return;
	trace_write(&story, "override r%d in c%d with r%d\n", row, context, other);
	expected = model_override_with(&model, context, row, other);
	expect_same(expected, di_override_with(real.contexts[context], provider(row),
					       provider(other), &real.error));
}

static void step_put(int step)
{
	int context = any_context(), row = any_row();
	const struct di_scope *scope = graph.rows[row].scope;
	struct value *fake = &real.fakes[step];
	enum di_status expected;

	if (graph.rows[row].kind != GRAPH_STATE ||
	    (scope != &di_scope_any && scope != model.contexts[context].scope))
		return;
	trace_write(&story, "put r%d in c%d: #%d\n", row, context, fake->number);
	expected = model_put(&model, context, row, fake->number);
	expect_same(expected,
		    di_state_put(real.contexts[context], provider(row), fake, &real.error));
}

static void step_reset(void)
{
	int context = any_context(), row = any_row();
	enum di_status expected = model_reset(&model, context, row);

	/* A mistake of the program: debug builds assert. */
	if (expected == DI_EINVAL)
		return;
	trace_write(&story, "reset r%d in c%d\n", row, context);
	expect_same_end(expected, di_reset(real.contexts[context], provider(row), &real.error));
}

static void step_drop(void)
{
	const struct model_value *value;
	enum di_status expected;
	int number;

	if (model.values_count == 0)
		return;
	number = graph_random(&seed, model.values_count);
	value = &model.values[number];
	if (!value->alive || graph.rows[value->row].kind != GRAPH_FACTORY)
		return;
	trace_write(&story, "drop #%d\n", number);
	expected = model_drop(&model, number);
	expect_same_end(expected, di_context_drop(real.contexts[value->home], provider(value->row),
						  real.values[number], &real.error));
}

static void step_fail_end(void)
{
	int row = any_row();

	trace_write(&story, "an end of r%d will fail\n", row);
	model.fail_end[row]++;
	real.fail_end[row]++;
}

static void take_step(int step)
{
	int kind = graph_random(&seed, 40);

	if (kind < 14)
		step_resolve();
	else if (kind < 19)
		step_open();
	else if (kind < 24)
		step_close();
	else if (kind < 28)
		step_override(step);
	else if (kind < 31)
		step_override_with();
	else if (kind < 33)
		step_put(step);
	else if (kind < 36)
		step_reset();
	else if (kind < 38)
		step_drop();
	else if (kind < 39)
		step_mark();
	else
		step_fail_end();
}

/* ---- Cases ---- */

static void tell_graph(void)
{
	int row, i;

	for (row = 0; row < graph.count; row++) {
		const struct graph_row *at = &graph.rows[row];

		trace_write(&story, "r%d: %s %s needs", row, provider(row)->kind->name,
			    at->scope != NULL ? at->scope->name : "");
		for (i = 0; i < at->needs_count; i++)
			trace_write(&story, " %d", at->needs[i]);
		if (at->asks >= 0)
			trace_write(&story, ", asks %d", at->asks);
		trace_write(&story, "\n");
	}
}

static void begin_case(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	void *objects[GRAPH_ROWS];
	int i;

	memset(&real, 0, sizeof(real));
	trace_clear(&story);
	trace_write(&story, "seed %u\n", seed);
	graph_draw(&graph, &seed);
	model_init(&model, &graph);
	for (i = 0; i < FAKES; i++)
		real.fakes[i].number = MODEL_FAKES + i;
	for (i = 0; i < GRAPH_ROWS; i++) {
		real.objects[i].number = MODEL_OBJECTS + i;
		objects[i] = &real.objects[i];
	}
	failing_allocator_init(&memory);
	real.table = graph_table(&graph, objects, construct, destroy);
	real.container = di_container_new(real.table, &options, &real.error);
	ck_assert_ptr_nonnull(real.container);
	real.contexts[0] = di_container_root(real.container);
	tell_graph();
}

static void run_case(void)
{
	enum di_status expected;
	int step;

	begin_case();
	for (step = 0; step < STEPS; step++)
		take_step(step);
	trace_write(&story, "free\n");
	expected = model_free(&model);
	expect_same_end(expected, di_container_free(real.container, &real.error));
	failing_allocator_check(&memory);
}

START_TEST(random_use_of_random_graphs_is_as_the_model_says)
{
	int i, cases = di_check_quick() ? 30 : 500;

	for (i = 0; i < cases; i++) {
		seed = (unsigned)(_i * 1000 + i);
		run_case();
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/model");
	TCase *tcase = tcase_create("model");

	tcase_add_loop_test(tcase, random_use_of_random_graphs_is_as_the_model_says, 0, 10);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
