/* expect: error: initializ.*(discards|qualifier) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(object, notes_limits, const struct config, &default_config) \
	X(selector, notes_any, struct config, (choose_store, notes_config), ("default", notes_limits))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
