/* expect: error: static.assert.*"notes_mix has more than 8 needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int mix(struct clock *a, struct clock *b, struct clock *c, struct clock *d, struct clock *e,
	struct clock *f, struct clock *g, struct clock *h, struct clock *i);

DI_HANDLER(notes_mix, int, (), (mix, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock,
				notes_clock, notes_clock, notes_clock, notes_clock));
