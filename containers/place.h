/* SPDX-License-Identifier: MIT */
#ifndef DI_PLACE_H
#define DI_PLACE_H

/* private */

/**
 * Being in the place of another table: a container whose rows are what that table's rows mean.
 */

#include "di/internal.h"

/** Whether the other table can be read by this library. */
enum di_status di__place_check(const struct di_table *table, const struct di_table *other,
			       struct di_error *err);
/** The bytes that it takes to remember which row is which. */
size_t di__place_size(const struct di_table *other);
/**
 * Writes that to memory, and returns what is behind, where it needs room for a pointer for each row
 * of the container's table; or NULL with err filled: it has not what the other table has, or not in
 * such a way that nobody notices.
 */
void *di__place_rows(struct di_container *container, const struct di_table *other, void *memory,
		     struct di_error *err);

#endif
