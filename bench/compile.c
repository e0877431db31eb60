/* SPDX-License-Identifier: MIT */
/* getrusage() says how much memory a process had only so. */
#undef _POSIX_C_SOURCE
#define _DEFAULT_SOURCE
#include "bench/support/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What compiling tables costs, with optimization: seconds of the processor, and the most memory. A
 * table is compared with the same file where it is only declared, as in sources that use it.
 */

enum {
	ROUNDS = 3
};

struct cost {
	double seconds, megabytes;
};

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* In a process of its own, whose children are those of this command only. */
static void run(const char *command, int out)
{
	struct rusage usage;
	struct cost cost;
	ssize_t written;

	if (system(command) != 0 || getrusage(RUSAGE_CHILDREN, &usage) != 0)
		_exit(1);
	cost.seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
	cost.megabytes = (double)usage.ru_maxrss / 1024;
	written = write(out, &cost, sizeof(cost));
	_exit(written == (ssize_t)sizeof(cost) ? 0 : 1);
}

static struct cost cost_of(const char *command)
{
	struct cost cost = { 0, 0 };
	int ends[2];
	pid_t child;

	bench_must(pipe(ends) == 0, "no pipe");
	child = fork();
	bench_must(child >= 0, "no process");
	if (child == 0)
		run(command, ends[1]);
	close(ends[1]);
	bench_must(read(ends[0], &cost, sizeof(cost)) == (ssize_t)sizeof(cost), command);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return cost;
}

static int ascending(const void *a, const void *b)
{
	double x = ((const struct cost *)a)->seconds, y = ((const struct cost *)b)->seconds;

	return (x > y) - (x < y);
}

/* The median of a few runs. */
static struct cost compile(const char *compiler, const char *flags, const char *file)
{
	const int rounds = bench_quick() ? 1 : ROUNDS;
	struct cost costs[ROUNDS];
	char command[512];
	int i;

	snprintf(command, sizeof(command), "%s -std=c11 -O2 -I. %s -c -o /dev/null %s", compiler,
		 flags, file);
	for (i = 0; i < rounds; i++)
		costs[i] = cost_of(command);
	qsort(costs, (size_t)rounds, sizeof(costs[0]), ascending);
	return costs[rounds / 2];
}

static void measure(const char *compiler, const char *tables, int rows, double most)
{
	struct cost defined, declared;
	char file[256], name[64];
	struct bench_result result = { .name = name, .against = "declared only" };

	snprintf(file, sizeof(file), "%s/rows_%d.c", tables, rows);
	defined = compile(compiler, "", file);
	declared = compile(compiler, "-DDECLARED_ONLY", file);

	snprintf(name, sizeof(name), "%s, table of %d rows", compiler, rows);
	result.unit = "s";
	result.ours = defined.seconds;
	result.baseline = declared.seconds;
	result.goal.most = most;
	report(&result);

	snprintf(name, sizeof(name), "%s, table of %d rows, memory", compiler, rows);
	result.unit = "MB";
	result.ours = defined.megabytes;
	result.baseline = declared.megabytes;
	result.goal.most = 0;
	report(&result);
}

int main(void)
{
	static const char *const compilers[] = { "gcc", "clang" };
	char command[64];
	size_t i;

	report_begin();
	for (i = 0; i < sizeof(compilers) / sizeof(compilers[0]); i++) {
		snprintf(command, sizeof(command), "%s --version >/dev/null 2>&1", compilers[i]);
		if (system(command) != 0)
			continue;
		measure(compilers[i], BUILD_DIR "/bench/tables", 10, 0);
		measure(compilers[i], BUILD_DIR "/bench/tables", 100, 1);
		if (!bench_quick())
			measure(compilers[i], BUILD_DIR "/bench/tables", 1000, 6);
	}
	report_end();
	return 0;
}
