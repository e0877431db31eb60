/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/app.h"

#include <string.h>

/* A plug-in that makes parts asynchronously, and so calls di. */

static int plugged_later(struct di_call *call, int number);
DI_COMPLETE_DECLARE(plugged_later, struct part);

static int plugged_later(struct di_call *call, int number)
{
	static struct part part;

	strcpy(part.text, "plugged later");
	part.number = number;
	plugged_later_complete(call, 0, &part);
	return DI_PENDING;
}

static int plugged_end(struct di_call *call, struct part *part)
{
	part->number = 0;
	di_call_end(call, 0);
	return DI_PENDING;
}

/* clang-format off */
#define LATER(X) \
	X(constructor, struct part, DI_ASYNC(plugged_later, int)) \
	X(destructor,  struct part, plugged_end)
/* clang-format on */

DI_EXPORTS_DEFINE(later_exports, LATER);
DI_EXPORTS_ENTRY(later_exports);
