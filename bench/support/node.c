/* SPDX-License-Identifier: MIT */
#include "bench/support/tables.h"

#include <errno.h>
#include <stdlib.h>

int node_init(struct node *self, struct node *a, struct node *b, struct node *c, struct node *d,
	      struct node *e, struct node *f, struct node *g, struct node *h)
{
	*self = (struct node){ { a, b, c, d, e, f, g, h } };
	return 0;
}

int node_malloc(struct node **out, struct node *a, struct node *b, struct node *c, struct node *d,
		struct node *e, struct node *f, struct node *g, struct node *h)
{
	struct node *node = malloc(sizeof(*node));

	if (node == NULL)
		return ENOMEM;
	*node = (struct node){ { a, b, c, d, e, f, g, h } };
	*out = node;
	return 0;
}

int leaf_init(struct node *self)
{
	self->needs[0] = NULL;
	return 0;
}

int leaf_malloc(struct node **out)
{
	struct node *node = malloc(sizeof(*node));

	if (node == NULL)
		return ENOMEM;
	node->needs[0] = NULL;
	*out = node;
	return 0;
}

void node_free(struct node *node)
{
	free(node);
}

void node_end(struct node *node)
{
	node->needs[0] = NULL;
}
