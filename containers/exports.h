/* SPDX-License-Identifier: MIT */
#ifndef DI_EXPORTS_H
#define DI_EXPORTS_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Exports: what containers built at run time may name of a program, with its types.
 *
 *     #define NOTES_EXPORTS(X)                                                             \
 *             X(constructor, struct clock, (clock_new))                                    \
 *             X(constructor, struct store, (store_open, const char *, unsigned))           \
 *             X(destructor,  struct clock, clock_free)                                     \
 *             X(destructor,  struct store, store_close)                                    \
 *             X(object,      default_config, const struct config, &default_config)         \
 *             X(field,       struct config, db.path, const char *)
 *
 *     DI_EXPORTS_DECLARE(notes_exports);                     in a header, where wanted
 *     DI_EXPORTS_DEFINE(notes_exports, NOTES_EXPORTS);       in one source file
 *
 * The rows:
 *
 *     X(constructor, type, (function, parameter types...))
 *     X(constructor, type, DI_RETURNS(function, parameter types...))
 *     X(constructor, type, DI_INIT(function, parameter types...))
 *             `int function(type **out, ...)`, `type *function(...)`, `int function(type *self,
 *             ...)`: see di/row.h.
 *     X(constructor, type, DI_ASYNC(function, parameter types...))
 *             `int function(struct di_call *call, ...)`, for rows of asynchronous kinds. It
 *             completes its calls by `function_complete`, which DI_COMPLETE_DECLARE(function, type)
 *             has to have generated for that type: see di/call.h.
 *     X(destructor, type, function)
 *             `void f(type *)` or `int f(type *)`, either with a second parameter enum di_outcome.
 *             One of `void *`, such as free, is exported once, with the type void, and fits all.
 *             `int f(struct di_call *, type *)`, with a third parameter enum di_outcome or not, is
 *             one for rows of asynchronous kinds alone. di_keep is there without a row.
 *     X(object, name, type, address)
 *             address is an address constant.
 *     X(chooser, (function, parameter types...))
 *             `const char *function(...)`, for selectors.
 *     X(field, type, member.path, member type)
 *             A member that needs may name: of any `type *` and `const type *` that a row provides.
 *     X(list, plugins, struct plugin)      a type of DI_LIST_TYPE(plugins, struct plugin)
 *     X(dict, stores, struct store)        of DI_DICT_TYPE(stores, struct store)
 *     X(lazy, later_session, struct session)     of DI_LAZY_TYPE(later_session, struct session)
 *     X(scope, job)                        of DI_SCOPE_DECLARE(job, ...)
 *     X(type, struct user)                 a type of states, where no other row names it
 *
 * A function is exported under its own name, and once in a file. Parameter types stand as in the
 * function's prototype, up to 8. A pointer is filled by a row that provides what it points to, or
 * by a member; `const char *` by a string too; bool, integers, float and double by values and
 * members. DI_CONTEXT fills a `struct di_context *`. The compiler compares all of it with the
 * functions. To one another, at run time, types are compared by the names that stand here, so they
 * are written in one way everywhere; `const` may stand before or behind.
 *
 * A shared object hands over its exports by a function of one name, which is all that a program
 * looks for in it; the ABI number in the table tells whether they fit:
 *
 *     DI_EXPORTS_ENTRY(notes_exports);
 *
 * Everything is constant and lives as long as the program, or until the shared object is closed.
 */

#include "di/async_row.h"
#include "di/compiler.h"
#include "di/provider.h"
#include "di/row.h"
#include "di/type.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/** What a row of a table of exports is. */
enum di_export_kind {
	DI_EXPORT_CONSTRUCTOR,
	DI_EXPORT_DESTRUCTOR,
	DI_EXPORT_OBJECT,
	DI_EXPORT_CHOOSER,
	DI_EXPORT_FIELD,
	DI_EXPORT_LIST,
	DI_EXPORT_DICT,
	DI_EXPORT_LAZY,
	DI_EXPORT_SCOPE,
	DI_EXPORT_TYPE
};

