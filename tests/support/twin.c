/* SPDX-License-Identifier: MIT */
#include "tests/support/twin.h"

#include <check.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct twin twin;

const struct di_provider *twin_provider(int row)
{
	return twin.table->providers[row];
}

static const struct graph_row *row_of(int row)
{
	return &twin.graph.rows[row];
}

/* ---- Contexts ---- */

void twin_opened(int number, struct di_context *context)
{
	twin.contexts[number] = context;
	if (twin.contexts_count <= number)
		twin.contexts_count = number + 1;
}

static int number_of_context(struct di_context *context)
{
	int i = MODEL_CONTEXTS - 1;

	while (i >= 0 && twin.contexts[i] != context)
		i--;
	if (i < 0 && twin.unseen >= 0) {
		i = twin.unseen;
		twin.contexts[i] = context;
	}
	return i;
}

/* ---- Constructors ---- */

static const struct twin_value *resolve_and_tell(struct di_context *context, int row)
{
	struct di_error err = { 0 };
	const struct twin_value *value = di_resolve(context, &err, twin_provider(row));

	if (value == NULL)
		trace_write(&twin.trace, "asked in vain: %s %s\n", di_status_name(err.status),
			    err.path);
	return value;
}

static int ask_inside(struct di_context *home, int row)
{
	struct di_context *context;
	const struct twin_value *value;
	int number = twin.contexts_count, found;

	if (number == MODEL_CONTEXTS)
		return -1;
	context = di_context_open(home, &di_scope_request, NULL);
	twin_opened(number, context);
	value = resolve_and_tell(context, row);
	found = value != NULL ? value->number : -1;
	di_context_close(context, value != NULL ? DI_DONE : DI_FAILED, NULL);
	twin.contexts[number] = NULL;
	return found;
}

/* The number of what it got, or -1. */
static int ask(struct di_context *home, const struct graph_ask *asked)
{
	struct di_context *context = home;
	const struct twin_value *value;

	if (asked->where == GRAPH_INSIDE)
		return ask_inside(home, asked->row);
	if (asked->where == GRAPH_OUTSIDE && di_context_parent(home) != NULL)
		context = di_context_parent(home);
	value = resolve_and_tell(context, asked->row);
	return value != NULL ? value->number : -1;
}

static int ask_all(int row, struct di_context *home, int *asked)
{
	int i;

	if (twin.constructing[row] == 2 || twin.depth == MODEL_DEPTH)
		return MODEL_EPROTO;
	for (i = 0; i < row_of(row)->asks_count; i++) {
		twin.constructing[row]++;
		twin.depth++;
		asked[i] = ask(home, &row_of(row)->asks[i]);
		twin.constructing[row]--;
		twin.depth--;
		if (asked[i] < 0)
			return MODEL_EPROTO;
	}
	return 0;
}

static void tell_made(int row, const struct di_context *home, void *const *args, const int *asked)
{
	int i;

	for (i = 0; i < row_of(row)->needs_count; i++) {
		if (row_of(row)->needs[i] == GRAPH_CONTEXT)
			twin_assert(args[i] == home, "DI_CONTEXT is not the home");
		else
			trace_write(&twin.trace, " #%d",
				    ((const struct twin_value *)args[i])->number);
	}
	for (i = 0; i < row_of(row)->asks_count; i++)
		trace_write(&twin.trace, " asked #%d", asked[i]);
	trace_write(&twin.trace, "\n");
}

/* Storage is all ours: it is left full of rubbish. */
static struct twin_value *use_storage(int row, void *storage)
{
	const struct di_provider *provider = twin_provider(row);

	twin_assert((uintptr_t)storage % provider->storage_align == 0, "storage is not aligned");
	return memset(storage, 0x5a, provider->storage_size);
}

static struct twin_value *add_value(struct twin_value *value, int storage)
{
	if (twin.values_count == MODEL_VALUES)
		abort();
	if (value == NULL)
		value = malloc(sizeof(*value));
	*value = (struct twin_value){ twin.values_count, storage };
	twin.values[twin.values_count++] = value;
	return value;
}

