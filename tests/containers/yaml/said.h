/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_YAML_SAID_H
#define DI_TESTS_YAML_SAID_H

/**
 * What loading has said, as lines of "line:column: text [path]", or with the file in front.
 */

#include "containers/yaml/yaml.h"

#include <stdio.h>
#include <string.h>

struct said {
	char text[8192];
	size_t count;
	int names_files;
};

static inline void say(void *data, const struct di_yaml_error *error)
{
	struct said *said = data;
	size_t length = strlen(said->text);
	char place[32] = "";

	if (error->line > 0)
		snprintf(place, sizeof(place), "%u:%u", (unsigned)error->line,
			 (unsigned)error->column);
	snprintf(said->text + length, sizeof(said->text) - length, "%s%s%s: %s%s%s%s\n",
		 said->names_files ? error->file : "", said->names_files && *place ? ":" : "",
		 place, error->text, *error->path ? " [" : "", error->path,
		 *error->path ? "]" : "");
	said->count++;
}

#endif
