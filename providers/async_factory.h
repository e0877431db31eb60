/* SPDX-License-Identifier: MIT */
#ifndef DI_ASYNC_FACTORY_H
#define DI_ASYNC_FACTORY_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * async_factory: a value made anew each time it is asked for.
 *
 *     X(async_factory, name, type, (function, needs...), destructor)
 *
 * A product ends with the context it was asked in, or with the value it was made for; `name_drop`
 * or di_context_drop_async() ends one before, and one that nobody awaits any more ends at once.
 * Plain code makes none. What needs a factory lives at most as long as what the factory needs.
 *
 * The constructor may itself ask for products of its own factory. Each is another value, so that
 * this is no cycle to di, and it has to stop like any function that calls itself.
 *
 * The constructor is int function(struct di_call *, needs...); see di/call.h for what it does, and
 * for destructors that take their time. `name_get_async` asks for the value; plain code has it once
 * it is there.
 */

#include "di/async_row.h"

#define DI_KIND_async_factory ~, async_factory
DI_API extern const struct di_kind di_async_factory;

/* clang-format off */

#define DI_ROW_DECLARE_async_factory(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__ASYNC_FACTORY_DECLARE, DI__ASYNC_FACTORY_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__ASYNC_FACTORY_DECLARE(container_, name_, type_, call_, end_) \
	DI__ASYNC_DECLARE(container_, name_, type_, call_, new, di_scope_any__rank, 1) \
	DI__RANK_OF_NEEDS(name_, call_) \
	/** Ends one product before its context does; see di_context_drop(). */ \
	static inline enum di_status name_##_drop(struct di_context *context, \
						  name_##__type *value, struct di_error *err) \
	{ \
		return di_context_drop(context, &name_, value, err); \
	}
#define DI__ASYNC_FACTORY_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, \
		#name_ ": an async_factory is X(async_factory, name, type, (function, needs...), destructor)")

#define DI_ROW_DEFINE_async_factory(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__ASYNC_FACTORY_DEFINE, DI__ASYNC_FACTORY_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__ASYNC_FACTORY_DEFINE(container_, name_, type_, call_, end_) \
	DI__ASYNC_DEFINE(container_, async_factory, name_, type_, call_, end_, NULL)
#define DI__ASYNC_FACTORY_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
