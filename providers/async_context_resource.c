/* SPDX-License-Identifier: MIT */
#include "providers/async_context_resource.h"

const struct di_kind di_async_context_resource = {
	.name = "async_context_resource",
	.home = DI_HOME_SCOPE,
	.cached = 1,
	.eager = 0,
	.async = 1,
};

const struct di_kind di_strict_async_context_resource = {
	.name = "async_context_resource",
	.home = DI_HOME_SCOPE,
	.cached = 1,
	.strict = 1,
	.async = 1,
};
