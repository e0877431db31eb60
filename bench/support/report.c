/* SPDX-License-Identifier: MIT */
#include "bench/support/report.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *json;

void report_begin(void)
{
	const char *path = getenv("BENCH_JSON");

	json = path != NULL ? fopen(path, "w") : NULL;
	printf("%-51s %-6s %9s %9s %9s %6s %8s %8s\n", "", "unit", "di", "(median)", "baseline",
	       "ratio", "instr.", "baseline");
}

void report_end(void)
{
	if (json != NULL)
		fclose(json);
	json = NULL;
}

static double ratio_of(const struct bench_result *result)
{
	return result->baseline > 0 ? result->ours / result->baseline : 0;
}

/* One limit; those that are not set or not measured are no judgement. */
struct limit {
	const char *name;
	double value, limit;
	int at_least;
};

enum {
	LIMITS = 5
};

static void limits_of(const struct bench_result *result, struct limit *limits)
{
	const struct bench_goal *goal = &result->goal;
	const double more = result->ours_instructions - result->baseline_instructions;
	const int counted = result->ours_instructions > 0;

	limits[0] = (struct limit){ "most", result->ours, goal->most, 0 };
	limits[1] = (struct limit){ "ratio", ratio_of(result), goal->ratio, 0 };
	limits[2] = (struct limit){ "least_ratio", ratio_of(result), goal->least_ratio, 1 };
	limits[3] = (struct limit){ "instructions", result->ours_instructions,
				    counted ? goal->instructions : 0, 0 };
	limits[4] = (struct limit){ "more_instructions", more,
				    counted ? goal->more_instructions : 0, 0 };
}

static int reached(const struct limit *limit)
{
	return limit->at_least ? limit->value >= limit->limit : limit->value <= limit->limit;
}

/* Nothing, for what is not there. */
static void print_number(int width, int digits, double number)
{
	if (number > 0)
		printf(" %*.*f", width, digits, number);
	else
		printf(" %*s", width, "");
}

static void print(const struct bench_result *result, const struct limit *limits)
{
	int i;

	printf("%-51s %-6s", result->name, result->unit);
	print_number(9, 2, result->ours);
	print_number(9, 2, result->ours_median);
	print_number(9, 2, result->baseline);
	print_number(6, 2, ratio_of(result));
	print_number(8, 0, result->ours_instructions);
	print_number(8, 0, result->baseline_instructions);
	for (i = 0; i < LIMITS; i++) {
		if (limits[i].limit > 0)
			printf("  %s %s %g %s", limits[i].name,
			       limits[i].at_least ? ">=" : "<=", limits[i].limit,
			       reached(&limits[i]) ? "ok" : "MISSED");
	}
	printf("\n");
	fflush(stdout);
}

/* What was not measured is null. */
static void write_number(const char *name, double number)
{
	fprintf(json, number > 0 ? ", \"%s\": %.6g" : ", \"%s\": null", name, number);
}

static void write_counted(const char *name, double number)
{
	if (number > 0)
		write_number(name, number);
}

static void write(const struct bench_result *result, const struct limit *limits)
{
	int i, goals = 0, missed = 0;

	fprintf(json, "{\"name\": \"%s\", \"unit\": \"%s\"", result->name, result->unit);
	write_number("ours", result->ours);
	write_number("baseline", result->baseline);
	fprintf(json, ", \"against\": \"%s\"", result->against);
	write_number("ratio", ratio_of(result));
	write_counted("ours_median", result->ours_median);
	write_counted("baseline_median", result->baseline_median);
	write_counted("instructions", result->ours_instructions);
	write_counted("baseline_instructions", result->baseline_instructions);
	fprintf(json, ", \"goal\": {");
	for (i = 0; i < LIMITS; i++) {
		if (limits[i].limit <= 0)
			continue;
		goals++;
		missed += !reached(&limits[i]);
		fprintf(json, "\"%s\": %g, ", limits[i].name, limits[i].limit);
	}
	fprintf(json, "\"reached\": %s}}\n", goals == 0 ? "null" : missed ? "false" : "true");
}

void report(const struct bench_result *result)
{
	struct limit limits[LIMITS];

	limits_of(result, limits);
	print(result, limits);
	if (json != NULL)
		write(result, limits);
}
