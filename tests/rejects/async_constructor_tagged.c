/* expect: error: static.assert.*"the constructor of notes_link, which is asynchronous, is written \(function, needs\.\.\.\): int function\(struct di_call \*, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct query *link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, DI_ASYNC(link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
