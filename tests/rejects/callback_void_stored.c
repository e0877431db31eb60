/* expect-gcc: error: void value not ignored as it ought to be */
/* expect-clang: error: initializing 'int' with an expression of incompatible type 'void' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

void touch(struct clock *clock);

DI_CALLBACK(notes_touch, int, 0, (), (touch, notes_clock));
