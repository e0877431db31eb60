/* expect: error: static.assert.*"link_new, which makes notes_link, must return an int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

long link_new(struct query **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_link, struct query, (link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
