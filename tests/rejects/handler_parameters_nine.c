/* expect: error: static.assert.*"notes_add has more than 8 passed parameters" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int add_all(int a, int b, int c, int d, int e, int f, int g, int h, int i);

DI_HANDLER(notes_add, int, (int, int, int, int, int, int, int, int, int), (add_all));
