/* SPDX-License-Identifier: MIT */
#ifndef DI_CONTEXT_RESOURCE_H
#define DI_CONTEXT_RESOURCE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * context_resource: a value made once in each context of its scope, on first use, and ended with
 * it.
 *
 *     X(context_resource, name, type, (function, needs...), destructor, scope)
 *     X(context_resource, name, type, (function, needs...), destructor, DI_STRICT(scope))
 *     X(context_resource, name, type, (function, needs...), destructor)
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
 */

#include "di/row.h"

#define DI_KIND_context_resource ~, context_resource
DI_API extern const struct di_kind di_context_resource;
/** The kind of rows with DI_STRICT. */
DI_API extern const struct di_kind di_strict_context_resource;

/* clang-format off */

#define DI_ROW_DECLARE_context_resource(container_, kind_, name_, type_, ...) \
	DI__CONTEXT_RESOURCE_FORM(DI__CONTEXT_RESOURCE_DECLARE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__, DI__DEFAULT_SCOPE(container_), ~)
#define DI_ROW_DEFINE_context_resource(container_, kind_, name_, type_, ...) \
	DI__CONTEXT_RESOURCE_FORM(DI__CONTEXT_RESOURCE_DEFINE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__, DI__DEFAULT_SCOPE(container_), ~)

/* With a scope, without one, or wrong. The default stands behind all columns, used or not. */
#define DI__CONTEXT_RESOURCE_FORM(M_, container_, ...) \
	DI__IF(DI__HAS_COLUMNS(3, __VA_ARGS__))(M_, \
		DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))( \
			DI__IF(DI__HAS_DEFAULT_SCOPE(container_))(M_, DI__CAT(M_, _UNSCOPED)), \
			DI__CAT(M_, _WRONG)))

#define DI__CONTEXT_RESOURCE_DECLARE(container_, name_, type_, call_, end_, scope_, ...) \
	DI__IF(DI__IS_PAREN(scope_))(DI__STRICT_CHECK, DI__NOT_STRICT)(name_, scope_) \
	DI__CONTEXT_RESOURCE_DECLARE_(container_, name_, type_, call_, end_, DI__SCOPE(scope_))
#define DI__CONTEXT_RESOURCE_DECLARE_(...) DI__CONTEXT_RESOURCE_DECLARE__(__VA_ARGS__)
#define DI__CONTEXT_RESOURCE_DECLARE__(container_, name_, type_, call_, end_, scope_) \
	DI__SCOPE_CHECK(name_, scope_) \
	DI__RANK_OWN(name_, di_scope_##scope_##__rank) \
	enum { name_##__scope_rank = name_##__rank }; \
	DI__MADE_DECLARE(container_, name_, type_, call_, own, di_scope_##scope_##__rank, \
			 (int)di_scope_##scope_##__rank >= (int)di_scope_inject__rank)

#define DI__CONTEXT_RESOURCE_DEFINE(container_, name_, type_, call_, end_, scope_, ...) \
	DI__CONTEXT_RESOURCE_DEFINE_(container_, \
				     DI__IF(DI__IS_PAREN(scope_))(strict_context_resource, \
								  context_resource), \
				     name_, type_, call_, end_, DI__SCOPE(scope_))
#define DI__CONTEXT_RESOURCE_DEFINE_(...) DI__CONTEXT_RESOURCE_DEFINE__(__VA_ARGS__)
#define DI__CONTEXT_RESOURCE_DEFINE__(container_, kind_, name_, type_, call_, end_, scope_) \
	DI__SCOPE_SAME(name_, scope_) \
	DI__MADE_DEFINE(container_, kind_, name_, type_, call_, end_, &di_scope_##scope_)

#define DI__NOT_STRICT(name_, scope_)
#define DI__STRICT_CHECK(name_, scope_) \
	_Static_assert(DI__EQUAL(DI__COUNT scope_, 2), \
		       "the scope of " #name_ " is a word or DI_STRICT(word)"); \
	DI__STRICT_CHECK_(name_, DI__FIRST scope_)
#define DI__STRICT_CHECK_(name_, scope_) DI__STRICT_CHECK__(name_, scope_)
#define DI__STRICT_CHECK__(name_, scope_) \
	_Static_assert((int)di_scope_##scope_##__rank != (int)di_scope_any__rank, \
		       #name_ ": any is whatever context is innermost, strict can be only one scope");

#define DI__CONTEXT_RESOURCE_DECLARE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": a context_resource is " \
		"X(context_resource, name, type, (function, needs...), destructor, scope)")
#define DI__CONTEXT_RESOURCE_DEFINE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DEFINE(container_, name_)
#define DI__CONTEXT_RESOURCE_DECLARE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DECLARE(container_, name_)
#define DI__CONTEXT_RESOURCE_DEFINE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DEFINE(container_, name_)

/* clang-format on */

#endif
