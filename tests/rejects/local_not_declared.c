/* expect: error: .*'web_user__type' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define WEB_LOCALS(X) X(web_user, struct user, di_keep)

DI_LOCAL_DEFINE(web, WEB_LOCALS);
