/* SPDX-License-Identifier: MIT */
#ifndef DI_ASYNC_ROW_H
#define DI_ASYNC_ROW_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * What the rows of asynchronous kinds have besides what di/row.h gives to all: constructors and
 * destructors that are given a call, `name_get_async` and `name_complete`.
 */

#include "di/call.h"
#include "di/row.h"

/** What the descriptor of an asynchronous row leads to by `object`. */
struct di_async {
	/** Calls the user's constructor. args are the values of the needs in order. */
	int (*begin)(struct di_call *call, void *const *args);
	/** Calls the user's asynchronous destructor; NULL where it is a plain one, or none. */
	int (*end)(struct di_call *call, void *value, enum di_outcome outcome);
	/** The user's constructor, which may complete by its own name: DI_COMPLETE_DECLARE. */
	void (*constructor)(void);
};

/* clang-format off */

/* Parameters as for DI__MADE_DECLARE. */
#define DI__ASYNC_DECLARE(container_, name_, type_, call_, lane_, reach_, per_call_) \
	DI__MADE_DECLARE(container_, name_, type_, call_, lane_, reach_, per_call_) \
	/** Completes a creation: 0 and the value, or an errno and NULL. See di/call.h. */ \
	static inline enum di_status name_##_complete(struct di_call *call, int status, \
						      name_##__type *value) \
	{ \
		return di__call_complete(call, &name_, status, (void *)(uintptr_t)value); \
	} \
	typedef void name_##__callback(void *data, name_##__type *value, \
				       const struct di_error *error); \
	static inline void name_##__deliver(void (*callback)(void), void *data, void *value, \
					    const struct di_error *error) \
	{ \
		((name_##__callback *)callback)(data, value, error); \
	} \
	/** Asks for the value; callback is called once. See di_get_async(). */ \
	static inline struct di_get name_##_get_async(struct di_context *context, \
						      name_##__callback *callback, void *data, \
						      struct di_error *err) \
	{ \
		return di__get_async(context, &name_, name_##__deliver, (void (*)(void))callback, \
				     data, err); \
	}

#define DI__ASYNC_DEFINE(container_, kind_, name_, type_, call_, end_, scope_) \
	DI__ASYNC_DEFINE_(container_, kind_, name_, type_, DI__CONVENTION(call_), DI__CALL(call_), \
			  end_, scope_)
#define DI__ASYNC_DEFINE_(...) DI__ASYNC_DEFINE__(__VA_ARGS__)
#define DI__ASYNC_DEFINE__(container_, kind_, name_, type_, convention_, call_, end_, scope_) \
	DI__BEGIN(name_, convention_, call_) \
	DI__ASYNC_DESTROY(name_, end_) \
	static const struct di_async name_##__async = { \
		name_##__begin, DI__ENDS_ASYNC(name_) ? name_##__end_async : NULL, \
		DI__BEGUN_BY_##convention_(call_) \
	}; \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) NULL \
	}; \
	static const struct di_type name_##__described = { 0, #type_, DI__IS_CONST(type_) }; \
	const struct di_provider name_ = { \
		#name_, &DI__CONTAINER(container_), &di_##kind_, &name_##__described, name_##__index, \
		sizeof(name_##__needs) / sizeof(name_##__needs[0]) - 1, name_##__rank, \
		name_##__lane, 0, name_##__needs, NULL, \
		DI__ENDS_ASYNC(name_) ? NULL : DI__DESTROY_OR_NULL(name_), scope_, \
		&name_##__async, 0, 0, DI__STRING(DI__FUNCTION(call_)), DI__STRING(end_) \
	};

#define DI__BEGIN(name_, convention_, call_) DI__BEGIN_(name_, convention_, call_)
#define DI__BEGIN_(name_, convention_, call_) DI__BEGIN_##convention_(name_, call_)
#define DI__BEGIN_made(name_, call_) \
	static int name_##__begin(struct di_call *di__call, void *const *di__args) \
	{ \
		DI__MUST_BEGIN(name_, DI__FUNCTION(call_)) \
		struct di_call *name_##__call = di__call; \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		DI__INT_RESULT(name_, DI__STRING(DI__FUNCTION(call_)) ", which makes " #name_ \
			       ", must return an int: DI_PENDING or an errno", \
			       DI__FUNCTION(call_)(name_##__call DI__NEEDS(DI__NEED_ARGUMENT, name_, call_))) \
		(void)di__args; \
		return name_##__result; \
	}
#define DI__MUST_BEGIN(name_, function_) DI__MUST_BEGIN_(name_, function_)
#define DI__MUST_BEGIN_(name_, function_) \
	_Static_assert(_Generic(function_, int (*)(struct di_call *): 1, void (*)(): 0, \
				name_##__type *(*)(): 0, default: 1), \
		       #function_ ", which makes " #name_ ", must return an int: " \
		       "DI_PENDING or an errno");
#define DI__BEGUN_BY_made(call_) (void (*)(void))DI__FUNCTION(call_)
#define DI__BEGUN_BY_returned(call_) NULL
#define DI__BEGUN_BY_initialized(call_) NULL
#define DI__BEGUN_BY_asynchronous(call_) NULL
#define DI__BEGUN_BY_unknown(call_) NULL
#define DI__BEGIN_returned(name_, call_) DI__BEGIN_WRONG(name_)
#define DI__BEGIN_initialized(name_, call_) DI__BEGIN_WRONG(name_)
#define DI__BEGIN_asynchronous(name_, call_) DI__BEGIN_WRONG(name_)
#define DI__BEGIN_unknown(name_, call_) DI__BEGIN_WRONG(name_)
#define DI__BEGIN_WRONG(name_) \
	_Static_assert(0, "the constructor of " #name_ ", which is asynchronous, is written " \
			  "(function, needs...): int function(struct di_call *, needs...)"); \
	static int name_##__begin(struct di_call *di__call, void *const *di__args) \
	{ \
		(void)di__call; \
		(void)di__args; \
		return 0; \
	}

/* The forms of a destructor, as for DI__DESTROY, and two more. */
#define DI__ASYNC_DESTROY(name_, end_) \
	enum { name_##__ends = _Generic(end_, \
		int (*)(struct di_call *, name_##__type *): 1, \
		int (*)(struct di_call *, name_##__type *, enum di_outcome): 2, \
		default: 0) }; \
	enum { name_##__end = _Generic(end_, \
		int (*)(struct di_call *, name_##__type *): di__end_keep, \
		int (*)(struct di_call *, name_##__type *, enum di_outcome): di__end_keep, \
		void (*)(name_##__type *): di__end_plain, \
		int (*)(name_##__type *): di__end_status, \
		void (*)(name_##__type *, enum di_outcome): di__end_outcome, \
		int (*)(name_##__type *, enum di_outcome): di__end_both, \
		default: _Generic(end_, void (*)(const void *): di__end_keep, \
				  default: _Generic(end_, void (*)(void *): di__end_any, \
						    default: di__end_none))) }; \
	_Static_assert((int)name_##__end != di__end_none, \
		       "the destructor of " #name_ " is int f(struct di_call *, T *), void f(T *) " \
		       "or int f(T *), each with a last parameter enum di_outcome or not; or di_keep"); \
	DI__DESTROY_AS_FOUND(name_, end_) \
	DI__UNUSED static int name_##__end_async(struct di_call *di__call, void *di__value, \
						 enum di_outcome di__with) \
	{ \
		void (*di__end)(void) = (void (*)(void))end_; \
		if ((int)name_##__ends == 1) \
			return ((int (*)(struct di_call *, name_##__type *))di__end)(di__call, di__value); \
		return ((int (*)(struct di_call *, name_##__type *, enum di_outcome))di__end)( \
			di__call, di__value, di__with); \
	}
#define DI__ENDS_ASYNC(name_) ((int)name_##__ends != 0)

/* clang-format on */

#endif
