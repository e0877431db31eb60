/* expect: error: static.assert.*"link_init, which makes notes_link, must return an int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct link {
	int number;
};

_Bool link_init(struct link *self);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_link, struct link, DI_INIT(link_init), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
