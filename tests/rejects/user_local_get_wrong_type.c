/* expect-gcc: error: initialization of 'struct clock \*' from incompatible pointer type 'web_user__type \*' */
/* expect-clang: error: incompatible pointer types initializing 'struct clock \*' with an expression of type 'web_user__type \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

void user_free(struct user *user);

#define WEB_LOCALS(X) X(web_user, struct user, user_free)

DI_LOCAL_DECLARE(web, WEB_LOCALS);

void get(void)
{
	struct clock *clock = web_user_get();

	(void)clock;
}
