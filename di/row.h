/* SPDX-License-Identifier: MIT */
#ifndef DI_ROW_H
#define DI_ROW_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * What the rows of all kinds are made of: needs, constructors, destructors, accessors, checks.
 *
 * For those who write a kind. A kind `k` is a pair of files, providers/k.h and providers/k.c, and a
 * line in di/di.h. The header defines
 *
 *     #define DI_KIND_k ~, k
 *     #define DI_ROW_DECLARE_k(container_, kind_, name_, type_, ...)    what stands in the header
 *     #define DI_ROW_DEFINE_k(container_, kind_, name_, type_, ...)     what stands in the source
 *
 * from the macros below, and declares `const struct di_kind di_k`, which the source defines. The
 * arguments are the row's, with the container's name in front. A row that is declared has
 * `name__type`, `name__rank` (of the shortest life it depends on), `name__per_call` (1: a handler
 * that needs it opens a context of its own) and `name__is_new` (1: made, or chosen, anew each time
 * it is asked for), its descriptor and its accessors.
 *
 * What the compiler compares is always a variable whose name begins with a word of the user's row,
 * and the first check of a word takes the word itself: only so do gcc and clang report the row, and
 * report at all, when these are system headers.
 */

#include "di/compiler.h"
#include "di/inline.h"
#include "di/key.h"
#include "di/preprocessor.h"
#include "di/provider.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The need for the context that the value is made in: its home; for a handler, where it was called.
 */
#define DI_CONTEXT di__context

/** A need for a member of what a provider provides, by value: DI_FIELD(config, db.path). */
#define DI_FIELD(provider_, ...) (provider_, ->__VA_ARGS__)

/** A constructor `T *make(needs...)`, which returns NULL and sets errno on failure. */
#define DI_RETURNS(...) returned(__VA_ARGS__)

/** A constructor `int init(T *self, needs...)`, given zeroed storage that the home context owns. */
#define DI_INIT(...) initialized(__VA_ARGS__)

/**
 * A constructor `int make(struct di_call *call, ...)`, in a table of exports: see
 * containers/exports.h. In a table of rows the kind says it.
 */
#define DI_ASYNC(...) asynchronous(__VA_ARGS__)

/** The default scope of a table's rows: #define notes_DEFAULT_SCOPE DI_SCOPE(request). */
#define DI_SCOPE(scope_) ~, scope_

/**
 * A scope that must be the innermost one: DI_STRICT(request). For rows of the kind
 * context_resource.
 */
#define DI_STRICT(scope_) (scope_, strict)

/* The built-in need behind DI_CONTEXT behaves like the first row of every table. */
typedef struct di_context di__context__type;
typedef struct di__every_table di__context__table;
enum {
	di__context__index = -1,
	di__context__rank = 0,
	di__context__per_call = 0,
	di__context__is_new = 0
};
DI_API struct di_context *di__called_on(struct di_context *context);
static inline struct di_context *di__context__peek(struct di__seen seen)
{
	return di__called_on(seen.context);
}

/* clang-format off */

/* ---- Needs: a word, or (provider, ->member) as DI_FIELD leaves it. ---- */

#define DI__NEED(need_) DI__IF(DI__IS_PAREN(need_))(DI__FIRST need_, need_)
#define DI__NEED_PATH(need_) DI__IF(DI__IS_PAREN(need_))(DI__SECOND need_, )
#define DI__NEED_VARIABLE(need_, number_) DI__CAT(DI__NEED(need_), __##number_)
#define DI__NEED_VALUE(name_, need_, number_) \
	DI__NEED_VARIABLE(need_, number_) DI__NEED_PATH(need_)

#define DI__NEED_LOCAL(name_, need_, number_) \
	DI__CAT(DI__NEED(need_), __type) *DI__NEED_VARIABLE(need_, number_) = di__args[number_];
#define DI__NEED_ARGUMENT(name_, need_, number_) , DI__NEED_VALUE(name_, need_, number_)
#define DI__NEED_ADDRESS(name_, need_, number_) &DI__NEED(need_),
/* Rows are given their container's name or, where it connects others, (name, connected...). */
#define DI__CONTAINER(container_) \
	DI__IF(DI__IS_PAREN(container_))(DI__FIRST container_, container_)
