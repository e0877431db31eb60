/* SPDX-License-Identifier: MIT */
#include "bench/support/crowd.h"

#include "bench/support/app.h"
#include "bench/support/harness.h"

#include <pthread.h>
#include <stdio.h>

enum {
	MOST_THREADS = 8,
	TRIALS = 200, /* a round */
	ROUNDS = 15
};

static struct di_container *container;

static void begin_ours(void)
{
	container = di_container_new(&bench, NULL, NULL);
	bench_must(container != NULL, "there is no container");
}

static void ask_ours(void)
{
	bench_keep(bench_a_get(di_container_root(container), NULL));
}

static void end_ours(void)
{
	di_container_free(container, NULL);
}

struct crowd {
	const struct crowd_side *side; /* NULL: it is over */
	pthread_barrier_t meeting;
};

static void *ask_again(void *data)
{
	struct crowd *crowd = data;

	for (;;) {
		pthread_barrier_wait(&crowd->meeting);
		if (crowd->side == NULL)
			return NULL;
		crowd->side->ask();
		pthread_barrier_wait(&crowd->meeting);
	}
}

/* Nanoseconds of each thread. */
static double trial(struct crowd *crowd, const struct crowd_side *side, int threads)
{
	double begun, ended;

	side->begin();
	crowd->side = side;
	begun = bench_time(CLOCK_PROCESS_CPUTIME_ID);
	pthread_barrier_wait(&crowd->meeting);
	pthread_barrier_wait(&crowd->meeting);
	ended = bench_time(CLOCK_PROCESS_CPUTIME_ID);
	side->end();
	return (ended - begun) / threads;
}

static double round_of(struct crowd *crowd, const struct crowd_side *side, int threads)
{
	double sum = 0;
	int i;

	for (i = 0; i < TRIALS; i++)
		sum += trial(crowd, side, threads);
	return sum / TRIALS;
}

static void take_rounds(struct crowd *crowd, const struct crowd_side *baseline, int threads,
			struct bench_result *result)
{
	static const struct crowd_side ours = { begin_ours, ask_ours, end_ours };
	const int rounds = bench_quick() ? 1 : ROUNDS;
	double of_ours[ROUNDS], of_baseline[ROUNDS];
	int i;

	round_of(crowd, &ours, threads);
	for (i = 0; i < rounds; i++) {
		of_ours[i] = round_of(crowd, &ours, threads);
		of_baseline[i] = round_of(crowd, baseline, threads);
	}
	result->ours = bench_least(of_ours, (size_t)rounds, &result->ours_median);
	result->baseline = bench_least(of_baseline, (size_t)rounds, &result->baseline_median);
}

static void measure(const struct crowd_side *baseline, const char *against, int threads)
{
	struct crowd crowd = { .side = NULL };
	pthread_t thread[MOST_THREADS];
	char name[64];
	struct bench_result result = { .name = name, .unit = "ns", .against = against };
	int i;

	pthread_barrier_init(&crowd.meeting, NULL, (unsigned)threads + 1);
	for (i = 0; i < threads; i++)
		bench_must(pthread_create(&thread[i], NULL, ask_again, &crowd) == 0, "no thread");
	take_rounds(&crowd, baseline, threads, &result);
	crowd.side = NULL;
	pthread_barrier_wait(&crowd.meeting);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&crowd.meeting);
	snprintf(name, sizeof(name), "one cold singleton, %d thread%s, %s", threads,
		 threads == 1 ? "" : "s", against);
	report(&result);
}

int crowd_main(const struct crowd_side *baseline, const char *against)
{
	int threads;

	report_begin();
	for (threads = 1; threads <= MOST_THREADS; threads *= 2)
		measure(baseline, against, threads);
	report_end();
	return 0;
}
