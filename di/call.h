/* SPDX-License-Identifier: MIT */
#ifndef DI_CALL_H
#define DI_CALL_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Asynchronous constructors and finalizers: what they are given, and how they complete.
 *
 *     int make(struct di_call *call, needs...);         returns DI_PENDING, or a positive errno
 *     <name>_complete(call, 0, value);                  from anywhere, also before make returns
 *     <name>_complete(call, ETIMEDOUT, NULL);
 *
 *     int end(struct di_call *call, T *value);          returns DI_PENDING, or 0 or an errno: done
 *     int end(struct di_call *call, T *value, enum di_outcome outcome);
 *     di_call_end(call, 0);
 *
 * A constructor that returns DI_PENDING must complete its call, once: with 0 and a value that is
 * not NULL, or with an errno; and one that returns an errno, having completed nothing, must not. A
 * call lives until it is completed and the function that was given it has returned. While that has
 * not returned, completing a second time is refused with DI_EINVAL; later the call is as dead as
 * freed memory. Where two could complete it, such as an answer and a timer, the program settles
 * which of them does.
 *
 * A constructor that does not know its row, since it is exported or makes the values of several,
 * completes by its own name: see DI_COMPLETE_DECLARE.
 */

#include "di/async.h"
#include "di/type.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One run of an asynchronous constructor or finalizer. Borrowed until it is completed. */
struct di_call;

enum {
	DI_PENDING =
		-1 /**< what such a function returns if it completes, or has completed, its call */
};

/** The home of the value: where it is made or ended. Borrowed as long as the call. */
DI_API struct di_context *di_call_context(const struct di_call *call);

/**
 * Resolves another provider for the value that is being made, as di_resolve() does, at the home:
 * the way to resolve something after the constructor has returned. The value then counts as built
 * from it. Only in a constructor's call that is not completed; else DI_EINVAL.
 */
DI_API void *di_call_get(struct di_call *call, const struct di_provider *provider,
			 struct di_error *err);

/**
 * The same for what may be asynchronous; see di_get_async(). A creation that is completed before
 * all that it has asked for in this way has called back is finished then. What would wait for
 * itself is DI_ECYCLE.
 */
DI_API struct di_get di_call_get_async(struct di_call *call, const struct di_provider *provider,
				       di_get_fn *callback, void *data, struct di_error *err);

/** Asks a creation to cancel itself, by completing with ECANCELED; it need not. */
typedef void di_cancel_fn(void *data, struct di_call *call);

/**
 * Registers what is called when everybody who awaits the creation has cancelled: once, on the
 * thread that cancels, under no lock. It may complete the call. Once it was asked, and also if it
 * registers after that, function is called. Where somebody asks for the value after that, and the
 * call is completed with ECANCELED all the same, it is made once more. Only the constructor that is
 * given the call may register, before it returns.
 */
DI_API void di_call_on_cancel(struct di_call *call, di_cancel_fn *function, void *data);

/**
 * Completes a finalizer with 0, or an errno that counts as a failed finalizer. DI_EINVAL: the call
 * is a constructor's, or is completed already. Any thread may call it.
 */
DI_API enum di_status di_call_end(struct di_call *call, int cause);

/* What <name>_complete calls. */
DI_API enum di_status di__call_complete(struct di_call *call, const struct di_provider *provider,
					int status, void *value);

/* What <function>_complete calls, with its name and the type of what it makes. */
DI_API enum di_status di__call_complete_by(struct di_call *call, void (*constructor)(void),
					   const char *name, const struct di_type *type, int status,
					   void *value);

/**
 * Lets an asynchronous constructor complete its calls whatever row they make a value for: of a
 * table of macros, of a builder, of a file. It stands below the function's declaration, mostly in a
 * header:
 *
 *     int pool_connect(struct di_call *call, const char *host);
 *     DI_COMPLETE_DECLARE(pool_connect, struct pool);
 *
 * and generates, as if written by hand,
 *
 *     enum di_status pool_connect_complete(struct di_call *call, int status, struct pool *value);
 *
 * which is like `<name>_complete` of a row. The type is that of the rows, and is written as it is
 * there. DI_EINVAL, and the call is not completed: another function was given it, or the row, where
 * it is one of macros, provides another type, or what is said of completing twice. Of other rows
 * the compiler has compared the type, where the function is exported. A function is known by its
 * address: one that is static in a header is another one in each source file.
 *
 * It is for C, as the tables are: in a header that C++ reads it stands behind #ifndef __cplusplus.
 */
#define DI_COMPLETE_DECLARE(function_, type_)                                                      \
	DI__UNUSED static inline enum di_status function_##_complete(struct di_call *call,         \
								     int status, type_ *value)     \
	{                                                                                          \
		static const struct di_type function_##__completes = { 0, #type_,                  \
								       DI__IS_CONST(type_) };      \
		return di__call_complete_by(call, (void (*)(void))function_, #function_,           \
					    &function_##__completes, status,                       \
					    (void *)(uintptr_t)value);                             \
	}                                                                                          \
	struct di_call

#ifdef __cplusplus
}
#endif

#endif
