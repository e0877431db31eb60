/* SPDX-License-Identifier: MIT */
#ifndef DI_SINGLETON_H
#define DI_SINGLETON_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * singleton: a value made on first use, once in a container, and ended with it.
 *
 *     X(singleton, name, type, (function, needs...), destructor)
 *
 * It may need objects, singletons, resources, and factories of such; nothing that lives shorter.
 */

#include "di/row.h"

#define DI_KIND_singleton ~, singleton
DI_API extern const struct di_kind di_singleton;

/* clang-format off */

#define DI_ROW_DECLARE_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__SINGLETON_DECLARE, DI__SINGLETON_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__SINGLETON_DECLARE(container_, name_, type_, call_, end_) \
	DI__RANK_OWN(name_, di_scope_app__rank) \
	DI__MADE_DECLARE(container_, name_, type_, call_, root, di_scope_app__rank, 0)
#define DI__SINGLETON_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, \
		#name_ ": a singleton is X(singleton, name, type, (function, needs...), destructor)")

#define DI_ROW_DEFINE_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__SINGLETON_DEFINE, DI__SINGLETON_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__SINGLETON_DEFINE(container_, name_, type_, call_, end_) \
	DI__MADE_DEFINE(container_, singleton, name_, type_, call_, end_, NULL)
#define DI__SINGLETON_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
