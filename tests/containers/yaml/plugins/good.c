/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/app.h"

#include <string.h>

/* A plug-in that makes parts. */

static int plugged_new(struct part **out, int number)
{
	static struct part part;

	strcpy(part.text, "plugged");
	part.number = number;
	*out = &part;
	return 0;
}

#define GOOD(X) X(constructor, struct part, (plugged_new, int))

DI_EXPORTS_DEFINE(good_exports, GOOD);
DI_EXPORTS_ENTRY(good_exports);
