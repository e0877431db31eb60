/* SPDX-License-Identifier: MIT */
#ifndef DI_STATE_H
#define DI_STATE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * state: a value that the program gives to a context at run time.
 *
 *     X(state, name, type, scope)
 *
 * `name_put(context, value, err)` gives a context of that scope its value, see di_state_put(); until
 * then resolving it is DI_ENOVALUE, or DI_ENOCONTEXT where no such context is open.
 */

#include "di/row.h"

#define DI_KIND_state ~, state
DI_API extern const struct di_kind di_state;

/* clang-format off */

#define DI_ROW_DECLARE_state(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(1, __VA_ARGS__))(DI__STATE_DECLARE, DI__STATE_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__STATE_DECLARE(container_, name_, type_, scope_) \
	DI__GIVEN_DECLARE(container_, name_, type_, own, di_scope_##scope_##__rank) \
	/** Gives the context its value; see di_state_put(). */ \
	static inline enum di_status name_##_put(struct di_context *context, \
						 name_##__type *value, struct di_error *err) \
	{ \
		return di_state_put(context, &name_, value, err); \
	}
#define DI__STATE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": a state is X(state, name, type, scope)")

#define DI_ROW_DEFINE_state(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(1, __VA_ARGS__))(DI__STATE_DEFINE, DI__STATE_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__STATE_DEFINE(container_, name_, type_, scope_) \
	DI__GIVEN_DEFINE(container_, state, name_, type_, &di_scope_##scope_, NULL)
#define DI__STATE_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
