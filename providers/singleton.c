/* SPDX-License-Identifier: MIT */
#include "providers/singleton.h"

const struct di_kind di_singleton = {
	.name = "singleton",
	.home = DI_HOME_ROOT,
	.cached = 1,
	.eager = 0,
};
