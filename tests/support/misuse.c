/* SPDX-License-Identifier: MIT */
#include "tests/support/misuse.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef DI_DEBUG

enum {
	ABORTED = 42,
	RETURNED = 43
};

/* So that neither a core nor the complaint of a tool is left behind. */
static void aborted(int signal)
{
	(void)signal;
	_exit(ABORTED);
}

static void run_in_child(misuse_fn *function, void *data, int out)
{
	struct di_error err = { 0 };

	dup2(out, STDERR_FILENO);
	signal(SIGABRT, aborted);
	function(data, &err);
	_exit(RETURNED);
}

static void read_all(int from, char *buffer, size_t size)
{
	size_t used = 0;
	ssize_t got = 1;

	while (used + 1 < size && (got > 0 || (got < 0 && errno == EINTR))) {
		got = read(from, buffer + used, size - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	buffer[used] = '\0';
}

void misuse_compare(const char *file, int line, misuse_fn *function, void *data,
		    enum di_status status, const char *text)
{
	char said[2048];
	int ends[2], ended = 0;
	pid_t child;

	(void)status;
	ck_assert_int_eq(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		run_in_child(function, data, ends[1]);
	close(ends[1]);
	read_all(ends[0], said, sizeof(said));
	close(ends[0]);
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	ck_assert_msg(WIFEXITED(ended) && WEXITSTATUS(ended) == ABORTED,
		      "%s:%d: no assertion failed; said: %s", file, line, said);
	ck_assert_msg(strstr(said, text) != NULL, "%s:%d: expected: %s, but said: %s", file, line,
		      text, said);
}

#else

void misuse_compare(const char *file, int line, misuse_fn *function, void *data,
		    enum di_status status, const char *text)
{
	struct di_error err = { 0 };
	enum di_status found = function(data, &err);
	char said[1024];

	di_error_text(&err, said, sizeof(said));
	ck_assert_msg(found == status && err.status == status, "%s:%d: expected %s, but was %s: %s",
		      file, line, di_status_name(status), di_status_name(found), said);
	ck_assert_msg(strstr(said, text) != NULL, "%s:%d: expected: %s, but said: %s", file, line,
		      text, said);
	function(data, NULL);
}

#endif
