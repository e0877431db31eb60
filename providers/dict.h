/* SPDX-License-Identifier: MIT */
#ifndef DI_DICT_H
#define DI_DICT_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * dict: several rows of one type, each under a key.
 *
 *     DI_DICT_TYPE(stores, struct store);        where the domain's types are
 *
 *     X(dict, name, struct stores, ("key", provider), ("key", provider), ...)
 *
 * provides a `const struct stores *`, with the values of 0 to 32 rows above in the order of the
 * row, and `stores_find(dict, key)`. Keys are literals, each stands once. In all else it is like a
 * list, see providers/list.h. An override of the whole is a `const struct stores` of one's own:
 *
 *     const struct stores_item one[] = { { "memory", &fake_store } };
 *     const struct stores fake = { 1, one };
 */

#include "di/members.h"

#include <string.h>

#define DI_KIND_dict ~, dict
DI_API extern const struct di_kind di_dict;
/** The same for a dict that is made anew each time. */
DI_API extern const struct di_kind di_dict_made_anew;

/**
 * Declares `struct name_`, the type of a dict of element_, and name_##_find(): the value under key,
 * or NULL where there is none. It compares strings, one after the other.
 */
#define DI_DICT_TYPE(name_, element_)                                                              \
	struct name_##_item {                                                                      \
		const char *key;                                                                   \
		element_ *value;                                                                   \
	};                                                                                         \
	struct name_ {                                                                             \
		size_t count;                                                                      \
		const struct name_##_item *items; /* count of them */                              \
	};                                                                                         \
	DI__UNUSED static inline element_ *name_##_find(const struct name_ *dict, const char *key) \
	{                                                                                          \
		size_t i;                                                                          \
                                                                                                   \
		for (i = 0; i < dict->count; i++) {                                                \
			if (strcmp(dict->items[i].key, key) == 0)                                  \
				return dict->items[i].value;                                       \
		}                                                                                  \
		return NULL;                                                                       \
	}                                                                                          \
	struct name_

/* clang-format off */

#define DI_ROW_DECLARE_dict(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_NOTHING(__VA_ARGS__))(DI__DICT_DECLARE_EMPTY, DI__DICT_DECLARE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__DICT_DECLARE_EMPTY(container_, name_, type_, ...) \
	DI__HOLDER_DECLARE_EMPTY(container_, name_, type_)
#define DI__DICT_DECLARE(container_, name_, type_, ...) \
	DI__EACH(DI__DICT_MEMBER_PAIR, name_, __VA_ARGS__) \
	DI__HOLDER_DECLARE(container_, name_, type_, __VA_ARGS__)
#define DI__DICT_MEMBER_PAIR(name_, member_, number_) \
	_Static_assert(DI__IS_PAIR(member_), \
		       #name_ ": a dict is X(dict, name, type, (\"key\", provider), ...)");

#define DI_ROW_DEFINE_dict(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_NOTHING(__VA_ARGS__))(DI__DICT_DEFINE_EMPTY, DI__DICT_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__DICT_DEFINE_EMPTY(container_, name_, type_, ...) \
	DI__HOLDER_DEFINE_EMPTY(container_, dict, name_, type_)
#define DI__DICT_DEFINE(container_, name_, type_, ...) \
	DI__TAILS(DI__KEY_ONCE, name_, __VA_ARGS__) \
	DI__HOLDER_DEFINE(container_, dict, name_, type_, DI__DICT_PUT, __VA_ARGS__)
#define DI__DICT_PUT(name_, member_, number_) \
	DI__DICT_PUT_(name_, DI__KEY(member_), DI__MEMBER(member_), number_)
#define DI__DICT_PUT_(name_, key_, member_, number_) DI__DICT_PUT__(name_, key_, member_, number_)
#define DI__DICT_PUT__(name_, key_, member_, number_) \
	member_##__type *member_##__##number_ = di__args[DI__HOLDER_INDEX(name_, number_)]; \
	name_##__item name_##__item##number_ = { key_, member_##__##number_ }; \
	DI__HOLDER_SET(name_, name_##__item##number_, number_)

/* clang-format on */

#endif