/** How an exported constructor is written, as in the row of a table. */
enum di_export_convention {
	DI_EXPORT_MADE,        /**< (function, ...) */
	DI_EXPORT_RETURNED,    /**< DI_RETURNS(function, ...) */
	DI_EXPORT_INITIALIZED, /**< DI_INIT(function, ...) */
	DI_EXPORT_ASYNCHRONOUS /**< DI_ASYNC(function, ...) */
};

/** How a parameter or a member is passed. */
enum di_value_kind {
	DI_VALUE_POINTER,
	DI_VALUE_BOOL,
	DI_VALUE_SIGNED,
	DI_VALUE_UNSIGNED,
	DI_VALUE_FLOATING,
	DI_VALUE_NONE /**< of no type that may be passed */
};

/** The type of a parameter, member or element. */
struct di_parameter {
	/** As written, "const struct config *"; is_const of a pointer: it is one to const. */
	struct di_type type;
	uint32_t kind; /**< enum di_value_kind */
};

/** One row of exports. Members that its kind does not need are 0. */
struct di_export {
	uint32_t kind; /**< enum di_export_kind */
	uint32_t parameters_count;
	const char *name; /**< of a field the path of the member: "db.path" */
	/** What is made, ended or given, what has the field, what lists and the like are. */
	struct di_type type;
	/** Of a constructor or chooser; one of a field, and for the element of lists and so on. */
	const struct di_parameter *parameters;
	void (*function)(void); /**< the user's own, by which it is known */
	/**
	 * Pointers stand in args themselves, for other parameters args point to a value of the
	 * type. Else as in struct di_provider.
	 */
	di_create_fn *create;
	di_destroy_fn *destroy; /**< NULL: di_keep */
	const char *(*choose)(void *const *args);
	void (*resolve)(void); /**< of a lazy, as its handles have it */
	const void *object;    /**< the object, or the scope */
	size_t offset;         /**< of a field */
	uint32_t is_array;     /**< 1: a field whose address is its value */
	uint32_t convention;   /**< of a constructor: enum di_export_convention */
	size_t storage_size;   /**< of a DI_INIT constructor's value, else 0 */
	size_t storage_align;
	/** Of an asynchronous constructor or destructor in place of create or destroy. */
	int (*begin)(struct di_call *call, void *const *args);
	int (*end)(struct di_call *call, void *value, enum di_outcome outcome);
};

/** A table of exports, and what a shared object hands over. The first two members stay. */
struct di_exports {
	uint32_t abi;         /**< DI_ABI of the headers it was compiled with */
	uint32_t export_size; /**< sizeof(struct di_export) there */
	const char *name;
	const struct di_export *exports;
	uint32_t count;
};

/** What a shared object defines under the name DI_EXPORTS_ENTRY_NAME. */
typedef const struct di_exports *di_exports_entry_fn(void);
#define DI_EXPORTS_ENTRY_NAME "di_exports_entry"

/** Declares a table of exports; for headers. */
#define DI_EXPORTS_DECLARE(name_) extern const struct di_exports name_

