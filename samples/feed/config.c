/* SPDX-License-Identifier: MIT */
#include "samples/feed/config.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	BAD_USAGE = 2
};

const struct config default_config = {
	.connections = 8,
	.timeout_ms = 10000,
	.most_bytes = 16UL * 1024 * 1024,
};

static const char usage[] =
	"Usage: feed [OPTION]... URL...\n"
	"Fetches all URLs at once and tells what came.\n"
	"\n"
	"  -n, --connections N    connections at the same time (8)\n"
	"  -t, --timeout MS       how long a page may take (10000)\n"
	"  -m, --max-size BYTES   largest page taken (16777216)\n"
	"  -o, --output DIR       save the pages there, as 1, 2, ... in the order of the URLs\n"
	"  -h, --help             show this and exit\n"
	"  -V, --version          show the version and exit\n"
	"\n"
	"Ends with 0, with 1 if a page could not be fetched, with 2 if it was called wrongly, and "
	"with\n"
	"130 if it was interrupted.\n";

static const struct option options[] = {
	{ "connections", required_argument, NULL, 'n' },
	{ "timeout", required_argument, NULL, 't' },
	{ "max-size", required_argument, NULL, 'm' },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* Returns the number, or 0 after having said what is wrong with it. */
static long number(const char *option, const char *text, long most)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (!errno && end != text && !*end && value >= 1 && value <= most)
		return value;
	fprintf(stderr, "feed: --%s takes a number from 1 to %ld, not '%s'\n", option, most, text);
	return 0;
}

/* Returns whether the option's argument is fit. */
static int set(struct config *config, int option, const char *text)
{
	switch (option) {
	case 'n':
		config->connections = (unsigned)number("connections", text, 1000);
		return config->connections > 0;
	case 't':
		config->timeout_ms = number("timeout", text, INT_MAX);
		return config->timeout_ms > 0;
	case 'm':
		config->most_bytes = (size_t)number("max-size", text, LONG_MAX);
		return config->most_bytes > 0;
	case 'o':
		config->directory = text;
		return 1;
	default:
		return 0;
	}
}

static int refuse(void)
{
	fputs("Try 'feed --help'.\n", stderr);
	return BAD_USAGE;
}

int config_parse(struct config *config, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "n:t:m:o:hV", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
		if (option == 'V') {
			puts("feed 0.1.0");
			return EXIT_SUCCESS;
		}
		if (!set(config, option, optarg))
			return refuse();
	}
	config->urls = argv + optind;
	config->count = (size_t)(argc - optind);
	if (config->count > 0)
		return -1;
	fputs("feed: which URLs?\n", stderr);
	return refuse();
}
