/* expect: error: static.assert.*"the field web_user is defined with another type than it was declared" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define WEB_LOCALS(X) X(web_user, struct user, di_keep)
#define OTHER_LOCALS(X) X(web_user, struct clock, di_keep)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
DI_LOCAL_DEFINE(web, OTHER_LOCALS);
