/* SPDX-License-Identifier: MIT */
#include "providers/list.h"

const struct di_kind di_list = {
	.name = "list",
	.home = DI_HOME_NEEDS,
	.cached = 1,
};

const struct di_kind di_list_made_anew = {
	.name = "list",
	.home = DI_HOME_ASKED,
	.cached = 0,
};
