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

/** What a row is to mean in a context and below. */
struct di__override {
	const struct di_provider *provider;
	const void *value; /* or: */
	const struct di_provider *other;
	int put; /* a state: nested contexts of its scope do not see it */
};

/**
 * Makes the rows mean that, all or none of them, once each of them has been checked by itself.
 * Under no lock. Fails as di_override_all().
 */
enum di_status di__override_rows(struct di_context *context, const struct di__override *changes,
				 size_t count, struct di_error *err);

#endif
