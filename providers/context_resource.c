/* SPDX-License-Identifier: MIT */
#include "providers/context_resource.h"

const struct di_kind di_context_resource = {
	.name = "context_resource",
	.home = DI_HOME_SCOPE,
	.cached = 1,
	.eager = 0,
};

const struct di_kind di_strict_context_resource = {
	.name = "context_resource",
	.home = DI_HOME_SCOPE,
	.cached = 1,
	.strict = 1,
};
