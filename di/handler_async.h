/* SPDX-License-Identifier: MIT */
#ifndef DI_HANDLER_ASYNC_H
#define DI_HANDLER_ASYNC_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Handlers whose needs may take time: like those of di/handler.h, but told of by a callback.
 *
 *     DI_HANDLER_ASYNC(notes_add, int, (const struct request *), (add_note, notes_session));
 *
 * defines
 *
 *     typedef void notes_add__done(void *data, const int *result, enum di_status status,
 *                                  const struct di_error *error);
 *     enum di_status notes_add(struct di_context *context, const struct request *a0,
 *                              notes_add__done *callback, void *data, struct di_error *err);
 *
 * which asks for the needs, all at once, and calls the function with the passed parameters, of
 * which it keeps copies, and the needs, once all are there: where callbacks run, see di/async.h.
 * Then a context that was opened for the call is closed, with the outcome as for DI_HANDLER, and
 * callback is called once: result points to what the function has returned, for the time of the
 * callback, or is NULL if it was not called; a `void` result has no such parameter. error is NULL
 * with DI_OK.
 *
 * DI_OK: it is under way. Else callback is never called: DI_EINVAL, DI_ENOMEM, and what opening a
 * context says. The context must not be closed before the callback; where the container is freed
 * meanwhile, by di_container_free_async(), that waits for a function that has begun, and otherwise
 * the callback is told DI_ECLOSED.
 */

#include "di/async.h"
#include "di/handler.h"

/* What the generated functions call; frame holds the parameters and the result. */
typedef int di__handler_run_fn(void *frame, void *const *values);
typedef void di__handler_told_fn(void *frame, void (*callback)(void), void *data, int called,
				 enum di_status status, const struct di_error *error);
DI_API enum di_status di__handler_begin(struct di_context *context,
					const struct di_provider *const *needs,
					const struct di_scope *scope, const char *name,
					size_t frame_size, void **frame, struct di_error *err);
DI_API void di__handler_go(void *frame, di__handler_run_fn *run, di__handler_told_fn *told,
			   void (*callback)(void), void *data);

/* clang-format off */

/** Declares an asynchronous handler; for headers. The result is written without DI_FAILS_IF. */
#define DI_HANDLER_ASYNC_DECLARE(name_, result_, types_) \
	DI__TYPES(DI__PARAMETER_DECLARED, name_, types_) \
	DI__HANDLER_ASYNC_DECLARE(name_, DI__RESULT_KIND(result_), result_, types_)
#define DI__HANDLER_ASYNC_DECLARE(name_, kind_, result_, types_) \
	typedef void name_##__done(void *data DI__CAT(DI__RESULT_TOLD_, kind_)(result_), \
				   enum di_status status, const struct di_error *error); \
	enum di_status name_(struct di_context *context, DI__TYPES(DI__PARAMETER, name_, types_) \
			     name_##__done *callback, void *data, struct di_error *err)

/** Defines an asynchronous handler; in one source file. See the top of this file. */
#define DI_HANDLER_ASYNC(name_, result_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_OR_FAULT(DI__HANDLER_ASYNC, types_, call_) \
	(name_, 0, inject, DI__RESULT_KIND(result_), result_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_provider di__context

/** The same, each call of which has a context of that scope, as for DI_HANDLER_IN. */
#define DI_HANDLER_ASYNC_IN(scope_, name_, result_, types_, call_) \
	DI__CHECKED_BEGIN \
	DI__CALL_SCOPE_CHECK(name_, scope_) \
	DI__CALL_OR_FAULT(DI__HANDLER_ASYNC, types_, call_) \
	(name_, 1, scope_, DI__RESULT_KIND(result_), result_, types_, call_) \
	DI__CHECKED_END \
	extern const struct di_provider di__context

#define DI__HANDLER_ASYNC(name_, always_, scope_, kind_, result_, types_, call_) \
	DI__CALL_CHECK(name_, types_, call_) \
	DI__HANDLER_ASYNC_DECLARE(name_, kind_, result_, types_); \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) NULL \
	}; \
	struct name_##__frame { \
		DI__TYPES(DI__PARAMETER_KEPT, name_, types_) \
		DI__CAT(DI__RESULT_KEPT_, kind_)(result_) \
		char end; \
	}; \
	static int name_##__run(void *di__frame, void *const *di__args) \
	{ \
		struct name_##__frame *kept_ = di__frame; \
		DI__TYPES(DI__PARAMETER_LOCAL, name_, types_) \
		DI__CAT(DI__RESULT_PLACE_, kind_)(result_) \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		(void)kept_; \
		(void)di__args; \
		DI__CAT(DI__RESULT_STORE_, kind_)(name_, result_, DI__CALL_INJECTED(name_, types_, call_)) \
		return DI__CAT(DI__RESULT_FAILED_, kind_)(name_, result_); \
	} \
	static void name_##__told(void *di__frame, void (*callback)(void), void *data, int called, \
				  enum di_status status, const struct di_error *error) \
	{ \
		struct name_##__frame *kept_ = di__frame; \
		(void)kept_; \
		(void)called; \
		((name_##__done *)callback)(data DI__CAT(DI__RESULT_PASS_, kind_), status, error); \
	} \
	enum di_status name_(struct di_context *context, DI__TYPES(DI__PARAMETER, name_, types_) \
			     name_##__done *callback, void *data, struct di_error *err) \
	{ \
		enum { per_call_ = always_ DI__NEEDS(DI__NEED_PER_CALL, name_, call_) }; \
		struct name_##__frame *kept_; \
		void *frame_ = NULL; \
		enum di_status status_ = \
			di__handler_begin(callback != NULL ? context : NULL, name_##__needs, \
					  DI__CALL_SCOPE(scope_), #name_, sizeof(*kept_), &frame_, \
					  err); \
		if (status_ != DI_OK) \
			return status_; \
		kept_ = frame_; \
		kept_->end = 0; \
		DI__TYPES(DI__PARAMETER_KEEP, name_, types_) \
		di__handler_go(frame_, name_##__run, name_##__told, (void (*)(void))callback, data); \
		return DI_OK; \
	}

#define DI__PARAMETER_KEPT(name_, type_, number_) type_ a##number_;
#define DI__PARAMETER_KEEP(name_, type_, number_) kept_->a##number_ = name_##__a##number_;
#define DI__PARAMETER_LOCAL(name_, type_, number_) type_ name_##__a##number_ = kept_->a##number_;

#define DI__RESULT_TOLD_void(result_)
#define DI__RESULT_TOLD_typed(result_) , const result_ *result
#define DI__RESULT_TOLD_judged(result_) , const DI__CAT(DI__RESULT_TYPE_, result_) *result
#define DI__RESULT_KEPT_void(result_)
#define DI__RESULT_KEPT_typed(result_) result_ result;
#define DI__RESULT_KEPT_judged(result_) DI__CAT(DI__RESULT_TYPE_, result_) result;
#define DI__RESULT_PLACE_void(result_)
#define DI__RESULT_PLACE_typed(result_) result_ *result = &kept_->result;
#define DI__RESULT_PLACE_judged(result_) DI__CAT(DI__RESULT_TYPE_, result_) *result = &kept_->result;
#define DI__RESULT_PASS_void
#define DI__RESULT_PASS_typed , called ? &kept_->result : NULL
#define DI__RESULT_PASS_judged , called ? &kept_->result : NULL

/* clang-format on */

#endif
