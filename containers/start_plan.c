/* SPDX-License-Identifier: MIT */
#include "containers/start.h"

#include "di/home.h"
#include "di/threads.h"

#include <string.h>

/*
 * What a start has to do: the resources that one thread would make, and what it would make for
 * them, each after what it needs.
 */

int di__start_of_thread(const struct di_context *root, const struct di_provider *provider)
{
	return provider->kind->home == DI_HOME_THREAD ||
	       (root->threads && di__lives_with_thread(root, provider));
}

static int exists(const struct di_context *root, const struct di_provider *provider)
{
	void **values = di__lane_values(&root->lane, provider);

	return provider->kind->cached && DI__LOAD(values[di__row(root, provider)]) != NULL;
}

/* Whether there is something to do for a row of that meaning. */
static int is_wanted(const struct di_context *root, const struct di_provider *provider)
{
	return provider->kind->given == NULL && !di__is_overridden(root, provider) &&
	       !di__start_of_thread(root, provider) && !exists(root, provider);
}

/* The row that has to be there before the step, by its next need; or NULL. */
static const struct di_provider *next_need(const struct di_context *root,
					   struct di__start_step *step)
{
	const struct di_provider *need = step->provider->needs[step->next_need++];

	if (!di__is_row(need))
		return NULL;
	need = di__meaning(root, need);
	return is_wanted(root, need) ? need : NULL;
}

static void open_step(struct di__start *start, uint32_t row, const struct di_provider *provider,
		      uint32_t asker)
{
	struct di__start_step *step = &start->steps[row];

	step->provider = provider;
	step->asker = asker;
	step->waiting = DI__NO_STEP;
	step->state = DI__STEP_OPEN;
	step->makes = provider->kind->eager || (provider->kind->cached && provider->create != NULL);
}

static void close_step(struct di__start *start, uint32_t row)
{
	struct di__start_step *step = &start->steps[row];

	step->state = DI__STEP_PLANNED;
	step->number = start->count;
	start->order[start->count++] = row;
	start->makes += step->makes;
	if (step->missing == 0)
		di__start_push(start, step->number);
}

static void add_link(struct di__start *start, struct di__start_step *need, uint32_t row)
{
	struct di__start_link *link = &start->links[start->links_count];

	link->row = row;
	link->next = need->waiting;
	need->waiting = start->links_count++;
	start->steps[row].missing++;
}

/*
 * Depth first, as values are made. A need that is open is a cycle, which descriptors written by
 * hand may have: resolving reports it.
 */
static void plan_row(struct di__start *start, const struct di_provider *provider)
{
	const struct di_context *root = start->container->root;
	uint32_t at = di__row(root, provider);

	if (start->steps[at].state != DI__STEP_NONE || !is_wanted(root, provider))
		return;
	open_step(start, at, provider, DI__NO_STEP);
	while (at != DI__NO_STEP) {
		struct di__start_step *step = &start->steps[at];
		const struct di_provider *need;
		uint32_t row;

		if (step->next_need == step->provider->needs_count) {
			close_step(start, at);
			at = step->asker;
			continue;
		}
		need = next_need(root, step);
		row = need != NULL ? di__row(root, need) : DI__NO_STEP;
		if (need == NULL || start->steps[row].state == DI__STEP_OPEN)
			continue;
		if (start->steps[row].state == DI__STEP_PLANNED) {
			add_link(start, &start->steps[row], at);
			continue;
		}
		open_step(start, row, need, at);
		add_link(start, &start->steps[row], at);
		at = row;
	}
}

static void plan_table(struct di__start *start, const struct di_table *table)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		if (table->providers[i]->kind->eager)
			plan_row(start, table->providers[i]);
	}
}

static void plan_all(struct di__start *start)
{
	const struct di_container *container = start->container;
	uint32_t i;

	for (i = 0; i < container->parts_count; i++)
		plan_table(start, container->parts[i].container->table);
	plan_table(start, container->table);
	start->left = start->count;
	if (start->runners_count > start->makes)
		start->runners_count = start->makes;
}

static uint32_t count_needs(const struct di_container *container)
{
	uint32_t i, count = 0;

	for (i = 0; i < container->rows; i++)
		count += di__provider_of(container, i)->needs_count;
	return count;
}

/* One block: what is aligned most comes first. */
static struct di__start *allocate(struct di_container *container, uint32_t threads)
{
	size_t rows = container->rows, needs = count_needs(container);
	size_t size = sizeof(struct di__start) + threads * sizeof(struct di__runner) +
		      rows * (sizeof(struct di__start_step) + 2 * sizeof(uint32_t)) +
		      needs * sizeof(struct di__start_link);
	struct di__start *start = container->allocator.allocate(size, container->allocator.data);

	if (start == NULL)
		return NULL;
	memset(start, 0, size);
	start->container = container;
	start->size = size;
	start->runners = (struct di__runner *)(void *)(start + 1);
	start->steps = (struct di__start_step *)(void *)(start->runners + threads);
	start->links = (struct di__start_link *)(void *)(start->steps + rows);
	start->order = (uint32_t *)(void *)(start->links + needs);
	start->ready = start->order + rows;
	start->runners_count = threads;
	start->failed_at = DI__NO_STEP;
	return start;
}

static void init_locks(struct di__start *start)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&start->lock, NULL);
	pthread_cond_init(&start->changed, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&start->finished, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct di__start *di__start_plan(struct di_container *container, uint32_t threads,
				 struct di_error *err)
{
	struct di__start *start;

	if (threads > container->rows)
		threads = container->rows;
	start = allocate(container, threads);
	if (start == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for the start of a container of %s",
			 container->table->name);
		return NULL;
	}
	init_locks(start);
	plan_all(start);
	return start;
}

void di__start_release(struct di__start *start)
{
	struct di_allocator allocator = start->container->allocator;

	pthread_cond_destroy(&start->finished);
	pthread_cond_destroy(&start->changed);
	pthread_mutex_destroy(&start->lock);
	allocator.release(start, start->size, allocator.data);
}

/* ---- The heap. ---- */

void di__start_push(struct di__start *start, uint32_t number)
{
	uint32_t *heap = start->ready;
	uint32_t at = start->ready_count++;

	for (; at > 0 && heap[(at - 1) / 2] > number; at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = number;
}

uint32_t di__start_pop(struct di__start *start)
{
	uint32_t *heap = start->ready;
	uint32_t first = heap[0], last = heap[--start->ready_count];
	uint32_t at = 0, below;

	while ((below = 2 * at + 1) < start->ready_count) {
		if (below + 1 < start->ready_count && heap[below + 1] < heap[below])
			below++;
		if (last <= heap[below])
			break;
		heap[at] = heap[below];
		at = below;
	}
	heap[at] = last;
	return first;
}
