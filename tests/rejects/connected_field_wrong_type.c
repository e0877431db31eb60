/* expect-gcc: error: passing argument 2 of 'store_open' makes pointer from integer */
/* expect-clang: error: incompatible integer to pointer conversion passing 'const int' to parameter of type 'const char \*' */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_store, struct store, (store_open, DI_FIELD(audit_config, port)), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
