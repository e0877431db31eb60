/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"

#include "containers/yaml/faults.h"
#include "containers/yaml/words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const struct {
	struct usage usage;
	int (*run)(const struct options *options);
} commands[] = {
	{ { "check", "epcruWq", "FILE...",
	    "Tells all that is wrong with files of containers, and which providers nobody needs.\n"
	    "Without --exports and --plugins it does not know the program's functions and "
	    "objects:\n"
	    "what the files say of them is then not compared with anything.",
	    1, SIZE_MAX },
	  di_check_command },
	{ { "graph", "epcfo", "FILE",
	    "Draws what providers need. The format is dot if none is said.", 1, 1 },
	  di_graph_command },
	{ { "explain", "epc", "FILE PROVIDER",
	    "Tells how a provider is made, where it stands, how long it lives, what it needs and "
	    "who\n"
	    "needs it.",
	    2, 2 },
	  di_explain_command },
	{ { "generate", "epcIRNo", "FILE",
	    "Writes the container as a table of macros, a C header, which the compiler checks.", 1,
	    1 },
	  di_generate_command },
	{ { "schema", "o", "", "Writes a JSON Schema of the files, for editors.", 0, 0 },
	  di_schema_command },
};

enum {
	COMMANDS = sizeof(commands) / sizeof(commands[0])
};

static void help(FILE *stream)
{
	fputs("usage: di COMMAND [OPTION]... [FILE]...\n\n"
	      "  di check FILE...           what is wrong with files of containers\n"
	      "  di graph FILE              what providers need, as a picture\n"
	      "  di explain FILE PROVIDER   one provider: its needs, its users, its life\n"
	      "  di generate FILE           the file as a table of macros\n"
	      "  di schema                  a JSON Schema of the files\n\n"
	      "di COMMAND --help lists the options of one. di --version.\n"
	      "It ends with 0; with 1 if something is wrong with a file, 2 with how it was "
	      "called,\n"
	      "3 if something could not be done.\n",
	      stream);
}

static int unknown(const char *word)
{
	const char *near = NULL;
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		near = di__yaml_nearer(word, near, commands[i].usage.name);
	fprintf(stderr, "di: there is no command %s%s\n", DI__YAML_QUOTED(word),
		di__yaml_meant(near, (char[96]){ 0 }, 96));
	help(stderr);
	return STATUS_USAGE;
}

/* What was printed has been written, or something is wrong. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "di: what was to be printed could not be written\n");
	return STATUS_TROUBLE;
}

static int run(size_t number, int count, char **words)
{
	struct options options = { 0 };
	int status = STATUS_USAGE;

	if (options_read(&options, &commands[number].usage, count, words, &status))
		status = commands[number].run(&options);
	options_release(&options);
	return finish(status);
}

int di_command(int count, char **words)
{
	size_t i;

	if (count < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0) {
		help(stdout);
		return finish(STATUS_OK);
	}
	if (strcmp(words[1], "--version") == 0 || strcmp(words[1], "-V") == 0) {
		printf("di %s\n", VERSION_TEXT);
		return finish(STATUS_OK);
	}
	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(words[1], commands[i].usage.name) == 0)
			return run(i, count - 1, words + 1);
	}
	return unknown(words[1]);
}
