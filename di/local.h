/* SPDX-License-Identifier: MIT */
#ifndef DI_LOCAL_H
#define DI_LOCAL_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Context-local values: typed values that belong to the flow and need no container.
 *
 *     #define WEB_LOCALS(X)                                    name, type, ended by
 *             X(web_user,  struct user, user_free)
 *             X(web_trace, const char,  di_keep)               borrowed
 *
 *     DI_LOCAL_DECLARE(web, WEB_LOCALS);                       in a header
 *     DI_LOCAL_DEFINE(web, WEB_LOCALS);                        in one source file
 *
 * declares a namespace, `const struct di_local web`, and for each row, of type T
 *
 *     T *web_user_get(void);
 *     T *web_user_get_or(T *fallback);
 *     T *web_user_require(struct di_error *err);
 *     enum di_status web_user_set(T *value, struct di_error *err);
 *     enum di_status web_user_set_until(T *value, struct di_local_undo *undo,
 *                                       struct di_error *err);
 *     enum di_status web_user_unset(struct di_error *err);
 *
 * A row ends by `void f(T *)`, by `void f(void *)` where T is not const, or by di_keep. A value
 * that was set belongs to di; it ends when nobody holds it any more: the flow, its blocks,
 * captures, generators. Copies share values: what is isolated is what a name stands for, not what
 * it points to. After an error the value is still the caller's.
 *
 * Every flow has values of its own, and a new thread starts with none; see di/capture.h for how to
 * take them along. A block, begun by di_local_begin(), sees what was set before it and undoes at
 * its end what was set and unset inside, in that namespace alone. Unset in a block hides the outer
 * value until the end. Copying is O(1), a get does not depend on how deep blocks are nested.
 *
 * All these functions are of the calling flow, and none may be called from an allocator.
 * Destructors run on the thread that gives up a value last, with no lock held, and may call
 * everything.
 */

#include "di/allocator.h"
#include "di/compiler.h"
#include "di/error.h"
#include "di/key.h"
#include "di/preprocessor.h"
#include "di/provider.h"
#include "di/type.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One row of a namespace. The macros write it. */
struct di_local_field {
	const char *name;
	struct di_type type;
	void (*end)(void *value); /**< NULL: values are borrowed */
};

/**
 * A namespace: constant where it was declared with fields, see di/local_map.h for one of names that
 * come at run time.
 */
struct di_local {
	uint32_t abi;   /**< DI_ABI */
	uint32_t count; /**< how many fields */
	const char *name;
	const struct di_local_field *fields;  /**< NULL: it is a map */
	const struct di_allocator *allocator; /**< of what holds values; NULL: malloc */
};

/** A block that was begun; the caller's memory, to be handed to di_local_end(). */
struct di_local_block {
	uint64_t serial; /* private */
};

/** A set that can be undone; the caller's memory, to be handed to di_local_undo(). */
struct di_local_undo {
	uint64_t serial; /* private */
};

/**
 * The value of a field that the flow sees, or NULL: what the generated <field>_get calls.
 *
 * Borrowed until the flow sets or unsets it, or ends the block in which it was set.
 */
DI_API const void *di_local_get(const struct di_local *space, uint32_t field);

/** The same where it has to be there; else NULL with DI_ENOVALUE, which says what is not set. */
DI_API const void *di_local_require(const struct di_local *space, uint32_t field,
				    struct di_error *err);

/**
 * Sets a field, whose value before ends if nobody else holds it: what <field>_set calls.
 *
 * DI_ENULL; DI_EINVAL (no such field); DI_EABI; DI_ENOMEM.
 */
DI_API enum di_status di_local_set(const struct di_local *space, uint32_t field, const void *value,
				   struct di_error *err);

/**
 * Sets a field until di_local_undo(), or until the block ends: what <field>_set_until calls.
 *
 * What is set, and what was there before, live that long at least. Errors as for di_local_set().
 */
DI_API enum di_status di_local_set_until(const struct di_local *space, uint32_t field,
					 const void *value, struct di_local_undo *undo,
					 struct di_error *err);

/** Unsets a field. DI_ENOVALUE where it is not set; DI_EINVAL; DI_ENOMEM, and it is still set. */
DI_API enum di_status di_local_unset(const struct di_local *space, uint32_t field,
				     struct di_error *err);

