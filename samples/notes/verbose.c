/* SPDX-License-Identifier: MIT */
#include "samples/notes/verbose.h"

#include <inttypes.h>
#include <stdio.h>

/* What an event is about, with a space before it where there is something. */
static const char *subject(const struct di_event *event, char *buffer, size_t size)
{
	if (!event->provider)
		return "";
	snprintf(buffer, size, " %s", *event->provider ? event->provider : "a deferred call");
	return buffer;
}

/* How it went, likewise. */
static const char *ending(const struct di_event *event, char *buffer, size_t size)
{
	char text[512];

	if (event->error)
		snprintf(buffer, size, ": %s", di_error_text(event->error, text, sizeof(text)));
	else if (event->kind == DI_EVENT_TORN_DOWN || event->kind == DI_EVENT_CLOSED)
		snprintf(buffer, size, " (%s)", di_outcome_text(event->outcome));
	else
		return "";
	return buffer;
}

/* One call to stdio for a line: lines of several threads do not mix. */
static void print(const struct di_event *event)
{
	char about[DI_NAME_SIZE + 1];
	char end[520];

	fprintf(stderr, "%s %" PRIu64 ": %s%s%s\n", event->scope, event->context,
		di_event_text(event->kind), subject(event, about, sizeof(about)),
		ending(event, end, sizeof(end)));
}

static void observe(void *data, const struct di_event *event)
{
	struct verbose *verbose = data;

	if (event->kind == DI_EVENT_OPENED)
		atomic_fetch_add(&verbose->opened, 1);
	if (event->kind == DI_EVENT_CLOSED)
		atomic_fetch_add(&verbose->closed, 1);
	/* Putting a value in its place makes nothing. */
	if (!verbose->summary_only && event->kind != DI_EVENT_OVERRIDDEN)
		print(event);
}

struct di_observer verbose_observer(struct verbose *verbose)
{
	return (struct di_observer){ observe, verbose };
}

void verbose_summary(const struct verbose *verbose)
{
	fprintf(stderr, "contexts opened %llu, closed %llu\n", atomic_load(&verbose->opened),
		atomic_load(&verbose->closed));
}
