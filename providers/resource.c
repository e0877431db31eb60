/* SPDX-License-Identifier: MIT */
#include "providers/resource.h"

const struct di_kind di_resource = {
	.name = "resource",
	.home = DI_HOME_ROOT,
	.cached = 1,
	.eager = 1,
};
