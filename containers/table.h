/* SPDX-License-Identifier: MIT */
#ifndef DI_TABLE_H
#define DI_TABLE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Tables: a container written as a list of rows.
 *
 *     #define NOTES(X) \
 *             X(object,    notes_config, const struct config, &default_config) \
 *             X(singleton, notes_clock,  struct clock,        (clock_new), clock_free)
 *
 *     DI_CONTAINER_DECLARE(notes, NOTES);        in a header
 *     DI_CONTAINER_DEFINE(notes, NOTES);         in one source file
 *
 * A row is X(kind, name, type, ...); what follows belongs to the kind and is described in
 * providers/<kind>.h. A row may need rows above it only, so that the order of the table is an order
 * of creation and no cycle can be written; a `lazy` leads to any row, and asks later. Tables
 * compose: a list may call other lists, #define APP(X) STORAGE(X) WEB(X) X(...), and is checked as
 * one graph.
 *
 * Tables compiled apart connect: after DI_CONTAINER_DECLARE(app, APP, storage, web) rows of app may
 * need rows of storage and web too, which have been declared before, in their headers. An instance
 * of each is handed over in struct di_options, and lives longer than what it is handed to:
 *
 *     struct di_container *connected[] = { storage_container, web_container };
 *     struct di_options options = { .abi = DI_ABI, .connected = connected, .connected_count = 2 };
 *     struct di_container *container = di_container_new(&app, &options, &err);
 *
 * Contexts of app then work with the accessors of storage and web, and of what these connect.
 * Objects, singletons, resources and rows of scope app live in the root of the container that
 * declares them; rows of other scopes, and products, in the context of app in which they are asked
 * for, where they end in exact reverse order with app's own. Overriding, resetting and beginning
 * afresh in contexts of app see through. What is not there: connecting or taking apart later, and
 * making values directly, so that in contexts of a container that connects others a value takes
 * longer to make.
 *
 * For each row these are generated, as if written by hand (T is the row's type):
 *
 *     extern const struct di_provider name;
 *     T *name_get(struct di_context *context, struct di_error *err);
 *     enum di_status name_override(struct di_context *context, T *value, struct di_error *err);
 *
 * get: the value as seen from context, borrowed until its home ends, or NULL with an error; see
 * di_resolve(). A value that exists costs eight instructions inline, and a short call where context
 * is of a container that connects this one. context is not NULL. override: see di_override(). A
 * factory, a list and a dict have `name_drop` besides, a state `name_put`.
 *
 * `make expand FILE=notes.c` shows what a table becomes.
 */

#include "containers/container.h"
#include "di/row.h"
#include "di/sequence.h"

/* What each row is a member of for the checks; named for what the compiler says of `row.member`. */
struct di__use_DI_FIELD_for_members {
	char row;
};

/**
 * Declares the table `name_` and the accessors of its rows; for headers.
 *
 *     DI_CONTAINER_DECLARE(notes, NOTES);
 *     DI_CONTAINER_DECLARE(app, APP, notes, audit);     connects up to eight containers
 */
#define DI_CONTAINER_DECLARE(name_, ...)                                                           \
	extern const struct di_table name_;                                                        \
	DI__CONNECTS(name_, __VA_ARGS__)                                                           \
	struct name_##__rows {                                                                     \
		struct di__use_DI_FIELD_for_members di__context;                                   \
		DI__FIRST_(__VA_ARGS__, ~)(DI__ROW_NAME)                                           \
	};                                                                                         \
	enum name_##__indices{ DI__FIRST_(__VA_ARGS__, ~)(DI__ROW_INDEX) name_##__count,           \
			       name_##__needs_DI_CONTAINER_DECLARE = 1 };                          \
	DI__CHECKED_BEGIN                                                                          \
	DI__ROWS(DI__TITLE(name_, __VA_ARGS__),                                                    \
		 DI__FIRST_(__VA_ARGS__, ~)(DI__TITLE(name_, __VA_ARGS__) DI__ROW_DECLARE))        \
	DI__CHECKED_END                                                                            \
	extern const struct di_table name_

/** Defines the table that was declared; in one source file, where the constructors are declared. */
#define DI_CONTAINER_DEFINE(name_, list_)                                                          \
	enum {                                                                                     \
		name_##__is_declared = name_##__needs_DI_CONTAINER_DECLARE                         \
	};                                                                                         \
	DI__CHECKED_BEGIN                                                                          \
	DI__ROWS(name_, list_(name_ DI__ROW_DEFINE))                                               \
	static const struct di_provider *const name_##__providers[] = { list_(DI__ROW_ADDRESS)     \
										NULL };            \
	DI__CHECKED_END                                                                            \
	const struct di_table name_ = { DI_ABI,                                                    \
					sizeof(struct di_provider),                                \
					#name_,                                                    \
					name_##__providers,                                        \
					name_##__count,                                            \
					name_##__connects_count,                                   \
					(const struct di_table *const *)name_##__connects,         \
					NULL }

/* clang-format off */

/*
 * Rows do not know their container, but the accessors must. So each X leaves the container's name
 * and an opening that takes the next row's: `c ) M ( (row1), c ) M ( (row2), c )`, whose ends
 * DI__ROWS adds. DI__EMPTY() keeps M from being called before the whole stands there.
 */
#define DI__ROWS(container_, rows_) DI__ROWS_NONE((~), rows_ container_)
#define DI__ROWS_NONE(row_, container_)
#define DI__ROW_DECLARE(...) ) DI__DECLARE DI__EMPTY() ((__VA_ARGS__),
#define DI__ROW_DEFINE(...) ) DI__DEFINE DI__EMPTY() ((__VA_ARGS__),

