/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_TWO_WORLDS_H
#define DI_TESTS_TWO_WORLDS_H

/**
 * Two containers in which the same is done, and what that is: by the steps of test_direct_model.c,
 * and by constructors. It all goes into a text, from which values and contexts are told by number.
 */

#include "di/di.h"
#include "di/internal.h"
#include "di/making.h"

#include "tests/support/check_main.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	ROWS = 14,
	CONTEXTS = 8,
	VALUES = 1024,
	LARGEST = 200000,
	DEPTH = 3 /* of constructors that ask themselves */
};

struct value {
	int row, alive, needs_count;
	const struct value *needs[3];
	struct di_context *home;
};

struct world {
	struct di_table table;
	struct di_provider providers[ROWS];
	const struct di_provider *listed[ROWS], *needs[ROWS][3];
	struct di_container *container;
	struct di_context *contexts[CONTEXTS]; /* the root first; NULL: closed */
	struct di_context *entered[VALUES];
	struct di_call *pending[VALUES];
	struct value values[VALUES];
	int values_count, entered_count, pending_count, depth, elsewhere;
	uint64_t seed; /* the same in both before each step */
	char text[LARGEST];
	int length;
};

static struct world worlds[2], *now;
static struct value fakes[ROWS];

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

static int below(int limit)
{
	return (int)(random_next(&now->seed) % (uint32_t)limit);
}

static void note(const char *format, ...) DI__PRINTF(1, 2);
static void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	now->length += vsnprintf(now->text + now->length, (size_t)(LARGEST - now->length), format,
				 arguments);
	va_end(arguments);
	if (now->length >= LARGEST)
		now->length = LARGEST - 1;
}

/* Fakes are negative; what is made has the number of its creation. */
static int number_of(const struct value *value)
{
	if (value >= fakes && value < fakes + ROWS)
		return -1 - (int)(value - fakes);
	if (!value->alive)
		note(" DEAD");
	return (int)(value - now->values);
}

static int number_of_context(const struct di_context *context)
{
	int i = CONTEXTS - 1;

	while (i >= 0 && now->contexts[i] != context)
		i--;
	return i;
}

static void note_result(const void *value, const struct di_error *err)
{
	if (value != NULL)
		note(" #%d\n", number_of(value));
	else
		note(" %s %s\n", di_status_name(err->status), err->path);
}

static struct di_context *any_context(void)
{
	struct di_context *context;

	do
		context = now->contexts[below(CONTEXTS)];
	while (context == NULL);
	return context;
}

static const struct di_provider *any_row(void)
{
	return now->listed[below(ROWS)];
}

/* ---- What steps and constructors do. ---- */

static void resolve(void)
{
	struct di_context *context = any_context();
	const struct di_provider *provider = any_row();
	struct di_error err = { 0 };
	const void *value;

	note("resolve r%u in c%d\n", provider->index, number_of_context(context));
	value = di_resolve(context, &err, provider);
	note("  is");
	note_result(value, &err);
}

static void override(void)
{
	struct di_context *context = any_context();
	const struct di_provider *provider = any_row();

	note("override r%u in c%d:", provider->index, number_of_context(context));
	note(" %s\n",
	     di_status_name(di_override(context, provider, &fakes[provider->index], NULL)));
}

static void put(void)
{
	struct di_context *context = any_context();
	const struct di_provider *provider = any_row();

	if (provider->kind == &di_state && provider->scope == context->scope)
		note("put r%u in c%d: %s\n", provider->index, number_of_context(context),
		     di_status_name(
			     di_state_put(context, provider, &fakes[provider->index], NULL)));
}

static void enter(void)
{
	struct di_context *context = any_context();

	if (now->elsewhere || di_context_enter(context, NULL) != DI_OK)
		return;
	note("enter c%d\n", number_of_context(context));
	now->entered[now->entered_count++] = context;
}

