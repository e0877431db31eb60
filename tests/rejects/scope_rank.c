/* expect: error: static.assert.*"the rank of a scope is from 2 to 299" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_SCOPE_DECLARE(job, 300);
DI_SCOPE_DEFINE(job);