#define DI__NEEDS_CHECK(container_, name_, call_) \
	DI__IF(DI__IS_PAREN(container_)) \
	(DI__NEEDS(DI__NEED_CONNECTED, (name_, DI__EXPAND container_), call_), \
	 DI__NEEDS(DI__NEED_LATER, name_, call_))

/* Constants apart from the assertions: a need that is no row is then one error of gcc and not two. */
#define DI__NEED_LATER(name_, need_, number_) DI__NEED_LATER_(name_, DI__NEED(need_), number_)
#define DI__NEED_LATER_(name_, need_, number_) DI__NEED_LATER__(name_, need_, number_)
#define DI__NEED_LATER__(name_, need_, number_) \
	enum { name_##__later##number_ = \
		       offsetof(name_##__table, need_) >= offsetof(name_##__table, name_) }; \
	_Static_assert(!name_##__later##number_, \
		       #name_ " must be listed after " #need_ ", which it needs");
/* The same where needs may be of other containers: those are connected or not, and never later. */
#define DI__NEED_CONNECTED(row_, need_, number_) \
	DI__NEED_CONNECTED_(DI__NEED(need_), number_, DI__EXPAND row_)
#define DI__NEED_CONNECTED_(...) DI__NEED_CONNECTED__(__VA_ARGS__)
#define DI__NEED_CONNECTED__(need_, number_, name_, container_, ...) \
	enum { name_##__later##number_ = sizeof(need_) > 0 && \
		       _Generic((need_##__table *)0, struct container_##__rows *: \
				(int)need_##__index >= (int)name_##__index, default: 0) }; \
	_Static_assert(!name_##__later##number_, \
		       #name_ " must be listed after " #need_ ", which it needs"); \
	DI__NEED_APART(need_, number_, name_, container_, __VA_ARGS__)
#define DI__NEED_APART(need_, number_, name_, container_, ...) \
	enum { name_##__apart##number_ = sizeof(need_) > 0 && \
		       _Generic((need_##__table *)0, struct container_##__rows *: 0, \
				DI__CONNECTED(DI__CONNECTED_ROWS, name_, __VA_ARGS__) \
				struct di__every_table *: 0, default: 1) }; \
	_Static_assert(!name_##__apart##number_, \
		       #name_ " needs " #need_ " of a container that " #container_ \
		       " does not connect");
#define DI__NEED_APART_(...) DI__NEED_APART(__VA_ARGS__)
#define DI__CONNECTED_ROWS(name_, connected_) struct connected_##__rows *: 0,

/* M_(x_, connected) for each of up to eight connected containers. */
#define DI__CONNECTED(M_, x_, ...) \
	DI__CONNECTED_APPLY(DI__CAT(DI__CONNECTED_, DI__COUNT(__VA_ARGS__)), M_, x_, __VA_ARGS__)
#define DI__CONNECTED_APPLY(macro_, ...) macro_(__VA_ARGS__)
#define DI__CONNECTED_1(M_, x_, a_) M_(x_, a_)
#define DI__CONNECTED_2(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_1(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_3(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_2(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_4(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_3(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_5(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_4(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_6(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_5(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_7(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_6(M_, x_, __VA_ARGS__)
#define DI__CONNECTED_8(M_, x_, a_, ...) M_(x_, a_) DI__CONNECTED_7(M_, x_, __VA_ARGS__)

#define DI__NEED_CAPTIVE(name_, need_, number_) DI__NEED_CAPTIVE_(name_, DI__NEED(need_), number_)
#define DI__NEED_CAPTIVE_(name_, need_, number_) DI__NEED_CAPTIVE__(name_, need_, number_)
#define DI__NEED_CAPTIVE__(name_, need_, number_) \
	enum { name_##__captive##number_ = (int)need_##__rank > (int)name_##__reach }; \
	_Static_assert(!name_##__captive##number_, \
		       #name_ " would outlive " #need_ ", which it needs");
#define DI__NEED_RANK(name_, need_, number_) \
	char need##number_[1 + DI__CAT(DI__NEED(need_), __rank)];

#define DI__NEED_PER_CALL(name_, need_, number_) | (int)DI__CAT(DI__NEED(need_), __per_call)

/* ---- A constructor: (function, needs...), DI_RETURNS(...) or DI_INIT(...). ---- */

#define DI__CONVENTION(call_) \
	DI__IF(DI__IS_PAREN(call_))(DI__CONVENTION_PLAIN, DI__CONVENTION_TAGGED)(call_)
#define DI__CONVENTION_PLAIN(call_) made
#define DI__CONVENTION_TAGGED(call_) DI__SECOND(DI__CAT(DI__CONVENTION_, call_), unknown)
#define DI__CONVENTION_returned(...) ~, returned
#define DI__CONVENTION_initialized(...) ~, initialized
#define DI__CONVENTION_asynchronous(...) ~, asynchronous

#define DI__CALL(call_) DI__IF(DI__IS_PAREN(call_))(DI__CALL_PLAIN, DI__CALL_TAGGED)(call_)
#define DI__CALL_PLAIN(call_) call_
#define DI__CALL_TAGGED(call_) \
	DI__IF(DI__IS_PAREN(DI__CAT(DI__CALL_, call_)))(DI__CAT(DI__CALL_, call_), (di__none))
#define DI__CALL_returned(...) (__VA_ARGS__)
#define DI__CALL_initialized(...) (__VA_ARGS__)
#define DI__CALL_asynchronous(...) (__VA_ARGS__)

#define DI__FUNCTION(call_) DI__FIRST call_

#define DI__CREATE(name_, convention_, call_) DI__CREATE_(name_, convention_, call_)
#define DI__CREATE_(name_, convention_, call_) DI__CREATE_##convention_(name_, call_)

/*
 * `T (*)()` is compatible with functions of any parameters, save some that are promoted: for those
 * the compiler's own words about the call must do.
 */
#define DI__MUST_RETURN(name_, function_, wanted_, text_) \
	DI__MUST_RETURN_(name_, function_, wanted_, text_)
#define DI__MUST_RETURN_(name_, function_, wanted_, text_) \
	_Static_assert(_Generic(function_, void (*)(): 0, int (*)(): wanted_##_FOR_INT, \
				name_##__type *(*)(): wanted_##_FOR_POINTER, default: 1), \
		       #function_ ", which makes " #name_ ", must return " text_);
/*
 * The result of a call, which is an int: of conversions in macros of system headers clang says
 * nothing. That it is a pointer to the type has been said before.
 */
#define DI__INT_RESULT(name_, text_, ...) \
	__extension__ __auto_type name_##__result = __VA_ARGS__; \
	_Static_assert(_Generic(name_##__result, int: 1, name_##__type *: 1, default: 0), text_);
#define DI__INT_FOR_INT 1
#define DI__INT_FOR_POINTER 0
#define DI__POINTER_FOR_INT 0
#define DI__POINTER_FOR_POINTER 1

#define DI__CREATE_made(name_, call_) \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		DI__MUST_RETURN(name_, DI__FUNCTION(call_), DI__INT, \
				"an int; one that returns a pointer is written " \
				"DI_RETURNS(function, needs...)") \
		name_##__type **name_##__out = (name_##__type **)(void *)di__out; \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		(void)di__args; \
		*name_##__out = NULL; \
		DI__INT_RESULT(name_, DI__STRING(DI__FUNCTION(call_)) ", which makes " #name_ \
			       ", must return an int", \
			       DI__FUNCTION(call_)(name_##__out DI__NEEDS(DI__NEED_ARGUMENT, name_, call_))) \
		return name_##__result; \
	}

#define DI__CREATE_returned(name_, call_) \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		DI__MUST_RETURN(name_, DI__FUNCTION(call_), DI__POINTER, \
				"a pointer; one that returns an int is written (function, needs...)") \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		errno = 0; \
		name_##__type *name_##__result = \
			DI__FUNCTION(call_)(DI__NEEDS_COMMA(DI__NEED_VALUE, name_, call_)); \
		(void)di__args; \
		*di__out = (void *)(uintptr_t)name_##__result; \
		return name_##__result != NULL ? 0 : errno; \
	}

#define DI__CREATE_initialized(name_, call_) \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		DI__MUST_RETURN(name_, DI__FUNCTION(call_), DI__INT, "an int") \
		name_##__type *name_##__self = __builtin_memset(*di__out, 0, sizeof(name_##__type)); \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		DI__INT_RESULT(name_, DI__STRING(DI__FUNCTION(call_)) ", which makes " #name_ \
			       ", must return an int", \
			       DI__FUNCTION(call_)(name_##__self DI__NEEDS(DI__NEED_ARGUMENT, name_, call_))) \
		(void)di__args; \
		return name_##__result; \
	}

#define DI__CREATE_asynchronous(name_, call_) DI__CREATE_unknown(name_, call_)
#define DI__CREATE_unknown(name_, call_) \
	_Static_assert(0, "the constructor of " #name_ " is written (function, needs...), " \
			  "DI_RETURNS(function, needs...) or DI_INIT(function, needs...)"); \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		(void)di__args; \
		(void)di__out; \
		return 0; \
	}

#define DI__STORAGE(name_, convention_) DI__STORAGE_(name_, convention_)
#define DI__STORAGE_(name_, convention_) DI__STORAGE_##convention_(name_)
#define DI__STORAGE_made(name_) 0, 0
#define DI__STORAGE_returned(name_) 0, 0
#define DI__STORAGE_asynchronous(name_) 0, 0
#define DI__STORAGE_unknown(name_) 0, 0
#define DI__STORAGE_initialized(name_) sizeof(name_##__type), _Alignof(name_##__type)

/* ---- A destructor: which of the forms it has is found from its type. ---- */

/* The numbers of the forms; di_keep has a type of its own. */
enum {
	di__end_keep,
	di__end_plain,
	di__end_status,
	di__end_outcome,
	di__end_both,
	di__end_any,
	di__end_none
};

#define DI__DESTROY(name_, end_) \
	enum { name_##__end = _Generic(end_, \
		void (*)(name_##__type *): di__end_plain, \
		int (*)(name_##__type *): di__end_status, \
		void (*)(name_##__type *, enum di_outcome): di__end_outcome, \
		int (*)(name_##__type *, enum di_outcome): di__end_both, \
		default: _Generic(end_, void (*)(const void *): di__end_keep, \
				  default: _Generic(end_, void (*)(void *): di__end_any, \
						    default: di__end_none))) }; \
	_Static_assert((int)name_##__end != di__end_none, \
		       "the destructor of " #name_ " is void f(T *) or int f(T *), " \
		       "either with a second parameter enum di_outcome; or di_keep"); \
	DI__DESTROY_AS_FOUND(name_, end_)
#define DI__DESTROY_AS_FOUND(name_, end_) \
	DI__UNUSED static int name_##__destroy(void *di__value, enum di_outcome di__with) \
	{ \
		void (*di__end)(void) = (void (*)(void))end_; \
		(void)di__with; \
		switch ((int)name_##__end) { \
		case di__end_plain: \
			((void (*)(name_##__type *))di__end)(di__value); \
			break; \
		case di__end_status: \
			return ((int (*)(name_##__type *))di__end)(di__value); \
		case di__end_outcome: \
			((void (*)(name_##__type *, enum di_outcome))di__end)(di__value, di__with); \
			break; \
		case di__end_both: \
			return ((int (*)(name_##__type *, enum di_outcome))di__end)(di__value, \
										    di__with); \
		case di__end_any: \
			((void (*)(void *))di__end)(di__value); \
			break; \
		default: \
			break; \
		} \
		return 0; \
	}
/* A row that keeps has no destructor to call. */
#define DI__DESTROY_OR_NULL(name_) \
	((int)name_##__end == di__end_keep ? NULL : name_##__destroy)

/* ---- A scope: a word, or (word, strict) as DI_STRICT leaves it. ---- */

#define DI__SCOPE(scope_) DI__IF(DI__IS_PAREN(scope_))(DI__FIRST scope_, scope_)
#define DI__HAS_DEFAULT_SCOPE(container_) \
	DI__SECOND_AFTER(DI__CAT(DI__CONTAINER(container_), _DEFAULT_SCOPE), 1, 0)
#define DI__SECOND_AFTER(...) DI__SECOND_AFTER_(__VA_ARGS__, ~)
#define DI__SECOND_AFTER_(a_, b_, c_, ...) c_
#define DI__DEFAULT_SCOPE(container_) DI__SECOND(DI__CAT(DI__CONTAINER(container_), _DEFAULT_SCOPE), ~)
#define DI__NO_SCOPE_TEXT(container_, name_) \
	DI__NO_SCOPE_TEXT_(DI__CONTAINER(container_), name_)
#define DI__NO_SCOPE_TEXT_(...) DI__NO_SCOPE_TEXT__(__VA_ARGS__)
#define DI__NO_SCOPE_TEXT__(container_, name_) \
	#name_ " names no scope, and " #container_ " has no default: " \
	"#define " #container_ "_DEFAULT_SCOPE DI_SCOPE(request) above DI_CONTAINER_DECLARE"
/* The header has said it already, unless the default has gone since. */
#define DI__UNSCOPED_DECLARE(container_, name_) \
	DI__WRONG_DECLARE(container_, name_, DI__NO_SCOPE_TEXT(container_, name_)) \
	enum { name_##__scope_rank = -2 };
#define DI__UNSCOPED_DEFINE(container_, name_) \
	_Static_assert((int)name_##__scope_rank == -2, DI__NO_SCOPE_TEXT(container_, name_)); \
	DI__WRONG_DEFINE(container_, name_)
#define DI__SCOPE_CHECK(name_, scope_) \
	_Static_assert((int)di_scope_##scope_##__rank >= 0, \
		       #name_ ": none is a scope of contexts, no row lives in it");
/* The source sees the same macros as the header did. */
#define DI__SCOPE_SAME(name_, scope_) \
	_Static_assert((int)di_scope_##scope_##__rank == (int)name_##__scope_rank, \
		       #name_ ": the default scope has changed since DI_CONTAINER_DECLARE");

/* ---- Accessors. lane_ is root, own, new or thread: where the inline part looks. ---- */

#define DI__GET(container_, name_, lane_) \
	enum { name_##__lane = offsetof(struct di__lane, DI__LANE_##lane_), \
	       name_##__is_new = DI__IS_NEW_##lane_ }; \
	static inline name_##__type *name_##_get(struct di_context *context, struct di_error *err) \
	{ \
		return di__get_##lane_(context, err, &DI__CONTAINER(container_), &name_, \
				       name_##__index); \
	} \
	static inline name_##__type *name_##__peek(struct di__seen seen) \
	{ \
		return di__peek_##lane_(seen, &DI__CONTAINER(container_), name_##__index); \
	}

#define DI__LANE_root root
#define DI__LANE_own own
#define DI__LANE_new own
#define DI__LANE_thread own
#define DI__IS_NEW_root 0
#define DI__IS_NEW_own 0
#define DI__IS_NEW_new 1
#define DI__IS_NEW_thread 0

/* The same where a constant says which it is: new or own. */
#define DI__GET_EITHER(container_, name_, is_new_) \
	enum { name_##__lane = offsetof(struct di__lane, own), name_##__is_new = (is_new_) }; \
	static inline name_##__type *name_##_get(struct di_context *context, struct di_error *err) \
	{ \
		return name_##__is_new \
			       ? di__get_new(context, err, &DI__CONTAINER(container_), &name_, name_##__index) \
			       : di__get_own(context, err, &DI__CONTAINER(container_), &name_, name_##__index); \
	} \
	static inline name_##__type *name_##__peek(struct di__seen seen) \
	{ \
		return name_##__is_new ? di__peek_new(seen, &DI__CONTAINER(container_), name_##__index) \
				       : di__peek_own(seen, &DI__CONTAINER(container_), name_##__index); \
	}

#define DI__OVERRIDE(name_) \
	static inline enum di_status name_##_override(struct di_context *context, \
						      name_##__type *value, struct di_error *err) \
	{ \
		return di_override(context, &name_, value, err); \
	}

/* ---- Whole rows. ---- */

/* A row whose value is not made: object, state. */
#define DI__GIVEN_DECLARE(container_, name_, type_, lane_, rank_) \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	typedef type_ name_##__type; \
	enum { name_##__rank = (rank_), name_##__per_call = 0 }; \
	extern const struct di_provider name_; \
	DI__GET(container_, name_, lane_) \
	DI__OVERRIDE(name_)

#define DI__GIVEN_DEFINE(container_, kind_, name_, type_, scope_, object_) \
	static const struct di_type name_##__described = { 0, #type_, DI__IS_CONST(type_) }; \
	const struct di_provider name_ = { \
		#name_, &DI__CONTAINER(container_), &di_##kind_, &name_##__described, name_##__index, 0, \
		name_##__rank, name_##__lane, 0, NULL, NULL, NULL, scope_, object_, 0, 0, "", "" \
	};

/*
 * A row whose value is made. lane_ as for DI__GET; reach_ is the longest rank it may hold; per_call_ as
 * said at the top. Its own rank is declared apart, by one of the two macros below.
 */
#define DI__MADE_DECLARE(container_, name_, type_, call_, lane_, reach_, per_call_) \
	DI__MADE_DECLARE_(container_, name_, type_, DI__CALL(call_), lane_, reach_, per_call_)
#define DI__MADE_DECLARE_(container_, name_, type_, call_, lane_, reach_, per_call_) \
	_Static_assert(!DI__EQUAL(DI__NEEDS_COUNT(call_), many), #name_ " has more than 8 needs"); \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	DI__NEEDS_CHECK(container_, name_, call_) \
	typedef type_ name_##__type; \
	enum { name_##__reach = (reach_), name_##__per_call = (per_call_) }; \
	DI__NEEDS(DI__NEED_CAPTIVE, name_, call_) \
	extern const struct di_provider name_; \
	DI__GET(container_, name_, lane_) \
	DI__OVERRIDE(name_)

/* The rank of a row with a life of its own, and of one that lives as shortly as what it needs. */
#define DI__RANK_OWN(name_, rank_) enum { name_##__rank = (rank_) };
#define DI__RANK_OF_NEEDS(name_, call_) DI__RANK_OF_NEEDS_(name_, DI__CALL(call_))
#define DI__RANK_OF_NEEDS_(name_, call_) \
	enum { name_##__rank = (int)sizeof(union { \
		       char none[1]; \
		       DI__NEEDS(DI__NEED_RANK, name_, call_) \
	       }) - 1 };

#define DI__MADE_DEFINE(container_, kind_, name_, type_, call_, end_, scope_) \
	DI__MADE_DEFINE_(container_, kind_, name_, type_, DI__CONVENTION(call_), DI__CALL(call_), \
			 end_, scope_)
#define DI__MADE_DEFINE_(container_, kind_, name_, type_, convention_, call_, end_, scope_) \
	DI__CREATE(name_, convention_, call_) \
	DI__DESTROY(name_, end_) \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) NULL \
	}; \
	static const struct di_type name_##__described = { \
		DI__FIRST(DI__STORAGE(name_, convention_)), #type_, DI__IS_CONST(type_) \
	}; \
	const struct di_provider name_ = { \
		#name_, &DI__CONTAINER(container_), &di_##kind_, &name_##__described, name_##__index, \
		sizeof(name_##__needs) / sizeof(name_##__needs[0]) - 1, name_##__rank, \
		name_##__lane, 0, name_##__needs, name_##__create, DI__DESTROY_OR_NULL(name_), scope_, \
		NULL, \
		DI__STORAGE(name_, convention_), \
		DI__STRING(DI__FUNCTION(call_)), DI__STRING(end_) \
	};

/* ---- Rows that are wrong: they say so, and declare enough that no further errors follow. ---- */

/* 1 where the list has that many columns. */
#define DI__HAS_COLUMNS(count_, ...) DI__EQUAL(DI__COUNT(__VA_ARGS__), count_)

#define DI__WRONG_DECLARE(container_, name_, text_) \
	_Static_assert(0, text_); \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	typedef void name_##__type; \
	enum { name_##__rank = 0, name_##__per_call = 0 }; \
	extern const struct di_provider name_; \
	DI__GET(container_, name_, new) \
	DI__OVERRIDE(name_)
#define DI__WRONG_DEFINE(container_, name_) \
	const struct di_provider name_ = { \
		#name_, &DI__CONTAINER(container_), NULL, NULL, name_##__index, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, \
		0, "", "" \
	};

/* clang-format on */

#endif
