/* expect-gcc: error: passing argument 1 of 'web_user_set' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'web_user__type \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

void user_free(struct user *user);

#define WEB_LOCALS(X) X(web_user, struct user, user_free)

DI_LOCAL_DECLARE(web, WEB_LOCALS);

enum di_status set(struct clock *clock)
{
	return web_user_set(clock, NULL);
}
