/* SPDX-License-Identifier: MIT */
#include "bench/support/chain.h"
#include "bench/support/harness.h"

#include <stdio.h>

/*
 * A container is started: resources that do not need each other, each of which waits for something,
 * and as many that cost nothing. On several threads against one, in time that passes.
 */

enum {
	WAITING = 32,
	CHEAP = 1000,
	MOST_THREADS = 8,
	ROUNDS = 9
};

static const long WAIT_NS = 500000;

static int wait_init(struct part *self)
{
	const struct timespec wait = { 0, WAIT_NS };

	nanosleep(&wait, NULL);
	return part_init(self);
}

/* clang-format off */
#define WAIT_EXPORTS(X) \
	X(constructor, struct part, DI_INIT(wait_init))
/* clang-format on */

DI_EXPORTS_DEFINE(wait_exports, WAIT_EXPORTS);

static const struct di_table *build(const char *constructor, size_t rows)
{
	struct di_builder *builder = di_builder_new("started", NULL, NULL);
	const struct di_table *table;
	char name[CHAIN_NAME_SIZE];
	struct di_row row = { .name = name,
			      .kind_name = "resource",
			      .constructor = constructor,
			      .destructor = "part_end" };
	size_t i;

	bench_must(di_builder_export(builder, &chain_exports, NULL) == DI_OK &&
			   di_builder_export(builder, &wait_exports, NULL) == DI_OK,
		   "no exports");
	for (i = 0; i < rows; i++) {
		chain_name(name, i);
		bench_must(di_builder_row(builder, &row, NULL) == DI_OK, "no row");
	}
	table = di_builder_build(builder, NULL);
	bench_must(table != NULL, "no table");
	di_builder_free(builder);
	return table;
}

/* Microseconds. */
static double start(const struct di_table *table, uint32_t threads)
{
	struct di_options options = { .abi = DI_ABI, .start_threads = threads };
	struct di_container *container = di_container_new(table, &options, NULL);
	double begun = bench_time(CLOCK_MONOTONIC), ended;

	bench_must(di_container_start(container, NULL) == DI_OK, "no start");
	ended = bench_time(CLOCK_MONOTONIC);
	di_container_free(container, NULL);
	return (ended - begun) / 1000;
}

static void measure(const char *what, const struct di_table *table, uint32_t threads, double ratio)
{
	double ours[ROUNDS], baseline[ROUNDS];
	const size_t rounds = bench_quick() ? 1 : ROUNDS;
	char name[64];
	struct bench_result result = {
		.name = name, .unit = "us", .against = "one thread", .goal = { .ratio = ratio }
	};
	size_t i;

	snprintf(name, sizeof(name), "start, %u %s, %u threads", (unsigned)table->count, what,
		 (unsigned)threads);
	for (i = 0; i < rounds; i++) {
		ours[i] = start(table, threads);
		baseline[i] = start(table, 1);
	}
	result.ours = bench_least(ours, rounds, &result.ours_median);
	result.baseline = bench_least(baseline, rounds, &result.baseline_median);
	report(&result);
}

int main(void)
{
	const struct di_table *waiting = build("wait_init", WAITING);
	const struct di_table *cheap = build("part_init", CHEAP);
	uint32_t threads;

	report_begin();
	/* Half as much again as the waiting alone takes. */
	for (threads = 2; threads <= MOST_THREADS; threads *= 2)
		measure("that wait", waiting, threads, 1.5 / threads);
	for (threads = 2; threads <= 4; threads *= 2)
		measure("of no cost", cheap, threads, 0);
	report_end();
	di_table_free(waiting, NULL);
	di_table_free(cheap, NULL);
	return 0;
}