/** Defines a table of exports; in one source file, where the functions are declared. */
#define DI_EXPORTS_DEFINE(name_, list_)                                                            \
	DI__CHECKED_BEGIN                                                                          \
	list_(DI__EXPORT_DEFINE) static const struct di_export name_##__exports[] = { list_(       \
		DI__EXPORT_ENTRY){ .name = NULL } };                                               \
	DI__CHECKED_END                                                                            \
	extern const struct di_exports name_;                                                      \
	const struct di_exports name_ = {                                                          \
		.abi = DI_ABI,                                                                     \
		.export_size = sizeof(struct di_export),                                           \
		.name = #name_,                                                                    \
		.exports = name_##__exports,                                                       \
		.count = sizeof(name_##__exports) / sizeof(name_##__exports[0]) - 1,               \
	}

/** Defines the function by which a shared object hands over a table of exports. */
#define DI_EXPORTS_ENTRY(name_)                                                                    \
	DI__EXPORTED di_exports_entry_fn di_exports_entry;                                         \
	const struct di_exports *di_exports_entry(void)                                            \
	{                                                                                          \
		return &name_;                                                                     \
	}                                                                                          \
	extern const struct di_exports name_

/** What the handle of a lazy built at run time leads to: behind generated functions. */
DI_API void *di__lazy_resolve(const void *handle, struct di_error *err);

/* clang-format off */

/* ---- Rows by kind. ---- */

#define DI__EXPORT_IS_constructor ~, constructor
#define DI__EXPORT_IS_destructor ~, destructor
#define DI__EXPORT_IS_object ~, object
#define DI__EXPORT_IS_chooser ~, chooser
#define DI__EXPORT_IS_field ~, field
#define DI__EXPORT_IS_list ~, list
#define DI__EXPORT_IS_dict ~, dict
#define DI__EXPORT_IS_lazy ~, lazy
#define DI__EXPORT_IS_scope ~, scope
#define DI__EXPORT_IS_type ~, type

#define DI__EXPORT_COLUMNS_constructor 2
#define DI__EXPORT_COLUMNS_destructor 2
#define DI__EXPORT_COLUMNS_object 3
#define DI__EXPORT_COLUMNS_chooser 1
#define DI__EXPORT_COLUMNS_field 3
#define DI__EXPORT_COLUMNS_list 2
#define DI__EXPORT_COLUMNS_dict 2
#define DI__EXPORT_COLUMNS_lazy 2
#define DI__EXPORT_COLUMNS_scope 1
#define DI__EXPORT_COLUMNS_type 1
#define DI__EXPORT_COLUMNS_unknown 0

#define DI__EXPORT_FORM_constructor "X(constructor, type, (function, parameter types...))"
#define DI__EXPORT_FORM_destructor "X(destructor, type, function)"
#define DI__EXPORT_FORM_object "X(object, name, type, address)"
#define DI__EXPORT_FORM_chooser "X(chooser, (function, parameter types...))"
#define DI__EXPORT_FORM_field "X(field, type, member, member type)"
#define DI__EXPORT_FORM_list "X(list, name, element type)"
#define DI__EXPORT_FORM_dict "X(dict, name, element type)"
#define DI__EXPORT_FORM_lazy "X(lazy, name, type it leads to)"
#define DI__EXPORT_FORM_scope "X(scope, name)"
#define DI__EXPORT_FORM_type "X(type, type)"

#define DI__EXPORT_DEFINE(kind_, ...) \
	DI__EXPORT_ROW(DEFINE, kind_, DI__SECOND(DI__EXPORT_IS_##kind_, unknown), __VA_ARGS__)
#define DI__EXPORT_ENTRY(kind_, ...) \
	DI__EXPORT_ROW(ENTRY, kind_, DI__SECOND(DI__EXPORT_IS_##kind_, unknown), __VA_ARGS__)
#define DI__EXPORT_ROW(...) DI__EXPORT_ROW_(__VA_ARGS__)
#define DI__EXPORT_ROW_(what_, word_, kind_, ...) \
	DI__IF(DI__EQUAL(DI__COUNT(__VA_ARGS__), DI__EXPORT_COLUMNS_##kind_)) \
	(DI__EXPORT_##what_##_##kind_, DI__EXPORT_##what_##_WRONG)(word_, kind_, __VA_ARGS__)
#define DI__EXPORT_DEFINE_WRONG(word_, kind_, ...) DI__EXPORT_WRONG_##kind_(word_)
#define DI__EXPORT_ENTRY_WRONG(...)
#define DI__EXPORT_WRONG_unknown(word_) \
	_Static_assert(0, #word_ " is not a kind of export");
#define DI__EXPORT_WRONG_constructor(word_) DI__EXPORT_MALFORMED(constructor)
#define DI__EXPORT_WRONG_destructor(word_) DI__EXPORT_MALFORMED(destructor)
#define DI__EXPORT_WRONG_object(word_) DI__EXPORT_MALFORMED(object)
#define DI__EXPORT_WRONG_chooser(word_) DI__EXPORT_MALFORMED(chooser)
#define DI__EXPORT_WRONG_field(word_) DI__EXPORT_MALFORMED(field)
#define DI__EXPORT_WRONG_list(word_) DI__EXPORT_MALFORMED(list)
#define DI__EXPORT_WRONG_dict(word_) DI__EXPORT_MALFORMED(dict)
#define DI__EXPORT_WRONG_lazy(word_) DI__EXPORT_MALFORMED(lazy)
#define DI__EXPORT_WRONG_scope(word_) DI__EXPORT_MALFORMED(scope)
#define DI__EXPORT_WRONG_type(word_) DI__EXPORT_MALFORMED(type)
#define DI__EXPORT_MALFORMED(kind_) \
	_Static_assert(0, "an exported " #kind_ " is written " DI__EXPORT_FORM_##kind_);

/* ---- Parameters. ---- */

/* How a type is passed. */
#define DI__VALUE_KIND(type_) \
	_Generic((type_)0, _Bool: DI_VALUE_BOOL, \
		 char: CHAR_MIN < 0 ? DI_VALUE_SIGNED : DI_VALUE_UNSIGNED, \
		 signed char: DI_VALUE_SIGNED, short: DI_VALUE_SIGNED, int: DI_VALUE_SIGNED, \
		 long: DI_VALUE_SIGNED, long long: DI_VALUE_SIGNED, \
		 unsigned char: DI_VALUE_UNSIGNED, unsigned short: DI_VALUE_UNSIGNED, \
		 unsigned: DI_VALUE_UNSIGNED, unsigned long: DI_VALUE_UNSIGNED, \
		 unsigned long long: DI_VALUE_UNSIGNED, \
		 float: DI_VALUE_FLOATING, double: DI_VALUE_FLOATING, \
		 default: DI__IS_POINTER((type_)0) ? DI_VALUE_POINTER : DI_VALUE_NONE)
/* 1 for a pointer to const. */
#define DI__POINTS_TO_CONST(type_) \
	_Generic(1 ? DI__EITHER(DI__IS_POINTER((type_)0), (type_)0, (char *)0) : (void *)1, \
		 const void *: 1, default: 0)
#define DI__FILLED(type_) \
	{ { sizeof(type_), #type_, DI__POINTS_TO_CONST(type_) }, DI__VALUE_KIND(type_) }
#define DI__FILLED_ENTRY(name_, type_, number_) DI__FILLED(type_),
#define DI__FILLED_CHECK(name_, type_, number_) \
	_Static_assert((int)DI__VALUE_KIND(type_) != DI_VALUE_NONE, \
		       #name_ ": " #type_ " is no pointer, bool or number that can be filled");
#define DI__FILLED_LOCAL(name_, type_, number_) \
	type_ name_##__##number_ = \
		DI__EITHER(DI__IS_POINTER((type_)0), di__args[number_], *(type_ const *)di__args[number_]);
#define DI__FILLED_ARGUMENT(name_, type_, number_) , name_##__##number_
#define DI__FILLED_VALUE(name_, type_, number_) name_##__##number_
#define DI__FILLED_TYPE(name_, type_, number_) , type_

#define DI__FILLED_ALL_DEFINE(name_, call_) \
	_Static_assert(!DI__EQUAL(DI__NEEDS_COUNT(call_), many), #name_ " has more than 8 parameters"); \
	DI__NEEDS(DI__FILLED_CHECK, name_, call_) \
	static const struct di_parameter name_##__parameters[] = { \
		DI__NEEDS(DI__FILLED_ENTRY, name_, call_) { { 0, NULL, 0 }, DI_VALUE_NONE } \
	};
#define DI__FILLED_ALL_ENTRY(name_) \
	.parameters_count = sizeof(name_##__parameters) / sizeof(name_##__parameters[0]) - 1, \
	.parameters = name_##__parameters,
#define DI__EXPORT_TYPE(type_, size_) .type = { size_, #type_, DI__IS_CONST(type_) },

/* ---- constructor ---- */

#define DI__EXPORT_DEFINE_constructor(word_, kind_, type_, call_) \
	DI__EXPORT_MADE(DI__FUNCTION(DI__CALL(call_)), type_, DI__CONVENTION(call_), DI__CALL(call_))
#define DI__EXPORT_MADE(...) DI__EXPORT_MADE_(__VA_ARGS__)
#define DI__EXPORT_MADE_(name_, type_, convention_, call_) \
	typedef type_ name_##__type; \
	DI__FILLED_ALL_DEFINE(name_, call_) \
	DI__EXPORT_CREATE_##convention_(name_, call_)

#define DI__EXPORT_RETURNS(name_, wanted_, text_) \
	_Static_assert(_Generic(name_, void (*)(): 0, int (*)(): wanted_##_FOR_INT, \
				name_##__type *(*)(): wanted_##_FOR_POINTER, default: 1), \
		       #name_ ", which is exported as a constructor, must return " text_);

/* One that is given a call looks otherwise like one that is written (function, ...). */
#define DI__EXPORT_GIVEN(name_, call_, first_, text_) \
	_Static_assert(_Generic(name_, int (*)(first_ DI__NEEDS(DI__FILLED_TYPE, name_, call_)): 0, \
				default: 1), \
		       #name_ ", which is exported as a constructor, " text_);
#define DI__EXPORT_NO_CALL(name_, call_) \
	DI__EXPORT_GIVEN(name_, call_, struct di_call *, "is given a struct di_call: it is written " \
			 "DI_ASYNC(function, parameter types...)")

#define DI__EXPORT_CREATE_made(name_, call_) \
	DI__EXPORT_NO_CALL(name_, call_) \
	DI__EXPORT_RETURNS(name_, DI__INT, "an int; one that returns a pointer is written " \
			   "DI_RETURNS(function, parameter types...)") \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		name_##__type **name_##__out = (name_##__type **)(void *)di__out; \
		DI__NEEDS(DI__FILLED_LOCAL, name_, call_) \
		(void)di__args; \
		*name_##__out = NULL; \
		DI__INT_RESULT(name_, #name_ ", which is exported as a constructor, must return an int", \
			       name_(name_##__out DI__NEEDS(DI__FILLED_ARGUMENT, name_, call_))) \
		return name_##__result; \
	}

#define DI__EXPORT_CREATE_returned(name_, call_) \
	DI__EXPORT_RETURNS(name_, DI__POINTER, "a pointer; one that returns an int is written " \
			   "(function, parameter types...)") \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		DI__NEEDS(DI__FILLED_LOCAL, name_, call_) \
		errno = 0; \
		name_##__type *name_##__result = \
			name_(DI__NEEDS_COMMA(DI__FILLED_VALUE, name_, call_)); \
		(void)di__args; \
		*di__out = (void *)(uintptr_t)name_##__result; \
		return name_##__result != NULL ? 0 : errno; \
	}

#define DI__EXPORT_CREATE_initialized(name_, call_) \
	DI__EXPORT_NO_CALL(name_, call_) \
	DI__EXPORT_RETURNS(name_, DI__INT, "an int") \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		name_##__type *name_##__self = __builtin_memset(*di__out, 0, sizeof(name_##__type)); \
		DI__NEEDS(DI__FILLED_LOCAL, name_, call_) \
		DI__INT_RESULT(name_, #name_ ", which is exported as a constructor, must return an int", \
			       name_(name_##__self DI__NEEDS(DI__FILLED_ARGUMENT, name_, call_))) \
		(void)di__args; \
		return name_##__result; \
	}

#define DI__EXPORT_CREATE_asynchronous(name_, call_) \
	DI__EXPORT_GIVEN(name_, call_, name_##__type **, "is given no struct di_call: it is written " \
			 "(function, parameter types...)") \
	_Static_assert(_Generic(name_, void (*)(): 0, name_##__type *(*)(): 0, default: 1), \
		       #name_ ", which is exported as a constructor, must return an int: " \
		       "DI_PENDING or an errno"); \
	_Static_assert(_Generic(name_##_complete, \
				enum di_status (*)(struct di_call *, int, name_##__type *): 1, \
				default: 0), \
		       #name_ " is exported with another type than it completes: what makes it " \
		       "complete is DI_COMPLETE_DECLARE(function, type)"); \
	static int name_##__begin(struct di_call *di__call, void *const *di__args) \
	{ \
		struct di_call *name_##__call = di__call; \
		DI__NEEDS(DI__FILLED_LOCAL, name_, call_) \
		DI__INT_RESULT(name_, #name_ ", which is exported as a constructor, must return an int: " \
			       "DI_PENDING or an errno", \
			       name_(name_##__call DI__NEEDS(DI__FILLED_ARGUMENT, name_, call_))) \
		(void)di__args; \
		return name_##__result; \
	}

#define DI__EXPORT_CREATE_unknown(name_, call_) \
	_Static_assert(0, "an exported constructor is written (function, parameter types...), " \
			  "DI_RETURNS(function, parameter types...), " \
			  "DI_INIT(function, parameter types...) or " \
			  "DI_ASYNC(function, parameter types...)"); \
	static int name_##__create(void *const *di__args, void **di__out) \
	{ \
		(void)di__args; \
		(void)di__out; \
		return 0; \
	}

#define DI__EXPORT_ENTRY_constructor(word_, kind_, type_, call_) \
	DI__EXPORT_MADE_ENTRY(DI__FUNCTION(DI__CALL(call_)), type_, DI__CONVENTION(call_), \
			      DI__STORAGE(DI__FUNCTION(DI__CALL(call_)), DI__CONVENTION(call_)))
#define DI__EXPORT_MADE_ENTRY(...) DI__EXPORT_MADE_ENTRY_(__VA_ARGS__)
#define DI__EXPORT_MADE_ENTRY_(name_, type_, convention_, size_, align_) \
	{ .kind = DI_EXPORT_CONSTRUCTOR, .name = #name_, DI__EXPORT_TYPE(type_, size_) \
	  DI__FILLED_ALL_ENTRY(name_) .function = (void (*)(void))name_, \
	  DI__EXPORT_MAKES_##convention_(name_) .convention = DI__EXPORT_CONVENTION_##convention_, \
	  .storage_size = size_, .storage_align = align_ },
#define DI__EXPORT_MAKES_made(name_) .create = name_##__create,
#define DI__EXPORT_MAKES_returned(name_) .create = name_##__create,
#define DI__EXPORT_MAKES_initialized(name_) .create = name_##__create,
#define DI__EXPORT_MAKES_asynchronous(name_) .begin = name_##__begin,
#define DI__EXPORT_MAKES_unknown(name_) .create = name_##__create,
#define DI__EXPORT_CONVENTION_made DI_EXPORT_MADE
#define DI__EXPORT_CONVENTION_returned DI_EXPORT_RETURNED
#define DI__EXPORT_CONVENTION_initialized DI_EXPORT_INITIALIZED
#define DI__EXPORT_CONVENTION_asynchronous DI_EXPORT_ASYNCHRONOUS
#define DI__EXPORT_CONVENTION_unknown DI_EXPORT_MADE

/* ---- destructor, object, chooser ---- */

#define DI__EXPORT_DEFINE_destructor(word_, kind_, type_, function_) \
	typedef type_ function_##__type; \
	DI__ASYNC_DESTROY(function_, function_)
#define DI__EXPORT_ENTRY_destructor(word_, kind_, type_, function_) \
	{ .kind = DI_EXPORT_DESTRUCTOR, .name = #function_, DI__EXPORT_TYPE(type_, 0) \
	  .function = (void (*)(void))function_, \
	  .destroy = DI__ENDS_ASYNC(function_) ? NULL : DI__DESTROY_OR_NULL(function_), \
	  .end = DI__ENDS_ASYNC(function_) ? function_##__end_async : NULL },

#define DI__EXPORT_DEFINE_object(word_, kind_, name_, type_, address_) \
	DI__UNUSED static type_ *const name_##__exported = address_;
#define DI__EXPORT_ENTRY_object(word_, kind_, name_, type_, address_) \
	{ .kind = DI_EXPORT_OBJECT, .name = #name_, DI__EXPORT_TYPE(type_, 0) .object = (address_) },

#define DI__EXPORT_DEFINE_chooser(word_, kind_, call_) \
	DI__EXPORT_CHOOSER(DI__IF(DI__IS_PAREN(call_))(DI__FUNCTION(call_), call_), \
			   DI__IF(DI__IS_PAREN(call_))(call_, (call_)), DI__IS_PAREN(call_))
#define DI__EXPORT_CHOOSER(...) DI__EXPORT_CHOOSER_(__VA_ARGS__)
#define DI__EXPORT_CHOOSER_(name_, call_, is_call_) \
	_Static_assert(is_call_, "an exported chooser is written " DI__EXPORT_FORM_chooser); \
	_Static_assert(_Generic(name_, void (*)(): 0, int (*)(): 0, default: 1), \
		       #name_ ", which is exported as a chooser, must return a const char *, a key"); \
	DI__FILLED_ALL_DEFINE(name_, call_) \
	static const char *name_##__choose(void *const *di__args) \
	{ \
		DI__NEEDS(DI__FILLED_LOCAL, name_, call_) \
		const char *name_##__key = \
			name_(DI__NEEDS_COMMA(DI__FILLED_VALUE, name_, call_)); \
		(void)di__args; \
		return name_##__key; \
	}
#define DI__EXPORT_ENTRY_chooser(word_, kind_, call_) \
	DI__EXPORT_CHOOSER_ENTRY(DI__IF(DI__IS_PAREN(call_))(DI__FUNCTION(call_), call_))
#define DI__EXPORT_CHOOSER_ENTRY(...) DI__EXPORT_CHOOSER_ENTRY_(__VA_ARGS__)
#define DI__EXPORT_CHOOSER_ENTRY_(name_) \
	{ .kind = DI_EXPORT_CHOOSER, .name = #name_, DI__FILLED_ALL_ENTRY(name_) \
	  .function = (void (*)(void))name_, .choose = name_##__choose },

/* ---- field ---- */

/* A member of an object that does not exist: for what is not evaluated. */
#define DI__MEMBER_OF(type_, path_) (((const type_ *)0)->path_)
/* The assignment is what compares the types, and is never made. */
#define DI__EXPORT_DEFINE_field(word_, kind_, type_, path_, member_type_) \
	_Static_assert((int)DI__VALUE_KIND(member_type_) != DI_VALUE_NONE, \
		       #path_ ": " #member_type_ " is no pointer, bool or number"); \
	_Static_assert(sizeof(__typeof__(*(member_type_ *)0 = DI__MEMBER_OF(type_, path_))) > 0, "a size"); \
	_Static_assert((int)DI__VALUE_KIND(member_type_) == \
			       (int)DI__VALUE_KIND(__typeof__((void)0, DI__MEMBER_OF(type_, path_))) && \
		       sizeof(member_type_) == sizeof(__typeof__((void)0, DI__MEMBER_OF(type_, path_))), \
		       "the member " #path_ " of " #type_ " is not of the type " #member_type_);
#define DI__EXPORT_ENTRY_field(word_, kind_, type_, path_, member_type_) \
	{ .kind = DI_EXPORT_FIELD, .name = #path_, DI__EXPORT_TYPE(type_, 0) \
	  .parameters_count = 1, \
	  .parameters = (const struct di_parameter[]){ DI__FILLED(member_type_) }, \
	  .offset = offsetof(type_, path_), \
	  .is_array = !DI__SAME_TYPE(__typeof__(DI__MEMBER_OF(type_, path_)), \
				     __typeof__((void)0, DI__MEMBER_OF(type_, path_))) },

/* ---- list, dict, lazy ---- */

#define DI__EXPORT_ELEMENT(type_) \
	.parameters_count = 1, .parameters = (const struct di_parameter[]){ DI__FILLED(type_ *) },

#define DI__EXPORT_DEFINE_list(word_, kind_, name_, element_) \
	_Static_assert(_Generic(((struct name_ *)0)->items, element_ *const *: 1, default: 0) && \
			       offsetof(struct name_, count) == 0 && \
			       sizeof(struct name_) == sizeof(size_t) + sizeof(void *), \
		       "struct " #name_ " is no DI_LIST_TYPE(" #name_ ", " #element_ ")");
#define DI__EXPORT_ENTRY_list(word_, kind_, name_, element_) \
	{ .kind = DI_EXPORT_LIST, .name = #name_, \
	  .type = { sizeof(struct name_), "const struct " #name_, 1 }, DI__EXPORT_ELEMENT(element_) },

#define DI__EXPORT_DEFINE_dict(word_, kind_, name_, element_) \
	_Static_assert(_Generic(((struct name_ *)0)->items, const struct name_##_item *: 1, default: 0) && \
			       _Generic(&((struct name_##_item *)0)->value, element_ **: 1, default: 0) && \
			       offsetof(struct name_, count) == 0 && \
			       sizeof(struct name_) == sizeof(size_t) + sizeof(void *) && \
			       offsetof(struct name_##_item, key) == 0 && \
			       sizeof(struct name_##_item) == 2 * sizeof(void *), \
		       "struct " #name_ " is no DI_DICT_TYPE(" #name_ ", " #element_ ")");
#define DI__EXPORT_ENTRY_dict(word_, kind_, name_, element_) \
	{ .kind = DI_EXPORT_DICT, .name = #name_, \
	  .type = { sizeof(struct name_), "const struct " #name_, 1 }, DI__EXPORT_ELEMENT(element_) },

#define DI__EXPORT_DEFINE_lazy(word_, kind_, name_, target_) \
	_Static_assert(_Generic(((struct name_ *)0)->resolve, \
				target_ *(*)(const struct name_ *, struct di_error *): 1, default: 0) && \
			       offsetof(struct name_, context) == 0 && \
			       sizeof(struct name_) == 2 * sizeof(void *), \
		       "struct " #name_ " is no DI_LAZY_TYPE(" #name_ ", " #target_ ")"); \
	static target_ *name_##__resolve(const struct name_ *name_##__lazy, struct di_error *err) \
	{ \
		return di__lazy_resolve(name_##__lazy, err); \
	}
#define DI__EXPORT_ENTRY_lazy(word_, kind_, name_, target_) \
	{ .kind = DI_EXPORT_LAZY, .name = #name_, \
	  .type = { sizeof(struct name_), "const struct " #name_, 1 }, DI__EXPORT_ELEMENT(target_) \
	  .resolve = (void (*)(void))name_##__resolve },

/* ---- scope, type ---- */

#define DI__EXPORT_DEFINE_scope(word_, kind_, name_) \
	_Static_assert((int)di_scope_##name_##__rank > 0 && \
			       (int)di_scope_##name_##__rank != (int)di_scope_any__rank, \
		       #name_ " is no scope of the program's own");
#define DI__EXPORT_ENTRY_scope(word_, kind_, name_) \
	{ .kind = DI_EXPORT_SCOPE, .name = #name_, .object = &di_scope_##name_ },

#define DI__EXPORT_DEFINE_type(word_, kind_, type_) \
	_Static_assert(sizeof(type_ *) > 0, "a type");
#define DI__EXPORT_ENTRY_type(word_, kind_, type_) \
	{ .kind = DI_EXPORT_TYPE, .name = #type_, DI__EXPORT_TYPE(type_, 0) },

/* clang-format on */

#endif
