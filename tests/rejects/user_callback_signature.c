/* expect-gcc: error: passing argument 2 of 'sort_notes' from incompatible pointer type */
/* expect-clang: error: incompatible function pointer types passing 'int \(const void \*, const void \*\)' to parameter of type */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

void sort_notes(void *notes, int (*compare)(const void *, const void *, void *));
void sort_all(void *notes);

DI_CALLBACK(notes_compare, int, 0, (const void *, const void *), (compare_notes, notes_clock));

void sort_all(void *notes)
{
	sort_notes(notes, notes_compare);
}
