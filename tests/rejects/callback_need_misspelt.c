/* expect-gcc: error: 'notes_clok' undeclared.*; did you mean 'notes_clock'\? */
/* expect-clang: error: use of undeclared identifier 'notes_clok'; did you mean 'notes_clock'\? */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, int, 0, (const void *, const void *), (compare_notes, notes_clok));
