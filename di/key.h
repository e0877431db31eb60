/* SPDX-License-Identifier: MIT */
#ifndef DI_KEY_H
#define DI_KEY_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Items: typed values put into a context under a key, outside any table.
 *
 *     DI_KEY_DECLARE(trace_id, const char);        in a header
 *     DI_KEY_DEFINE(trace_id, const char);         in one source file
 *
 * generates, as if written by hand,
 *
 *     enum di_status trace_id_put(struct di_context *context, const char *value, struct di_error *err);
 *     const char *trace_id_fetch(struct di_context *context);
 *
 * put: gives the context an item, borrowed until its last finalizer has run. DI_ENULL for NULL,
 * DI_EBUSY where this context has the key already, DI_ECLOSED, DI_ENOMEM. fetch: the innermost value
 * seen from the context, or NULL; a context opened with isolate_items sees none of its parents'. It
 * takes no lock. Any thread may call both while the context is open. The name of a key is its stable
 * identity: keys of equal name and type are one key.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/type.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;

struct di_key {
	const char *name;
	struct di_type type;
	unsigned flags; /**< 0 */
};

/** Puts value under key: what the generated <key>_put calls; the type is the caller's word. */
DI_API enum di_status di_context_put(struct di_context *context, const struct di_key *key,
				     const void *value, struct di_error *err);

/** Fetches the item of key as seen from context, or NULL: what the generated <key>_fetch calls. */
DI_API const void *di_context_fetch(struct di_context *context, const struct di_key *key);

/** Fetches the newest item of that type as seen from context, innermost first, or NULL. */
DI_API const void *di_context_fetch_type(struct di_context *context, const struct di_type *type);

typedef void di_item_fn(void *data, const struct di_key *key, const void *value);

/**
 * Calls function for each item seen from context, innermost first; hidden ones are left out.
 *
 * No lock is held; function may put items, which may or may not be seen. Returns their number.
 */
DI_API size_t di_context_items_each(struct di_context *context, di_item_fn *function, void *data);

/** Declares a key and its two functions; for headers. */
#define DI_KEY_DECLARE(name_, type_)                                                               \
	extern const struct di_key name_;                                                          \
	DI__UNUSED static inline enum di_status name_##_put(struct di_context *context,            \
							    type_ *value, struct di_error *err)    \
	{                                                                                          \
		return di_context_put(context, &name_, value, err);                                \
	}                                                                                          \
	DI__UNUSED static inline type_ *name_##_fetch(struct di_context *context)                  \
	{                                                                                          \
		union {                                                                            \
			const void *item;                                                          \
			type_ *typed;                                                              \
		} value;                                                                           \
		value.item = di_context_fetch(context, &name_);                                    \
		return value.typed;                                                                \
	}                                                                                          \
	extern const struct di_key name_

/** Defines a key; in one source file. The type may be incomplete. */
#define DI_KEY_DEFINE(name_, type_)                                                                \
	const struct di_key name_ = { #name_, { 0, #type_, DI__IS_CONST(type_) }, 0 }

/** 1 where the type is const, else 0; a constant. */
#define DI__IS_CONST(type_) _Generic(1 ? (type_ *)0 : (void *)1, const void * : 1, default : 0)

#ifdef __cplusplus
}
#endif

#endif
