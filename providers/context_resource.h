/* SPDX-License-Identifier: MIT */
#ifndef DI_CONTEXT_RESOURCE_H
#define DI_CONTEXT_RESOURCE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * context_resource: a value made once in each context of its scope, on first use, and ended with it.
 *
 *     X(context_resource, name, type, (function, needs...), destructor, scope)
 *
 * scope is app, request, inject, any, or the user's own (DI_SCOPE_DECLARE). It may need whatever has a
 * rank at most its own, and factories of such.
 */

#include "di/row.h"

#define DI_KIND_context_resource ~, context_resource
DI_API extern const struct di_kind di_context_resource;

/* clang-format off */

#define DI_ROW_DECLARE_context_resource(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(3, __VA_ARGS__))(DI__CONTEXT_RESOURCE_DECLARE, \
						DI__CONTEXT_RESOURCE_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__CONTEXT_RESOURCE_DECLARE(container_, name_, type_, call_, end_, scope_) \
	DI__RANK_OWN(name_, di_scope_##scope_##__rank) \
	DI__MADE_DECLARE(container_, name_, type_, call_, own, di_scope_##scope_##__rank, \
			 (int)di_scope_##scope_##__rank >= (int)di_scope_inject__rank)
#define DI__CONTEXT_RESOURCE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": a context_resource is " \
		"X(context_resource, name, type, (function, needs...), destructor, scope)")

#define DI_ROW_DEFINE_context_resource(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(3, __VA_ARGS__))(DI__CONTEXT_RESOURCE_DEFINE, \
						DI__CONTEXT_RESOURCE_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__CONTEXT_RESOURCE_DEFINE(container_, name_, type_, call_, end_, scope_) \
	DI__MADE_DEFINE(container_, context_resource, name_, type_, call_, end_, &di_scope_##scope_)
#define DI__CONTEXT_RESOURCE_WRONG_DEFINE(container_, name_, type_, ...) \
	DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
