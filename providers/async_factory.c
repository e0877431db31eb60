/* SPDX-License-Identifier: MIT */
#include "providers/async_factory.h"

const struct di_kind di_async_factory = {
	.name = "async_factory",
	.home = DI_HOME_ASKED,
	.cached = 0,
	.eager = 0,
	.async = 1,
};
