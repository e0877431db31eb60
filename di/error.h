/* SPDX-License-Identifier: MIT */
#ifndef DI_ERROR_H
#define DI_ERROR_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Statuses and errors.
 *
 * A struct di_error belongs to its caller, is always the last parameter, may be NULL, and is
 * written only on failure. It owns nothing and nothing in it is allocated: names are copied, so it
 * outlives the container that it speaks of. Zero it before the first use; any number of calls may
 * then share it. One thread at a time may use it.
 *
 * Misuse, such as NULL for a context or the use of a closed one, is an error return in every build;
 * a library that was built with DI_DEBUG says so on stderr and aborts besides.
 */

#include "di/compiler.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every status with its text: X(name, text). */
#define DI_STATUS_MAP(X)                                                                           \
	X(DI_OK, "success")                                                                        \
	X(DI_EINVAL, "invalid argument")                                                           \
	X(DI_ENOMEM, "out of memory")                                                              \
	X(DI_ECREATE, "a constructor failed")                                                      \
	X(DI_ENULL, "NULL is no value")                                                            \
	X(DI_ENOVALUE, "no value was provided")                                                    \
	X(DI_ENOCONTEXT, "no context of the needed scope is open")                                 \
	X(DI_ECYCLE, "the value needs itself")                                                     \
	X(DI_EBUSY, "in use")                                                                      \
	X(DI_ECLOSED, "closed")                                                                    \
	X(DI_EFINALIZE, "a finalizer failed")                                                      \
	X(DI_EOPEN, "contexts were still open and were closed as cancelled")                       \
	X(DI_EABI, "compiled against other headers of di")                                         \
	X(DI_ETHREAD, "it belongs to another thread")                                              \
	X(DI_EAGAIN, "it is asynchronous")                                                         \
	X(DI_ETIMEDOUT, "it was not done in time")                                                 \
	X(DI_ECANCELLED, "it was cancelled")

enum di_status {
#define DI__STATUS_NAME(name_, text_) name_,
	DI_STATUS_MAP(DI__STATUS_NAME)
#undef DI__STATUS_NAME
};

enum {
	DI_NAME_SIZE = 64,   /**< bytes kept of a name, with its ending NUL */
	DI_PATH_SIZE = 320,  /**< bytes kept of a path's innermost names */
	DI_DETAIL_SIZE = 192 /**< bytes kept of the sentence that explains */
};

/** What went wrong. Read it through di_error_text(); the fields are there for programs. */
struct di_error {
	enum di_status status;
	int cause;       /**< what the user's function returned, mostly an errno; or 0 */
	unsigned more;   /**< how many further errors the same call met */
	unsigned hidden; /**< names left out between path and outermost */
	char provider[DI_NAME_SIZE];  /**< the provider that failed, or "" */
	char function[DI_NAME_SIZE];  /**< the user's function that failed, or "" */
	char detail[DI_DETAIL_SIZE];  /**< what was found, as a clause, or "" */
	char path[DI_PATH_SIZE];      /**< innermost first: "config <- store <- session" */
	char outermost[DI_NAME_SIZE]; /**< the last name of a path too long for path, or "" */
};

/**
 * The text of a status, a literal.
 *
 * Never NULL: an unknown number is "unknown status". Any thread may call it.
 */
DI_API const char *di_status_text(enum di_status status);

/** The name of a status as it is written in C, a literal; "DI_E?" for an unknown number. */
DI_API const char *di_status_name(enum di_status status);

/**
 * Writes the error as one line without a newline into buffer and returns buffer.
 *
 * For example: "store_open failed for notes_store: No such file or directory
 * (notes_store <- notes_session <- notes_add)". The text is cut to size - 1 bytes; size 0 writes
 * nothing. Any thread may call it, and it does not change errno.
 */
DI_API char *di_error_text(const struct di_error *error, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
