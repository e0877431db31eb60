/* SPDX-License-Identifier: MIT */
#ifndef DI_MEMBERS_H
#define DI_MEMBERS_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * What rows that name several others are made of. A member is written as a word, or as a pair
 * ("key", word); which of the two a kind takes it says itself. For those who write a kind; see
 * di/row.h.
 */

#include "di/row.h"
#include "di/sequence.h"

/* clang-format off */

/* ---- One member. What is written otherwise is a row that always fits: its kind says what is wrong. ---- */

#define DI__IS_PAIR(member_) \
	DI__IF(DI__IS_PAREN(member_))(DI__IS_PAIR_PAREN, DI__IS_PAIR_BARE)(member_)
#define DI__IS_PAIR_PAREN(member_) DI__EQUAL(DI__COUNT member_, 2)
#define DI__IS_PAIR_BARE(member_) 0
#define DI__KEY(member_) DI__IF(DI__IS_PAIR(member_))(DI__KEY_OF_PAIR, DI__KEY_OF_NONE)(member_)
#define DI__KEY_OF_PAIR(member_) DI__FIRST member_
#define DI__KEY_OF_NONE(member_) ""
#define DI__MEMBER(member_) \
	DI__IF(DI__IS_PAREN(member_))(DI__MEMBER_PAREN, DI__MEMBER_WORD)(member_)
#define DI__MEMBER_WORD(member_) member_
#define DI__MEMBER_PAREN(member_) \
	DI__IF(DI__IS_PAIR(member_))(DI__MEMBER_OF_PAIR, DI__MEMBER_OF_NONE)(member_)
#define DI__MEMBER_OF_PAIR(member_) DI__SECOND member_
#define DI__MEMBER_OF_NONE(member_) di__context

/* 1 for what stands where a row has no members: see DI__ROW_TOO_LONG. */
#define DI__IS_NOTHING(...) DI__IS_NOTHING_(DI__FIRST(__VA_ARGS__))
#define DI__IS_NOTHING_(member_) \
	DI__IF(DI__IS_PAREN(member_))(DI__IS_NOTHING_PAREN, DI__IS_PAIR_BARE)(member_)
#define DI__IS_NOTHING_PAREN(member_) DI__EQUAL(DI__COUNT member_, 9)

/* ---- For DI__EACH: M_(name, member, number). ---- */

