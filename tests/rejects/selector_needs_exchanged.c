/* expect: error: (passing argument 1 of 'choose_both' from incompatible|incompatible pointer types passing) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_both(const struct config *config, struct clock *clock);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(selector, notes_any, struct store, (choose_both, notes_clock, notes_config), ("sqlite", notes_store))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
