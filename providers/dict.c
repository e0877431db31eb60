/* SPDX-License-Identifier: MIT */
#include "providers/dict.h"

const struct di_kind di_dict = {
	.name = "dict",
	.home = DI_HOME_NEEDS,
	.cached = 1,
};

const struct di_kind di_dict_made_anew = {
	.name = "dict",
	.home = DI_HOME_ASKED,
	.cached = 0,
};