#define DI__MEMBER_COUNTED(name_, member_, number_) + 1
#define DI__MEMBER_LATER(name_, member_, number_) \
	DI__NEED_LATER_(name_, DI__MEMBER(member_), _member##number_)
#define DI__MEMBER_CONNECTED(row_, member_, number_) \
	DI__NEED_CONNECTED_(DI__MEMBER(member_), _member##number_, DI__EXPAND row_)
#define DI__MEMBERS_CHECK(container_, name_, ...) \
	DI__IF(DI__IS_PAREN(container_)) \
	(DI__EACH(DI__MEMBER_CONNECTED, (name_, DI__EXPAND container_), __VA_ARGS__), \
	 DI__EACH(DI__MEMBER_LATER, name_, __VA_ARGS__))
#define DI__MEMBER_RANK(name_, member_, number_) \
	char member##number_[1 + DI__CAT(DI__MEMBER(member_), __rank)];
#define DI__MEMBER_PER_CALL(name_, member_, number_) | (int)DI__CAT(DI__MEMBER(member_), __per_call)
#define DI__MEMBER_IS_NEW(name_, member_, number_) | (int)DI__CAT(DI__MEMBER(member_), __is_new)
#define DI__MEMBER_ADDRESS(name_, member_, number_) &DI__MEMBER(member_),
#define DI__MEMBER_KEY(name_, member_, number_) DI__KEY(member_),

/* ---- Keys, compared by the compiler: both fold it. For DI__EACH and DI__TAILS. ---- */

#define DI__KEY_EQUALS(key_, member_, number_) || __builtin_strcmp(key_, DI__KEY(member_)) == 0
#define DI__KEY_ONCE(name_, member_, ...) DI__KEY_ONCE_(name_, DI__KEY(member_), __VA_ARGS__)
#define DI__KEY_ONCE_(name_, key_, ...) \
	_Static_assert(!(0 DI__EACH(DI__KEY_EQUALS, key_, __VA_ARGS__)), \
		       #name_ " has two entries with the key " #key_);

/* ---- Rows whose value holds all members, in an array that type_ points to by `items`: list, dict. ---- */

#define DI__HOLDER_DECLARE(container_, name_, type_, ...) \
	_Static_assert(!DI__EQUAL(DI__LENGTH(__VA_ARGS__), many), #name_ " has more than 32 members"); \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	DI__MEMBERS_CHECK(container_, name_, __VA_ARGS__) \
	enum { name_##__rank = (int)sizeof(union { \
		       char none[1]; \
		       DI__EACH(DI__MEMBER_RANK, name_, __VA_ARGS__) \
	       }) - 1 }; \
	DI__HOLDER_ROW(container_, name_, type_, (0 DI__EACH(DI__MEMBER_IS_NEW, name_, __VA_ARGS__)), \
		       (0 DI__EACH(DI__MEMBER_PER_CALL, name_, __VA_ARGS__)))
#define DI__HOLDER_DECLARE_EMPTY(container_, name_, type_) \
	enum { name_##__rank = 0 }; \
	DI__HOLDER_ROW(container_, name_, type_, 0, 0)
#define DI__HOLDER_ROW(container_, name_, type_, is_new_, per_call_) \
	typedef const type_ name_##__type; \
	extern const struct di_provider name_; \
	DI__GET_EITHER(container_, name_, is_new_) \
	enum { name_##__per_call = name_##__is_new | (per_call_) }; \
	DI__OVERRIDE(name_) \
	/** Ends one product before its context does, where there are products; see di_context_drop(). */ \
	static inline enum di_status name_##_drop(struct di_context *context, \
						  name_##__type *value, struct di_error *err) \
	{ \
		return di_context_drop(context, &name_, value, err); \
	}

/* PUT_ is for DI__EACH; it fills *name__item from its member's value. */
#define DI__HOLDER_DEFINE(container_, kind_, name_, type_, PUT_, ...) \
	DI__HOLDER_STORED(name_, type_, 0 DI__EACH(DI__MEMBER_COUNTED, name_, __VA_ARGS__)) \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		struct name_##__stored *name_##__self = *di__out; \
		DI__EACH(PUT_, name_, __VA_ARGS__) \
		name_##__self->head.count = name_##__count; \
		name_##__self->head.items = name_##__self->items; \
		return 0; \
	} \
	static const struct di_provider *const name_##__needs[] = { \
		DI__EACH(DI__MEMBER_ADDRESS, name_, __VA_ARGS__) NULL \
	}; \
	DI__HOLDER_DESCRIBE(container_, kind_, name_, type_)
#define DI__HOLDER_DEFINE_EMPTY(container_, kind_, name_, type_) \
	DI__HOLDER_STORED(name_, type_, 0) \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		struct name_##__stored *name_##__self = *di__out; \
		(void)di__args; \
		name_##__self->head.count = 0; \
		name_##__self->head.items = name_##__self->items; \
		return 0; \
	} \
	static const struct di_provider *const name_##__needs[] = { NULL }; \
	DI__HOLDER_DESCRIBE(container_, kind_, name_, type_)

#define DI__HOLDER_STORED(name_, type_, count_) \
	enum { name_##__count = count_ }; \
	typedef __typeof__(*((type_ *)0)->items) name_##__item; \
	struct name_##__stored { \
		type_ head; \
		name_##__item items[(int)name_##__count == 0 ? 1 : (int)name_##__count]; \
	};
/* The item of a member with that number has its index from the front, and storage has no type yet. */
#define DI__HOLDER_INDEX(name_, number_) (name_##__count - (number_))
#define DI__HOLDER_SET(name_, item_, number_) \
	__builtin_memcpy((void *)(uintptr_t)&name_##__self->items[DI__HOLDER_INDEX(name_, number_)], \
			 &item_, sizeof(item_));

#define DI__HOLDER_DESCRIBE(container_, kind_, name_, type_) \
	static const struct di_type name_##__described = { sizeof(type_), "const " #type_, 1 }; \
	const struct di_provider name_ = { \
		.name = #name_, .table = &DI__CONTAINER(container_), \
		.kind = name_##__is_new ? &di_##kind_##_made_anew : &di_##kind_, \
		.type = &name_##__described, .index = name_##__index, .needs_count = name_##__count, \
		.life = name_##__rank, .lane = name_##__lane, .needs = name_##__needs, \
		.create = name_##__create, .storage_size = sizeof(struct name_##__stored), \
		.storage_align = _Alignof(struct name_##__stored), .constructor = "", .destructor = "" \
	};

/* clang-format on */

#endif
