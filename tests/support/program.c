/* SPDX-License-Identifier: MIT */
#include "tests/support/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const char *const *argv, int out, int err)
{
	union {
		const char *const *ours;
		char *const *theirs;
	} arguments = { argv };

	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execv(argv[0], arguments.theirs);
	_exit(127);
}

int program_start(struct program *program, const char *const *argv, const char *stderr_path)
{
	int ends[2];
	int err = open(stderr_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (err < 0 || pipe(ends))
		return errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	program->pid = fork();
	if (program->pid == 0)
		become(argv, ends[1], err);
	close(ends[1]);
	close(err);
	program->out = ends[0];
	return program->pid < 0 ? errno : 0;
}

int program_read_line(struct program *program, char *line, size_t size)
{
	size_t length = 0;
	char byte;

	while (length + 1 < size && read(program->out, &byte, 1) == 1 && byte != '\n')
		line[length++] = byte;
	line[length] = '\0';
	return length > 0;
}

int program_end(struct program *program, int signal)
{
	int status;

	if (signal)
		kill(program->pid, signal);
	while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	close(program->out);
	program->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

char *program_read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *content = NULL;
	long size;

	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		content = calloc(1, (size_t)size + 1);
		if (content && fread(content, 1, (size_t)size, file) != (size_t)size)
			content[0] = '\0';
	}
	fclose(file);
	return content;
}
