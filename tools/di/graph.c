/* SPDX-License-Identifier: MIT */
#include "containers/graph.h"
#include "tools/di/command.h"
#include "tools/di/loaded.h"
#include "tools/di/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_piece(const char *text, size_t size, void *data)
{
	return fwrite(text, 1, size, data) == size ? 0 : errno;
}

/* Graphviz' dot with that input and output. */
static int run_dot(FILE *input, FILE *output)
{
	pid_t child = fork();
	int ended = -1;

	if (child == 0) {
		dup2(fileno(input), STDIN_FILENO);
		dup2(fileno(output), STDOUT_FILENO);
		execlp("dot", "dot", "-Tsvg", (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &ended, 0) < 0 && errno == EINTR)
		continue;
	if (child > 0 && WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
		return 1;
	if (child > 0 && WIFEXITED(ended) && WEXITSTATUS(ended) == 127)
		fprintf(stderr, "di graph: svg is made by dot, which is not there "
				"(Debian: graphviz)\n");
	else
		fprintf(stderr, "di graph: dot, which makes svg, has failed\n");
	return 0;
}

static int copy(FILE *from, FILE *to)
{
	char buffer[4096];
	size_t size;

	rewind(from);
	while ((size = fread(buffer, 1, sizeof(buffer), from)) > 0) {
		if (fwrite(buffer, 1, size, to) != size)
			return 0;
	}
	return !ferror(from);
}

static int write_svg(const struct di_table *table, FILE *stream)
{
	FILE *dot = tmpfile(), *svg = tmpfile();
	int is_written = 0;

	if (dot == NULL || svg == NULL)
		fprintf(stderr, "di graph: no temporary file: %s\n", strerror(errno));
	else if (di_table_graph(table, DI_GRAPH_DOT, write_piece, dot, NULL) != DI_OK ||
		 fflush(dot) != 0 || lseek(fileno(dot), 0, SEEK_SET) != 0)
		fprintf(stderr, "di graph: a temporary file cannot be written: %s\n",
			strerror(errno));
	else
		is_written = run_dot(dot, svg) && copy(svg, stream);
	if (dot != NULL)
		fclose(dot);
	if (svg != NULL)
		fclose(svg);
	return is_written;
}

static int write_graph(const struct di_table *table, int format, FILE *stream)
{
	struct di_error err = { 0 };
	char text[256];

	if (format < 0)
		return write_svg(table, stream);
	if (di_table_graph(table, (enum di_graph_format)format, write_piece, stream, &err) == DI_OK)
		return 1;
	fprintf(stderr, "di graph: %s\n", di_error_text(&err, text, sizeof(text)));
	return 0;
}

static int draw(struct loaded *loaded, int format)
{
	const struct di_table *table = loaded_table(loaded);
	struct output output;

	if (table == NULL) {
		fprintf(stderr, "di: out of memory\n");
		return STATUS_TROUBLE;
	}
	if (!output_open(&output))
		return STATUS_TROUBLE;
	if (!write_graph(table, format, output.stream)) {
		output_drop(&output);
		return STATUS_TROUBLE;
	}
	return output_finish(&output, loaded->options->output) ? STATUS_OK : STATUS_TROUBLE;
}

int di_graph_command(const struct options *options)
{
	const char *name = options->format != NULL ? options->format : "dot";
	int format = di_graph_format_find(name), status;
	struct sources sources;
	struct loaded loaded;

	if (format < 0 && strcmp(name, "svg") != 0) {
		fprintf(stderr, "di graph: %s is no format; there are dot, mermaid, json, svg\n",
			name);
		return STATUS_USAGE;
	}
	if (!loaded_open(&loaded, &sources, options, &status))
		return status;
	status = draw(&loaded, format);
	loaded_close(&loaded, &sources);
	return status;
}