/**
 * Gives a name back the value that it had before di_local_set_until(), or none.
 *
 * Whatever the name was set to meanwhile is gone. DI_EINVAL, and nothing is changed: something was
 * begun or set after it that is to be ended or undone first, it was undone or kept already, or
 * another flow has set it. DI_ENOMEM, nothing changed, where a capture was taken meanwhile.
 */
DI_API enum di_status di_local_undo(struct di_local_undo *undo, struct di_error *err);

/** Lets the value stay: it will not be undone. DI_EINVAL as for di_local_undo(). */
DI_API enum di_status di_local_keep(struct di_local_undo *undo, struct di_error *err);

/**
 * Begins a block in which what happens to the namespace is undone at the end; any number nest.
 *
 * DI_EINVAL (NULL); DI_EABI; DI_ENOMEM. A block that a generator has begun stays with the
 * generator.
 */
DI_API enum di_status di_local_begin(const struct di_local *space, struct di_local_block *block,
				     struct di_error *err);

/**
 * Ends the block that was begun last: the values are again what they were before it.
 *
 * Sets of the same namespace that were not undone end with it. It allocates nothing. DI_EINVAL, and
 * nothing is changed: something was begun or set after it that is to be ended or undone first, it
 * has ended already, or another flow has begun it.
 */
DI_API enum di_status di_local_end(struct di_local_block *block, struct di_error *err);

typedef void di_local_fn(void *data);

/**
 * Calls function in a block of that namespace.
 *
 * Errors as for di_local_begin(), and then function is not called. Blocks that it has left open are
 * ended, and are DI_EINVAL.
 */
DI_API enum di_status di_local_call(const struct di_local *space, di_local_fn *function, void *data,
				    struct di_error *err);

/** type is NULL for the values of maps. */
typedef void di_local_each_fn(void *data, const char *name, const struct di_type *type,
			      const void *value);

/**
 * Calls function for each value of the namespace that the flow sees now, in an order that is the
 * same for the same names, and returns how many there are.
 *
 * function, which may be NULL, may set and unset; what is listed are the values at the beginning,
 * which live until all have been listed.
 */
DI_API size_t di_local_each(const struct di_local *space, di_local_each_fn *function, void *data);

/** What DI_WITH_LOCAL keeps; not for direct use. */
struct di__with_local {
	struct di_local_block block;
	struct di_error *err;
	int runs, begun;
};
DI_API struct di__with_local di__with_local_begin(const struct di_local *space,
						  struct di_error *err);
DI_API void di__with_local_end(struct di__with_local *with);

/**
 * A block of C that is a block of the namespace: DI_WITH_LOCAL(&web, &err) { ... }.
 *
 * It ends however it is left: at its end, by break, continue, return or goto. Where it cannot
 * begin it does not run, and err says why; err may be NULL.
 */
#define DI_WITH_LOCAL(space_, err_) DI__WITH_LOCAL(DI__CAT(di__with_local_, __LINE__), space_, err_)
#define DI__WITH_LOCAL(with_, space_, err_)                                                        \
	for (struct di__with_local with_ DI__CLEANUP(di__with_local_end) =                         \
		     di__with_local_begin((space_), (err_));                                       \
	     with_.runs; with_.runs = 0)

/** Declares a namespace and the functions of its fields; for headers. */
#define DI_LOCAL_DECLARE(name_, list_)                                                             \
	extern const struct di_local name_;                                                        \
	enum name_##__indices{ list_(DI__LOCAL_INDEX) name_##__count };                            \
	DI__CHECKED_BEGIN                                                                          \
	DI__ROWS(name_, list_(name_ DI__LOCAL_ROW_DECLARE))                                        \
	DI__CHECKED_END                                                                            \
	extern const struct di_local name_

/** Defines the namespace that was declared; in one source file, after the destructors. */
#define DI_LOCAL_DEFINE(name_, list_) DI_LOCAL_DEFINE_IN(name_, list_, NULL)

