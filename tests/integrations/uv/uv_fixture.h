/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_UV_FIXTURE_H
#define DI_TESTS_UV_FIXTURE_H

/**
 * A loop with what brings di to it, and a container besides. After each test both are closed: no
 * handle may be left. For one source file of a program.
 */

#include "integrations/uv/uv.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <pthread.h>

static uv_loop_t loop;
static struct di_uv *uv;
static pthread_t loop_thread;

/* clang-format off */
#define SEEN(X) \
	X(seen_user, const char, di_keep)
/* clang-format on */

DI_LOCAL_DECLARE(seen, SEEN);
DI_LOCAL_DEFINE(seen, SEEN);

static inline void count_closed(void *data)
{
	++*(int *)data;
}

/** Runs the loop until nothing is open. */
static inline void run_loop(void)
{
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
}

/** Closes what brings di to the loop, and the loop, which then has nothing left. */
static inline void end_loop(void)
{
	int closed = 0;

	di_uv_close(uv, count_closed, &closed);
	run_loop();
	ck_assert_int_eq(closed, 1);
	uv = NULL;
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

static inline void begin_with(const struct di_table *table)
{
	const struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(table, &options);
	loop_thread = pthread_self();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	uv = di_uv_new(&loop, NULL, &error);
	ck_assert_ptr_nonnull(uv);
}

static inline void end_all(void)
{
	if (uv != NULL)
		end_loop();
	container_end();
	if (seen_user_get() != NULL)
		seen_user_unset(NULL);
	watchdog(0);
}

/** What a callback was told, and what it saw around it. */
struct told {
	int times;
	int on_loop;
	void *value;
	enum di_status status;
	const char *user;
	struct di_context *context;
	char text[600];
};

static inline void tell(struct told *told, void *value, const struct di_error *err)
{
	told->times++;
	told->on_loop = pthread_equal(pthread_self(), loop_thread);
	told->value = value;
	told->status = err != NULL ? err->status : DI_OK;
	told->user = seen_user_get();
	told->context = di_context_current(NULL);
	told->text[0] = '\0';
	if (err != NULL)
		di_error_text(err, told->text, sizeof(told->text));
}

/** The callbacks of gets, of timers and work, and of what ends. data is a struct told. */
static inline void tell_value(void *data, void *value, const struct di_error *err)
{
	tell(data, value, err);
}

static inline void tell_after(void *data, const struct di_error *err)
{
	tell(data, NULL, err);
}

static inline void tell_done(void *data, enum di_status status, const struct di_error *err)
{
	ck_assert_int_eq(status, err != NULL ? err->status : DI_OK);
	tell(data, NULL, err);
}

/** Fails the test unless it was told once, on the loop, that status. */
#define expect_told(told_, status_)                                                                \
	do {                                                                                       \
		ck_assert_int_eq((told_)->times, 1);                                               \
		ck_assert_int_eq((told_)->on_loop, 1);                                             \
		ck_assert_msg((told_)->status == (status_), "%s: %s",                              \
			      di_status_name((told_)->status), (told_)->text);                     \
	} while (0)

#define expect_told_text(told_, part_)                                                             \
	ck_assert_msg(strstr((told_)->text, (part_)) != NULL, "%s", (told_)->text)

/** Enters the context and sets the user, or undoes both. */
static inline void enter_as(struct di_context *context, const char *user)
{
	expect_ok(di_context_enter(context, &error));
	expect_ok(seen_user_set(user, &error));
}

static inline void leave_again(struct di_context *context)
{
	expect_ok(seen_user_unset(&error));
	expect_ok(di_context_leave(context, &error));
}

#endif
