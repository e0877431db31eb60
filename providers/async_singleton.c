/* SPDX-License-Identifier: MIT */
#include "providers/async_singleton.h"

const struct di_kind di_async_singleton = {
	.name = "async_singleton",
	.home = DI_HOME_ROOT,
	.cached = 1,
	.eager = 0,
	.async = 1,
};
