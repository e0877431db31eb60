/* expect-gcc: error: passing argument 2 of 'notes_query_drop' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct session \*' to parameter of type 'notes_query__type \*' .aka 'struct query \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(factory, notes_query, struct query, DI_RETURNS(query_make, notes_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);

enum di_status end(struct di_context *context, struct session *session);

enum di_status end(struct di_context *context, struct session *session)
{
	return notes_query_drop(context, session, NULL);
}
