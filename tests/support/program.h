/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_PROGRAM_H
#define DI_TESTS_PROGRAM_H

/**
 * A program that a test runs and talks to. Nothing here asserts.
 */

#include <stddef.h>
#include <sys/types.h>

struct program {
	pid_t pid;
	int out; /**< what it writes to its standard output can be read here */
};

/**
 * Starts the program; argv[0] is its path, NULL ends argv. Its standard error goes to the file
 * stderr_path, which is made afresh. Returns 0 or an errno; a program that is not there ends with
 * 127.
 */
int program_start(struct program *program, const char *const *argv, const char *stderr_path);

/** Reads a line without its newline. Returns whether there was one. */
int program_read_line(struct program *program, char *line, size_t size);

/** Sends a signal, 0 for none, and waits. Returns the exit status, or minus a signal. */
int program_end(struct program *program, int signal);

/** The content of a file, owned by the caller, or NULL. */
char *program_read_file(const char *path);

#endif
