/* SPDX-License-Identifier: MIT */
#include "providers/state.h"

static const void *must_be_put(const struct di_provider *provider)
{
	(void)provider;
	return NULL;
}

const struct di_kind di_state = {
	.name = "state",
	.home = DI_HOME_SCOPE,
	.cached = 1,
	.given = must_be_put,
};
