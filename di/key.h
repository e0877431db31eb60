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
 *     enum di_status trace_id_put(struct di_context *context, const char *value,
 *                                 struct di_error *err);
 *     const char *trace_id_fetch(struct di_context *context);
 *     const char *trace_id_fetch_or(struct di_context *context, const char *fallback);
 *     const char *trace_id_require(struct di_context *context, struct di_error *err);
 *
 * put: gives the context an item, borrowed until its last finalizer has run. DI_ENULL for NULL,
 * DI_EBUSY where this context has the key already, DI_ECLOSED, DI_ENOMEM. fetch: the innermost
 * value seen from the context, or NULL; a context opened with isolate_items sees none of its
 * parents'. It takes no lock. fetch_or: the same, or fallback where there is none. require: the
 * same, or NULL and an error, see di_context_require(). Any thread may call them while the context
 * is open.
 *
 * The name of a key is its stable identity: keys of equal name and type are one key, and a name
 * with another type, also one that differs in const alone, is another key. What belongs to the flow
 * is found from its innermost context, of whatever container:
 * trace_id_fetch(di_context_current(NULL)).
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

/**
 * Fetches the item of key, which has to be there: what the generated <key>_require calls.
 *
 * Returns NULL with DI_ENOVALUE where there is none, and says in which contexts it was looked for;
 * DI_EINVAL (no context, no key); DI_ECLOSED where the context is closed.
 */
DI_API const void *di_context_require(struct di_context *context, const struct di_key *key,
				      struct di_error *err);

/**
 * Fetches the innermost item seen from context whose key has that name, whatever its type, or NULL.
 *
 * *key, where key is not NULL, is then the key it was put under: look at its type before the value.
 */
DI_API const void *di_context_fetch_name(struct di_context *context, const char *name,
					 const struct di_key **key);

/** Fetches the newest item of that type as seen from context, innermost first, or NULL. */
DI_API const void *di_context_fetch_type(struct di_context *context, const struct di_type *type);

typedef void di_item_fn(void *data, const struct di_key *key, const void *value);

/**
 * Calls function for each item seen from context, innermost first; hidden ones are left out.
 *
 * No lock is held; function may put items, which may or may not be seen. Returns their number.
 */
DI_API size_t di_context_items_each(struct di_context *context, di_item_fn *function, void *data);

/** The value that stands as an item; for the generated functions. */
#define DI__ITEM(type_, fetched_)                                                                  \
	union {                                                                                    \
		const void *item;                                                                  \
		type_ *typed;                                                                      \
	} value;                                                                                   \
	value.item = (fetched_);                                                                   \
	return value.typed

/** Declares a key and its functions; for headers. */
#define DI_KEY_DECLARE(name_, type_)                                                               \
	typedef type_ name_##__type;                                                               \
	extern const struct di_key name_;                                                          \
	DI__UNUSED static inline enum di_status name_##_put(struct di_context *context,            \
							    type_ *value, struct di_error *err)    \
	{                                                                                          \
		return di_context_put(context, &name_, value, err);                                \
	}                                                                                          \
	DI__UNUSED static inline type_ *name_##_fetch(struct di_context *context)                  \
	{                                                                                          \
		DI__ITEM(type_, di_context_fetch(context, &name_));                                \
	}                                                                                          \
	DI__UNUSED static inline type_ *name_##_fetch_or(struct di_context *context,               \
							 type_ *fallback)                          \
	{                                                                                          \
		type_ *found = name_##_fetch(context);                                             \
		return found ? found : fallback;                                                   \
	}                                                                                          \
	DI__UNUSED static inline type_ *name_##_require(struct di_context *context,                \
							struct di_error *err)                      \
	{                                                                                          \
		DI__ITEM(type_, di_context_require(context, &name_, err));                         \
	}                                                                                          \
	extern const struct di_key name_

/** Defines a key that was declared; in one source file. The type may be incomplete. */
#define DI_KEY_DEFINE(name_, type_)                                                                \
	_Static_assert(_Generic((name_##__type *)0, type_ * : 1, default : 0),                     \
		       "the key " #name_ " is defined with another type than it was declared");    \
	const struct di_key name_ = { #name_, { 0, #type_, DI__IS_CONST(type_) }, 0 }

#ifdef __cplusplus
}
#endif

#endif
