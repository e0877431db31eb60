/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_BUILDABLE_H
#define DI_TESTS_BUILDABLE_H

/**
 * Parts and exports of which rows of all kinds can be built. For one source file of a program: it
 * holds state.
 */

#include "tests/support/built.h"

#include <stdlib.h>

PART(pool)
PART_OF_1(store)
PART_OF_2(session)
PART_OF_1(query)
PART_FAKE(config)

struct slot {
	struct part *need;
	int ended;
};

static int slot_init(struct slot *self, struct part *need)
{
	self->need = need;
	return 0;
}

static void slot_end(struct slot *self)
{
	journal_write("ended slot of %s", self->need->name);
}

static struct part *copy_of(struct part *original)
{
	return original;
}

static int context_seen(struct part **out, struct di_context *context)
{
	*out = (struct part *)(void *)context;
	return 0;
}

static const char *chosen = "front";
static const char *choose(const struct part *user)
{
	return user != NULL ? chosen : NULL;
}

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);
DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part, (pool_new)) \
	X(constructor, struct part, (store_new, struct part *)) \
	X(constructor, struct part, (session_new, struct part *, struct part *)) \
	X(constructor, struct part, (query_new, struct part *)) \
	X(constructor, struct slot, DI_INIT(slot_init, struct part *)) \
	X(constructor, struct part, DI_RETURNS(copy_of, struct part *)) \
	X(constructor, struct part, (context_seen, struct di_context *)) \
	X(destructor,  struct part, pool_end) \
	X(destructor,  struct part, store_end) \
	X(destructor,  struct part, session_end) \
	X(destructor,  struct part, query_end) \
	X(destructor,  struct slot, slot_end) \
	X(chooser,     (choose, const struct part *)) \
	X(object,      the_config, struct part, &config) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part) \
	X(scope,       job)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);

/* clang-format off */
#define BASE(X) \
	X(singleton, base_pool, struct part, (pool_new), pool_end) \
	X(context_resource, base_session, struct part, (store_new, base_pool), store_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);

static void begin(void)
{
	built_begin("app", &exports, NULL);
	chosen = "front";
}

#endif
