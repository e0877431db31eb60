/* SPDX-License-Identifier: MIT */
#ifndef DI_SOAK_PLANS_H
#define DI_SOAK_PLANS_H

/**
 * What the clients of the notes service do.
 *
 * The notes of some users can be counted afterwards: all that "sound" has were acknowledged; "half"
 * has none, as its requests are never complete or never right; what "deaf" has nobody knows.
 */

#include "tests/soak/client.h"

/* Those that get answers. */
plan_fn life_of_a_note, many_at_once, drop_by_drop, in_chunks, what_is_refused, too_much;
/* The others. */
plan_fn half_a_head, half_a_body, half_a_large_body, half_a_chunk, no_body_at_all, silence,
	no_reading, any_bytes, any_words, a_few_wrong_bytes, a_wrong_length, a_short_length,
	a_wrong_chunk, a_huge_head;

enum {
	PLANS = 20
};

extern const struct plan plans[];

/** Picks one by weight. */
const struct plan *plan_pick(uint64_t *seed);

#endif
