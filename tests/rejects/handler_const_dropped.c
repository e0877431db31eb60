/* expect-gcc: error: passing argument 1 of 'edit_config' discards 'const' qualifier */
/* expect-clang: error: passing 'notes_config__type \*' .aka 'const struct config \*'. to parameter of type 'struct config \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int edit_config(struct config *config);

DI_HANDLER(notes_edit, int, (), (edit_config, notes_config));
