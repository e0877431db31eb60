/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_DUE_H
#define DI_TESTS_DUE_H

/**
 * What is due on other threads, for stress tests: constructors and finalizers that are completed,
 * in any order, by threads that do nothing else. One constructor of 16 fails.
 *
 *     DUE(store, app_store)              store_new(struct di_call *)
 *     DUE_OF_1(session, app_session)     and of one need, which is checked to be alive
 *
 * and value_end, value_end_later as finalizers of any row. All rows provide a struct value.
 */

#include "di/di.h"

#include <stdatomic.h>

struct value {
	atomic_int state;
};

typedef enum di_status due_complete_fn(struct di_call *call, int status, struct value *value);

/** Starts so many threads that complete what is due. */
void due_begin(int count);

/** Lets them complete what is still due, joins them, and fails the test if a fault was noted. */
void due_end(void);

/** Leaves a call to them; the complete of a constructor's, or NULL and the value. DI_PENDING. */
int due_add(struct di_call *call, due_complete_fn *complete, struct value *value);

/** Notes a fault unless that holds; any thread may. */
void due_expect(int holds);

/** Notes a fault unless the value is alive. */
void value_expect(const struct value *value);

struct value *value_new(void);
int value_end(struct value *value);
int value_end_later(struct di_call *call, struct value *value);

#define DUE(name_, row_)                                                                           \
	static int name_##_new(struct di_call *call)                                               \
	{                                                                                          \
		return due_add(call, row_##_complete, NULL);                                       \
	}

#define DUE_OF_1(name_, row_)                                                                      \
	static int name_##_new(struct di_call *call, struct value *need)                           \
	{                                                                                          \
		value_expect(need);                                                                \
		return due_add(call, row_##_complete, NULL);                                       \
	}

#endif
