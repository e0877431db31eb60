/* expect: error: static.assert.*"the destructor of web_trace is void f\(T \*\), or void f\(void \*\) where T is not const; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include <stdlib.h>

#define WEB_LOCALS(X) X(web_trace, const char, free)

DI_LOCAL_DECLARE(web, WEB_LOCALS);
DI_LOCAL_DEFINE(web, WEB_LOCALS);
