/* expect: error: static.assert.*"notes_link: an async_resource is X\(async_resource, name, type, \(function, needs\.\.\.\), destructor\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_resource, notes_link, struct query, (link_new))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
