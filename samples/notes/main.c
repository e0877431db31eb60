/* SPDX-License-Identifier: MIT */
#include "samples/notes/config.h"
#include "samples/notes/exports.h"
#include "samples/notes/http.h"
#include "samples/notes/notes.h"
#include "samples/notes/verbose.h"

#include <containers/yaml/yaml.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	IDLE_SECONDS = 30, /* a client that says nothing for so long is disconnected */
	GRACE_MS = 10000   /* what requests under way get to finish when we are stopped */
};

static int complain(const char *what, const struct di_error *err)
{
	char text[1024];

	fprintf(stderr, "notes: %s: %s\n", what, di_error_text(err, text, sizeof(text)));
	return EXIT_FAILURE;
}

/* Returns 0 or an errno. */
static int listen_at(struct di_mhd *mhd, const struct config *config)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(config->http.port) };
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_SOCK_ADDR, 0, &at },
		{ MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL },
		{ MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)config->http.threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (inet_pton(AF_INET, config->http.address, &at.sin_addr) != 1)
		return EADDRNOTAVAIL;
	/* A pool of one is refused: the polling thread is that one. */
	if (config->http.threads == 1)
		items[2].option = MHD_OPTION_END;
	/* With epoll a client that leaves right behind its last bytes may go unnoticed for long. */
	return di_mhd_start(mhd, MHD_USE_POLL_INTERNAL_THREAD, config->http.port, items);
}

static void wait_for_signal(const sigset_t *signals)
{
	int number;

	while (sigwait(signals, &number))
		continue;
}

static int serve(struct di_container *container, struct config *config, const sigset_t *signals)
{
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = http_answer,
		.failed = http_failed,
		.data = config,
		.body_limit = config->http.max_body,
	};
	struct di_error err = { 0 };
	struct di_mhd *mhd = di_mhd_new(di_container_root(container), &options, &err);
	int rc;

	if (!mhd)
		return complain("cannot serve", &err);
	rc = listen_at(mhd, config);
	if (rc == 0) {
		printf("listening on http://%s:%d\n", config->http.address, (int)di_mhd_port(mhd));
		fflush(stdout);
		wait_for_signal(signals);
		if (di_mhd_stop(mhd, GRACE_MS))
			fprintf(stderr, "notes: requests were cut off\n");
	} else {
		fprintf(stderr, "notes: cannot listen on %s:%d: %s\n", config->http.address,
			(int)config->http.port, strerror(rc));
	}
	di_mhd_free(mhd);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct di_table *table, struct config *config,
	       const struct di_options *options, const sigset_t *signals)
{
	struct di_error err = { 0 };
	struct di_container *container = di_container_new(table, options, &err);
	int status;

	if (!container)
		return complain("cannot begin", &err);
	if (notes_config_override(di_container_root(container), config, &err) != DI_OK ||
	    di_container_start(container, &err) != DI_OK)
		status = complain("cannot start", &err);
	else
		status = serve(container, config, signals);
	if (di_container_free(container, &err) != DI_OK)
		status = complain("cannot end", &err);
	return status;
}

/* The parts are those of a file; what is wrong with it has been printed. */
static int run_from_file(struct config *config, struct di_options *options, const sigset_t *signals)
{
	const struct di_exports *const exports[] = { &notes_exports };
	const struct di_yaml_options loading = {
		.abi = DI_ABI,
		.exports = exports,
		.exports_count = 1,
		.report = di_yaml_print,
		.data = stderr,
	};
	struct di_error err = { 0 };
	struct di_yaml *yaml = di_yaml_load_file(config->wiring, &loading, &err);
	int status;

	if (!yaml)
		return EXIT_FAILURE;
	/* Handlers know the rows of notes.h: those of the file stand in their place. */
	options->in_place_of = &notes;
	status = run(di_yaml_table(yaml), config, options, signals);
	if (di_yaml_free(yaml, &err) != DI_OK)
		status = complain("cannot end", &err);
	return status;
}

/* Threads inherit the mask: the signals wait until the main thread asks for them. */
static void hold_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	struct config config = default_config;
	struct verbose verbose = { 0 };
	struct di_options options = { .abi = DI_ABI };
	sigset_t signals;
	int status = config_parse(&config, argc, argv);

	if (status >= 0)
		return status;
	hold_signals(&signals);
	verbose.summary_only = !config.verbose;
	if (config.summary)
		options.observer = verbose_observer(&verbose);
	if (config.wiring)
		status = run_from_file(&config, &options, &signals);
	else
		status = run(&notes, &config, &options, &signals);
	if (config.summary)
		verbose_summary(&verbose);
	return status;
}
