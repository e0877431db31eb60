/* SPDX-License-Identifier: MIT */
#include "tests/support/storage.h"

#include <errno.h>
#include <stddef.h>

struct part storage_default = { .name = "config", .alive = 1 };

#define STORAGE_END(name_)                                                                         \
	static int storage_##name_##_end(struct part *part, enum di_outcome outcome)               \
	{                                                                                          \
		return part_end(part, outcome);                                                    \
	}

#define STORAGE_NEW_OF_1(name_)                                                                    \
	int storage_##name_##_new(struct part **out, struct part *a)                               \
	{                                                                                          \
		return part_new(out, #name_, (struct part *const[]){ a, NULL });                   \
	}                                                                                          \
	STORAGE_END(name_)

STORAGE_NEW_OF_1(pool)
STORAGE_NEW_OF_1(store)
STORAGE_NEW_OF_1(whole)
STORAGE_NEW_OF_1(census)
STORAGE_NEW_OF_1(session)
STORAGE_NEW_OF_1(line)
STORAGE_END(index)
STORAGE_END(place)
STORAGE_END(query)

int storage_place_new(struct part **out)
{
	return part_new(out, "place", (struct part *const[]){ NULL });
}

int storage_query_new(struct part **out, struct part *session, struct part *line)
{
	return part_new(out, "query", (struct part *const[]){ session, line, NULL });
}

/* What it needs does not stand in the table. */
int storage_index_new(struct part **out, struct di_context *context)
{
	struct part *store = storage_store_get(context, NULL);

	if (store == NULL)
		return ENODATA;
	return part_new(out, "index", (struct part *const[]){ store, NULL });
}

DI_CONTAINER_DEFINE(storage, STORAGE);
