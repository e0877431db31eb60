/* expect: error: static.assert.*"link_init, which is exported as a constructor, must return an int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct link {
	int number;
};

_Bool link_init(struct link *self);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct link, DI_INIT(link_init))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