static int construct(int row, void *const *args, void **out)
{
	struct di_context *home = di_context_current(twin.table);
	int asked[GRAPH_ASKS], failed = ask_all(row, home, asked);
	struct twin_value *value;

	if (failed)
		return failed;
	if (twin.fail_new[row] > 0) {
		twin.fail_new[row]--;
		trace_write(&twin.trace, "fail r%d\n", row);
		return MODEL_EIO;
	}
	if (twin.null_new[row] > 0) {
		twin.null_new[row]--;
		*out = NULL;
		return 0;
	}
	value = row_of(row)->storage ? use_storage(row, *out) : NULL;
	value = add_value(value, row_of(row)->storage);
	trace_write(&twin.trace, "make r%d #%d in c%d:", row, value->number,
		    number_of_context(home));
	tell_made(row, home, args, asked);
	*out = value;
	return 0;
}

/* ---- Destructors ---- */

static int end(struct twin_value *value, int fails, enum di_outcome outcome)
{
	int number = value->number;

	twin.values[number] = NULL;
	value->number = -1;
	if (!value->storage)
		free(value);
	if (fails) {
		trace_write(&twin.trace, "end #%d badly\n", number);
		return MODEL_EIO;
	}
	trace_write(&twin.trace, "end #%d %s\n", number, di_outcome_text(outcome));
	return 0;
}

/* A finalizer finds what its value was built from, by its pointer and in its context. */
static void expect_need(int number, struct di_context *home, int row, int need)
{
	const struct model_value *value = &twin.model.values[number];
	const struct twin_value *found;

	twin_assert(need >= MODEL_VALUES || twin.values[need] != NULL,
		    "#%d ends after #%d, from which it was built", number, need);
	row = model_stand_in(&twin.model, value->home, row);
	if (row_of(row)->kind == GRAPH_FACTORY &&
	    model_overrider(&twin.model, value->home, row) < 0)
		return;
	found = di_resolve(home, NULL, twin_provider(row));
	twin_assert(found != NULL && found->number == need,
		    "#%d, built from #%d, finds #%d at its end", number, need,
		    found != NULL ? found->number : -1);
}

static void expect_needs(int number)
{
	const struct model_value *value = &twin.model.values[number];
	const struct graph_row *row = row_of(value->row);
	struct di_context *home = di_context_current(twin.table);
	int i;

	twin_assert(number_of_context(home) == value->home, "#%d ends in c%d", number,
		    number_of_context(home));
	for (i = 0; i < MODEL_NEEDS; i++) {
		if (value->needs[i] < 0)
			continue;
		if (i < GRAPH_NEEDS)
			expect_need(number, home, row->needs[i], value->needs[i]);
		else if (row->asks[i - GRAPH_NEEDS].where == GRAPH_HERE)
			expect_need(number, home, row->asks[i - GRAPH_NEEDS].row, value->needs[i]);
		else
			twin_assert(value->needs[i] >= MODEL_VALUES ||
					    twin.values[value->needs[i]] != NULL,
				    "#%d ends after what it was built from", number);
	}
}

static int destroy(void *ended, enum di_outcome outcome)
{
	struct twin_value *value = ended;
	int number = value->number, row, fails;

	twin_assert(number >= 0 && number < twin.values_count && twin.values[number] == value,
		    "#%d ends twice", number);
	row = twin.model.values[number].row;
	expect_needs(number);
	fails = twin.fail_end[row] > 0;
	twin.fail_end[row] -= fails;
	return end(value, fails, outcome);
}

struct twin_value *twin_deferred(void)
{
	return add_value(NULL, 0);
}

int twin_run_deferred(void *data, enum di_outcome outcome)
{
	struct twin_value *value = data;

	return end(value, twin.model.values[value->number].badly, outcome);
}

/* ---- Comparing ---- */

void twin_fail(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ck_abort_msg("%s\n%sso far expected:\n%sand was:\n%s", text, twin.story.text,
		     twin.model.trace.text, twin.trace.text);
}

void twin_compare(enum di_status expected, enum di_status found)
{
	const char *fault = model_fault(&twin.model);

	twin_assert(expected == found, "expected %s, but was %s: %s", di_status_name(expected),
		    di_status_name(found), found != DI_OK ? twin.error.detail : "");
	twin_assert(strcmp(twin.model.trace.text, twin.trace.text) == 0, "something else was done");
	twin_assert(fault == NULL, "%s", fault);
	trace_clear(&twin.model.trace);
	trace_clear(&twin.trace);
}

void twin_compare_path(enum di_status expected, enum di_status found)
{
	twin_compare(expected, found);
	twin_assert(found == DI_OK || found == DI_EFINALIZE ||
			    strcmp(twin.model.path, twin.error.path) == 0,
		    "expected the path %s, but was %s", twin.model.path, twin.error.path);
}