/*
 * That it is a row, where needs may be of other containers: one that is listed later is then told
 * apart.
 */
#define DI__ROW_AHEAD(...) ) DI__AHEAD DI__EMPTY() ((__VA_ARGS__),
#define DI__AHEAD(row_, container_) DI__AHEAD_(container_, DI__SECOND row_)
#define DI__AHEAD_(...) DI__AHEAD__(__VA_ARGS__)
#define DI__AHEAD__(container_, name_) \
	typedef struct container_##__rows name_##__table; \
	extern const struct di_provider name_;
#define DI__ROW_NAME(kind_, name_, ...) struct di__use_DI_FIELD_for_members name_;
#define DI__ROW_INDEX(kind_, name_, ...) name_##__index,
#define DI__ROW_ADDRESS(kind_, name_, ...) &name_,

/* What a table connects, as the compiler has it: an array, or 0. */
#define DI__CONNECTS(name_, ...) \
	DI__IF(DI__EQUAL(DI__COUNT(__VA_ARGS__), 1)) \
	(DI__CONNECTS_NONE, DI__CONNECTS_SOME)(name_, __VA_ARGS__)
#define DI__CONNECTS_NONE(name_, list_) \
	enum { name_##__connects = 0, name_##__connects_count = 0 };
#define DI__CONNECTS_SOME(name_, list_, ...) \
	struct name_##__rows; \
	DI__ROWS(name_, list_(name_ DI__ROW_AHEAD)) \
	DI__IF(DI__IS_MORE(DI__COUNT(__VA_ARGS__))) \
	(DI__CONNECTS_MANY, DI__CONNECTS_LIST)(name_, __VA_ARGS__)
#define DI__CONNECTS_MANY(name_, ...) \
	_Static_assert(0, #name_ " connects more than 8 containers"); \
	DI__CONNECTS_NONE(name_, ~)
/* A table twice is an enumerator twice. */
#define DI__CONNECTS_LIST(name_, ...) \
	DI__CHECKED_BEGIN \
	enum { DI__CONNECTED(DI__CONNECTED_NAME, name_, __VA_ARGS__) name_##__connects_count }; \
	DI__CONNECTED(DI__CONNECTED_OTHER, name_, __VA_ARGS__) \
	DI__UNUSED static const struct di_table *const name_##__connects[] = { \
		DI__CONNECTED(DI__CONNECTED_ADDRESS, name_, __VA_ARGS__) \
	}; \
	DI__CHECKED_END
#define DI__CONNECTED_NAME(name_, connected_) name_##__connects_##connected_,
#define DI__CONNECTED_OTHER(name_, connected_) \
	struct connected_##__rows; \
	_Static_assert(_Generic((struct connected_##__rows *)0, struct name_##__rows *: 0, default: 1), \
		       #name_ " connects itself");
#define DI__CONNECTED_ADDRESS(name_, connected_) &connected_,

/*
 * What rows are given for their container: its name or, where it connects others, (name,
 * connected...).
 */
#define DI__TITLE(name_, ...) \
	DI__IF(DI__EQUAL(DI__COUNT(__VA_ARGS__), 1)) \
	(DI__TITLE_ALONE, DI__TITLE_CONNECTING)(name_, __VA_ARGS__)
#define DI__TITLE_ALONE(name_, list_) name_
#define DI__TITLE_CONNECTING(name_, list_, ...) (name_, __VA_ARGS__)

#define DI__DECLARE(row_, container_) DI__ROW_CALL(DI_ROW_DECLARE_, container_, DI__EXPAND row_)
#define DI__DEFINE(row_, container_) DI__ROW_CALL(DI_ROW_DEFINE_, container_, DI__EXPAND row_)
#define DI__ROW_CALL(...) DI__ROW_CALL_(__VA_ARGS__)
#define DI__ROW_CALL_(macro_, container_, kind_, ...) \
	DI__ROW_APPLY(DI__CAT(macro_, DI__SECOND(DI_KIND_##kind_, unknown)), container_, kind_, \
		      __VA_ARGS__ DI__IF(DI__IS_SHORT(DI__LENGTH(__VA_ARGS__))) \
		      (DI__ROW_TOO_LONG, DI__ROW_AS_IT_IS)())
#define DI__ROW_APPLY(macro_, ...) macro_(__VA_ARGS__)
/*
 * A row that ends before the columns of its kind gets too many: then its kind says what it takes.
 */
#define DI__IS_SHORT(count_) DI__SECOND(DI__CAT(DI__IS_SHORT_, count_), 0)
#define DI__IS_SHORT_1 ~, 1
#define DI__IS_SHORT_2 ~, 1
#define DI__ROW_TOO_LONG() , (~, ~, ~, ~, ~, ~, ~, ~, ~), ~, ~, ~, ~, ~, ~, ~, ~, ~, ~, ~
#define DI__ROW_AS_IT_IS()
/* 1 where the columns of a kind are what such a row was filled up with. */
#define DI__IS_LEFT_OUT(...) \
	DI__IF(DI__EQUAL(DI__COUNT(__VA_ARGS__), many))(DI__IS_PAREN(DI__FIRST(__VA_ARGS__)), 0)

#define DI_ROW_DECLARE_unknown(container_, kind_, name_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": " #kind_ " is not a kind of provider")
#define DI_ROW_DEFINE_unknown(container_, kind_, name_, ...) DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
