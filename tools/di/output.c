/* SPDX-License-Identifier: MIT */
#include "tools/di/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int output_open(struct output *output)
{
	output->stream = open_memstream(&output->text, &output->size);
	if (output->stream != NULL)
		return 1;
	fprintf(stderr, "di: out of memory\n");
	return 0;
}

static int write_file(const struct output *output, const char *name)
{
	FILE *file = name != NULL ? fopen(name, "w") : stdout;
	int is_written;

	if (file == NULL) {
		fprintf(stderr, "di: %s cannot be written: %s\n", name, strerror(errno));
		return 0;
	}
	errno = 0;
	is_written = fwrite(output->text, 1, output->size, file) == output->size;
	if (fflush(file) != 0)
		is_written = 0;
	if (name != NULL && fclose(file) != 0)
		is_written = 0;
	if (!is_written)
		fprintf(stderr, "di: %s cannot be written: %s\n",
			name != NULL ? name : "standard output", strerror(errno));
	return is_written;
}

int output_finish(struct output *output, const char *name)
{
	int is_complete = fclose(output->stream) == 0 && output->text != NULL;

	if (!is_complete)
		fprintf(stderr, "di: out of memory\n");
	else
		is_complete = write_file(output, name);
	free(output->text);
	return is_complete;
}

void output_drop(struct output *output)
{
	fclose(output->stream);
	free(output->text);
}
