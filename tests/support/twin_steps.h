/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_TWIN_STEPS_H
#define DI_TESTS_TWIN_STEPS_H

/**
 * Steps: each draws what it does, has both do it, and compares them. One that cannot be taken does
 * nothing.
 */

typedef void twin_step_fn(void);

/* Items and contexts. */
twin_step_fn twin_step_put_item, twin_step_fetch, twin_step_open, twin_step_close, twin_step_mark,
	twin_step_defer, twin_step_enter;
/* Values. */
twin_step_fn twin_step_resolve, twin_step_start, twin_step_call, twin_step_override,
	twin_step_override_all, twin_step_override_with, twin_step_put, twin_step_reset,
	twin_step_drop, twin_step_fail_end;

#endif
