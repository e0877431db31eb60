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
 * of creation and no cycle can be written; a `lazy` leads to any row, and asks later. Tables compose: a list may call other lists,
 * #define APP(X) STORAGE(X) WEB(X) X(...), and is checked as one graph.
 *
 * For each row these are generated, as if written by hand (T is the row's type):
 *
 *     extern const struct di_provider name;
 *     T *name_get(struct di_context *context, struct di_error *err);
 *     enum di_status name_override(struct di_context *context, T *value, struct di_error *err);
 *
 * get: the value as seen from context, borrowed until its home ends, or NULL with an error; see
 * di_resolve(). A value that exists costs eight instructions inline. context is not NULL.
 * override: see di_override(). A factory, a list and a dict have `name_drop` besides, a
 * state `name_put`.
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

/** Declares the table `name_` and the accessors of its rows; for headers. */
#define DI_CONTAINER_DECLARE(name_, list_)                                                         \
	extern const struct di_table name_;                                                        \
	struct name_##__rows {                                                                     \
		struct di__use_DI_FIELD_for_members di__context;                                   \
		list_(DI__ROW_NAME)                                                                \
	};                                                                                         \
	enum name_##__indices{ list_(DI__ROW_INDEX) name_##__count,                                \
			       name_##__needs_DI_CONTAINER_DECLARE = 1 };                          \
	DI__CHECKED_BEGIN                                                                          \
	DI__ROWS(name_, list_(name_ DI__ROW_DECLARE))                                              \
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
	const struct di_table name_ = { DI_ABI, sizeof(struct di_provider), #name_,                \
					name_##__providers, name_##__count }

/* clang-format off */

/*
 * Rows do not know their container, but the accessors must. So each X leaves the container's name and
 * an opening that takes the next row's: `c ) M ( (row1), c ) M ( (row2), c )`, whose ends DI__ROWS adds.
 * DI__EMPTY() keeps M from being called before the whole stands there.
 */
#define DI__ROWS(container_, rows_) DI__ROWS_NONE((~), rows_ container_)
#define DI__ROWS_NONE(row_, container_)
#define DI__ROW_DECLARE(...) ) DI__DECLARE DI__EMPTY() ((__VA_ARGS__),
#define DI__ROW_DEFINE(...) ) DI__DEFINE DI__EMPTY() ((__VA_ARGS__),

#define DI__ROW_NAME(kind_, name_, ...) struct di__use_DI_FIELD_for_members name_;
#define DI__ROW_INDEX(kind_, name_, ...) name_##__index,
#define DI__ROW_ADDRESS(kind_, name_, ...) &name_,

#define DI__DECLARE(row_, container_) DI__ROW_CALL(DI_ROW_DECLARE_, container_, DI__EXPAND row_)
#define DI__DEFINE(row_, container_) DI__ROW_CALL(DI_ROW_DEFINE_, container_, DI__EXPAND row_)
#define DI__ROW_CALL(...) DI__ROW_CALL_(__VA_ARGS__)
#define DI__ROW_CALL_(macro_, container_, kind_, ...) \
	DI__ROW_APPLY(DI__CAT(macro_, DI__SECOND(DI_KIND_##kind_, unknown)), container_, kind_, \
		      __VA_ARGS__ DI__IF(DI__IS_SHORT(DI__LENGTH(__VA_ARGS__))) \
		      (DI__ROW_TOO_LONG, DI__ROW_AS_IT_IS)())
#define DI__ROW_APPLY(macro_, ...) macro_(__VA_ARGS__)
/* A row that ends before the columns of its kind gets too many: then its kind says what it takes. */
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
