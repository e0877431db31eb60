/* expect-gcc: error: macro "DI__LOCAL_DECLARE" requires 4 arguments, but only 3 given */
/* expect-clang: error: too few arguments provided to function-like macro invocation */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define WEB_LOCALS(X) X(web_user, struct user)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
