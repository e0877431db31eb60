/* SPDX-License-Identifier: MIT */
#ifndef DI_GENERATE_H
#define DI_GENERATE_H

/**
 * The parts of a table of macros, written from rows that have been checked.
 */

#include "tools/di/loaded.h"

#include <stdio.h>

struct generated {
	struct loaded *loaded;
	FILE *stream;
	char values[160]; /**< the row that holds numbers and texts, or "" */
};

/** Whether the row has numbers or texts, which stand in that object. */
int has_values(const struct di__built_row *row);
/** Writes the object, where a row has some. What no macro can say is added to the faults. */
void generate_values(struct generated *generated);
/** Writes the name of its member for an argument, or for the value of an object. */
void generate_member_name(FILE *stream, const struct di__built_row *row, uint32_t number);
/** Writes a literal of C. */
void generate_string(FILE *stream, const char *text);

/** Writes all rows. What is not known of them is added to the faults. */
void generate_rows(struct generated *generated);

/** Adds a fault at an argument of the row. */
void refuse_argument(struct generated *generated, const struct di__built_row *row, uint32_t number,
		     const char *what);

#endif
