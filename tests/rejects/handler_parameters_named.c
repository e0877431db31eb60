/* expect-gcc: error: expected .* before 'notes_add__parameter_0_is_written_without_a_name' */
/* expect-clang: handler_parameters_named.c:[0-9]+:51: error: expected '\)' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *request, int priority), (add_note, notes_session));
