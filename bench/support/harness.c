/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	ROUNDS = 31,
	WARM_UP = 3
};

/* Short, so that some rounds are not interrupted. */
static const double ROUND_NS = 5e6;

double bench_time(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

int bench_quick(void)
{
	return getenv("BENCH_QUICK") != NULL;
}

void bench_must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static double time_of(bench_fn *function, size_t count, void *data)
{
	double begun = bench_time(CLOCK_THREAD_CPUTIME_ID);

	function(count, data);
	return (bench_time(CLOCK_THREAD_CPUTIME_ID) - begun) / (double)count;
}

/* As many as fill a round, one where that is enough. The first may be slower than all others. */
static size_t calibrate(bench_fn *function, void *data)
{
	size_t count = 1;

	function(1, data);
	while (time_of(function, count, data) * (double)count < ROUND_NS / 4)
		count *= 2;
	return count > 1 ? count * 4 : 1;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_least(double *figures, size_t count, double *median)
{
	qsort(figures, count, sizeof(*figures), ascending);
	*median = figures[count / 2];
	return figures[0];
}

static unsigned each_of(const struct bench *bench)
{
	return bench->each != 0 ? bench->each : 1;
}

static void measure(const struct bench *bench, struct bench_result *result)
{
	size_t ours_count = calibrate(bench->ours, bench->data);
	size_t baseline_count = calibrate(bench->baseline, bench->data);
	double ours[ROUNDS], baseline[ROUNDS];
	int round;

	for (round = -WARM_UP; round < ROUNDS; round++) {
		int at = round < 0 ? 0 : round;

		ours[at] = time_of(bench->ours, ours_count, bench->data) / each_of(bench);
		baseline[at] =
			time_of(bench->baseline, baseline_count, bench->data) / each_of(bench);
	}
	result->ours = bench_least(ours, ROUNDS, &result->ours_median);
	result->baseline = bench_least(baseline, ROUNDS, &result->baseline_median);
}

static void find_counts(struct bench_result *result)
{
	const char *path = getenv("BENCH_COUNTS");
	FILE *counts = path != NULL ? fopen(path, "r") : NULL;
	const size_t length = strlen(result->name);
	char line[256];

	if (counts == NULL)
		return;
	while (fgets(line, sizeof(line), counts) != NULL) {
		if (strncmp(line, result->name, length) == 0 && line[length] == '\t')
			sscanf(line + length, "%lf %lf", &result->ours_instructions,
			       &result->baseline_instructions);
	}
	fclose(counts);
}

static void run_one(const struct bench *bench)
{
	struct bench_result result = { .name = bench->name,
				       .unit = "ns",
				       .against =
					       bench->against != NULL ? bench->against : "by hand",
				       .goal = bench->goal };

	measure(bench, &result);
	find_counts(&result);
	report(&result);
}

static int run_side(const struct bench *benches, size_t count, char **words)
{
	size_t i;

	for (i = 0; i < count; i++) {
		bench_fn *side =
			strcmp(words[1], "ours") == 0 ? benches[i].ours : benches[i].baseline;

		if (strcmp(benches[i].name, words[0]) != 0)
			continue;
		side((size_t)strtoul(words[2], NULL, 10), benches[i].data);
		return 0;
	}
	fprintf(stderr, "there is no benchmark '%s'\n", words[0]);
	return 1;
}

static void run_all(const struct bench *benches, size_t count)
{
	size_t i;

	report_begin();
	for (i = 0; i < count; i++)
		run_one(&benches[i]);
	report_end();
}

static void list(const struct bench *benches, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		printf("%s\t%u\n", benches[i].name, each_of(&benches[i]));
}

/* The other thread does nothing but be there. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *data)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return data;
}

int bench_main(int argc, char **argv, const struct bench *benches, size_t count)
{
	pthread_t other;
	int status = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		list(benches, count);
		return 0;
	}
	pthread_mutex_lock(&gate);
	if (pthread_create(&other, NULL, wait_at_gate, NULL) != 0)
		return 1;
	if (argc == 4)
		status = run_side(benches, count, argv + 1);
	else
		run_all(benches, count);
	pthread_mutex_unlock(&gate);
	pthread_join(other, NULL);
	return status;
}
