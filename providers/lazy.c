/* SPDX-License-Identifier: MIT */
#include "providers/lazy.h"

const struct di_kind di_lazy = {
	.name = "lazy",
	.home = DI_HOME_SCOPE,
	.cached = 1,
};
