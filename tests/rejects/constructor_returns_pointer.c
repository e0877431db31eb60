/* expect: error: static.assert.*"query_make, which makes notes_query, must return an int; one that returns a pointer is written DI_RETURNS\(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(factory, notes_query, struct query, (query_make, notes_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
