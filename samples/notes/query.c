/* SPDX-License-Identifier: MIT */
#include "samples/notes/query.h"
#include "samples/notes/session.h"

#include <errno.h>
#include <stdlib.h>

struct query {
	struct session *session;
	struct page page;
};

int query_new(struct query **out, struct session *session)
{
	struct query *query = malloc(sizeof(*query));

	if (!query)
		return ENOMEM;
	query->session = session;
	query->page = (struct page){ .limit = 100 };
	*out = query;
	return 0;
}

void query_free(struct query *query)
{
	free(query);
}

void query_from(struct query *query, const struct page *page)
{
	query->page = *page;
}

struct step {
	note_fn *each;
	void *data;
	int64_t last;
};

static int take(void *data, const struct note *note)
{
	struct step *step = data;

	step->last = note->id;
	return step->each(step->data, note);
}

int query_each(struct query *query, const char *owner, note_fn *each, void *data)
{
	struct step step = { each, data, query->page.after };
	int rc = query->session->ops->list(query->session, owner, &query->page, take, &step);

	if (rc == 0)
		query->page.after = step.last;
	return rc;
}
