/* SPDX-License-Identifier: MIT */
#include "bench/support/parts.h"

#include <errno.h>
#include <stdlib.h>

int part_new_for(struct part **out, struct part *needs)
{
	struct part *part = malloc(sizeof(*part));

	if (part == NULL)
		return ENOMEM;
	part->number = 1;
	part->needs = needs;
	*out = part;
	return 0;
}

int part_new(struct part **out)
{
	return part_new_for(out, NULL);
}

void part_free(struct part *part)
{
	free(part);
}

int part_init_for(struct part *self, struct part *needs)
{
	self->number = 1;
	self->needs = needs;
	return 0;
}

int part_init(struct part *self)
{
	return part_init_for(self, NULL);
}

void part_end(struct part *part)
{
	part->number = 0;
}
