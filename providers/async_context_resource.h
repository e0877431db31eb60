/* SPDX-License-Identifier: MIT */
#ifndef DI_ASYNC_CONTEXT_RESOURCE_H
#define DI_ASYNC_CONTEXT_RESOURCE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * async_context_resource: a value made once in each context of its scope, when it is first asked
 * for, and ended with it.
 *
 *     X(async_context_resource, name, type, (function, needs...), destructor, scope)
 *     X(async_context_resource, name, type, (function, needs...), destructor, DI_STRICT(scope))
 *     X(async_context_resource, name, type, (function, needs...), destructor)
 *
 * scope is app, request, inject, any, or the user's own (DI_SCOPE_DECLARE); left out it is the
 * default of the table, see di/scope.h. It may need whatever has a rank at most its own, and
 * factories of such.
 *
 * A strict one resolves only while the innermost context has exactly its scope, and not from other
 * contexts further in: DI_ENOCONTEXT. The innermost context is the one that is named in the call,
 * and for a need the home of what needs it. Contexts of no scope and those that handlers open for a
 * call do not stand in the way. What is overridden or stands for it (di_override_with()) is no
 * matter of scope.
 *
 * The constructor is int function(struct di_call *, needs...); see di/call.h for what it does, and
 * for destructors that take their time. `name_get_async` asks for the value; plain code has it once
 * it is there.
 */

#include "di/async_row.h"
#include "providers/context_resource.h"

#define DI_KIND_async_context_resource ~, async_context_resource
DI_API extern const struct di_kind di_async_context_resource;
/** The kind of rows with DI_STRICT. */
DI_API extern const struct di_kind di_strict_async_context_resource;

/* clang-format off */

#define DI_ROW_DECLARE_async_context_resource(container_, kind_, name_, type_, ...) \
	DI__ASYNC_CONTEXT_RESOURCE_FORM(DI__ASYNC_CONTEXT_RESOURCE_DECLARE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__, DI__DEFAULT_SCOPE(container_), ~)
#define DI_ROW_DEFINE_async_context_resource(container_, kind_, name_, type_, ...) \
	DI__ASYNC_CONTEXT_RESOURCE_FORM(DI__ASYNC_CONTEXT_RESOURCE_DEFINE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__, DI__DEFAULT_SCOPE(container_), ~)

/* With a scope, without one, or wrong. The default stands behind all columns, used or not. */
#define DI__ASYNC_CONTEXT_RESOURCE_FORM(M_, container_, ...) \
	DI__IF(DI__HAS_COLUMNS(3, __VA_ARGS__))(M_, \
		DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))( \
			DI__IF(DI__HAS_DEFAULT_SCOPE(container_))(M_, DI__CAT(M_, _UNSCOPED)), \
			DI__CAT(M_, _WRONG)))

#define DI__ASYNC_CONTEXT_RESOURCE_DECLARE(container_, name_, type_, call_, end_, scope_, ...) \
	DI__IF(DI__IS_PAREN(scope_))(DI__STRICT_CHECK, DI__NOT_STRICT)(name_, scope_) \
	DI__ASYNC_CONTEXT_RESOURCE_DECLARE_(container_, name_, type_, call_, end_, DI__SCOPE(scope_))
#define DI__ASYNC_CONTEXT_RESOURCE_DECLARE_(...) DI__ASYNC_CONTEXT_RESOURCE_DECLARE__(__VA_ARGS__)
#define DI__ASYNC_CONTEXT_RESOURCE_DECLARE__(container_, name_, type_, call_, end_, scope_) \
	DI__SCOPE_CHECK(name_, scope_) \
	DI__RANK_OWN(name_, di_scope_##scope_##__rank) \
	enum { name_##__scope_rank = name_##__rank }; \
	DI__ASYNC_DECLARE(container_, name_, type_, call_, own, di_scope_##scope_##__rank, \
			 (int)di_scope_##scope_##__rank >= (int)di_scope_inject__rank)

#define DI__ASYNC_CONTEXT_RESOURCE_DEFINE(container_, name_, type_, call_, end_, scope_, ...) \
	DI__ASYNC_CONTEXT_RESOURCE_DEFINE_(container_, \
				     DI__IF(DI__IS_PAREN(scope_))(strict_async_context_resource, \
								  async_context_resource), \
				     name_, type_, call_, end_, DI__SCOPE(scope_))
#define DI__ASYNC_CONTEXT_RESOURCE_DEFINE_(...) DI__ASYNC_CONTEXT_RESOURCE_DEFINE__(__VA_ARGS__)
#define DI__ASYNC_CONTEXT_RESOURCE_DEFINE__(container_, kind_, name_, type_, call_, end_, scope_) \
	DI__SCOPE_SAME(name_, scope_) \
	DI__ASYNC_DEFINE(container_, kind_, name_, type_, call_, end_, &di_scope_##scope_)

#define DI__ASYNC_CONTEXT_RESOURCE_DECLARE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": an async_context_resource is " \
		"X(async_context_resource, name, type, (function, needs...), destructor, scope)")
#define DI__ASYNC_CONTEXT_RESOURCE_DEFINE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DEFINE(container_, name_)
#define DI__ASYNC_CONTEXT_RESOURCE_DECLARE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DECLARE(container_, name_)
#define DI__ASYNC_CONTEXT_RESOURCE_DEFINE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DEFINE(container_, name_)

/* clang-format on */

#endif
