/* expect: error: static.assert.*"store_open, which makes notes_pages, must return a pointer; one that returns an int is written \(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(resource, notes_pages, struct store, DI_RETURNS(store_open, DI_FIELD(notes_config, db.path)), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
