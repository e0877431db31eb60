/* expect: error: .*no member named '(items|count)'|error: .*incomplete|error: .*undefined type */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LIST_TYPE(stores, struct store);
DI_LIST_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(object, notes_first, const struct config, &default_config) \
	X(list, notes_all, struct config, notes_first)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
