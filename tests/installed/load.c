/* SPDX-License-Identifier: MIT */
#include <containers/exports.h>
#include <containers/yaml/yaml.h>
#include <di/di.h>

#include <stdio.h>
#include <string.h>

/**
 * Loads a container with one row, and prints what it provides.
 */

struct counter {
	int count;
};

static int counter_init(struct counter *counter, int count)
{
	counter->count = count;
	return 0;
}

static void counter_end(struct counter *counter)
{
	counter->count = 0;
}

#define EXPORTS(X)                                                                                 \
	X(constructor, struct counter, DI_INIT(counter_init, int))                                 \
	X(destructor, struct counter, counter_end)

DI_EXPORTS_DEFINE(exported, EXPORTS);

static const char text[] = "version: 1\n"
			   "container: app\n"
			   "providers:\n"
			   "- name: counter\n"
			   "  kind: singleton\n"
			   "  create: counter_init\n"
			   "  args: [{int: 42}]\n"
			   "  destroy: counter_end\n";

int main(void)
{
	const struct di_exports *const exports[] = { &exported };
	const struct di_yaml_options options = { .abi = DI_ABI,
						 .exports = exports,
						 .exports_count = 1,
						 .report = di_yaml_print,
						 .data = stderr };
	struct di_error err = { 0 };
	struct di_yaml *yaml = di_yaml_load("text", text, strlen(text), &options, &err);
	struct di_container *container = di_container_new(di_yaml_table(yaml), NULL, &err);
	const struct di_provider *row = di_table_find(di_yaml_table(yaml), "counter");
	const struct counter *counter = di_resolve(di_container_root(container), &err, row);

	if (counter == NULL)
		return 1;
	printf("counter %d\n", counter->count);
	di_container_free(container, &err);
	return di_yaml_free(yaml, &err) != DI_OK;
}
