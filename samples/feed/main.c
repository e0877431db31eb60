/* SPDX-License-Identifier: MIT */
#include "samples/feed/feed.h"
#include "samples/feed/fetch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	INTERRUPTED = 128 + SIGINT
};

/* One loop, one container, one scheduler of fibers; all in the main thread. */
struct program {
	struct fetching fetching;
	struct di_container *container;
	uv_signal_t interrupt;
	int failed;
};

static void complain(struct program *program, const char *what, const struct di_error *err)
{
	char text[1024];

	fprintf(stderr, "feed: %s: %s\n", what, di_error_text(err, text, sizeof(text)));
	program->failed = 1;
}

static void on_interrupt(uv_signal_t *handle, int number)
{
	struct program *program = handle->data;

	(void)number;
	/* A second one ends the program as if nobody had asked for signals. */
	uv_signal_stop(handle);
	fetch_cancel(&program->fetching);
}

static void on_freed(void *data, enum di_status status, const struct di_error *err)
{
	struct program *program = data;

	if (status != DI_OK)
		complain(program, "cannot end", err);
	uv_close((uv_handle_t *)&program->interrupt, NULL);
}

/* What the program does, in the first fiber. */
static void *work(void *data)
{
	struct program *program = data;
	struct di_error err = { 0 };

	/* The connections are made here once, and not by whoever comes first. */
	if (!di_await(program->fetching.root, &feed_net, &err))
		complain(program, "cannot begin", &err);
	else if (fetch_all(&program->fetching))
		complain(program, "cannot begin", &(struct di_error){ .status = DI_ENOMEM });
	if (di_uv_container_free(program->fetching.uv, program->container, on_freed, program,
				 &err) != DI_OK)
		on_freed(program, err.status, &err);
	return NULL;
}

static int make_container(struct program *program, const struct config *config,
			  struct di_error *err)
{
	struct di_context *root;

	program->container = di_container_new(&feed, NULL, err);
	if (!program->container)
		return 0;
	root = di_container_root(program->container);
	program->fetching.root = root;
	return feed_config_override(root, config, err) == DI_OK &&
	       feed_uv_put(root, program->fetching.uv, err) == DI_OK;
}

static void run_loop(struct program *program, uv_loop_t *loop)
{
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };
	struct di_error err = { 0 };
	struct di_uv *uv = di_uv_new(loop, NULL, &err);
	struct di_uv_fibers *fibers = uv ? di_uv_fibers_new(uv, NULL, &err) : NULL;

	program->fetching.uv = uv;
	if (!fibers) {
		complain(program, "cannot begin", &err);
	} else {
		program->fetching.fibers = di_uv_fibers_scheduler(fibers);
		uv_signal_init(loop, &program->interrupt);
		program->interrupt.data = program;
		uv_signal_start(&program->interrupt, on_interrupt, SIGINT);
		if (!make_container(program, program->fetching.config, &err) ||
		    !di_fiber_spawn(program->fetching.fibers, work, program, &detached, &err)) {
			complain(program, "cannot begin", &err);
			di_container_free(program->container, NULL);
			uv_close((uv_handle_t *)&program->interrupt, NULL);
		}
		uv_run(loop, UV_RUN_DEFAULT);
		di_uv_fibers_free(fibers, NULL);
	}
	di_uv_close(uv, NULL, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
}

int main(int argc, char **argv)
{
	struct config config = default_config;
	struct program program = { .fetching = { .config = &config } };
	int status = config_parse(&config, argc, argv);
	uv_loop_t loop;

	if (status >= 0)
		return status;
	signal(SIGPIPE, SIG_IGN);
	if (uv_loop_init(&loop)) {
		fputs("feed: there is no event loop\n", stderr);
		return EXIT_FAILURE;
	}
	run_loop(&program, &loop);
	if (uv_loop_close(&loop) == UV_EBUSY)
		fputs("feed: something is left open\n", stderr);
	/* The threads of the pool end here and not with the process: libcurl's libraries mind. */
	uv_library_shutdown();
	if (program.fetching.cancelled)
		return INTERRUPTED;
	return program.failed || program.fetching.report.failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
