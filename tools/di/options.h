/* SPDX-License-Identifier: MIT */
#ifndef DI_OPTIONS_H
#define DI_OPTIONS_H

/**
 * What the command was called with.
 */

#include <stddef.h>

struct words {
	const char **items;
	size_t count;
};

struct options {
	struct words arguments;
	struct words exports, connects, roots, used_in, includes, returned, initialized;
	const char *output; /**< NULL: standard output */
	const char *format;
	int plugins, werror, quiet;
};

/** A subcommand, and what it may be called with. */
struct usage {
	const char *name;
	const char *letters; /**< of the options that it has */
	const char *form;    /**< of its arguments */
	const char *text;
	size_t least, most; /**< number of its arguments */
};

/**
 * Reads the words behind the subcommand. Returns 1; or 0, and then *status is what the command ends
 * with: help was asked for, or a mistake was told of. All is borrowed but for the lists, which
 * options_release() frees.
 */
int options_read(struct options *options, const struct usage *usage, int count, char **words,
		 int *status);
void options_release(struct options *options);
/** Prints what a subcommand is called with, and its options. */
void options_help(const struct usage *usage);
int words_have(const struct words *words, const char *word);

#endif
