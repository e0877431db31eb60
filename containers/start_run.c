/* SPDX-License-Identifier: MIT */
#include "containers/start.h"

#include "di/home.h"
#include "di/threads.h"

/*
 * The threads of a start. They share nothing but what is under its lock, which none of them holds
 * while a step is taken.
 */

static int is_over(const struct di__start *start)
{
	return start->stopped || start->left == 0;
}

static void end_waiting(struct di__start *start)
{
	if (is_over(start))
		pthread_cond_broadcast(&start->changed);
}

/* A step is done: what has waited for it alone is ready. Under the lock. */
static void finish_step(struct di__start *start, const struct di__start_step *step)
{
	uint32_t at;

	for (at = step->waiting; at != DI__NO_STEP; at = start->links[at].next) {
		struct di__start_step *waiting = &start->steps[start->links[at].row];

		if (--waiting->missing > 0)
			continue;
		di__start_push(start, waiting->number);
		pthread_cond_signal(&start->changed);
	}
	start->left--;
}

/* The rows that led there, as they would stand in the path had one thread made them. */
void di__start_add_askers(const struct di__start *start, const struct di__start_step *step,
			  struct di_error *err)
{
	uint32_t at;

	for (at = step->asker; at != DI__NO_STEP; at = start->steps[at].asker)
		di__error_path(err, start->steps[at].provider->name);
}

/* Under the lock. */
static void fail_step(struct di__start *start, const struct di__start_step *step,
		      struct di_error *err)
{
	start->failures += 1 + err->more;
	start->stopped = 1;
	if (step->number > start->failed_at)
		return;
	di__start_add_askers(start, step, err);
	start->failed_at = step->number;
	start->error = *err;
}

/* Takes the first step that is ready. Under the lock, which it gives up meanwhile. */
static void take_step(struct di__start *start, struct di__runner *runner)
{
	struct di_context *root = start->container->root;
	struct di_error err = { 0 };
	const struct di__start_step *step;
	int made = 1;

	runner->number = di__start_pop(start);
	step = &start->steps[start->order[runner->number]];
	if (step->makes) {
		runner->since_ns = di__now();
		pthread_mutex_unlock(&start->lock);
		made = di__is_overridden(root, step->provider) ||
		       di_resolve(root, &err, step->provider) != NULL;
		pthread_mutex_lock(&start->lock);
	}
	runner->number = DI__NO_STEP;
	if (made)
		finish_step(start, step);
	else
		fail_step(start, step, &err);
	end_waiting(start);
}

void di__start_take_steps(struct di__runner *runner)
{
	struct di__start *start = runner->start;

	pthread_mutex_lock(&start->lock);
	while (!is_over(start)) {
		if (start->ready_count > 0)
			take_step(start, runner);
		else
			pthread_cond_wait(&start->changed, &start->lock);
	}
	pthread_mutex_unlock(&start->lock);
}

/* What constructors have left to the thread ends while the runner still counts as active. */
static void *run_thread(void *data)
{
	struct di__runner *runner = data;
	struct di__start *start = runner->start;
	struct di_flow *flow = di__flow_get();

	di__start_take_steps(runner);
	while (flow->entered_count > 0)
		di_context_leave(flow->entered[flow->entered_count - 1], NULL);
	di__thread_exit(flow);
	pthread_mutex_lock(&start->lock);
	if (--start->active == 0)
		pthread_cond_signal(&start->finished);
	pthread_mutex_unlock(&start->lock);
	return NULL;
}

void di__start_join(struct di__start *start, uint32_t first)
{
	uint32_t i;

	for (i = first; i < start->runners_begun; i++)
		pthread_join(start->runners[i].thread, NULL);
}

/* Under the lock, so that no step is taken before all threads are there. */
static int begin_threads(struct di__start *start, uint32_t first)
{
	uint32_t i;
	int cause = 0;

	for (i = 0; i < start->runners_count; i++) {
		start->runners[i].start = start;
		start->runners[i].number = DI__NO_STEP;
	}
	start->runners_begun = first;
	while (cause == 0 && start->runners_begun < start->runners_count) {
		struct di__runner *runner = &start->runners[start->runners_begun];

		cause = pthread_create(&runner->thread, NULL, run_thread, runner);
		start->runners_begun += cause == 0;
	}
	start->active = start->runners_begun - first;
	return cause;
}

enum di_status di__start_begin(struct di__start *start, uint32_t first, struct di_error *err)
{
	int cause;

	pthread_mutex_lock(&start->lock);
	cause = begin_threads(start, first);
	start->stopped = cause != 0;
	pthread_mutex_unlock(&start->lock);
	if (cause == 0)
		return DI_OK;
	di__start_join(start, first);
	di__fail(err, DI_ENOMEM, NULL, "for thread %u of the %u that start a container of %s",
		 (unsigned)start->runners_begun + 1, (unsigned)start->runners_count,
		 start->container->table->name);
	if (err != NULL)
		err->cause = cause;
	return DI_ENOMEM;
}

/* What has come of a start that no thread is at. */
enum di_status di__start_outcome(const struct di__start *start, struct di_error *err)
{
	if (start->failures == 0)
		return DI_OK;
	if (err != NULL) {
		*err = start->error;
		err->more = start->failures - 1;
	}
	return start->error.status;
}
