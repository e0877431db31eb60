/* expect: error: initializ.*(discards|qualifier) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(configs, struct config);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct configs, ("a", notes_config))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
