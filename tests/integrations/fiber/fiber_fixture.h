/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FIBER_FIXTURE_H
#define DI_TESTS_FIBER_FIXTURE_H

/** What tests of fibers share: a scheduler, and fibers that may not fail to be made. */

#include "integrations/fiber/fiber.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

static struct di_fiber_scheduler *fibers;

static inline void fibers_begin(void)
{
	watchdog(120);
	journal_clear();
	fibers = di_fiber_scheduler_new(NULL, &error);
	ck_assert_ptr_nonnull(fibers);
}

static inline void fibers_end(void)
{
	expect_ok(di_fiber_scheduler_free(fibers, &error));
	watchdog(0);
}

static inline struct di_fiber *spawn_with(di_fiber_fn *function, void *data,
					  const struct di_fiber_options *options)
{
	struct di_fiber *fiber = di_fiber_spawn(fibers, function, data, options, &error);

	ck_assert_msg(fiber != NULL, "%s", error_text());
	return fiber;
}

static inline struct di_fiber *spawn(di_fiber_fn *function, void *data)
{
	return spawn_with(function, data, NULL);
}

static inline void *join(struct di_fiber *fiber)
{
	void *result = NULL;

	expect_ok(di_fiber_join(fiber, &result, &error));
	return result;
}

static inline void run_all(void)
{
	expect_ok(di_fiber_run(fibers, &error));
}

#endif
