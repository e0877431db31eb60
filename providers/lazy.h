/* SPDX-License-Identifier: MIT */
#ifndef DI_LAZY_H
#define DI_LAZY_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * lazy: a handle to another row, which is resolved when it is used.
 *
 *     DI_LAZY_TYPE(later_session, struct session);       where the domain's types are
 *
 *     X(lazy, name, struct later_session, provider, scope)
 *
 * provides a `const struct later_session *`, for `later_session_get(lazy, err)`. provider is any
 * row of the table, also one further below: so two parts may know each other. The handle lives in
 * the contexts of that scope, as a context_resource does, and asks there, each time anew: for what
 * the provider means there then, after a reset or an override too. A product belongs to that
 * context. The provider may not live shorter than the scope; what needs the handle may not live
 * longer.
 *
 * The value behind a handle is not kept alive by who holds the handle. Where a context closes it
 * may have ended already, and then get is DI_ECLOSED. A constructor that uses a handle needs what
 * it gets like what it resolves itself: that may not need the constructor's own value, else it is
 * DI_ECYCLE.
 *
 * A context that overrides what the provider is or is built from gets a handle of its own, and so
 * does what needs the handle. An override of the row is a handle of one's own, with any function:
 *
 *     const struct later_session fake = { NULL, give_fake_session };
 */

#include "di/row.h"

#define DI_KIND_lazy ~, lazy
DI_API extern const struct di_kind di_lazy;

/**
 * Declares `struct name_`, the type of a handle to target_, and name_##_get(): what the provider is
 * in the handle's context now, borrowed until it ends there, or NULL with an error.
 */
#define DI_LAZY_TYPE(name_, target_)                                                               \
	struct name_ {                                                                             \
		struct di_context *context; /* where it asks */                                    \
		target_ *(*resolve)(const struct name_ *lazy, struct di_error *err);               \
	};                                                                                         \
	DI__UNUSED static inline target_ *name_##_get(const struct name_ *lazy,                    \
						      struct di_error *err)                        \
	{                                                                                          \
		return lazy->resolve(lazy, err);                                                   \
	}                                                                                          \
	struct name_

/* clang-format off */

#define DI_ROW_DECLARE_lazy(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__LAZY_DECLARE, DI__LAZY_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__LAZY_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, \
		#name_ ": a lazy is X(lazy, name, type, provider, scope)")
#define DI__LAZY_DECLARE(container_, name_, type_, target_, scope_) \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	typedef const type_ name_##__type; \
	DI__IF(DI__IS_PAREN(container_))(DI__LAZY_CONNECTED, DI__LAZY_ALONE)(container_, name_, target_) \
	DI__RANK_OWN(name_, di_scope_##scope_##__rank) \
	enum { name_##__per_call = (int)di_scope_##scope_##__rank >= (int)di_scope_inject__rank }; \
	extern const struct di_provider name_; \
	DI__GET(container_, name_, own) \
	DI__OVERRIDE(name_)

#define DI__LAZY_ALONE(container_, name_, target_) \
	enum { name_##__leads_to = offsetof(name_##__table, target_) };
#define DI__LAZY_CONNECTED(container_, name_, target_) \
	DI__NEED_APART_(target_, , name_, DI__EXPAND container_)

#define DI_ROW_DEFINE_lazy(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__LAZY_DEFINE, DI__LAZY_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__LAZY_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)
/* All rows are declared by now, so that the one it leads to may stand anywhere. */
#define DI__LAZY_DEFINE(container_, name_, type_, target_, scope_) \
	enum { name_##__is_target = _Generic((target_##__table *)0, name_##__table *: \
		(int)target_##__index == (int)name_##__index, default: 0) }; \
	_Static_assert(!name_##__is_target, #name_ " leads to itself"); \
	enum { name_##__outlives = (int)target_##__rank > (int)name_##__rank }; \
	_Static_assert(!name_##__outlives, #name_ " would outlive " #target_ ", which it leads to"); \
	typedef __typeof__(((type_ *)0)->resolve(NULL, NULL)) name_##__target; \
	static name_##__target name_##__resolve(const type_ *di__lazy, struct di_error *err) \
	{ \
		target_##__type *target_##__0 = target_##_get(di__lazy->context, err); \
		name_##__target name_##__value = target_##__0; \
		return name_##__value; \
	} \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		type_ *name_##__self = *di__out; \
		name_##__self->context = di__args[0]; \
		name_##__self->resolve = name_##__resolve; \
		return 0; \
	} \
	static const struct di_provider *const name_##__needs[] = { &di__context, &target_ }; \
	static const struct di_type name_##__described = { sizeof(type_), "const " #type_, 1 }; \
	const struct di_provider name_ = { \
		.name = #name_, .table = &DI__CONTAINER(container_), .kind = &di_lazy, .type = &name_##__described, \
		.index = name_##__index, .needs_count = 1, .life = name_##__rank, .lane = name_##__lane, \
		.options_count = 1, .needs = name_##__needs, .create = name_##__create, \
		.scope = &di_scope_##scope_, .storage_size = sizeof(type_), \
		.storage_align = _Alignof(type_), .constructor = "", .destructor = "" \
	};

/* clang-format on */

#endif
