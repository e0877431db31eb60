/* SPDX-License-Identifier: MIT */
#ifndef DI_LOCAL_MAP_H
#define DI_LOCAL_MAP_H

/**
 * Maps: namespaces that are made at run time, whose values stand under strings.
 *
 * All that di/local.h says of namespaces holds of them: blocks, calls, generators, captures,
 * listing. A value ends by the function that was given with it, or is borrowed. A map may be made
 * by one thread and used by all; each flow has values of its own in it.
 */

#include "di/allocator.h"
#include "di/compiler.h"
#include "di/error.h"
#include "di/local.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a map, to be freed by di_local_map_free(). name, which is copied, is for messages.
 *
 * allocator, which is copied, is for the map and for what holds its values; it is used until the
 * last of these is gone. NULL: malloc. Returns NULL with DI_EINVAL (no name) or DI_ENOMEM.
 */
DI_API struct di_local *di_local_map_new(const char *name, const struct di_allocator *allocator,
					 struct di_error *err);

/**
 * Frees a map, with the values that the calling flow has in it. NULL is legal.
 *
 * Nobody may use the map any more but for ending blocks. What other flows, captures and generators
 * hold of it ends with them.
 */
DI_API void di_local_map_free(struct di_local *map);

/** The value of that name, or NULL. Borrowed as from di_local_get(). */
DI_API const void *di_local_map_get(const struct di_local *map, const char *name);

/** The same, or fallback. */
DI_API const void *di_local_map_get_or(const struct di_local *map, const char *name,
				       const void *fallback);

/** The same, or NULL with DI_ENOVALUE, which says the name; DI_EINVAL (NULL, or no map). */
DI_API const void *di_local_map_require(const struct di_local *map, const char *name,
					struct di_error *err);

/**
 * Sets the value of a name, which is copied; end, if not NULL, is called at the value's end.
 *
 * DI_ENULL; DI_EINVAL (NULL, or no map); DI_ENOMEM. After an error the value is still the caller's.
 */
DI_API enum di_status di_local_map_set(const struct di_local *map, const char *name,
				       const void *value, void (*end)(void *value),
				       struct di_error *err);

/** The same until di_local_undo(), or until the block ends: see di_local_set_until(). */
DI_API enum di_status di_local_map_set_until(const struct di_local *map, const char *name,
					     const void *value, void (*end)(void *value),
					     struct di_local_undo *undo, struct di_error *err);

/** Unsets a name. DI_ENOVALUE where it is not set; DI_EINVAL; DI_ENOMEM, and it is still set. */
DI_API enum di_status di_local_map_unset(const struct di_local *map, const char *name,
					 struct di_error *err);

/** A name and its value, as for di_local_map_set(). */
struct di_local_entry {
	const char *name;
	const void *value;
	void (*end)(void *value);
};

/** Sets several names, in order, all or none. Errors as for di_local_map_set(). */
DI_API enum di_status di_local_map_update(const struct di_local *map,
					  const struct di_local_entry *entries, size_t count,
					  struct di_error *err);

/** Unsets all names that the flow sees. DI_EINVAL; DI_ENOMEM, and nothing is changed. */
DI_API enum di_status di_local_map_clear(const struct di_local *map, struct di_error *err);

#ifdef __cplusplus
}
#endif

#endif
