/* expect: error: static.assert.*"the namespace web is defined with other rows than it was declared" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define FIRST(X) X(web_user, struct user, di_keep)
#define WEB_LOCALS(X) FIRST(X) X(web_trace, const char, di_keep)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
DI_LOCAL_DEFINE(web, FIRST);
