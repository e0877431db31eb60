/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/service.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GRACE_MS = 10000 /* what requests under way get to finish when we are stopped */
};

static void hold_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int serve(struct service *service, const sigset_t *signals)
{
	const struct config *config = &service->config;
	int rc = service_start(service), number;

	if (rc) {
		fprintf(stderr, "notes: cannot listen on %s:%d: %s\n", config->http.address,
			(int)config->http.port, strerror(rc));
		return EXIT_FAILURE;
	}
	printf("listening on http://%s:%d\n", config->http.address, (int)service_port(service));
	fflush(stdout);
	while (sigwait(signals, &number))
		continue;
	if (service_stop(service, GRACE_MS))
		fprintf(stderr, "notes: requests were cut off\n");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct config config = default_config;
	struct service service;
	sigset_t signals;
	int rc, status = config_parse(&config, argc, argv);

	if (status >= 0)
		return status;
	hold_signals(&signals);
	rc = service_init(&service, &config);
	if (rc) {
		fprintf(stderr, "notes: cannot start: %s\n", strerror(rc));
		return EXIT_FAILURE;
	}
	status = serve(&service, &signals);
	service_release(&service);
	/* In the words of the sample, whose contexts are its requests and what they inject. */
	if (config.summary) {
		fprintf(stderr, "contexts opened %llu, closed %llu\n", atomic_load(&service.begun),
			atomic_load(&service.ended));
	}
	return status;
}
