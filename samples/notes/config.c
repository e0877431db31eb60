/* SPDX-License-Identifier: MIT */
#include "samples/notes/config.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BAD_USAGE = 2
};

const struct config default_config = {
	.db = { .path = "build/notes.db", .journal = "wal", .busy_timeout_ms = 2000 },
	.http = { .address = "127.0.0.1", .port = 8080, .threads = 4, .max_body = 65536 },
};

static const char usage[] =
	"Usage: notes [OPTION]...\n"
	"Serves notes over HTTP until SIGINT or SIGTERM.\n"
	"\n"
	"  -p, --port PORT          port to listen on, 0 for any free one (8080)\n"
	"  -l, --listen ADDRESS     IPv4 address to listen on (127.0.0.1)\n"
	"  -d, --db FILE            database, made where it is missing (build/notes.db)\n"
	"  -j, --journal MODE       wal, or delete for file systems without shared memory (wal)\n"
	"  -b, --busy-timeout MS    how long to wait for a locked database (2000)\n"
	"  -m, --max-body BYTES     largest body taken (65536)\n"
	"  -t, --threads N          threads that answer requests (4)\n"
	"  -c, --config FILE        take the parts from a YAML file, such as notes.yaml\n"
	"  -v, --verbose            tell on stderr what is made and torn down\n"
	"  -s, --summary            tell on stderr at the end how many contexts there were\n"
	"  -h, --help               show this and exit\n"
	"  -V, --version            show the version and exit\n";

static const struct option options[] = {
	{ "port", required_argument, NULL, 'p' },
	{ "listen", required_argument, NULL, 'l' },
	{ "db", required_argument, NULL, 'd' },
	{ "journal", required_argument, NULL, 'j' },
	{ "busy-timeout", required_argument, NULL, 'b' },
	{ "max-body", required_argument, NULL, 'm' },
	{ "threads", required_argument, NULL, 't' },
	{ "config", required_argument, NULL, 'c' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "summary", no_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* Returns the number, or -1 after having said what is wrong with it. */
static long number(const char *option, const char *text, long least, long most)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (!errno && end != text && !*end && value >= least && value <= most)
		return value;
	fprintf(stderr, "notes: --%s takes a number from %ld to %ld, not '%s'\n", option, least,
		most, text);
	return -1;
}

static int is_journal(const char *mode)
{
	if (strcmp(mode, "wal") == 0 || strcmp(mode, "delete") == 0)
		return 1;
	fprintf(stderr, "notes: --journal takes wal or delete, not '%s'\n", mode);
	return 0;
}

/* Each of these returns whether the option's argument is fit. */
static int set_number(struct config *config, int option, const char *text)
{
	long value;

	switch (option) {
	case 'p':
		value = number("port", text, 0, UINT16_MAX);
		config->http.port = (uint16_t)value;
		return value >= 0;
	case 'b':
		value = number("busy-timeout", text, 0, INT_MAX);
		config->db.busy_timeout_ms = (int)value;
		return value >= 0;
	case 'm':
		value = number("max-body", text, 1, LONG_MAX);
		config->http.max_body = (size_t)value;
		return value >= 0;
	default:
		value = number("threads", text, 1, 1024);
		config->http.threads = (unsigned)value;
		return value >= 0;
	}
}

static int set(struct config *config, int option, const char *text)
{
	switch (option) {
	case 'l':
		config->http.address = text;
		return 1;
	case 'd':
		config->db.path = text;
		return 1;
	case 'j':
		config->db.journal = text;
		return is_journal(text);
	case 'c':
		config->wiring = text;
		return 1;
	case 'v':
		config->verbose = config->summary = 1;
		return 1;
	case 's':
		config->summary = 1;
		return 1;
	case '?':
		return 0;
	default:
		return set_number(config, option, text);
	}
}

int config_parse(struct config *config, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "p:l:d:j:b:m:t:c:vshV", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
		if (option == 'V') {
			puts("notes 0.1.0");
			return EXIT_SUCCESS;
		}
		if (!set(config, option, optarg)) {
			fputs("Try 'notes --help'.\n", stderr);
			return BAD_USAGE;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "notes: no argument is taken, but there is '%s'\n", argv[optind]);
	return BAD_USAGE;
}
