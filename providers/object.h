/* SPDX-License-Identifier: MIT */
#ifndef DI_OBJECT_H
#define DI_OBJECT_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * object: a value that is there already and is not ours to end.
 *
 *     X(object, name, type, address)
 *
 * address is an address constant of that type, such as &default_config.
 */

#include "di/row.h"

#define DI_KIND_object ~, object
DI_API extern const struct di_kind di_object;

/* clang-format off */

#define DI_ROW_DECLARE_object(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(1, __VA_ARGS__))(DI__OBJECT_DECLARE, DI__OBJECT_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__OBJECT_DECLARE(container_, name_, type_, object_) \
	DI__GIVEN_DECLARE(container_, name_, type_, root, di_scope_app__rank)
#define DI__OBJECT_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": an object is X(object, name, type, address)")

#define DI_ROW_DEFINE_object(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(1, __VA_ARGS__))(DI__OBJECT_DEFINE, DI__OBJECT_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
/* The typed pointer is what compares the types; the descriptor keeps the same address. Without
   parentheses, for the compiler to report the row. */
#define DI__OBJECT_DEFINE(container_, name_, type_, object_) \
	DI__UNUSED static name_##__type *const name_##__object = object_; \
	DI__GIVEN_DEFINE(container_, object, name_, type_, NULL, (object_))
#define DI__OBJECT_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
