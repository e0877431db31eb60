/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <pthread.h>
#include <stdio.h>

/*
 * Several threads on one container. What they share costs processor time: each operation is
 * compared with that of one thread alone. And how much more they get done together than one alone,
 * on a quiet machine; there the baseline is a loop that shares nothing, which says what the machine
 * has to give.
 */

enum {
	MOST_THREADS = 8,
	ROUNDS = 15
};

static const double ROUND_NS = 1e7;

static void get_singleton(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0)
		bench_keep(bench_a_get(root, NULL));
}

static void handle(size_t count, void *data)
{
	struct di_context *root = data;
	int result;

	while (count-- > 0) {
		bench_use(root, &result, 3, NULL);
		bench_keep(&result);
	}
}

struct crowd {
	bench_fn *function;
	void *data;
	size_t count;
	pthread_barrier_t barrier;
};

static void *run_one(void *data)
{
	struct crowd *crowd = data;

	pthread_barrier_wait(&crowd->barrier);
	crowd->function(crowd->count, crowd->data);
	return NULL;
}

/* Nanoseconds for each operation, of all threads together. */
struct times {
	double processor, wall;
};

static struct times time_of(struct crowd *crowd, int threads)
{
	const double operations = (double)crowd->count * threads;
	pthread_t thread[MOST_THREADS];
	struct times times;
	int i;

	pthread_barrier_init(&crowd->barrier, NULL, (unsigned)threads + 1);
	for (i = 0; i < threads; i++)
		bench_must(pthread_create(&thread[i], NULL, run_one, crowd) == 0, "no thread");
	times.processor = bench_time(CLOCK_PROCESS_CPUTIME_ID);
	times.wall = bench_time(CLOCK_MONOTONIC);
	pthread_barrier_wait(&crowd->barrier);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	times.processor = (bench_time(CLOCK_PROCESS_CPUTIME_ID) - times.processor) / operations;
	times.wall = (bench_time(CLOCK_MONOTONIC) - times.wall) / operations;
	pthread_barrier_destroy(&crowd->barrier);
	return times;
}

static void calibrate(struct crowd *crowd)
{
	crowd->count = 1024;
	while (time_of(crowd, 1).processor * (double)crowd->count < ROUND_NS)
		crowd->count *= 2;
}

static void share_nothing(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(&count);
}

static void keep_least(struct times *least, struct times times)
{
	if (least->wall == 0 || times.wall < least->wall)
		least->wall = times.wall;
	if (least->processor == 0 || times.processor < least->processor)
		least->processor = times.processor;
}

struct comparison {
	struct times alone, together;
};

static void add_round(struct crowd *crowd, int threads, struct comparison *comparison)
{
	keep_least(&comparison->alone, time_of(crowd, 1));
	keep_least(&comparison->together, time_of(crowd, threads));
}

static void report_both(const char *name, const struct comparison *ours,
			const struct comparison *apart, double goal)
{
	struct bench_result cost = { .name = name,
				     .unit = "ns",
				     .against = "1 thread",
				     .ours = ours->together.processor,
				     .baseline = ours->alone.processor,
				     .goal = { .ratio = goal } };
	char gain_name[80];
	struct bench_result gain = { .name = gain_name,
				     .unit = "times",
				     .against = "a loop that shares nothing",
				     .ours = ours->alone.wall / ours->together.wall,
				     .baseline = apart->alone.wall / apart->together.wall };

	snprintf(gain_name, sizeof(gain_name), "%s, speed", name);
	report(&cost);
	report(&gain);
}

/* goal: how much more an operation may cost for the other threads. */
static void measure(const char *what, bench_fn *function, void *data, double goal)
{
	struct crowd ours = { .function = function, .data = data };
	struct crowd apart = { .function = share_nothing };
	const int rounds = bench_quick() ? 1 : ROUNDS;
	int threads, i;

	calibrate(&ours);
	calibrate(&apart);
	for (threads = 1; threads <= MOST_THREADS; threads *= 2) {
		struct comparison of_ours = { { 0, 0 }, { 0, 0 } };
		struct comparison of_apart = { { 0, 0 }, { 0, 0 } };
		char name[64];

		for (i = 0; i < rounds; i++) {
			add_round(&ours, threads, &of_ours);
			add_round(&apart, threads, &of_apart);
		}
		snprintf(name, sizeof(name), "%s, %d thread%s", what, threads,
			 threads == 1 ? "" : "s");
		report_both(name, &of_ours, &of_apart, goal);
	}
}

int main(void)
{
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	struct di_context *root = di_container_root(container);

	bench_must(bench_c_get(root, NULL) != NULL, "the container could not be set up");
	report_begin();
	measure("cached singleton", get_singleton, root, 1.25);
	measure("handler with 3 cached needs", handle, root, 1.25);
	measure("context with 3 resources, DI_INIT", scope_of_three, &root, 0);
	measure("context open and close", scope_empty, &root, 0);
	report_end();
	di_container_free(container, NULL);
	return 0;
}
