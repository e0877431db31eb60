/* SPDX-License-Identifier: MIT */
#include "providers/factory.h"

const struct di_kind di_factory = {
	.name = "factory",
	.home = DI_HOME_ASKED,
	.cached = 0,
	.eager = 0,
};
