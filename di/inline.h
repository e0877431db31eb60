/* SPDX-License-Identifier: MIT */
#ifndef DI_INLINE_H
#define DI_INLINE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * The inline path of the accessors: what a value that exists costs, eight instructions.
 *
 * Every context begins with a struct di__lane. Its table is NULL while the fast path must not be
 * taken: once the context closes, and while a constructor runs in it (so that what the constructor
 * resolves itself is recorded). Compiled into users' programs: a change here changes DI_ABI.
 */

#include "di/compiler.h"
#include "di/context.h"

struct di__lane {
	const struct di_table *table;
	void **root; /* values whose home is the root, unless one is overridden on the way to it */
	void **own;  /* values of shorter lives, as seen from this context */
};

/** The array in which the provider's value stands as seen from that context. */
static inline void **di__lane_values(const struct di__lane *lane,
				     const struct di_provider *provider)
{
	return DI__LOAD_RELAXED(
		*(void **const *)(const void *)((const char *)lane + provider->lane));
}

/** di_resolve() for what the inline path has not found. The provider is a row of a table. */
DI_API void *di__resolve_missing(struct di_context *context, struct di_error *err,
				 const struct di_provider *provider);

/** The value at index of the container's rows, or the slow path. context is not NULL. */
static inline void *di__get_root(struct di_context *context, struct di_error *err,
				 const struct di_table *table, const struct di_provider *provider,
				 uint32_t index)
{
	struct di__lane *lane = (struct di__lane *)(void *)context;

	if (DI__LIKELY(DI__LOAD_RELAXED(lane->table) == table)) {
		void *value = DI__LOAD(DI__LOAD_RELAXED(lane->root)[index]);

		if (DI__LIKELY(value != NULL))
			return value;
	}
	return di__resolve_missing(context, err, provider);
}

/** The same for rows of shorter lives. */
static inline void *di__get_own(struct di_context *context, struct di_error *err,
				const struct di_table *table, const struct di_provider *provider,
				uint32_t index)
{
	struct di__lane *lane = (struct di__lane *)(void *)context;

	if (DI__LIKELY(DI__LOAD_RELAXED(lane->table) == table)) {
		void *value = DI__LOAD(lane->own[index]);

		if (DI__LIKELY(value != NULL))
			return value;
	}
	return di__resolve_missing(context, err, provider);
}

/** For rows whose values are made anew each time. */
static inline void *di__get_new(struct di_context *context, struct di_error *err,
				const struct di_table *table, const struct di_provider *provider,
				uint32_t index)
{
	(void)table;
	(void)index;
	return di__resolve_missing(context, err, provider);
}

/** The calling thread's value of a row of the table that is one per thread, or NULL: ask slowly. */
DI_API void *di__thread_value(const struct di_context *context, const struct di_table *table,
			      uint32_t index);

/** For rows whose values are one per thread. */
static inline void *di__get_thread(struct di_context *context, struct di_error *err,
				   const struct di_table *table, const struct di_provider *provider,
				   uint32_t index)
{
	void *value = di__thread_value(context, table, index);

	return DI__LIKELY(value != NULL) ? value : di__resolve_missing(context, err, provider);
}

/**
 * What a handler sees of a context: read once, and compared for each need. The compiler leaves out
 * all comparisons but the first, since the needs' tables are the same constant.
 */
struct di__seen {
	struct di_context *context;
	const struct di_table *table;
	void **root, **own;
};

static inline struct di__seen di__see(struct di_context *context)
{
	struct di__seen seen = { context, NULL, NULL, NULL };
	struct di__lane *lane = (struct di__lane *)(void *)context;

	if (DI__LIKELY(context != NULL)) {
		seen.table = DI__LOAD_RELAXED(lane->table);
		seen.root = DI__LOAD_RELAXED(lane->root);
		seen.own = lane->own;
	}
	return seen;
}

/** The value if it is there, else NULL. */
static inline void *di__peek_root(struct di__seen seen, const struct di_table *table,
				  uint32_t index)
{
	return DI__LIKELY(seen.table == table) ? DI__LOAD(seen.root[index]) : NULL;
}

static inline void *di__peek_own(struct di__seen seen, const struct di_table *table, uint32_t index)
{
	return DI__LIKELY(seen.table == table) ? DI__LOAD(seen.own[index]) : NULL;
}

static inline void *di__peek_thread(struct di__seen seen, const struct di_table *table,
				    uint32_t index)
{
	return DI__LIKELY(seen.table == table) ? di__thread_value(seen.context, table, index)
					       : NULL;
}

static inline void *di__peek_new(struct di__seen seen, const struct di_table *table, uint32_t index)
{
	(void)seen;
	(void)table;
	(void)index;
	return NULL;
}

#endif
