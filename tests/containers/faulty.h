/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FAULTY_H
#define DI_TESTS_FAULTY_H

/**
 * Parts and exports for rows that something is wrong with. For one source file of a program: it
 * holds state.
 */

#include "tests/support/built.h"

#include <stdio.h>
#include <stdlib.h>

PART(pool)
PART_OF_1(store)
PART_OF_2(session)
PART_FAKE(config)

struct clock {
	int hour;
};

static int clock_new(struct clock **out)
{
	(void)out;
	return 1;
}

static void clock_free(struct clock *clock)
{
	(void)clock;
}

static int look(struct part **out, const struct clock *clock, int count)
{
	(void)out;
	(void)clock;
	return count;
}

static int wind(struct clock **out, struct clock *clock)
{
	(void)out;
	(void)clock;
	return 1;
}

static int slow_new(struct di_call *call, struct part *need);
DI_COMPLETE_DECLARE(slow_new, struct part);
static int slow_new(struct di_call *call, struct part *need)
{
	return (int)slow_new_complete(call, 0, need);
}

static int slow_end(struct di_call *call, struct part *part)
{
	(void)part;
	return (int)di_call_end(call, 0);
}

static const char *choose(void)
{
	return "a";
}

static const struct clock noon = { 12 };

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part,  (pool_new)) \
	X(constructor, struct part,  (store_new, struct part *)) \
	X(constructor, struct part,  (session_new, struct part *, struct part *)) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct part,  (look, const struct clock *, int)) \
	X(constructor, struct clock, (wind, struct clock *)) \
	X(constructor, struct part,  DI_ASYNC(slow_new, struct part *)) \
	X(destructor,  struct part,  slow_end) \
	X(destructor,  struct part,  pool_end) \
	X(destructor,  struct part,  store_end) \
	X(destructor,  struct part,  session_end) \
	X(destructor,  struct clock, clock_free) \
	X(destructor,  void,         free) \
	X(chooser,     (choose)) \
	X(object,      the_config, struct part, &config) \
	X(object,      noon, const struct clock, &noon) \
	X(field,       struct clock, hour, int) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);

static void begin(void)
{
	built_begin("app", &exports, NULL);
}

/* clang-format off */
#define MADE(kind_, name_, function_, ...) \
	ROW(kind_, name_, .constructor = #function_ "_new", .destructor = #function_ "_end", \
	    __VA_ARGS__)
#define NOTHING .strict = 0
/* clang-format on */

#endif
