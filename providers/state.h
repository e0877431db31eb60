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
 *     X(state, name, type)                in a table with a default scope, see di/scope.h
 *
 * `name_put(context, value, err)` gives a context of that scope its value, see di_state_put();
 * until then resolving it is DI_ENOVALUE, or DI_ENOCONTEXT where no such context is open.
 */

#include "di/row.h"

#define DI_KIND_state ~, state
DI_API extern const struct di_kind di_state;

/* clang-format off */

#define DI_ROW_DECLARE_state(container_, kind_, name_, type_, ...) \
	DI__STATE_FORM(DI__STATE_DECLARE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__)
#define DI_ROW_DEFINE_state(container_, kind_, name_, type_, ...) \
	DI__STATE_FORM(DI__STATE_DEFINE, container_, __VA_ARGS__) \
	(container_, name_, type_, __VA_ARGS__)

/* With a scope, without one (then the table has filled the row up, see DI__ROW_TOO_LONG), or wrong. */
#define DI__STATE_FORM(M_, container_, ...) \
	DI__IF(DI__HAS_COLUMNS(1, __VA_ARGS__))( \
		DI__IF(DI__IS_PAREN(DI__FIRST(__VA_ARGS__)))(DI__CAT(M_, _STRICT), M_), \
		DI__IF(DI__IS_LEFT_OUT(__VA_ARGS__))( \
			DI__IF(DI__HAS_DEFAULT_SCOPE(container_))(DI__CAT(M_, _DEFAULT), \
								  DI__CAT(M_, _UNSCOPED)), \
			DI__CAT(M_, _WRONG)))

#define DI__STATE_DECLARE(container_, name_, type_, scope_) \
	DI__SCOPE_CHECK(name_, scope_) \
	enum { name_##__scope_rank = di_scope_##scope_##__rank }; \
	DI__GIVEN_DECLARE(container_, name_, type_, own, di_scope_##scope_##__rank) \
	/** Gives the context its value; see di_state_put(). */ \
	static inline enum di_status name_##_put(struct di_context *context, \
						 name_##__type *value, struct di_error *err) \
	{ \
		return di_state_put(context, &name_, value, err); \
	}
#define DI__STATE_DEFINE(container_, name_, type_, scope_) \
	DI__SCOPE_SAME(name_, scope_) \
	DI__GIVEN_DEFINE(container_, state, name_, type_, &di_scope_##scope_, NULL)

#define DI__STATE_DECLARE_DEFAULT(container_, name_, type_, ...) \
	DI__STATE_DECLARE_(container_, name_, type_, DI__SCOPE(DI__DEFAULT_SCOPE(container_)))
#define DI__STATE_DECLARE_(...) DI__STATE_DECLARE(__VA_ARGS__)
#define DI__STATE_DEFINE_DEFAULT(container_, name_, type_, ...) \
	DI__STATE_DEFINE_(container_, name_, type_, DI__SCOPE(DI__DEFAULT_SCOPE(container_)))
#define DI__STATE_DEFINE_(...) DI__STATE_DEFINE(__VA_ARGS__)

#define DI__STATE_DECLARE_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": a state is X(state, name, type, scope)")
#define DI__STATE_DEFINE_WRONG(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)
#define DI__STATE_DECLARE_STRICT(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": only a context_resource is strict; " \
		"a state is X(state, name, type, scope)")
#define DI__STATE_DEFINE_STRICT DI__STATE_DEFINE_WRONG
#define DI__STATE_DECLARE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DECLARE(container_, name_)
#define DI__STATE_DEFINE_UNSCOPED(container_, name_, type_, ...) \
	DI__UNSCOPED_DEFINE(container_, name_)

/* clang-format on */

#endif
