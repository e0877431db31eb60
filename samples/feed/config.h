/* SPDX-License-Identifier: MIT */
#ifndef FEED_CONFIG_H
#define FEED_CONFIG_H

/**
 * What the program is told on its command line. Plain values; strings are borrowed from argv.
 */

#include <stddef.h>

struct config {
	unsigned connections;  /**< at most at once */
	long timeout_ms;       /**< for each page */
	size_t most_bytes;     /**< of a page */
	const char *directory; /**< where pages are saved as 1, 2, ...; NULL: nowhere */
	char **urls;
	size_t count;
};

extern const struct config default_config;

/**
 * Reads the command line into config, which holds the defaults.
 *
 * Returns -1 where the program is to go on, else the status that it is to exit with: what was asked
 * for, or what is wrong, has been printed.
 */
int config_parse(struct config *config, int argc, char **argv);

#endif
