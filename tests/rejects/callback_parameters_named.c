/* expect-gcc: error: expected .* before 'notes_compare__parameter_0_is_written_without_a_name' */
/* expect-clang: callback_parameters_named.c:[0-9]+:49: error: expected '\)' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, int, 0, (const void *a, const void *b), (compare_notes, notes_clock));
