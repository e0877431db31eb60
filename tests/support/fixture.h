/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FIXTURE_H
#define DI_TESTS_FIXTURE_H

/**
 * What nearly every test of containers has: one container, its root, an error, a counting
 * allocator.
 *
 *     static void setup(void)
 *     {
 *             container_begin(&app, NULL);
 *     }
 *     tcase_add_checked_fixture(tcase, setup, container_end);
 */

#include "di/di.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/journal.h"
#include "tests/support/misuse.h"
#include "tests/support/parts.h"

#include <check.h>
#include <string.h>

extern struct di_container *container;
extern struct di_context *root;
extern struct di_error error;
extern struct failing_allocator memory;

/** Makes the container with the counting allocator, or as options say; the error is zeroed. */
void container_begin(const struct di_table *table, const struct di_options *options);

/** Frees the container, if the test has not, and checks that all memory was given back. */
void container_end(void);

/** Frees the container now and fails the test unless that returns status. */
void container_free_expect(enum di_status status);

/** Opens a context, which may not fail. */
struct di_context *open_in(struct di_context *parent, const struct di_scope *scope);

/** Closes a context, which may not fail. */
void close_as(struct di_context *context, enum di_outcome outcome);

/** The text of the error, until the next call. */
const char *error_text(void);

/** Fails the test unless the call is DI_OK. */
#define expect_ok(call_)                                                                           \
	do {                                                                                       \
		enum di_status status_ = (call_);                                                  \
		ck_assert_msg(status_ == DI_OK, #call_ ": %s", error_text());                      \
	} while (0)

/** Fails the test unless the call, whose last argument is &error, fails with that status. */
#define expect_error(call_, expected_)                                                             \
	do {                                                                                       \
		enum di_status status_;                                                            \
		error.status = DI_OK;                                                              \
		status_ = (call_);                                                                 \
		ck_assert_str_eq(di_status_name(status_), di_status_name(expected_));              \
		ck_assert_int_eq(error.status, status_);                                           \
	} while (0)

/** Fails the test unless the call, which is given &error, returns NULL with that status. */
#define expect_null(call_, expected_)                                                              \
	do {                                                                                       \
		error.status = DI_OK;                                                              \
		ck_assert_ptr_null(call_);                                                         \
		ck_assert_str_eq(di_status_name(error.status), di_status_name(expected_));         \
	} while (0)

/** Fails the test unless the error's text has that part. */
#define expect_text(part_) ck_assert_msg(strstr(error_text(), (part_)) != NULL, "%s", error_text())

#endif
