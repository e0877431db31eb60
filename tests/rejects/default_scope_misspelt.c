/* expect-gcc: error: 'di_scope_reqest__rank' undeclared.*; did you mean 'di_scope_request__rank'\? */
/* expect-clang: error: use of undeclared identifier 'di_scope_reqest__rank'; did you mean 'di_scope_request__rank'\? */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define notes_DEFAULT_SCOPE DI_SCOPE(reqest)

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
