/* SPDX-License-Identifier: MIT */
#include "bench/support/chain.h"
#include "bench/support/instances.h"
#include "containers/yaml/yaml.h"

#include <stdlib.h>

/*
 * Containers of tables that were loaded from YAML: see container.c. And loading, against reading
 * the same text once.
 */

enum {
	SIZES = 4
};

struct text {
	char *bytes;
	size_t size;
};

static struct di_yaml *load_text(const struct text *text)
{
	static const struct di_exports *const exports[] = { &chain_exports };
	struct di_yaml_options options = {
		.abi = DI_ABI, .exports = exports, .exports_count = 1, .bytes_max = text->size
	};
	struct di_error err = { 0 };
	struct di_yaml *yaml = di_yaml_load("chain.yaml", text->bytes, text->size, &options, &err);

	bench_must(yaml != NULL, err.detail);
	return yaml;
}

static void load(size_t count, void *data)
{
	while (count-- > 0)
		di_yaml_free(load_text(data), NULL);
}

static void read_once(size_t count, void *data)
{
	const struct text *text = data;

	while (count-- > 0) {
		unsigned sum = 0;
		size_t i;

		for (i = 0; i < text->size; i++)
			sum = sum * 31 + (unsigned char)text->bytes[i];
		bench_keep(&sum);
	}
}

#define LOAD(name_, text_)                                                                         \
	{                                                                                          \
		.name = (name_), .ours = load, .baseline = read_once,                              \
		.against = "a hash of the text", .data = (text_)                                   \
	}

int main(int argc, char **argv)
{
	static const size_t lengths[SIZES] = { 10, 100, 1000, 10000 };
	static struct text texts[SIZES];
	static const struct di_table *tables[SIZES];
	struct di_yaml *yamls[SIZES];
	const struct bench benches[] = {
		INSTANCES("container of 10 from YAML, new and free", &tables[0], 0),
		INSTANCES("container of 100 from YAML, new and free", &tables[1], 250),
		INSTANCES("container of 1000 from YAML, new and free", &tables[2], 1500),
		INSTANCES("container of 10000 from YAML, new and free", &tables[3], 0),
		LOAD("a file of 100 is loaded", &texts[1]),
	};
	int i, status;

	for (i = 0; i < SIZES; i++) {
		texts[i].bytes = chain_yaml(lengths[i], &texts[i].size);
		yamls[i] = load_text(&texts[i]);
		tables[i] = di_yaml_table(yamls[i]);
	}
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	for (i = 0; i < SIZES; i++) {
		di_yaml_free(yamls[i], NULL);
		free(texts[i].bytes);
	}
	return status;
}
