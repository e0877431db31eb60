/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_PARTS_H
#define BENCH_SUPPORT_PARTS_H

/**
 * The parts that both sides are made of. Their functions stand in a source of their own, so that
 * neither side has them inlined.
 */

struct part {
	int number;
	struct part *needs;
};

int part_new(struct part **out);
int part_new_for(struct part **out, struct part *needs);
void part_free(struct part *part);

/* The same in storage that is there. */
int part_init(struct part *self);
int part_init_for(struct part *self, struct part *needs);
void part_end(struct part *part);

#endif