void twin_compare_end(enum di_status expected, enum di_status found)
{
	unsigned failed = found == DI_EFINALIZE ? 1 + twin.error.more
			  : found == DI_EOPEN   ? twin.error.more
						: 0;

	twin_compare(expected, found);
	if (expected != DI_EBUSY)
		twin_assert(failed == twin.model.failed_ends, "%u finalizers failed, not %u",
			    twin.model.failed_ends, failed);
}

void twin_compare_events(void)
{
	int kind, *events = twin.events;

	if (!twin.is_observed)
		return;
	/* The model does not know of openings that had no memory in the end. */
	twin_assert(events[DI_EVENT_CLOSED] == events[DI_EVENT_OPENED],
		    "%d contexts opened, %d closed", events[DI_EVENT_OPENED],
		    events[DI_EVENT_CLOSED]);
	events[DI_EVENT_OPENED] = events[DI_EVENT_CLOSED] = 0;
	for (kind = DI_EVENT_CREATED; kind <= DI_EVENT_OVERRIDDEN; kind++)
		twin_assert(events[kind] == twin.model.events[kind], "%d events \"%s\", not %d",
			    events[kind], di_event_text((enum di_event_kind)kind),
			    twin.model.events[kind]);
}

/* ---- Memory ---- */

void twin_refuse_memory(int n)
{
	twin.memory.failures = 0;
	failing_allocator_fail(&twin.memory, (unsigned long)n);
}

int twin_was_refused(enum di_status status)
{
	unsigned long failures = twin.memory.failures;

	twin_refuse_memory(0);
	twin_assert((status == DI_ENOMEM) == (failures > 0),
		    "%s, though memory was refused %lu times", di_status_name(status), failures);
	twin_assert(status != DI_ENOMEM || twin.trace.length == 0,
		    "without memory something was done");
	twin.error.status = status;
	return status == DI_ENOMEM;
}

static unsigned long allocations;

void twin_take_memory(void)
{
	allocations = twin.memory.allocations;
	twin.memory.fail_always = 1;
}

enum di_status twin_give_memory(enum di_status status)
{
	twin_assert(twin.memory.allocations == allocations, "it has asked for memory");
	twin.memory.fail_always = 0;
	return status;
}

/* ---- Beginning ---- */

static void tell_graph(void)
{
	static const char *const where[] = { "", " outside", " inside" };
	int row, i;

	for (row = 0; row < twin.graph.count; row++) {
		const struct graph_row *at = row_of(row);

		trace_write(&twin.story, "r%d: %s%s %s needs", row, at->strict ? "strict " : "",
			    twin_provider(row)->kind->name,
			    at->scope != NULL ? at->scope->name : "");
		for (i = 0; i < at->needs_count; i++)
			trace_write(&twin.story, " %d", at->needs[i]);
		for (i = 0; i < at->asks_count; i++)
			trace_write(&twin.story, ", asks %d%s", at->asks[i].row,
				    where[at->asks[i].where]);
		trace_write(&twin.story, "\n");
	}
}

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	twin.events[event->kind]++;
}

void twin_begin(unsigned seed)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &twin.memory.allocator };
	void *objects[GRAPH_ROWS];
	int i;

	memset(&twin, 0, offsetof(struct twin, model));
	twin.unseen = -1;
	twin.seed = seed;
	trace_write(&twin.story, "DI_MODEL_SEED=%u\n", seed);
	graph_draw(&twin.graph, &twin.seed);
	twin.is_observed = graph_random(&twin.seed, 3) == 0;
	if (twin.is_observed)
		options.observer.observe = observe;
	model_init(&twin.model, &twin.graph);
	for (i = 0; i < TWIN_FAKES; i++)
		twin.fakes[i].number = MODEL_FAKES + i;
	for (i = 0; i < GRAPH_ROWS; i++) {
		twin.objects[i].number = MODEL_OBJECTS + i;
		objects[i] = &twin.objects[i];
	}
	failing_allocator_init(&twin.memory);
	twin.table = graph_table(&twin.graph, objects, construct, destroy);
	twin.container = di_container_new(twin.table, &options, &twin.error);
	twin_assert(twin.container != NULL, "there is no container");
	twin_opened(0, di_container_root(twin.container));
	twin_assert(di_context_current(twin.table) == NULL, "a context of the past is current");
	tell_graph();
}
