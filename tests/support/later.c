/* SPDX-License-Identifier: MIT */
#include "tests/support/later.h"

#include "tests/support/fixture.h"

#include <stdlib.h>
#include <string.h>

enum {
	DUE_MAX = 4096,
	AT_ONCE_MAX = 16
};

struct due {
	struct di_call *call;
	later_complete_fn *complete; /* NULL: it ends */
	const char *name;
	struct part *part;
	enum di_outcome outcome;
	struct part *needs[PART_NEEDS];
};

static struct due due[DUE_MAX];
static int due_first, due_count;
static const char *at_once[AT_ONCE_MAX];
static int at_once_count;

void later_clear(void)
{
	due_first = due_count = at_once_count = 0;
}

int later_due(void)
{
	return due_count;
}

void later_at_once(const char *name)
{
	at_once[at_once_count++] = name;
}

static int is_at_once(const char *name)
{
	int i;

	for (i = 0; i < at_once_count; i++) {
		if (strcmp(at_once[i], name) == 0)
			return 1;
	}
	return 0;
}

static void complete(const struct due *one)
{
	struct part *part = NULL;
	int cause;

	if (one->complete == NULL) {
		di_call_end(one->call, part_end(one->part, one->outcome));
		return;
	}
	cause = part_new(&part, one->name, one->needs);
	one->complete(one->call, cause, part);
}

static int add(struct due one)
{
	if (is_at_once(one.name)) {
		complete(&one);
		return DI_PENDING;
	}
	if (due_count == DUE_MAX)
		abort();
	due[(due_first + due_count++) % DUE_MAX] = one;
	return DI_PENDING;
}

static struct due take_first(void)
{
	struct due one = due[due_first];

	due_first = (due_first + 1) % DUE_MAX;
	due_count--;
	return one;
}

int later_step(void)
{
	int count = due_count, i;

	for (i = 0; i < count; i++) {
		struct due one = take_first();

		complete(&one);
	}
	return count;
}

int later_run(void)
{
	int steps = 0;

	while (later_step() > 0)
		steps++;
	return steps;
}

struct di_call *later_take(const char *name)
{
	struct di_call *taken = NULL;
	int count = due_count, i;

	for (i = 0; i < count; i++) {
		struct due one = take_first();

		if (taken == NULL && strcmp(one.name, name) == 0)
			taken = one.call;
		else
			due[(due_first + due_count++) % DUE_MAX] = one;
	}
	return taken;
}

int later_new(struct di_call *call, later_complete_fn *function, const char *name,
	      struct part *const *needs)
{
	struct due one = { .call = call, .complete = function, .name = name };
	int i;

	for (i = 0; needs[i] != NULL; i++)
		one.needs[i] = needs[i];
	journal_write("began %s", name);
	return add(one);
}

int later_end(struct di_call *call, struct part *part, enum di_outcome outcome)
{
	journal_write("ending %s", part->name);
	return add((struct due){ call, NULL, part->name, part, outcome, { NULL } });
}

void answer_take(void *data, struct part *part, const struct di_error *failure)
{
	struct answer *answer = data;

	answer->times++;
	answer->part = part;
	answer->status = failure != NULL ? failure->status : DI_OK;
	answer->text[0] = '\0';
	if (failure != NULL)
		di_error_text(failure, answer->text, sizeof(answer->text));
}

void answer_take_any(void *data, void *value, const struct di_error *failure)
{
	answer_take(data, value, failure);
}

void answer_done(void *data, enum di_status status, const struct di_error *failure)
{
	answer_take(data, NULL, failure);
	((struct answer *)data)->status = status;
}

void later_container_end(void)
{
	struct answer answer = { 0 };

	memory.fail_always = 0;
	if (container != NULL) {
		expect_ok(di_container_free_async(container, answer_done, &answer, &error));
		later_run();
		ck_assert_int_eq(answer.times, 1);
	}
	container = NULL;
	container_end();
}
