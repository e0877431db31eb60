/* expect: error: static.assert.*"notes_later would outlive notes_query, which it leads to" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_query, struct query);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_query, notes_query, app) \
	X(factory, notes_query, struct query, DI_RETURNS(query_make, notes_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