/** The same, with an allocator, which is constant and lives as long as the program. */
#define DI_LOCAL_DEFINE_IN(name_, list_, allocator_)                                               \
	DI__CHECKED_BEGIN                                                                          \
	DI__ROWS(name_, list_(name_ DI__LOCAL_ROW_DEFINE))                                         \
	static const struct di_local_field name_##__fields[] = { list_(DI__LOCAL_FIELD) };         \
	DI__CHECKED_END                                                                            \
	_Static_assert(sizeof(name_##__fields) / sizeof(name_##__fields[0]) == name_##__count,     \
		       "the namespace " #name_                                                     \
		       " is defined with other rows than it was declared");                        \
	const struct di_local name_ = { DI_ABI, name_##__count, #name_, name_##__fields,           \
					allocator_ }

/* clang-format off */

#define DI__LOCAL_INDEX(name_, ...) name_##__index,
#define DI__LOCAL_ROW_DECLARE(...) ) DI__LOCAL_DECLARE_ROW DI__EMPTY() ((__VA_ARGS__),
#define DI__LOCAL_ROW_DEFINE(...) ) DI__LOCAL_DEFINE_ROW DI__EMPTY() ((__VA_ARGS__),
#define DI__LOCAL_DECLARE_ROW(row_, space_) DI__APPLY(DI__LOCAL_DECLARE, space_, DI__EXPAND row_)
#define DI__LOCAL_DEFINE_ROW(row_, space_) DI__APPLY(DI__LOCAL_DEFINE, space_, DI__EXPAND row_)

/** The value as the row's type. */
#define DI__LOCAL_VALUE(name_, value_) \
	union { \
		const void *any; \
		name_##__type *typed; \
	} value; \
	value.any = (value_); \
	return value.typed

#define DI__LOCAL_DECLARE(space_, name_, type_, end_) \
	typedef type_ name_##__type; \
	DI__UNUSED static inline name_##__type *name_##_get(void) \
	{ \
		DI__LOCAL_VALUE(name_, di_local_get(&space_, name_##__index)); \
	} \
	DI__UNUSED static inline name_##__type *name_##_get_or(name_##__type *fallback) \
	{ \
		name_##__type *found = name_##_get(); \
		return found ? found : fallback; \
	} \
	DI__UNUSED static inline name_##__type *name_##_require(struct di_error *err) \
	{ \
		DI__LOCAL_VALUE(name_, di_local_require(&space_, name_##__index, err)); \
	} \
	DI__UNUSED static inline enum di_status name_##_set(name_##__type *value, struct di_error *err) \
	{ \
		return di_local_set(&space_, name_##__index, value, err); \
	} \
	DI__UNUSED static inline enum di_status name_##_set_until( \
		name_##__type *value, struct di_local_undo *undo, struct di_error *err) \
	{ \
		return di_local_set_until(&space_, name_##__index, value, undo, err); \
	} \
	DI__UNUSED static inline enum di_status name_##_unset(struct di_error *err) \
	{ \
		return di_local_unset(&space_, name_##__index, err); \
	}

/* The numbers of the forms; di_keep has a type of its own. */
enum {
	di__local_keep,
	di__local_typed,
	di__local_any,
	di__local_none
};

#define DI__LOCAL_DEFINE(space_, name_, type_, end_) \
	_Static_assert(_Generic((name_##__type *)0, type_ *: 1, default: 0), \
		       "the field " #name_ " is defined with another type than it was declared"); \
	enum { name_##__end = _Generic(end_, \
		void (*)(const void *): di__local_keep, \
		default: _Generic(end_, void (*)(name_##__type *): di__local_typed, \
			default: _Generic(end_, void (*)(void *): \
				(DI__IS_CONST(type_) ? di__local_none : di__local_any), \
				default: di__local_none))) }; \
	_Static_assert((int)name_##__end != di__local_none, \
		       "the destructor of " #name_ " is void f(T *), or void f(void *) where T is not " \
		       "const; or di_keep"); \
	static void name_##__destroy(void *value) \
	{ \
		void (*end)(void) = (void (*)(void))end_; \
		if ((int)name_##__end == di__local_typed) \
			((void (*)(name_##__type *))end)(value); \
		else \
			((void (*)(void *))end)(value); \
	}
#define DI__LOCAL_FIELD(name_, type_, end_) \
	{ #name_, { 0, #type_, DI__IS_CONST(type_) }, \
	  (int)name_##__end == di__local_keep ? NULL : name_##__destroy },

/* clang-format on */

#ifdef __cplusplus
}
#endif

#endif
