/* SPDX-License-Identifier: MIT */
#ifndef DI_OUTPUT_H
#define DI_OUTPUT_H

/**
 * What a subcommand makes: gathered in memory, and written when it is complete.
 */

#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *stream;
	char *text;
	size_t size;
};

/** Opens it for writing to its stream; 0 after telling that there is no memory. */
int output_open(struct output *output);
/** Ends it, and writes it to a file, NULL: standard output. 0 after telling what is wrong. */
int output_finish(struct output *output, const char *name);
/** Ends it without writing. */
void output_drop(struct output *output);

#endif
