/* SPDX-License-Identifier: MIT */
#include "providers/async_resource.h"

const struct di_kind di_async_resource = {
	.name = "async_resource",
	.home = DI_HOME_ROOT,
	.cached = 1,
	.eager = 1,
	.async = 1,
};
