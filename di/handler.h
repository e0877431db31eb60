/* SPDX-License-Identifier: MIT */
#ifndef DI_HANDLER_H
#define DI_HANDLER_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Handlers: functions some of whose parameters are injected.
 *
 *     int add_note(const struct request *request, struct session *session, struct clock *clock);
 *
 *     DI_HANDLER(notes_add, int, (const struct request *), (add_note, notes_session, notes_clock));
 *
 * defines, as if written by hand,
 *
 *     enum di_status notes_add(struct di_context *context, int *result,
 *                              const struct request *a0, struct di_error *err);
 *     extern const struct di_handler notes_add_handler;
 *
 * which resolves the needs in order as seen from context, calls the function with the 0 to 8 passed
 * parameters followed by the 0 to 8 needs, and stores what it returns in *result, which is not
 * NULL. A `void` result has no result parameter. It returns DI_OK whenever the function was called
 * and nothing failed after; otherwise the status of di_resolve(), with the handler's name at the
 * end of the path, and the function was not called. Any thread may call it.
 *
 * A handler whose needs are made for the call alone (a factory, what chooses or holds one, or a
 * resource or lazy of scope inject or any) opens a context of scope inject around it, which is
 * private: it is never current and never a parent. It ends as DI_FAILED if the function's int is
 * not zero or its pointer is NULL, and otherwise as DI_DONE; write DI_FAILS_IF(int, < 0) as the
 * result for another judgement, as you must for enumerations and structs. If that context cannot be
 * closed well, DI_EFINALIZE is returned and *result is written; DI_EBUSY, if a value made for the
 * call keeps a context open below it, which then stays until the container ends.
 *
 * DI_HANDLER_IN(request, notes_add, int, ...) is a handler whose private context has the scope that
 * is named first, and which opens it around every call, whatever its needs: each call is a request
 * of its own. DI_HANDLER_DECLARE declares it too. Rows that are strict for that scope resolve in
 * it.
 *
 * The parameters' types are written without names; arrays and pointers to functions by a typedef.
 */

#include "di/context.h"
#include "di/flow.h"
#include "di/row.h"

#include <string.h>

/**
 * Calls a handler from its descriptor: result and each parameter are pointers to such an object.
 */
typedef enum di_status di_handler_fn(struct di_context *context, void *result,
				     void *const *parameters, struct di_error *err);

/** A handler as data, for routes, registries and keys. Constant. */
struct di_handler {
	const char *name;
	uint32_t version; /**< 0 */
	uint16_t needs_count, parameters_count;
	const struct di_provider *const *needs;
	const char *const *parameters; /**< their types as written */
	const char *result;            /**< its type as written */
	di_handler_fn *call;
};

/* What the generated functions call. */
DI_API enum di_status di__call_prepare(struct di_context *context,
				       const struct di_provider *const *needs, void **values,
				       const struct di_scope *scope, const char *name,
				       struct di_error *err);
DI_API enum di_status di__call_end(struct di_context *opened, int failed, const char *name,
				   struct di_error *err);
DI_API struct di_context *di__callback_begin(const struct di_provider *const *needs,
					     const char *name, struct di_error *err);
/*
 * Where containers are connected, it takes another context if that one does not cover all the
 * needs.
 */
DI_API enum di_status di__callback_prepare(struct di_context *context,
					   const struct di_provider *const *needs, void **values,
					   const struct di_scope *scope, const char *name,
					   struct di_error *err);
DI_API void di__callback_failed(const struct di_error *err);

/* clang-format off */

/**
 * Declares a handler; for headers. The result is written as for DI_HANDLER, or without DI_FAILS_IF.
 */
#define DI_HANDLER_DECLARE(name_, result_, types_) \
	DI__TYPES(DI__PARAMETER_DECLARED, name_, types_) \
	DI__HANDLER_DECLARE(name_, DI__RESULT_KIND(result_), result_, types_)
#define DI__HANDLER_DECLARE(name_, kind_, result_, types_) \
	enum di_status name_(struct di_context *context \
			     DI__CAT(DI__RESULT_PARAMETER_, kind_)(result_), \
			     DI__TYPES(DI__PARAMETER, name_, types_) struct di_error *err); \
	extern const struct di_handler name_##_handler

