/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"

#include "containers/exports.h"
#include "containers/yaml/yaml.h"
#include "di/di.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/*
 * A file of many singletons, each of which needs the one before and is given a number: loaded,
 * checked, and ended. What no loader can do without is that libyaml goes over the text once.
 */

enum {
	MOST = 10000,
	ROW = 160
};

struct node {
	int number;
};

static struct node nodes[MOST];

static int node_new(struct node **out)
{
	*out = nodes;
	return 0;
}

static int node_of(struct node **out, struct node *before, int number)
{
	*out = before + number;
	return 0;
}

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct node, (node_new)) \
	X(constructor, struct node, (node_of, struct node *, int))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);

struct file {
	int rows;
	char *text;
	size_t size;
};

static void write_file(struct file *file)
{
	char *at;

	file->text = at = malloc((size_t)file->rows * ROW);
	bench_must(at != NULL, "memory");
	at += sprintf(at,
		      "version: 1\ncontainer: large\nproviders:\n"
		      "  - {name: node_0, kind: singleton, create: node_new, destroy: di_keep}\n");
	for (int i = 1; i < file->rows; i++)
		at += sprintf(at,
			      "  - name: node_%d\n    kind: singleton\n    create: node_of\n"
			      "    args: [{ref: node_%d}, {int: %d}]\n    destroy: di_keep\n",
			      i, i - 1, i);
	file->size = (size_t)(at - file->text);
}

static void load(size_t count, void *data)
{
	static const struct di_exports *const all[] = { &exports };
	static const struct di_yaml_options options = {
		.abi = DI_ABI, .exports = all, .exports_count = 1, .bytes_max = MOST * ROW
	};
	struct file *file = data;

	while (count-- > 0) {
		struct di_yaml *yaml =
			di_yaml_load("large.yaml", file->text, file->size, &options, NULL);

		bench_must(yaml != NULL, "a file that is loaded");
		di_yaml_free(yaml, NULL);
	}
}

static void go_over(const struct file *file)
{
	yaml_parser_t parser;
	yaml_event_t event;
	int is_over = 0;

	bench_must(yaml_parser_initialize(&parser), "a parser");
	yaml_parser_set_input_string(&parser, (const unsigned char *)file->text, file->size);
	while (!is_over) {
		bench_must(yaml_parser_parse(&parser, &event), "an event");
		is_over = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

static void by_libyaml(size_t count, void *data)
{
	while (count-- > 0)
		go_over(data);
}

/* clang-format off */
#define BENCH(name_, rows_, ...) \
	{ .name = name_, .ours = load, .baseline = by_libyaml, .against = "libyaml's events alone", \
	  .data = &(struct file){ rows_, NULL, 0 }, .goal = { __VA_ARGS__ } }
/* clang-format on */

int main(int argc, char **argv)
{
	struct bench benches[] = {
		BENCH("load a file of 100", 100, .most = 0),
		BENCH("load a file of 1000", 1000, .most = 10000000),
		BENCH("load a file of 10000", MOST, .most = 100000000),
	};

	for (size_t i = 0; i < sizeof(benches) / sizeof(benches[0]); i++)
		write_file(benches[i].data);
	return bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
