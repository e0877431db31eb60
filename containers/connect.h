/* SPDX-License-Identifier: MIT */
#ifndef DI_CONNECT_H
#define DI_CONNECT_H

/* private */

/**
 * Connecting: what a container keeps of those whose rows its own may need.
 */

#include "di/internal.h"

/** Whether the options have one instance of each table that the table connects, and no others. */
enum di_status di__connect_check(const struct di_table *table, const struct di_options *options,
				 struct di_error *err);
/** The bytes for parts and connections; *rows grows by the rows that come with them, at most. */
size_t di__connect_size(const struct di_table *table, const struct di_options *options,
			uint32_t *rows);
/** Writes them to memory, and returns what is behind. */
void *di__connect_place(struct di_container *container, const struct di_options *options,
			void *memory);
/** Enters the container among the users of what it connects, all or none: DI_EBUSY. */
enum di_status di__connect_all(struct di_container *container, struct di_error *err);
void di__disconnect_all(struct di_container *container);
/** 1 if something is overridden in the root of a part: it then holds for who connects it. */
uint8_t di__connect_overridden(const struct di_container *container);
/** The check below, where there is something to see. */
enum di_status di__connect_refuse_free(struct di_container *container, uint32_t getting,
				       struct di_error *err);

static inline enum di_status di__connect(struct di_container *container, struct di_error *err)
{
	return container->connections_count > 0 ? di__connect_all(container, err) : DI_OK;
}

static inline void di__disconnect(struct di_container *container)
{
	if (DI__UNLIKELY(container->connections_count > 0))
		di__disconnect_all(container);
}

/**
 * DI_EBUSY while a living container connects it, a flow asks it for a row of a part, or a get has
 * not called back, unless that waits for gets. Its caller's.
 */
static inline enum di_status di__connect_check_unused(struct di_container *container, int waits,
						      struct di_error *err)
{
	uint32_t getting = waits ? 0 : DI__LOAD(container->getting);

	if (DI__LIKELY(DI__LOAD(container->users) == NULL && DI__LOAD(container->asking) == 0 &&
		       getting == 0))
		return DI_OK;
	return di__connect_refuse_free(container, getting, err);
}

#endif