static void leave_down_to(int floor)
{
	if (now->elsewhere || now->entered_count <= floor)
		return;
	note("leave: %s\n",
	     di_status_name(di_context_leave(now->entered[--now->entered_count], NULL)));
}

static void *mark(void *context)
{
	return di_context_mark(context, DI_DONE, NULL) == DI_OK ? context : NULL;
}

/* Another thread takes the lock. */
static void look(void)
{
	thread_join(thread_start(mark, any_context(), 0));
}

static void take_answer(void *data, void *value, const struct di_error *err)
{
	note("answer r%d", (int)((struct di_provider *)data - now->providers));
	note_result(value, err);
}

static void get(void)
{
	struct di_context *context = any_context();
	const struct di_provider *provider = any_row();
	struct di_error err = { 0 };

	note("get r%u in c%d\n", provider->index, number_of_context(context));
	if (di_get_async(context, provider, take_answer, (void *)(uintptr_t)provider, &err)
		    .number == 0)
		note_result(NULL, &err);
}

static void close_one(void)
{
	struct di_context *context = any_context();
	enum di_status status;

	if (context == now->contexts[0])
		return;
	note("close c%d\n", number_of_context(context));
	status = di_context_close(context, DI_DONE, NULL);
	note("  is %s\n", di_status_name(status));
	if (status == DI_OK || status == DI_EFINALIZE)
		now->contexts[number_of_context(context)] = NULL;
}

/* ---- Constructors ---- */

static void meddle(int floor)
{
	switch (below(10)) {
	case 0:
		override();
		break;
	case 8:
		if (below(2) == 0)
			close_one();
		break;
	case 1:
		enter();
		break;
	case 2:
		leave_down_to(floor);
		break;
	case 3:
		put();
		break;
	case 4:
		if (below(4) == 0)
			look();
		break;
	case 5:
		get();
		break;
	default:
		resolve();
		break;
	}
}

static void meddle_somewhat(void)
{
	int floor = now->entered_count;

	if (now->depth == DEPTH)
		return;
	now->depth++;
	while (below(3) == 0)
		meddle(floor);
	now->depth--;
}

static struct value *new_value(int row, void *const *args)
{
	struct value *value = &now->values[now->values_count];
	int i;

	ck_assert_int_lt(now->values_count, VALUES);
	value->row = row;
	value->alive = 1;
	value->home = args[0];
	value->needs_count = now->providers[row].needs_count - 1;
	note("made r%d #%d", row, now->values_count++);
	for (i = 0; i < value->needs_count; i++) {
		value->needs[i] = args[i + 1];
		note(" %d", number_of(value->needs[i]));
	}
	note(" in c%d\n", number_of_context(args[0]));
	return value;
}

static int create(void *const *args, void **out)
{
	int row = (int)(di__provider_of_args(args) - now->providers);

	note("make r%d in c%d, c%d is current\n", row, number_of_context(args[0]),
	     number_of_context(di_context_current(&now->table)));
	meddle_somewhat();
	*out = below(30) > 0 ? new_value(row, args) : NULL;
	return below(16) == 0 && *out == NULL ? EIO : 0;
}

static int destroy(void *ended, enum di_outcome outcome)
{
	struct value *value = ended;
	int i;

	note("end #%d %s", number_of(value), di_outcome_text(outcome));
	for (i = 0; i < value->needs_count; i++)
		note(" %d", number_of(value->needs[i]));
	note("\n");
	value->alive = 0;
	return value->row % 7 == 3 ? EIO : 0;
}

static int begin_making(struct di_call *call, void *const *args)
{
	int row = (int)(di__provider_of_args(args) - now->providers);

	note("begin r%d in c%d\n", row, number_of_context(args[0]));
	meddle_somewhat();
	if (below(8) == 0)
		return EIO;
	if (below(3) == 0)
		di__call_complete(call, &now->providers[row], 0, new_value(row, args));
	else
		now->pending[now->pending_count++] = call;
	return DI_PENDING;
}

#endif
