/* SPDX-License-Identifier: MIT */
#ifndef DI_CHECK_H
#define DI_CHECK_H

/**
 * Fixtures of Check for programs that use di. To be copied: di_check.h and di_check.c need Check
 * and di, and nothing else from here.
 *
 *     static struct di_check test;
 *
 *     static void setup(void)
 *     {
 *             di_check_begin(&test, &notes, &di_scope_request);
 *             di_check_override(&test, notes_clock, &noon);
 *     }
 *
 *     static void teardown(void)
 *     {
 *             di_check_end(&test);
 *     }
 *
 *     START_TEST(a_store_that_is_full_is_an_error)
 *     {
 *             di_check_override(&test, notes_store, &full_store);
 *             di_check_fails(&test, notes_add(test.context, &reply, &incoming, &test.error),
 *                            DI_ECREATE, "No space left");
 *     }
 *     END_TEST
 *
 *     tcase_add_checked_fixture(tcase, setup, teardown);
 *
 * All that a test gets wrong fails that test, with the text of the error. The memory of the
 * container is counted, and has to be given back.
 */

#include <check.h>
#include <di/di.h>
#include <stddef.h>

/**
 * An allocator that counts, checks what it is given back, and fails when it is told to.
 *
 * What it hands out is filled with rubbish, and again when it is given back. Any thread may
 * allocate; look at the numbers when none does.
 */
struct di_check_memory {
	struct di_allocator allocator;
	unsigned long allocations; /**< how often memory was asked for, failures included */
	unsigned long failures;    /**< how often it was refused */
	unsigned long faults;      /**< wrong sizes, foreign pointers and requests for 0 bytes */
	unsigned long live;        /**< blocks not given back yet */
	size_t live_bytes;
	size_t largest;        /**< the most bytes that were ever asked for at once */
	unsigned long fail_at; /**< the allocation of that number fails, counted from 1; 0: none */
	int fail_always;       /**< 1: every one fails */
};

/** Readies it; nothing is to be released. The struct must stay where it is. */
void di_check_memory_init(struct di_check_memory *memory);

/** Makes the n-th allocation from now on fail, 0 for none. */
void di_check_memory_fail(struct di_check_memory *memory, unsigned long n);

/** Fails the test unless all was given back, once and with the right size. */
void di_check_memory_check(const struct di_check_memory *memory);

/** One container for each test, with an open context. Static storage. */
struct di_check {
	struct di_container *container;
	struct di_context *root;
	struct di_context *context; /**< of the scope that was asked for, or the root */
	struct di_error error;      /**< to be given to what the test calls */
	struct di_check_memory memory;
};

/** Makes the container and opens a context of that scope in it; NULL opens none. For setup. */
void di_check_begin(struct di_check *check, const struct di_table *table,
		    const struct di_scope *scope);

/** The same, with options; their allocator, if it is NULL, is the one that counts. */
void di_check_begin_with(struct di_check *check, const struct di_table *table,
			 const struct di_options *options, const struct di_scope *scope);

/** Opens a further context below test.context, which then is that one. */
void di_check_open(struct di_check *check, const struct di_scope *scope);

/** Closes test.context, which then is its parent. All finalizers have to succeed. */
void di_check_close(struct di_check *check, enum di_outcome outcome);

/**
 * Closes what di_check_begin() and di_check_open() have opened, as DI_DONE, and frees the
 * container: all of it has to succeed, nothing else may be open, and all memory has to be given
 * back. For teardown.
 */
void di_check_end(struct di_check *check);

/** The text of test.error, until the next call. */
const char *di_check_text(const struct di_check *check);

/**
 * Puts a value in the place of a provider in test.context; what is wrong with its type, the
 * compiler says.
 */
#define di_check_override(check_, provider_, value_)                                               \
	di_check_ok((check_), provider_##_override((check_)->context, (value_), &(check_)->error))

/** Fails the test unless the call returns DI_OK; the text of test.error says why. */
#define di_check_ok(check_, call_) di_check__ok(__FILE__, __LINE__, #call_, (check_), (call_))

/** Fails the test unless the call returns that status, and the text of test.error has that part. */
#define di_check_fails(check_, call_, status_, part_)                                              \
	do {                                                                                       \
		(check_)->error.status = DI_OK;                                                    \
		di_check__fails(__FILE__, __LINE__, #call_, (check_), (call_), (status_),          \
				(part_));                                                          \
	} while (0)

/**
 * Fails the test unless the call returns NULL, and test.error has that status and that part of a
 * text.
 */
#define di_check_null(check_, call_, status_, part_)                                               \
	do {                                                                                       \
		(check_)->error.status = DI_OK;                                                    \
		di_check__null(__FILE__, __LINE__, #call_, (check_), (call_), (status_), (part_)); \
	} while (0)

/** Makes a mistake and returns the status; err may be NULL. */
typedef enum di_status di_check_mistake_fn(void *data, struct di_error *err);

/**
 * Fails the test unless function is refused with status, and says that text is why.
 *
 * Mistakes abort where the library was built with DI_DEBUG: then define that for the tests too, and
 * function runs in a child, which has to abort and to write text to its standard error. Otherwise
 * it runs here, twice: with an error, whose text has to contain text, and with NULL.
 */
#define di_check_mistake(function_, data_, status_, text_)                                         \
	di_check__mistake(__FILE__, __LINE__, (function_), (data_), (status_), (text_))

void di_check__ok(const char *file, int line, const char *call, const struct di_check *check,
		  enum di_status status);
void di_check__fails(const char *file, int line, const char *call, const struct di_check *check,
		     enum di_status status, enum di_status expected, const char *part);
void di_check__null(const char *file, int line, const char *call, const struct di_check *check,
		    const void *value, enum di_status expected, const char *part);
void di_check__mistake(const char *file, int line, di_check_mistake_fn *function, void *data,
		       enum di_status expected, const char *text);

#endif
