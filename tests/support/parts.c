/* SPDX-License-Identifier: MIT */
#include "tests/support/parts.h"

#include "tests/support/journal.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PARTS = 4096,
	FAILURES = 16,
	HOOKS = 16
};

struct failure {
	const char *name;
	int at_end, cause, times;
};

struct hook {
	const char *name;
	int at_end;
	part_hook_fn *function;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct part *parts[PARTS];
static int parts_count;
static struct failure failures[FAILURES];
static int failures_count;
static struct hook hooks[HOOKS];
static int hooks_count;

void parts_clear(void)
{
	pthread_mutex_lock(&lock);
	while (parts_count > 0)
		free(parts[--parts_count]);
	failures_count = 0;
	hooks_count = 0;
	pthread_mutex_unlock(&lock);
	journal_clear();
}

static int count(const char *name, int only_alive)
{
	int i, found = 0;

	for (i = 0; i < parts_count; i++)
		found += strcmp(parts[i]->name, name) == 0 && (parts[i]->alive || !only_alive);
	return found;
}

int parts_alive(const char *name)
{
	int found;

	pthread_mutex_lock(&lock);
	found = count(name, 1);
	pthread_mutex_unlock(&lock);
	return found;
}

static void plan(const char *name, int at_end, int cause, int times)
{
	pthread_mutex_lock(&lock);
	if (failures_count == FAILURES)
		abort();
	failures[failures_count++] = (struct failure){ name, at_end, cause, times };
	pthread_mutex_unlock(&lock);
}

void parts_fail_new(const char *name, int cause, int times)
{
	plan(name, 0, cause, times);
}

void parts_fail_end(const char *name, int cause, int times)
{
	plan(name, 1, cause, times);
}

static void hook_in(const char *name, int at_end, part_hook_fn *function)
{
	pthread_mutex_lock(&lock);
	if (hooks_count == HOOKS)
		abort();
	hooks[hooks_count++] = (struct hook){ name, at_end, function };
	pthread_mutex_unlock(&lock);
}

void parts_on_new(const char *name, part_hook_fn *hook)
{
	hook_in(name, 0, hook);
}

void parts_on_end(const char *name, part_hook_fn *hook)
{
	hook_in(name, 1, hook);
}

/* Hooks are set before anything is made, and called without the lock. */
static void run_hooks(const char *name, int at_end, struct part *part)
{
	int i;

	for (i = 0; i < hooks_count; i++) {
		if (hooks[i].at_end == at_end && strcmp(hooks[i].name, name) == 0)
			hooks[i].function(part);
	}
}

static int cause_of(const char *name, int at_end)
{
	int i;

	for (i = 0; i < failures_count; i++) {
		struct failure *failure = &failures[i];

		if (failure->times > 0 && failure->at_end == at_end &&
		    strcmp(failure->name, name) == 0) {
			failure->times--;
			return failure->cause;
		}
	}
	return 0;
}

static void write_created(const struct part *part)
{
	char line[100];
	int i, used = snprintf(line, sizeof(line), "created %s", part->name);

	for (i = 0; i < part->needs_count; i++)
		used += snprintf(line + used, sizeof(line) - (size_t)used, "%s%s",
				 i == 0 ? " from " : " ", part->needs[i]->name);
	journal_write("%s", line);
}

static struct part *keep(const char *name)
{
	struct part *part = calloc(1, sizeof(*part));

	if (part == NULL || parts_count == PARTS)
		abort();
	part->name = name;
	part->number = count(name, 0);
	part->alive = 1;
	parts[parts_count++] = part;
	return part;
}

int part_new(struct part **out, const char *name, struct part *const *needs)
{
	struct part *part = NULL;
	int cause;

	run_hooks(name, 0, NULL);
	pthread_mutex_lock(&lock);
	cause = cause_of(name, 0);
	if (cause == 0)
		part = keep(name);
	pthread_mutex_unlock(&lock);
	if (cause != 0) {
		journal_write("failed %s", name);
		return cause;
	}
	for (; *needs != NULL; needs++)
		part->needs[part->needs_count++] = *needs;
	write_created(part);
	*out = part;
	return 0;
}

int part_end(struct part *part, enum di_outcome outcome)
{
	int i, cause, was_alive = part->alive;

	run_hooks(part->name, 1, part);
	pthread_mutex_lock(&lock);
	cause = cause_of(part->name, 1);
	part->alive = 0;
	pthread_mutex_unlock(&lock);
	ck_assert_msg(was_alive, "%s ended twice", part->name);
	for (i = 0; i < part->needs_count; i++)
		ck_assert_msg(part->needs[i]->alive, "%s ended before %s, which needs it",
			      part->needs[i]->name, part->name);
	if (cause != 0)
		journal_write("ended badly %s", part->name);
	else
		journal_write("ended %s %s", part->name, di_outcome_text(outcome));
	return cause;
}
