/* expect-gcc: error: .*'user' */
/* expect-clang: error: .*'user' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define WEB_LOCALS(X) X(web_user, user, di_keep)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
