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

struct sizes {
	size_t instance, context;
};

static struct sizes measure(const char *instance, const char *context, const struct di_table *table)
{
	struct counted counted;
	struct di_context *opened;
	struct sizes sizes;

	begin(&counted, table);
	sizes.instance = counted.bytes;
	opened = di_context_open(counted.root, &di_scope_request, NULL);
	bench_must(opened != NULL, "there is no context");
	sizes.context = counted.bytes - sizes.instance;
	report_bytes(instance, sizes.instance, PER_INSTANCE + (double)table->count * PER_PROVIDER,
		     table->count);
	report_bytes(context, sizes.context, 0, table->count);
	di_context_close(opened, DI_DONE, NULL);
	end(&counted);
	return sizes;
}

static void report_each(const char *name, size_t few, size_t many, double most)
{
	const double rows = rows_1000.count - rows_100.count;
	struct bench_result result = { .name = name,
				       .unit = "bytes",
				       .ours = (double)(many - few) / rows,
				       .against = "a pointer",
				       .baseline = sizeof(void *),
				       .goal = { .most = most } };

	report(&result);
}

static void measure_sizes(void)
{
	struct sizes few, many;

	measure("instance of 10 rows", "context of 10 rows", &rows_10);
	few = measure("instance of 100 rows", "context of 100 rows", &rows_100);
	many = measure("instance of 1000 rows", "context of 1000 rows", &rows_1000);
	report_each("each further row of an instance", few.instance, many.instance, PER_PROVIDER);
	report_each("each further row of a context", few.context, many.context, 0);
}

static void open_and_close(const struct counted *counted, int count)
{
	while (count-- > 0)
		di_context_close(di_context_open(counted->root, &di_scope_request, NULL), DI_DONE,
				 NULL);
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
static void measure_growth(const char *name,
			   void (*come_and_go)(const struct counted *counted, int count))
{
	struct bench_result result = {
		.name = name, .unit = "bytes", .against = "after a thousand", .goal = { .ratio = 1 }
	};
	struct counted counted;

	begin(&counted, &bench);
	come_and_go(&counted, 1000);
	result.baseline = (double)counted.bytes;
	come_and_go(&counted, MANY - 1000);
	result.ours = (double)counted.bytes;
	report(&result);
	end(&counted);
}

int main(void)
{
	report_begin();
	measure_sizes();
	measure_growth("after a million empty contexts", open_and_close);
	measure_growth("after a million requests", requests);
	report_end();
	return 0;
}
