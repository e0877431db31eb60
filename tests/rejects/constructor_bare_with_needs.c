/* expect: error: static.assert.*"notes_pages: a factory is X\(factory, name, type, \(function, needs\.\.\.\), destructor\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(factory, notes_pages, struct store, store_open, DI_FIELD(notes_config, db.path), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
