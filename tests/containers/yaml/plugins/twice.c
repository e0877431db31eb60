/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/app.h"

#include <errno.h>

/* A plug-in that exports a name that the program has too. */

static int part_new(struct part **out)
{
	(void)out;
	return EIO;
}

#define TWICE(X) X(constructor, struct part, (part_new))

DI_EXPORTS_DEFINE(twice_exports, TWICE);
DI_EXPORTS_ENTRY(twice_exports);
