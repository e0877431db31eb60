/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <integrations/fiber/fiber.h>
#include <stdint.h>
#include <stdio.h>

/** Counts in a fiber, which is given the context, and prints what it counts. */

static void *count(void *unused)
{
	(void)unused;
	di_fiber_yield();
	return (void *)(intptr_t)app_count(di_context_current(&app), NULL);
}

int main(void)
{
	struct di_error err = { 0 };
	struct di_container *container = di_container_new(&app, NULL, &err);
	struct di_context *request =
		di_context_open(di_container_root(container), &di_scope_request, &err);
	const struct di_fiber_options options = { .abi = DI_ABI, .context = request };
	struct di_fiber_scheduler *fibers = di_fiber_scheduler_new(NULL, &err);
	struct di_fiber *fiber = di_fiber_spawn(fibers, count, NULL, &options, &err);
	void *counted = NULL;

	if (di_fiber_join(fiber, &counted, &err) != DI_OK)
		return 1;
	printf("a fiber counted to %d\n", (int)(intptr_t)counted);
	di_fiber_scheduler_free(fibers, &err);
	di_context_close(request, DI_DONE, &err);
	return di_container_free(container, &err) != DI_OK;
}
