/* SPDX-License-Identifier: MIT */
#include "tests/soak/plans.h"
#include "tests/soak/script.h"

/* clang-format off */
const struct plan plans[] = {
	/* name                        written by         steps, weight */
	{ "the life of a note",        life_of_a_note,    4, 12 },
	{ "many requests at once",     many_at_once,      1, 8 },
	{ "drop by drop",              drop_by_drop,      1, 4 },
	{ "a body in chunks",          in_chunks,         1, 4 },
	{ "what is refused",           what_is_refused,   3, 8 },
	{ "a body too large",          too_much,          1, 2 },
	{ "half a head",               half_a_head,       1, 8 },
	{ "half a body",               half_a_body,       1, 10 },
	{ "half a large body",         half_a_large_body, 1, 4 },
	{ "half a chunk",              half_a_chunk,      1, 4 },
	{ "no body after Expect",      no_body_at_all,    1, 4 },
	{ "silence",                   silence,           1, 3 },
	{ "leaving before the reply",  no_reading,        1, 8 },
	{ "any bytes",                 any_bytes,         1, 5 },
	{ "any words",                 any_words,         1, 5 },
	{ "a few wrong bytes",         a_few_wrong_bytes, 1, 8 },
	{ "a length that is none",     a_wrong_length,    1, 4 },
	{ "a length too short",        a_short_length,    1, 4 },
	{ "a chunk that is none",      a_wrong_chunk,     1, 4 },
	{ "a huge head",               a_huge_head,       1, 4 },
};
/* clang-format on */

_Static_assert(sizeof(plans) / sizeof(*plans) == PLANS, "PLANS says how many there are");

const struct plan *plan_pick(uint64_t *seed)
{
	int sum = 0, at;

	for (int i = 0; i < PLANS; i++)
		sum += plans[i].weight;
	at = random_from(seed, 0, sum - 1);
	for (int i = 0; i < PLANS; i++) {
		at -= plans[i].weight;
		if (at < 0)
			return &plans[i];
	}
	return &plans[0];
}
