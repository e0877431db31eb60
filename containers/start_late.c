/* SPDX-License-Identifier: MIT */
#include "containers/start.h"

#include "di/text.h"

#include <errno.h>
#include <inttypes.h>

/*
 * A start for which there is a time. The caller waits and does nothing else, so that it can return
 * whatever the constructors do.
 */

static struct timespec deadline_in(uint64_t timeout_ns)
{
	uint64_t now = di__now();
	uint64_t at = now + timeout_ns;
	struct timespec deadline;

	if (at < now || at > INT64_MAX)
		at = INT64_MAX;
	deadline.tv_sec = (time_t)(at / UINT64_C(1000000000));
	deadline.tv_nsec = (long)(at % UINT64_C(1000000000));
	return deadline;
}

/* Whether all runners have finished in time. Under the lock. */
static int wait_until(struct di__start *start, const struct timespec *deadline)
{
	int waited = 0;

	while (start->active > 0 && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&start->finished, &start->lock, deadline);
	return start->active == 0;
}

/* The runner that is at the first step from that number on, or NULL. Under the lock. */
static const struct di__runner *next_late(const struct di__start *start, uint32_t from)
{
	const struct di__runner *first = NULL;
	uint32_t i;

	for (i = 0; i < start->runners_count; i++) {
		const struct di__runner *runner = &start->runners[i];

		if (runner->number != DI__NO_STEP && runner->number >= from &&
		    (first == NULL || runner->number < first->number))
			first = runner;
	}
	return first;
}

static const struct di__start_step *step_of(const struct di__start *start,
					    const struct di__runner *runner)
{
	return &start->steps[start->order[runner->number]];
}

enum {
	ROOM_FOR_REST = 16 /* " and 4294 more" */
};

/* All that is late, as far as there is room. Under the lock. */
static void name_late(const struct di__start *start, struct di__text *text)
{
	const struct di__runner *late = next_late(start, 0);
	uint64_t now = di__now();
	unsigned named = 0, rest = 0;

	for (; late != NULL; late = next_late(start, late->number + 1)) {
		const char *name = step_of(start, late)->provider->name;
		uint64_t us = (now - late->since_ns) / 1000;
		char one[DI_NAME_SIZE + 48];
		struct di__text part = { one, sizeof(one), 0 };

		di__text_append(&part, "%s%.*s for %" PRIu64 ".%03u ms", named > 0 ? ", " : "",
				DI_NAME_SIZE - 1, name, us / 1000, (unsigned)(us % 1000));
		named++;
		if (rest == 0 && text->length + part.length + ROOM_FOR_REST < text->size)
			di__text_append(text, "%s", one);
		else
			rest++;
	}
	if (rest > 0)
		di__text_append(text, " and %u more", rest);
}

/* Under the lock. */
static void describe_late(const struct di__start *start, struct di_error *err)
{
	const struct di__runner *late = next_late(start, 0);
	uint64_t us = start->container->start_timeout_ns / 1000;
	struct di__text text = { err->detail, sizeof(err->detail), 0 };

	if (late == NULL) {
		di__fail(err, DI_ETIMEDOUT, NULL, "the threads of the start have not ended");
	} else {
		di__fail(err, DI_ETIMEDOUT, step_of(start, late)->provider, NULL);
		di__start_add_askers(start, step_of(start, late), err);
		di__text_append(&text,
				"after %" PRIu64 ".%03u ms these are being made: ", us / 1000,
				(unsigned)(us % 1000));
		name_late(start, &text);
	}
	err->more = start->failures;
}

/* The container keeps the start until its threads have finished. */
static void leave_to_container(struct di__start *start)
{
	struct di_container *container = start->container;
	struct di_flow *flow = di__flow_get();

	di__lock_take(&container->prepare_lock, flow->number);
	start->next = container->starts;
	container->starts = start;
	di__lock_give(&container->prepare_lock, flow->number);
}

enum di_status di__start_run_for(struct di__start *start, struct di_error *err)
{
	struct timespec deadline = deadline_in(start->container->start_timeout_ns);
	struct di_error own;
	enum di_status status = di__start_begin(start, 0, err);
	int in_time;

	if (status != DI_OK) {
		di__start_release(start);
		return status;
	}
	pthread_mutex_lock(&start->lock);
	in_time = wait_until(start, &deadline);
	if (!in_time) {
		start->stopped = 1;
		pthread_cond_broadcast(&start->changed);
		describe_late(start, err != NULL ? err : &own);
	}
	pthread_mutex_unlock(&start->lock);
	if (!in_time) {
		leave_to_container(start);
		return DI_ETIMEDOUT;
	}
	di__start_join(start, 0);
	status = di__start_outcome(start, err);
	di__start_release(start);
	return status;
}

/* ---- What is left of those that have timed out. ---- */

static int has_finished(struct di__start *start)
{
	int finished;

	pthread_mutex_lock(&start->lock);
	finished = start->active == 0;
	pthread_mutex_unlock(&start->lock);
	return finished;
}

static struct di__start *take_finished(struct di_container *container)
{
	struct di_flow *flow = di__flow_get();
	struct di__start *taken = NULL, **link = &container->starts;

	di__lock_take(&container->prepare_lock, flow->number);
	while (*link != NULL) {
		struct di__start *start = *link;

		if (!has_finished(start)) {
			link = &start->next;
			continue;
		}
		*link = start->next;
		start->next = taken;
		taken = start;
	}
	di__lock_give(&container->prepare_lock, flow->number);
	return taken;
}

/* Their threads have nothing more to do than to end. */
void di__start_join_finished(struct di_container *container)
{
	struct di__start *start = take_finished(container), *next;

	for (; start != NULL; start = next) {
		next = start->next;
		di__start_join(start, 0);
		di__start_release(start);
	}
}

enum di_status di__start_end(struct di_container *container, struct di_error *err)
{
	const struct di__runner *late;
	struct di__start *start;

	di__start_join_finished(container);
	start = container->starts;
	if (start == NULL)
		return DI_OK;
	pthread_mutex_lock(&start->lock);
	late = next_late(start, 0);
	di__fail(err, DI_EBUSY, late != NULL ? step_of(start, late)->provider : NULL,
		 "a start that has timed out is not over yet");
	pthread_mutex_unlock(&start->lock);
	return DI_EBUSY;
}
