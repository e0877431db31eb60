/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"
#include "bench/support/report.h"
#include "bench/support/tables.h"

#include <stdlib.h>

/* Bytes that a container has from its allocator. It is counted, not timed. */

enum {
	PER_PROVIDER = 24,
	PER_INSTANCE = 256,
	MANY = 1000000
};

static void *allocate(size_t size, void *data)
{
	*(size_t *)data += size;
	return malloc(size);
}

static void release(void *memory, size_t size, void *data)
{
	*(size_t *)data -= size;
	free(memory);
}

struct counted {
	struct di_container *container;
	struct di_context *root;
	struct di_allocator allocator;
	size_t bytes;
};

static void begin(struct counted *counted, const struct di_table *table)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &counted->allocator };

	*counted = (struct counted){ .allocator = { allocate, release, &counted->bytes } };
	counted->container = di_container_new(table, &options, NULL);
	bench_must(counted->container != NULL, "there is no container");
	counted->root = di_container_root(counted->container);
}

static void end(struct counted *counted)
{
	di_container_free(counted->container, NULL);
	bench_must(counted->bytes == 0, "memory was not given back");
}

static void report_bytes(const char *name, size_t bytes, double most, size_t rows)
{
	struct bench_result result = { .name = name,
				       .unit = "bytes",
				       .ours = (double)bytes,
				       .against = "8 bytes a row",
				       .baseline = 8.0 * (double)rows,
				       .goal = { .most = most } };

	report(&result);
}

static void measure(const char *instance, const char *context, const struct di_table *table)
{
	struct counted counted;
	struct di_context *opened;
	size_t before;

	begin(&counted, table);
	before = counted.bytes;
	report_bytes(instance, before, PER_INSTANCE + (double)table->count * PER_PROVIDER,
		     table->count);
	opened = di_context_open(counted.root, &di_scope_request, NULL);
	bench_must(opened != NULL, "there is no context");
	report_bytes(context, counted.bytes - before, 0, table->count);
	di_context_close(opened, DI_DONE, NULL);
	end(&counted);
}

static void requests(const struct counted *counted, int count)
{
	int result;

	while (count-- > 0) {
		struct di_context *request =
			di_context_open(counted->root, &di_scope_request, NULL);

		bench_keep(bench_z_get(request, NULL));
		bench_keep(bench_w_get(request, NULL));
		bench_use_new(request, &result, 3, NULL);
		di_context_close(request, DI_DONE, NULL);
	}
}

/* Whether memory grows with what has come and gone. */
static void measure_growth(void)
{
	struct bench_result result = { .name = "after a million requests",
				       .unit = "bytes",
				       .against = "after a thousand",
				       .goal = { .ratio = 1 } };
	struct counted counted;

	begin(&counted, &bench);
	requests(&counted, 1000);
	result.baseline = (double)counted.bytes;
	requests(&counted, MANY - 1000);
	result.ours = (double)counted.bytes;
	report(&result);
	end(&counted);
}

int main(void)
{
	report_begin();
	measure("instance of 10 rows", "context of 10 rows", &rows_10);
	measure("instance of 100 rows", "context of 100 rows", &rows_100);
	measure("instance of 1000 rows", "context of 1000 rows", &rows_1000);
	measure_growth();
	report_end();
	return 0;
}
