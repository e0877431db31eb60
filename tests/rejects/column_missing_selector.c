/* expect: error: static.assert.*"notes_any: a selector is X\(selector, name, type, \(chooser, needs\.\.\.\), \(.*key.*, provider\), \.\.\.\), or has DI_ALWAYS */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(selector, notes_any, struct store)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
