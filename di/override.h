/* SPDX-License-Identifier: MIT */
#ifndef DI_OVERRIDE_H
#define DI_OVERRIDE_H

/* private */

/**
 * What changes the meaning of rows in a context, and what that means for the rows built from them.
 */

#include "di/internal.h"

/* ---- affected.c ---- */

/**
 * Flags as DI__AFFECTED the rows that are built from a row with a flag, as seen from context: by
 * their needs, or by what the constructor of a live value resolved itself. Under no lock.
 */
void di__add_built_from(struct di_context *context, uint8_t *rows);

/** Whether a value of the row is alive in the context, which is its home. */
static inline int di__is_alive_in(const struct di_context *context, uint32_t row)
{
	const struct di_entry *entry = context->entries[row];

	return entry != NULL && entry->state == DI__ALIVE;
}

/* ---- override.c ---- */

/**
 * Puts a state whose row has a meaning in the context already, where it and its value have been
 * checked: as an override that nested contexts of its scope do not see. Fails as di_override().
 */
enum di_status di__put_over(struct di_context *context, const struct di_provider *provider,
			    const void *value, struct di_error *err);

#endif