/** Defines a handler; in one source file. See the top of this file. */
#define DI_HANDLER(name_, result_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_OR_FAULT(DI__HANDLER, types_, call_) \
	(name_, 0, inject, DI__RESULT_KIND(result_), result_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_handler name_##_handler

/** Defines a handler each call of which has a context of that scope; in one source file. */
#define DI_HANDLER_IN(scope_, name_, result_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_SCOPE_CHECK(name_, scope_) \
	DI__CALL_OR_FAULT(DI__HANDLER, types_, call_) \
	(name_, 1, scope_, DI__RESULT_KIND(result_), result_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_handler name_##_handler

/* always_: 1 where the context is opened whatever the needs. */
#define DI__HANDLER(name_, always_, scope_, kind_, result_, types_, call_) \
	DI__CALL_CHECK(name_, types_, call_) \
	DI__HANDLER_DECLARE(name_, kind_, result_, types_); \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) NULL \
	}; \
	static const char *const name_##__parameters[] = { \
		DI__TYPES(DI__PARAMETER_NAME, name_, types_) NULL \
	}; \
	enum di_status name_(struct di_context *context \
			     DI__CAT(DI__RESULT_PARAMETER_, kind_)(result_), \
			     DI__TYPES(DI__PARAMETER, name_, types_) struct di_error *err) \
	{ \
		enum { per_call_ = always_ DI__NEEDS(DI__NEED_PER_CALL, name_, call_) }; \
		DI__CALL_LOOK(name_, call_) \
		if (!there_) { \
			enum di_status status_ = \
				di__call_prepare(context, name_##__needs, values_, \
						 DI__CALL_SCOPE(scope_), #name_, err); \
			if (status_ != DI_OK) \
				return status_; \
			DI__NEEDS(DI__NEED_TAKE, name_, call_) \
		} \
		DI__CAT(DI__RESULT_STORE_, kind_)(name_, result_, DI__CALL_INJECTED(name_, types_, call_)) \
		if (per_call_) \
			return di__call_end(DI__CALL_OPENED(name_), \
					    DI__CAT(DI__RESULT_FAILED_, kind_)(name_, result_), \
					    #name_, err); \
		return DI_OK; \
	} \
	static enum di_status name_##__call(struct di_context *context, void *result, \
					    void *const *parameters, struct di_error *err) \
	{ \
		(void)result; \
		(void)parameters; \
		return name_(context DI__CAT(DI__RESULT_ARGUMENT_, kind_), \
			     DI__TYPES(DI__PARAMETER_LOAD, name_, types_) err); \
	} \
	const struct di_handler name_##_handler = { \
		#name_, 0, sizeof(name_##__needs) / sizeof(name_##__needs[0]) - 1, \
		sizeof(name_##__parameters) / sizeof(name_##__parameters[0]) - 1, \
		name_##__needs, name_##__parameters, #result_, name_##__call \
	};

/**
 * Defines a function with exactly the signature `result name(params...)`, to hand to a library.
 *
 *     DI_CALLBACK(compare_notes, int, 0, (const void *, const void *), (compare, notes_order));
 *
 * It resolves its needs from the innermost context of their container that the flow has entered (of
 * a container that covers them all, where they are of several), and calls the function. After an
 * error it returns on_failure, and the first error stays in the flow until di_callback_error(). At
 * least one need is a provider's. on_failure is not looked at where the result is void.
 */
#define DI_CALLBACK(name_, result_, on_failure_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_OR_FAULT(DI__CALLBACK, types_, call_) \
	(name_, DI__RESULT_KIND(result_), 0, inject, result_, on_failure_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_provider di__context

/** The same, with a context of that scope around each call, as for DI_HANDLER_IN. */
#define DI_CALLBACK_IN(scope_, name_, result_, on_failure_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_SCOPE_CHECK(name_, scope_) \
	DI__CALL_OR_FAULT(DI__CALLBACK, types_, call_) \
	(name_, DI__RESULT_KIND(result_), 1, scope_, result_, on_failure_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_provider di__context

#define DI__CALLBACK(name_, kind_, ...) DI__CALLBACK_(name_, kind_, __VA_ARGS__)
#define DI__CALLBACK_(name_, kind_, ...) DI__CALLBACK_##kind_(name_, kind_, __VA_ARGS__)
#define DI__CALLBACK_void DI__CALLBACK_DEFINE
#define DI__CALLBACK_typed DI__CALLBACK_DEFINE
#define DI__CALLBACK_judged(name_, ...) \
	_Static_assert(0, "the result of the callback " #name_ " is a type: " \
			  "DI_FAILS_IF is for handlers");
#define DI__CALLBACK_DEFINE(name_, kind_, always_, scope_, result_, on_failure_, types_, call_) \
	DI__CALL_CHECK(name_, types_, call_) \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) NULL \
	}; \
	enum { name_##__lost = !(0 DI__NEEDS(DI__NEED_LEADS_TO_CONTEXT, name_, call_)) }; \
	_Static_assert(!name_##__lost, #name_ " has no need to find its context by"); \
	result_ name_(DI__CALLBACK_PARAMETERS(name_, types_)); \
	result_ name_(DI__CALLBACK_PARAMETERS(name_, types_)) \
	{ \
		enum { per_call_ = always_ DI__NEEDS(DI__NEED_PER_CALL, name_, call_) }; \
		DI__CAT(DI__RESULT_ON_FAILURE_, kind_)(name_, result_, on_failure_) \
		struct di_error own_; \
		struct di_error *err = &own_; \
		struct di_context *context = di__callback_begin(name_##__needs, #name_, err); \
		DI__CALL_LOOK(name_, call_) \
		if (!there_) { \
			if (context == NULL || \
			    di__callback_prepare(context, name_##__needs, values_, \
						 DI__CALL_SCOPE(scope_), #name_, err) != DI_OK) { \
				di__callback_failed(err); \
				return DI__CAT(DI__RESULT_FAILURE_, kind_)(name_); \
			} \
			DI__NEEDS(DI__NEED_TAKE, name_, call_) \
		} \
		DI__CAT(DI__RESULT_KEEP_, kind_)(name_, result_, \
						 DI__CALL_INJECTED(name_, types_, call_)) \
		if (per_call_ && di__call_end(DI__CALL_OPENED(name_), 0, #name_, err) != DI_OK) { \
			di__callback_failed(err); \
			return DI__CAT(DI__RESULT_FAILURE_, kind_)(name_); \
		} \
		return DI__CAT(DI__RESULT_RETURN_, kind_)(name_); \
	}

/* ---- Results: void, a type, or DI_FAILS_IF(type, condition). ---- */

#define DI__RESULT_KIND(result_) DI__SECOND(DI__RESULT_##result_ (), typed)
#define DI__RESULT_void() ~, void
#define DI__RESULT_DI_FAILS_IF(...) DI__RESULT_JUDGED
#define DI__RESULT_JUDGED() ~, judged
#define DI__RESULT_TYPE_DI_FAILS_IF(type_, ...) type_
#define DI__RESULT_TEST_DI_FAILS_IF(type_, ...) __VA_ARGS__

#define DI__RESULT_PARAMETER_void(result_)
#define DI__RESULT_PARAMETER_typed(result_) , result_ *result
#define DI__RESULT_PARAMETER_judged(result_) , DI__CAT(DI__RESULT_TYPE_, result_) *result
#define DI__RESULT_ARGUMENT_void
#define DI__RESULT_ARGUMENT_typed , result
#define DI__RESULT_ARGUMENT_judged , result

#define DI__RESULT_STORE_void(name_, result_, call_) call_;
#define DI__RESULT_STORE_typed(name_, result_, call_) \
	result_ name_##__result = call_; \
	*result = name_##__result;
#define DI__RESULT_STORE_judged(name_, result_, call_) \
	DI__RESULT_STORE_typed(name_, DI__CAT(DI__RESULT_TYPE_, result_), call_)

#define DI__RESULT_FAILED_void(name_, result_) 0
#define DI__RESULT_FAILED_typed(name_, result_) \
	di__result_failed(&name_##__result, DI__IS_POINTER(name_##__result), \
			  _Generic(name_##__result, int: 1, default: 0))
#define DI__RESULT_FAILED_judged(name_, result_) \
	(name_##__result DI__CAT(DI__RESULT_TEST_, result_))

static inline int di__result_failed(const void *result, int is_pointer, int is_int)
{
	void *pointer;
	int number;

	if (is_int) {
		memcpy(&number, result, sizeof(number));
		return number != 0;
	}
	if (!is_pointer)
		return 0;
	memcpy(&pointer, result, sizeof(pointer));
	return pointer == NULL;
}

#define DI__RESULT_ON_FAILURE_void(name_, result_, on_failure_)
#define DI__RESULT_ON_FAILURE_typed(name_, result_, on_failure_) \
	result_ name_##__on_failure = on_failure_;
#define DI__RESULT_FAILURE_void(name_)
#define DI__RESULT_FAILURE_typed(name_) name_##__on_failure
#define DI__RESULT_KEEP_void(name_, result_, call_) call_;
#define DI__RESULT_KEEP_typed(name_, result_, call_) result_ name_##__result = call_;
#define DI__RESULT_RETURN_void(name_)
#define DI__RESULT_RETURN_typed(name_) name_##__result

/* ---- Parameters and needs. ---- */

#define DI__PARAMETER(name_, type_, number_) type_ name_##__a##number_,
#define DI__PARAMETER_BARE(name_, type_, number_) type_ name_##__a##number_
#define DI__PARAMETER_NAME(name_, type_, number_) #type_,
#define DI__PARAMETER_PASS(name_, type_, number_) name_##__a##number_
#define DI__PARAMETER_LOAD(name_, type_, number_) *(type_ *)parameters[number_],
#define DI__CALLBACK_PARAMETERS(name_, types_) \
	DI__IF(DI__EQUAL(DI__TYPES_COUNT(types_), 0)) \
	(void, DI__TYPES_COMMA(DI__PARAMETER_BARE, name_, types_))

/*
 * What is wrong with the form of (types...) and (function, needs...): none, call, types, needs or
 * parameters. Where something is, that alone is said, and nothing else is generated.
 */
#define DI__CALL_FAULT(types_, call_) \
	DI__IF(DI__IS_PAREN(call_))(DI__CALL_FAULT_TYPES, DI__CALL_FAULT_CALL)(types_, call_)
#define DI__CALL_FAULT_CALL(types_, call_) call
#define DI__CALL_FAULT_TYPES(types_, call_) \
	DI__IF(DI__IS_PAREN(types_))(DI__CALL_FAULT_NEEDS, DI__CALL_FAULT_BARE)(types_, call_)
#define DI__CALL_FAULT_BARE(types_, call_) types
#define DI__CALL_FAULT_NEEDS(types_, call_) \
	DI__IF(DI__IS_MORE(DI__NEEDS_COUNT(call_))) \
	(needs, DI__IF(DI__IS_MORE(DI__TYPES_COUNT(types_)))(parameters, none))

#define DI__CALL_OR_FAULT(M_, types_, call_) DI__CALL_OR_FAULT_(M_, DI__CALL_FAULT(types_, call_))
#define DI__CALL_OR_FAULT_(M_, fault_) DI__CALL_OR_FAULT__(M_, fault_)
#define DI__CALL_OR_FAULT__(M_, fault_) DI__CALL_OR_FAULT_##fault_(M_)
#define DI__CALL_OR_FAULT_none(M_) M_
#define DI__CALL_OR_FAULT_call(M_) DI__CALL_BARE
#define DI__CALL_OR_FAULT_types(M_) DI__CALL_TYPES_BARE
#define DI__CALL_OR_FAULT_needs(M_) DI__CALL_NEEDS_MANY
#define DI__CALL_OR_FAULT_parameters(M_) DI__CALL_PARAMETERS_MANY
#define DI__CALL_BARE(name_, ...) \
	_Static_assert(0, "what " #name_ " calls is written (function, needs...)");
#define DI__CALL_TYPES_BARE(name_, ...) \
	_Static_assert(0, "the passed parameters of " #name_ " are written (types...)");
#define DI__CALL_NEEDS_MANY(name_, ...) _Static_assert(0, #name_ " has more than 8 needs");
#define DI__CALL_PARAMETERS_MANY(name_, ...) \
	_Static_assert(0, #name_ " has more than 8 passed parameters");

/* That types have no names and that needs are words: what the compiler says of others says why. */
#define DI__CALL_CHECK(name_, types_, call_) \
	DI__TYPES(DI__PARAMETER_UNNAMED, name_, types_) \
	DI__NEEDS(DI__NEED_WORD, name_, call_)
#define DI__PARAMETER_UNNAMED(name_, type_, number_) \
	DI__TYPE_ALONE(type_, name_##__parameter_##number_##_is_written_without_a_name)
#define DI__PARAMETER_DECLARED(name_, type_, number_) \
	DI__TYPE_ALONE(type_, name_##__parameter_##number_##_is_declared_without_a_name)
#define DI__NEED_WORD(name_, need_, number_) DI__NEED_WORD_(name_, DI__NEED(need_), number_)
#define DI__NEED_WORD_(name_, need_, number_) DI__NEED_WORD__(name_, need_, number_)
#define DI__NEED_WORD__(name_, need_, number_) struct name_##__need_##number_ { char need_; };

#define DI__CALL_INJECTED(name_, types_, call_) \
	DI__FUNCTION(call_)(DI__IF(DI__EQUAL(DI__TYPES_COUNT(types_), 0)) \
		(DI__NEEDS_COMMA(DI__NEED_VALUE, name_, call_), \
		 DI__TYPES_COMMA(DI__PARAMETER_PASS, name_, types_) \
		 DI__NEEDS(DI__NEED_ARGUMENT, name_, call_)))

/* The scope of the context that a call opens, if it opens one. */
#define DI__CALL_SCOPE(scope_) (per_call_ ? &di_scope_##scope_ : NULL)
#define DI__CALL_SCOPE_CHECK(name_, scope_) \
	_Static_assert((int)di_scope_##scope_##__rank >= 0 && \
		       (int)di_scope_##scope_##__rank < (int)di_scope_any__rank, \
		       #name_ ": a call has a context of one scope, not of " #scope_);

#define DI__NEED_LEADS_TO_CONTEXT(name_, need_, number_) \
	|| (int)DI__CAT(DI__NEED(need_), __index) >= 0
/* Looks for the needs where they mostly are; there_ says whether all were found. */
#define DI__CALL_LOOK(name_, call_) \
	struct di__seen seen_ = di__see(per_call_ ? NULL : context); \
	void *values_[sizeof(name_##__needs) / sizeof(name_##__needs[0])]; \
	int there_ = 0; \
	DI__NEEDS(DI__NEED_DECLARE, name_, call_) \
	do { \
		if (per_call_) \
			break; \
		DI__NEEDS(DI__NEED_PEEK, name_, call_) \
		there_ = 1; \
	} while (0); \
	(void)seen_;
#define DI__NEED_DECLARE(name_, need_, number_) \
	DI__CAT(DI__NEED(need_), __type) *DI__NEED_VARIABLE(need_, number_) = NULL;
/* One after the other: gcc would otherwise gather all loads, and compare without branches. */
#define DI__NEED_PEEK(name_, need_, number_) \
	DI__NEED_VARIABLE(need_, number_) = DI__CAT(DI__NEED(need_), __peek)(seen_); \
	if (DI__UNLIKELY(DI__NEED_VARIABLE(need_, number_) == NULL)) \
		break;
#define DI__NEED_TAKE(name_, need_, number_) DI__NEED_VARIABLE(need_, number_) = values_[number_];
/* Behind the values of the needs stands the context that was opened for the call. */
#define DI__CALL_OPENED(name_) values_[sizeof(name_##__needs) / sizeof(name_##__needs[0]) - 1]

/* clang-format on */

#endif
