/* expect-gcc: error: redeclaration of enumerator 'web_user__index' */
/* expect-clang: error: redefinition of enumerator 'web_user__index' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define WEB_LOCALS(X) \
	X(web_user, struct user, di_keep) \
	X(web_user, struct user, di_keep)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
