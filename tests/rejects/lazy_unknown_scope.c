/* expect-gcc: error: 'di_scope_requst__rank' undeclared */
/* expect-clang: error: use of undeclared identifier 'di_scope_requst */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_store, struct store);
DI_LAZY_TYPE(later_session, struct session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_session, notes_session, requst)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
