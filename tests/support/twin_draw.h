/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_TWIN_DRAW_H
#define DI_TESTS_TWIN_DRAW_H

/** What steps draw, from the seed of the case, and say of it. */

#include "tests/support/twin.h"

/** A number below limit. */
int twin_below(int limit);
/** The number of an open context. */
int twin_any_context(void);
int twin_any_row(void);
/** Which allocation of the step fails; mostly 0, none. */
int twin_refusal(void);

const struct graph_row *twin_row(int row);
/** What the step overrides with and puts. */
struct twin_value *twin_fake(void);
/** Of a value, or -1 of none. */
int twin_number_of(const void *value);
/** Of what resolved a value, or did not. */
enum di_status twin_status_of(const void *value);

/** Writes a line into the story: what, a, in, b. */
void twin_tell(const char *what, int a, const char *in, int b);

#endif
