/* expect: error: static.assert.*"the destructor of web_user is void f\(T \*\), or void f\(void \*\) where T is not const; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

void clock_free(struct clock *clock);

#define WEB_LOCALS(X) X(web_user, struct user, clock_free)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
DI_LOCAL_DEFINE(web, WEB_LOCALS);
