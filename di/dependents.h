/* SPDX-License-Identifier: MIT */
#ifndef DI_DEPENDENTS_H
#define DI_DEPENDENTS_H

/* private */

/**
 * What was built from what, among the live values of a context. Under its lock, but for what is
 * recorded.
 */

#include "di/internal.h"

/**
 * Remembers that the constructor that is making an entry asks context for provider: it is one of
 * the value's needs, if it lives with it. Under no lock.
 */
enum di_status di__record(struct di_flow *flow, struct di_entry *making, struct di_context *context,
			  const struct di_provider *provider, struct di_error *err);
/**
 * The same for the creation that asked for a row that chooses: its value is built from chosen, and
 * from what led to it.
 */
enum di_status di__record_choice(struct di_flow *flow, const struct di_entry *selector,
				 const struct di_provider *chosen, struct di_error *err);
/** Marks what is alive and was built from a row for which rows says 1, transitively; the number. */
uint32_t di__mark_built_from(struct di_context *context, const uint8_t *rows);
/** The same for one row, whose own values and products count. */
uint32_t di__mark_from_row(struct di_context *context, uint32_t row);
/** Marks the products made for owner, and those made for them, from newest down. */
void di__mark_products(struct di_entry *newest, const struct di_entry *owner);
void di__unmark(struct di_context *context);
/** Sets `newer` of all entries, which pushing does not, and returns the oldest or NULL. */
struct di_entry *di__link_newer(const struct di_context *context);

#endif
