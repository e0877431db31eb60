/* expect: error: (use of undeclared identifier 'link_new'|.link_new. undeclared) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_COMPLETE_DECLARE(link_new, struct query);
