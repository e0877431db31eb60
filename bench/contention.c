/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Several threads ask for one singleton that is not there yet, all at once, again and again: the
 * processor time of each of them, from one meeting to the next. The baseline is pthread_once() in
 * its place. Most of both is the meetings.
 */

enum {
	MOST_THREADS = 8,
	TRIALS = 200, /* a round */
	ROUNDS = 15
};

struct side {
	void (*begin)(struct side *side);
	void (*ask)(struct side *side);
	void (*end)(struct side *side);
	struct di_container *container;
	pthread_once_t once;
};

static struct part *once_part;

static void begin_ours(struct side *side)
{
	side->container = di_container_new(&bench, NULL, NULL);
	bench_must(side->container != NULL, "there is no container");
}

static void ask_ours(struct side *side)
{
	bench_keep(bench_a_get(di_container_root(side->container), NULL));
}

static void end_ours(struct side *side)
{
	di_container_free(side->container, NULL);
}

static void make(void)
{
	if (part_new(&once_part) != 0)
		abort();
}

static void begin_posix(struct side *side)
{
	side->once = (pthread_once_t)PTHREAD_ONCE_INIT;
}

static void ask_posix(struct side *side)
{
	pthread_once(&side->once, make);
	bench_keep(once_part);
}

static void end_posix(struct side *side)
{
	(void)side;
	part_free(once_part);
}

struct crowd {
	struct side *side; /* NULL: it is over */
	pthread_barrier_t meeting;
};

static void *ask_again(void *data)
{
	struct crowd *crowd = data;

	for (;;) {
		pthread_barrier_wait(&crowd->meeting);
		if (crowd->side == NULL)
			return NULL;
		crowd->side->ask(crowd->side);
		pthread_barrier_wait(&crowd->meeting);
	}
}

/* Nanoseconds of each thread. */
static double trial(struct crowd *crowd, struct side *side, int threads)
{
	double begun, ended;

	side->begin(side);
	crowd->side = side;
	begun = bench_time(CLOCK_PROCESS_CPUTIME_ID);
	pthread_barrier_wait(&crowd->meeting);
	pthread_barrier_wait(&crowd->meeting);
	ended = bench_time(CLOCK_PROCESS_CPUTIME_ID);
	side->end(side);
	return (ended - begun) / threads;
}

static double round_of(struct crowd *crowd, struct side *side, int threads)
{
	double sum = 0;
	int i;

	for (i = 0; i < TRIALS; i++)
		sum += trial(crowd, side, threads);
	return sum / TRIALS;
}

static void take_rounds(struct crowd *crowd, int threads, struct bench_result *result)
{
	static struct side ours = { .begin = begin_ours, .ask = ask_ours, .end = end_ours };
	static struct side posix = { .begin = begin_posix, .ask = ask_posix, .end = end_posix };
	const int rounds = bench_quick() ? 1 : ROUNDS;
	double of_ours[ROUNDS], of_posix[ROUNDS];
	int i;

	round_of(crowd, &ours, threads);
	for (i = 0; i < rounds; i++) {
		of_ours[i] = round_of(crowd, &ours, threads);
		of_posix[i] = round_of(crowd, &posix, threads);
	}
	result->ours = bench_least(of_ours, (size_t)rounds, &result->ours_median);
	result->baseline = bench_least(of_posix, (size_t)rounds, &result->baseline_median);
}

static void measure(int threads)
{
	struct crowd crowd = { .side = NULL };
	pthread_t thread[MOST_THREADS];
	char name[64];
	struct bench_result result = { .name = name, .unit = "ns", .against = "pthread_once" };
	int i;

	pthread_barrier_init(&crowd.meeting, NULL, (unsigned)threads + 1);
	for (i = 0; i < threads; i++)
		bench_must(pthread_create(&thread[i], NULL, ask_again, &crowd) == 0, "no thread");
	take_rounds(&crowd, threads, &result);
	crowd.side = NULL;
	pthread_barrier_wait(&crowd.meeting);
	for (i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&crowd.meeting);
	snprintf(name, sizeof(name), "one cold singleton, %d thread%s", threads,
		 threads == 1 ? "" : "s");
	report(&result);
}

int main(void)
{
	int threads;

	report_begin();
	for (threads = 1; threads <= MOST_THREADS; threads *= 2)
		measure(threads);
	report_end();
	return 0;
}
