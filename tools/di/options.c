/* SPDX-License-Identifier: MIT */
#include "tools/di/options.h"
#include "tools/di/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	struct option option;
	const char *form, *text;
} known[] = {
	{ { "exports", required_argument, NULL, 'e' },
	  "FILE.so",
	  "a shared object with DI_EXPORTS_ENTRY(), whose\n"
	  "exports the files may name; its code is run" },
	{ { "plugins", no_argument, NULL, 'p' }, NULL, "open the plug-ins that the files name" },
	{ { "connect", required_argument, NULL, 'c' },
	  "FILE",
	  "a container that the files connect" },
	{ { "root", required_argument, NULL, 'r' }, "PROVIDER", "the program asks for it by name" },
	{ { "used-in", required_argument, NULL, 'u' },
	  "FILE.c",
	  "so it does for all that this source names" },
	{ { "werror", no_argument, NULL, 'W' }, NULL, "warnings are faults" },
	{ { "quiet", no_argument, NULL, 'q' }, NULL, "no warnings and no summary" },
	{ { "format", required_argument, NULL, 'f' }, "FORMAT", "dot, mermaid, json or svg" },
	{ { "include", required_argument, NULL, 'I' },
	  "HEADER",
	  "a header that the generated one includes" },
	{ { "returns", required_argument, NULL, 'R' },
	  "FUNCTION",
	  "the constructor returns the value: DI_RETURNS()" },
	{ { "init", required_argument, NULL, 'N' },
	  "FUNCTION",
	  "the constructor fills storage: DI_INIT()" },
	{ { "output", required_argument, NULL, 'o' },
	  "FILE",
	  "written instead of what is printed" },
	{ { "help", no_argument, NULL, 'h' }, NULL, "this text" },
};

enum {
	KNOWN = sizeof(known) / sizeof(known[0])
};

static int has(const struct usage *usage, int letter)
{
	return letter == 'h' || strchr(usage->letters, letter) != NULL;
}

void options_help(const struct usage *usage)
{
	char word[64];
	size_t i;

	printf("usage: di %s [OPTION]... %s\n\n%s\n\n", usage->name, usage->form, usage->text);
	for (i = 0; i < KNOWN; i++) {
		const char *text = known[i].text, *line = strchr(text, '\n');
		int length = line != NULL ? (int)(line - text) : (int)strlen(text);

		if (!has(usage, known[i].option.val))
			continue;
		snprintf(word, sizeof(word), "--%s%s%s", known[i].option.name,
			 known[i].form != NULL ? " " : "",
			 known[i].form != NULL ? known[i].form : "");
		printf("  -%c, %-22s %.*s\n", known[i].option.val, word, length, text);
		if (line != NULL)
			printf("  %-26s %s\n", "", line + 1);
	}
}

int words_have(const struct words *words, const char *word)
{
	size_t i;

	for (i = 0; i < words->count; i++) {
		if (strcmp(words->items[i], word) == 0)
			return 1;
	}
	return 0;
}

/* The letters of the options that may be given more than once. */
static const char lists[] = "ecruIRN";

/* The list that one of these adds to. */
static struct words *list_of(struct options *options, int letter)
{
	switch (letter) {
	case 'e':
		return &options->exports;
	case 'c':
		return &options->connects;
	case 'r':
		return &options->roots;
	case 'u':
		return &options->used_in;
	case 'I':
		return &options->includes;
	case 'R':
		return &options->returned;
	default:
		return &options->initialized;
	}
}

static void take(struct options *options, int letter)
{
	struct words *list;

	if (strchr(lists, letter) != NULL) {
		list = list_of(options, letter);
		list->items[list->count++] = optarg;
	} else if (letter == 'o') {
		options->output = optarg;
	} else if (letter == 'f') {
		options->format = optarg;
	} else if (letter == 'p') {
		options->plugins = 1;
	} else if (letter == 'W') {
		options->werror = 1;
	} else {
		options->quiet = 1;
	}
}

static int refuse(const struct usage *usage, const char *what, const char *word, int *status)
{
	fprintf(stderr, "di %s: %s%s\nusage: di %s [OPTION]... %s\n", usage->name, what, word,
		usage->name, usage->form);
	*status = STATUS_USAGE;
	return 0;
}

static int make_lists(struct options *options, size_t room)
{
	size_t i;
	int all = 1;

	options->arguments.items = calloc(room, sizeof(char *));
	for (i = 0; lists[i] != '\0'; i++) {
		struct words *list = list_of(options, lists[i]);

		list->items = calloc(room, sizeof(char *));
		all = all && list->items != NULL;
	}
	return all && options->arguments.items != NULL;
}

void options_release(struct options *options)
{
	size_t i;

	for (i = 0; lists[i] != '\0'; i++)
		free(list_of(options, lists[i])->items);
	free(options->arguments.items);
}

/* The options of this subcommand, as getopt_long() wants them. */
static void describe(const struct usage *usage, struct option *all, char *letters)
{
	size_t i, count = 0;

	*letters++ = ':';
	for (i = 0; i < KNOWN; i++) {
		if (!has(usage, known[i].option.val))
			continue;
		all[count++] = known[i].option;
		*letters++ = (char)known[i].option.val;
		if (known[i].option.has_arg != no_argument)
			*letters++ = ':';
	}
	*letters = '\0';
}

static int read_options(struct options *options, const struct usage *usage, int count, char **words,
			int *status)
{
	struct option all[KNOWN + 1] = { 0 };
	char letters[2 * KNOWN + 2], one[] = "-x";
	int letter;

	describe(usage, all, letters);
	while ((letter = getopt_long(count, words, letters, all, NULL)) != -1) {
		one[1] = (char)optopt;
		switch (letter) {
		case 'h':
			options_help(usage);
			*status = STATUS_OK;
			return 0;
		case ':':
			return refuse(usage, "nothing follows the option ", words[optind - 1],
				      status);
		case '?':
			return refuse(usage, "it has no option ",
				      optopt != 0 ? one : words[optind - 1], status);
		default:
			take(options, letter);
		}
	}
	return 1;
}

int options_read(struct options *options, const struct usage *usage, int count, char **words,
		 int *status)
{
	if (!make_lists(options, (size_t)count + 1)) {
		fprintf(stderr, "di: out of memory\n");
		*status = STATUS_TROUBLE;
		return 0;
	}
	if (!read_options(options, usage, count, words, status))
		return 0;
	while (optind < count)
		options->arguments.items[options->arguments.count++] = words[optind++];
	if (options->arguments.count < usage->least)
		return refuse(usage, "something is missing: ", usage->form, status);
	if (options->arguments.count > usage->most)
		return refuse(usage,
			      "there is one word too many: ", options->arguments.items[usage->most],
			      status);
	return 1;
}
