/* expect: error: static.assert.*"the constructor of notes_link is written \(function, needs\.\.\.\), DI_RETURNS\(function, needs\.\.\.\) or DI_INIT\(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_link, struct query, DI_ASYNC(link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
