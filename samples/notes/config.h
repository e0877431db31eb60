/* SPDX-License-Identifier: MIT */
#ifndef NOTES_CONFIG_H
#define NOTES_CONFIG_H

/**
 * What the service is told on its command line. Plain values; strings are borrowed from argv.
 */

#include "samples/notes/store.h"

#include <stddef.h>
#include <stdint.h>

struct config {
	struct store_options db;
	struct {
		const char *address; /**< IPv4, to listen on */
		uint16_t port;       /**< 0: the system picks one */
		unsigned threads;
		size_t max_body;
	} http;
	const char
		*wiring; /**< a YAML file that says how the parts are made, or NULL: notes.h does */
	int summary;     /**< tell at the end how many contexts there were */
	int verbose;     /**< tell each event too */
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
