/* expect: error: static.assert.*"the key trace_id is defined with another type than it was declared" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_KEY_DECLARE(trace_id, const char);
DI_KEY_DEFINE(trace_id, char);
