/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	ROUNDS = 9,
	WARM_UP = 2
};

static const double ROUND_NS = 2e7;

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static double time_of(bench_fn *function, size_t count, void *data)
{
	double begun = now();

	function(count, data);
	return (now() - begun) / (double)count;
}

/* As many operations as fill a round. */
static size_t calibrate(bench_fn *function, void *data)
{
	size_t count = 16;

	while (time_of(function, count, data) * (double)count < ROUND_NS / 4)
		count *= 2;
	return count * 4;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct times {
	double all[ROUNDS];
	double minimum, median;
};

static void summarize(struct times *times)
{
	qsort(times->all, ROUNDS, sizeof(times->all[0]), ascending);
	times->minimum = times->all[0];
	times->median = times->all[ROUNDS / 2];
}

static void measure(const struct bench *bench, struct times *ours, struct times *by_hand)
{
	size_t ours_count = calibrate(bench->ours, bench->data);
	size_t hand_count = calibrate(bench->by_hand, bench->data);
	int round;

	for (round = -WARM_UP; round < ROUNDS; round++) {
		int at = round < 0 ? 0 : round;

		ours->all[at] = time_of(bench->ours, ours_count, bench->data);
		by_hand->all[at] = time_of(bench->by_hand, hand_count, bench->data);
	}
	summarize(ours);
	summarize(by_hand);
}

static void print_limit(const struct bench *bench, double ours, double ratio)
{
	if (bench->must_ns > 0)
		printf("  <= %5.1f ns %s", bench->must_ns, ours <= bench->must_ns ? "ok" : "OVER");
	if (bench->must_ratio > 0)
		printf("  <= %4.2f x %s", bench->must_ratio,
		       ratio <= bench->must_ratio ? "ok" : "OVER");
	printf("\n");
}

static void run_one(const struct bench *bench, FILE *json)
{
	struct times ours, by_hand;
	double ratio;

	measure(bench, &ours, &by_hand);
	ratio = ours.minimum / by_hand.minimum;
	printf("%-44s %9.2f %9.2f %9.2f %7.2f", bench->name, ours.minimum, ours.median,
	       by_hand.minimum, ratio);
	print_limit(bench, ours.minimum, ratio);
	fflush(stdout);
	if (json != NULL)
		fprintf(json,
			"{\"name\": \"%s\", \"unit\": \"ns\", \"ours\": %.3f, \"ours_median\": "
			"%.3f, "
			"\"baseline\": %.3f, \"baseline_median\": %.3f, \"against\": \"by hand\", "
			"\"ratio\": %.3f}\n",
			bench->name, ours.minimum, ours.median, by_hand.minimum, by_hand.median,
			ratio);
}

/* The other thread does nothing but be there. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *data)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return data;
}

static int run_side(const struct bench *benches, size_t count, char **words)
{
	size_t i;

	for (i = 0; i < count; i++) {
		bench_fn *side =
			strcmp(words[1], "ours") == 0 ? benches[i].ours : benches[i].by_hand;

		if (strcmp(benches[i].name, words[0]) != 0)
			continue;
		side((size_t)strtoul(words[2], NULL, 10), benches[i].data);
		return 0;
	}
	fprintf(stderr, "there is no benchmark '%s'\n", words[0]);
	return 1;
}

int bench_main(int argc, char **argv, const struct bench *benches, size_t count)
{
	const char *path = getenv("BENCH_JSON");
	FILE *json = path != NULL ? fopen(path, "w") : NULL;
	pthread_t other;
	int status = 0;
	size_t i;

	pthread_mutex_lock(&gate);
	if (pthread_create(&other, NULL, wait_at_gate, NULL) != 0)
		return 1;
	if (argc == 4) {
		status = run_side(benches, count, argv + 1);
	} else {
		printf("%-44s %9s %9s %9s %7s\n", "ns per operation", "di", "(median)", "by hand",
		       "ratio");
		for (i = 0; i < count; i++)
			run_one(&benches[i], json);
	}
	pthread_mutex_unlock(&gate);
	pthread_join(other, NULL);
	if (json != NULL)
		fclose(json);
	return status;
}
