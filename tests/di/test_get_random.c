/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdlib.h>

/*
 * Random schedules with fixed seeds, against what is slow and obvious: every get answers once or is
 * let go of; what is there for plain code is what was answered last; nothing ends before what was
 * built from it, which parts notice; and in the end nothing is alive.
 *
 * DI_GET_SEED=n runs that schedule alone; each loop has a hundred.
 */
enum {
	SCHEDULES = 3000,
	LOOPS = 30,
	STEPS = 60,
	CONTEXTS = 3,
	GETS = 64,
	ROWS = 8
};

/* clang-format off */
#define APP(X) \
	X(singleton,              app_config,  struct part, (config_new),                   config_end) \
	X(async_singleton,        app_pool,    struct part, (pool_new, app_config),         pool_end) \
	X(async_resource,         app_store,   struct part, (store_new, app_pool),          store_end) \
	X(singleton,              app_index,   struct part, (index_new, app_store, app_pool), index_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_store, app_index), session_end, request) \
	X(async_factory,          app_query,   struct part, (query_new, app_session),       query_end) \
	X(factory,                app_plain,   struct part, (plain_new, app_query),         plain_end) \
	X(context_resource,       app_page,    struct part, (page_new, app_plain, app_session), page_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(config)
LATER_OF_1(pool, app_pool)
LATER_OF_1(store, app_store)
PART_OF_2(index)
LATER_OF_2(session, app_session)
LATER_OF_1(query, app_query)
PART_OF_1(plain)
PART_OF_2(page)

DI_CONTAINER_DEFINE(app, APP);

static const struct di_provider *const rows[ROWS] = { &app_config, &app_pool,    &app_store,
						      &app_index,  &app_session, &app_query,
						      &app_plain,  &app_page };

/* One get, and what the schedule knows of it. */
struct asked {
	struct di_get get;
	struct answer answer;
	const struct di_provider *provider;
	int context; /* 0: the root */
	int dropped, ended;
};

struct schedule {
	uint64_t seed;
	struct di_context *contexts[CONTEXTS + 1]; /* the root first; NULL: closed */
	struct answer closed[CONTEXTS + 1];
	struct asked asked[GETS];
	int asked_count, closing;
	unsigned resets;
};

static uint32_t draw(struct schedule *schedule, uint32_t limit)
{
	return random_next(&schedule->seed) % limit;
}

static int is_of_request(const struct di_provider *provider)
{
	return provider == &app_session || provider == &app_query || provider == &app_plain ||
	       provider == &app_page;
}

static int random_context(struct schedule *schedule)
{
	int at = (int)draw(schedule, CONTEXTS + 1);

	if (at > 0 && schedule->contexts[at] == NULL) {
		schedule->contexts[at] = open_in(root, &di_scope_request);
		memset(&schedule->closed[at], 0, sizeof(schedule->closed[at]));
	}
	return at;
}

static void ask(struct schedule *schedule)
{
	struct asked *asked = &schedule->asked[schedule->asked_count];

	if (schedule->asked_count == GETS)
		return;
	asked->context = random_context(schedule);
	asked->provider = rows[draw(schedule, ROWS)];
	asked->get = di_get_async(schedule->contexts[asked->context], asked->provider,
				  answer_take_any, &asked->answer, &error);
	ck_assert(asked->get.number != 0);
	schedule->asked_count++;
}

static void let_go(struct schedule *schedule)
{
	static int (*const ways[])(struct di_get) = { di_get_detach, di_get_expire, di_get_cancel };
	static const enum di_status statuses[] = { DI_OK, DI_ETIMEDOUT, DI_ECANCELLED };
	uint32_t way = draw(schedule, 3);
	struct asked *asked;
	int waits;

	if (schedule->asked_count == 0)
		return;
	asked = &schedule->asked[draw(schedule, (uint32_t)schedule->asked_count)];
	waits = asked->answer.times == 0 && !asked->dropped;
	ck_assert_int_eq(ways[way](asked->get), waits);
	if (!waits)
		return;
	asked->dropped = way == 0;
	ck_assert_int_eq(asked->answer.times, way != 0);
	if (way != 0)
		ck_assert_int_eq(asked->answer.status, statuses[way]);
}

/* The newest answer of a row that is made once, as long as it is there. */
static void look(struct schedule *schedule)
{
	int at = random_context(schedule), i;
	const struct di_provider *provider = rows[draw(schedule, 5)];
	const void *found = NULL;

	for (i = 0; i < schedule->asked_count; i++) {
		const struct asked *asked = &schedule->asked[i];

		if (asked->provider == provider && !asked->ended && asked->answer.part != NULL &&
		    (asked->context == at || !is_of_request(provider)))
			found = asked->answer.part;
	}
	if (found != NULL)
		ck_assert_ptr_eq(di_resolve(schedule->contexts[at], &error, provider), found);
}

static void end_of_context(struct schedule *schedule, int at)
{
	int i;

	for (i = 0; i < schedule->asked_count; i++)
		schedule->asked[i].ended |= schedule->asked[i].context == at;
}

static void close_one(struct schedule *schedule)
{
	int at = 1 + (int)draw(schedule, CONTEXTS);

	if (schedule->contexts[at] == NULL)
		return;
	expect_ok(di_context_close_async(schedule->contexts[at], DI_DONE, answer_done,
					 &schedule->closed[at], &error));
	schedule->contexts[at] = NULL;
	if (schedule->closed[at].times == 0)
		later_run();
	ck_assert_int_eq(schedule->closed[at].times, 1);
	end_of_context(schedule, at);
}

/* In a request, where nothing is being made. */
static void reset_one(struct schedule *schedule)
{
	int at = 1 + (int)draw(schedule, CONTEXTS);
	struct answer answer = { 0 };
	enum di_status status;

	if (schedule->contexts[at] == NULL)
		return;
	status = di_reset_async(schedule->contexts[at], &app_session, answer_done, &answer, &error);
	if (status != DI_OK) {
		ck_assert_int_eq(status, DI_EBUSY);
		return;
	}
	later_run();
	answer_expect(&answer, DI_OK);
	end_of_context(schedule, at);
	schedule->resets++;
}

static void fail_something(struct schedule *schedule)
{
	static const char *const names[] = { "pool", "store", "session", "query", "page" };

	if (draw(schedule, 4) == 0)
		parts_fail_new(names[draw(schedule, 5)], EIO, 1);
}

/* In half of the schedules some of it completes before its constructor or finalizer returns. */
static void hurry_something(struct schedule *schedule)
{
	static const char *const names[] = { "pool", "store", "session", "query" };
	int i;

	if (draw(schedule, 2) == 0)
		return;
	for (i = 0; i < 4; i++) {
		if (draw(schedule, 2) == 0)
			later_at_once(names[i]);
	}
}

/* A product that was answered, while nothing ends what it was built from. */
static void drop_one(struct schedule *schedule)
{
	struct answer answer = { 0 };
	struct asked *asked;

	if (schedule->asked_count == 0)
		return;
	asked = &schedule->asked[draw(schedule, (uint32_t)schedule->asked_count)];
	if (asked->provider != &app_query || asked->ended || asked->answer.part == NULL)
		return;
	expect_ok(di_context_drop_async(schedule->contexts[asked->context], &app_query,
					asked->answer.part, answer_done, &answer, &error));
	if (answer.times == 0)
		later_run();
	answer_expect(&answer, DI_OK);
	ck_assert(!asked->answer.part->alive);
	asked->ended = 1;
}

static void step(struct schedule *schedule)
{
	switch (draw(schedule, 11)) {
	case 0:
	case 1:
	case 2:
		ask(schedule);
		break;
	case 3:
		let_go(schedule);
		break;
	case 4:
		close_one(schedule);
		break;
	case 5:
		reset_one(schedule);
		break;
	case 6:
		look(schedule);
		break;
	case 7:
		drop_one(schedule);
		break;
	default:
		later_step();
		break;
	}
}

static void check_answers(const struct schedule *schedule)
{
	int i;

	for (i = 0; i < schedule->asked_count; i++) {
		const struct asked *asked = &schedule->asked[i];
		enum di_status status = asked->answer.status;

		ck_assert_int_eq(asked->answer.times, !asked->dropped);
		if (is_of_request(asked->provider) && asked->context == 0 && !asked->dropped &&
		    status != DI_ECREATE && status != DI_ETIMEDOUT && status != DI_ECANCELLED)
			ck_assert_int_eq(status, DI_ENOCONTEXT);
	}
}

static void run(unsigned seed)
{
	struct schedule *schedule = calloc(1, sizeof(*schedule));
	int i;

	later_clear();
	container_begin(&app, NULL);
	schedule->seed = seed;
	schedule->contexts[0] = root;
	fail_something(schedule);
	hurry_something(schedule);
	for (i = 0; i < STEPS; i++)
		step(schedule);
	later_run();
	for (i = 1; i <= CONTEXTS; i++) {
		if (schedule->contexts[i] == NULL)
			continue;
		expect_ok(di_context_close_async(schedule->contexts[i], DI_DONE, answer_done,
						 &schedule->closed[i], &error));
		later_run();
	}
	check_answers(schedule);
	later_container_end();
	free(schedule);
}

START_TEST(whatever_is_asked_and_let_go_of_every_get_answers_once_and_all_ends)
{
	const char *only = getenv("DI_GET_SEED");
	unsigned count = di_check_quick() ? LOOPS : SCHEDULES, seed;

	if (only != NULL) {
		run((unsigned)strtoul(only, NULL, 10));
		return;
	}
	for (seed = 1; seed <= count / LOOPS; seed++)
		run((unsigned)_i * (SCHEDULES / LOOPS) + seed);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_random");
	TCase *tcase = tcase_create("random");

	tcase_set_timeout(tcase, 200);
	tcase_add_loop_test(tcase,
			    whatever_is_asked_and_let_go_of_every_get_answers_once_and_all_ends, 0,
			    LOOPS);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
