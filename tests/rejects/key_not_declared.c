/* expect-gcc: error: 'trace_id__type' undeclared */
/* expect-clang: error: use of undeclared identifier 'trace_id__type' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_KEY_DEFINE(trace_id, const char);
