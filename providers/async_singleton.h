/* SPDX-License-Identifier: MIT */
#ifndef DI_ASYNC_SINGLETON_H
#define DI_ASYNC_SINGLETON_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * async_singleton: a value made when it is first asked for, once in a container, and ended with it.
 *
 *     X(async_singleton, name, type, (function, needs...), destructor)
 *
 * It may need objects, singletons, resources, and factories of such; nothing that lives shorter.
 *
 * The constructor is int function(struct di_call *, needs...); see di/call.h for what it does, and
 * for destructors that take their time. `name_get_async` asks for the value; plain code has it once
 * it is there.
 */

#include "di/async_row.h"

#define DI_KIND_async_singleton ~, async_singleton
DI_API extern const struct di_kind di_async_singleton;

/* clang-format off */

#define DI_ROW_DECLARE_async_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__ASYNC_SINGLETON_DECLARE, DI__ASYNC_SINGLETON_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__ASYNC_SINGLETON_DECLARE(container_, name_, type_, call_, end_) \
	DI__RANK_OWN(name_, di_scope_app__rank) \
	DI__ASYNC_DECLARE(container_, name_, type_, call_, root, di_scope_app__rank, 0)
#define DI__ASYNC_SINGLETON_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, \
		#name_ ": an async_singleton is X(async_singleton, name, type, (function, needs...), destructor)")

#define DI_ROW_DEFINE_async_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__ASYNC_SINGLETON_DEFINE, DI__ASYNC_SINGLETON_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__ASYNC_SINGLETON_DEFINE(container_, name_, type_, call_, end_) \
	DI__ASYNC_DEFINE(container_, async_singleton, name_, type_, call_, end_, NULL)
#define DI__ASYNC_SINGLETON_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
