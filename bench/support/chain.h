/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_CHAIN_H
#define BENCH_SUPPORT_CHAIN_H

/**
 * Chains of singletons in place, each of which needs the one before it, as long as one likes: what
 * no compiler would take as a table.
 */

#include "bench/support/parts.h"

#include <di/di.h>

/** What their rows name. */
extern const struct di_exports chain_exports;

enum {
	CHAIN_NAME_SIZE = 32
};

/** The name of the row of that number. */
void chain_name(char name[CHAIN_NAME_SIZE], size_t number);
/** The table, built; the caller's, for di_table_free(). */
const struct di_table *chain_build(size_t rows);
/** A YAML file of the same in memory; the caller's, for free(). */
char *chain_yaml(size_t rows, size_t *size);

#endif
