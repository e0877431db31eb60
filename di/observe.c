/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <time.h>

const char *di_outcome_text(enum di_outcome outcome)
{
	switch (outcome) {
	case DI_DONE:
		return "done";
	case DI_FAILED:
		return "failed";
	case DI_CANCELLED:
		return "cancelled";
	}
	return "unknown outcome";
}

const char *di_event_text(enum di_event_kind kind)
{
	switch (kind) {
#define EVENT_TEXT(name_, text_)                                                                   \
	case name_:                                                                                \
		return text_;
		DI_EVENT_MAP(EVENT_TEXT)
#undef EVENT_TEXT
	}
	return "unknown event";
}

uint64_t di__now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void di__tell(struct di_context *context, enum di_event_kind kind, const char *provider,
	      uint64_t took_ns, enum di_outcome outcome, const struct di_error *error)
{
	const struct di_container *container = context->container;
	struct di_event event = {
		.kind = kind,
		.provider = provider,
		.container = container->table->name,
		.scope = context->scope->name,
		.outcome = outcome,
		.error = error,
	};

	if (!di__observed(container))
		return;
	event.context = di_context_number(context);
	event.thread = di__flow_get()->id;
	event.when_ns = di__now();
	event.took_ns = took_ns;
	event.slow = container->slow_ns != 0 && took_ns > container->slow_ns;
	container->observer.observe(container->observer.data, &event);
}
