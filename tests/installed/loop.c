/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <integrations/uv/uv.h>

#include <stdio.h>

/**
 * Counts in the context that a timer of a loop has taken along, and then closes all.
 */

static void count(void *data, const struct di_error *error)
{
	struct di_context *request = di_context_current(&app);
	int *counted = data;

	if (error == NULL)
		*counted = app_count(request, NULL);
}

static void start(struct di_uv *uv, struct di_context *root, int *counted)
{
	struct di_context *request = di_context_open(root, &di_scope_request, NULL);

	di_context_enter(request, NULL);
	di_uv_timer(uv, 1, 0, count, counted, NULL);
	di_context_leave(request, NULL);
	uv_run(di_uv_loop(uv), UV_RUN_DEFAULT);
	di_context_close(request, DI_DONE, NULL);
}

int main(void)
{
	struct di_container *container = di_container_new(&app, NULL, NULL);
	struct di_uv_options options = { .abi = DI_ABI };
	int counted = 0;
	struct di_uv *uv;
	uv_loop_t loop;

	uv_loop_init(&loop);
	uv = di_uv_new(&loop, &options, NULL);
	start(uv, di_container_root(container), &counted);
	di_uv_close(uv, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	printf("the loop counted to %d\n", counted);
	return uv_loop_close(&loop) != 0 || di_container_free(container, NULL) != DI_OK ||
	       counters_alive() != 0;
}
