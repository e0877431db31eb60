/* SPDX-License-Identifier: MIT */
#ifndef DI_LIST_H
#define DI_LIST_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * list: several rows of one type, in order, as a typed array.
 *
 *     DI_LIST_TYPE(plugins, struct plugin);      where the domain's types are
 *
 *     X(list, name, struct plugins, provider, provider, ...)
 *
 * provides a `const struct plugins *`, with the values of 0 to 32 rows above in the order of the
 * row. The same row may stand there twice. It is made on first use, with all its members, and kept
 * in the home of the shortest-lived of them, where the array stands too; nothing ends with it but
 * its place. With a factory or a selector among its members, or another list or dict that is made
 * so, it is made anew each time it is asked for and is a product like a factory's: `name_drop` ends
 * one, with the products made for it.
 *
 * What needs a list lives at most as long as each of its members. Resetting or overriding a member
 * is seen through the list. An override of the whole list is a `const struct plugins` of one's own:
 *
 *     struct plugin *two[] = { &a, &b };
 *     const struct plugins fake = { 2, two };
 */

#include "di/members.h"

#define DI_KIND_list ~, list
DI_API extern const struct di_kind di_list;
/** The same for a list that is made anew each time. */
DI_API extern const struct di_kind di_list_made_anew;

/** Declares `struct name_`, the type of a list of element_. */
#define DI_LIST_TYPE(name_, element_)                                                              \
	struct name_ {                                                                             \
		size_t count;                                                                      \
		element_ *const *items; /* count of them */                                        \
	}

/* clang-format off */

#define DI_ROW_DECLARE_list(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_NOTHING(__VA_ARGS__))(DI__LIST_DECLARE_EMPTY, DI__LIST_DECLARE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__LIST_DECLARE_EMPTY(container_, name_, type_, ...) \
	DI__HOLDER_DECLARE_EMPTY(container_, name_, type_)
#define DI__LIST_DECLARE(container_, name_, type_, ...) \
	DI__EACH(DI__LIST_MEMBER_WORD, name_, __VA_ARGS__) \
	DI__HOLDER_DECLARE(container_, name_, type_, __VA_ARGS__)
#define DI__LIST_MEMBER_WORD(name_, member_, number_) \
	_Static_assert(!DI__IS_PAREN(member_), \
		       #name_ ": a list is X(list, name, type, provider, provider, ...)");

#define DI_ROW_DEFINE_list(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_NOTHING(__VA_ARGS__))(DI__LIST_DEFINE_EMPTY, DI__LIST_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__LIST_DEFINE_EMPTY(container_, name_, type_, ...) \
	DI__HOLDER_DEFINE_EMPTY(container_, list, name_, type_)
#define DI__LIST_DEFINE(container_, name_, type_, ...) \
	DI__HOLDER_DEFINE(container_, list, name_, type_, DI__LIST_PUT, __VA_ARGS__)
#define DI__LIST_PUT(name_, member_, number_) DI__LIST_PUT_(name_, DI__MEMBER(member_), number_)
#define DI__LIST_PUT_(name_, member_, number_) DI__LIST_PUT__(name_, member_, number_)
#define DI__LIST_PUT__(name_, member_, number_) \
	member_##__type *member_##__##number_ = di__args[DI__HOLDER_INDEX(name_, number_)]; \
	name_##__item name_##__item##number_ = member_##__##number_; \
	DI__HOLDER_SET(name_, name_##__item##number_, number_)

/* clang-format on */

#endif
