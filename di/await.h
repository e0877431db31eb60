/* SPDX-License-Identifier: MIT */
#ifndef DI_AWAIT_H
#define DI_AWAIT_H

/**
 * Waiting in a fiber for what takes time, as if it were straight code.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;

/**
 * What provider is as seen from context, as by di_resolve(); but where that is asynchronous, or
 * needs what is, the calling fiber is suspended until it has been made: di_get_async() in one line.
 * Meanwhile its thread goes on with others, which may be who completes it.
 *
 * Borrowed; NULL with err filled, as by both. A thread's own flow waits for nothing asynchronous,
 * nor does what runs while something asynchronous is being made or has called back: there it is
 * di_resolve(), and DI_EAGAIN. So it is in a constructor for products, which are to be made for
 * what that makes.
 */
DI_API void *di_await(struct di_context *context, const struct di_provider *provider,
		      struct di_error *err);

#ifdef __cplusplus
}
#endif

#endif
