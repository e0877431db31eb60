/* expect: error: unknown type name 'stor' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_KEY_DECLARE(store_item, stor);
DI_KEY_DEFINE(store_item, stor);
