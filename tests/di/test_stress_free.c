/* SPDX-License-Identifier: MIT */
#include "tests/support/due.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <sched.h>

/*
 * Containers that are freed as soon as that is not refused, while other threads complete what was
 * begun in them: each lives for one round.
 */
enum {
	COMPLETERS = 2,
	GETS = 4,
	CALLS = 3
};

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_base,    struct value, (base_new),              value_end) \
	X(async_factory,          app_query,   struct value, (query_new, app_base),   value_end) \
	X(context_resource,       app_plain,   struct value, (plain_new),             value_end, request) \
	X(async_context_resource, app_session, struct value, (session_new, app_base), value_end, request) \
	X(async_context_resource, app_stream,  struct value, (stream_new, app_base),  value_end_later, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

DUE(base, app_base)
DUE_OF_1(query, app_query)
DUE_OF_1(session, app_session)
DUE_OF_1(stream, app_stream)

static int plain_new(struct value **out)
{
	*out = value_new();
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

/* clang-format off */
#define USER(X) \
	X(async_singleton, user_page, struct value, (page_new, app_base), value_end) \
	X(async_factory,   user_line, struct value, (line_new, user_page), value_end_later)
/* clang-format on */

DI_CONTAINER_DECLARE(user, USER, app);

DUE_OF_1(page, user_page)
DUE_OF_1(line, user_line)

DI_CONTAINER_DEFINE(user, USER);

static atomic_int asked, told;

/* ---- Handlers, whose needs are theirs until they return. ---- */

static void look(struct value *first, struct value *second)
{
	int i;

	for (i = 0; i < 3; i++) {
		value_expect(first);
		value_expect(second);
		sched_yield();
	}
}

static void look_again(struct value *base)
{
	look(base, base);
}

DI_HANDLER_ASYNC(looked, void, (), (look_again, app_base));
DI_HANDLER_ASYNC_IN(request, served, void, (), (look, app_session, app_base));
DI_HANDLER_ASYNC_IN(request, streamed, void, (), (look, app_stream, app_base));

/* ---- Rounds. ---- */

static void tell(void *data)
{
	due_expect(atomic_fetch_add((atomic_int *)data, 1) == 0);
	atomic_fetch_add(&told, 1);
}

static void take_answer(void *data, void *value, const struct di_error *failure)
{
	due_expect((value != NULL) == (failure == NULL));
	tell(data);
}

static void take_done(void *data, enum di_status status, const struct di_error *failure)
{
	due_expect((status == DI_OK) == (failure == NULL));
	tell(data);
}

struct captured {
	struct di_capture *capture;
	struct di_context *request;
	atomic_int *times;
};

struct round {
	struct captured captured[CALLS];
	struct di_container *container;
	struct di_context *root;
	uint64_t seed;
	atomic_int times[GETS + 2 * CALLS];
};

/* Some are let go, and whether they were is not known to who frees. */
static void get_of(struct round *round, struct di_context *from,
		   const struct di_provider *const *rows)
{
	int i;

	for (i = 0; i < GETS; i++) {
		struct di_get get = di_get_async(from, rows[random_next(&round->seed) % 2],
						 take_answer, &round->times[i], NULL);

		due_expect(get.number != 0);
		if (random_next(&round->seed) % 2 == 0 && di_get_detach(get))
			due_expect(atomic_fetch_add(&round->times[i], 1) == 0);
		else
			atomic_fetch_add(&asked, 1);
	}
}

static void get_some(struct round *round)
{
	static const struct di_provider *const rows[] = { &app_base, &app_query };

	get_of(round, round->root, rows);
}

static void call_some(struct round *round)
{
	atomic_int *times = &round->times[GETS];
	int i;

	for (i = 0; i < CALLS; i++) {
		uint32_t which = random_next(&round->seed) % 3;

		due_expect((which == 0 ? looked(round->root, take_done, &times[i], NULL)
			    : which == 1
				    ? served(round->root, take_done, &times[i], NULL)
				    : streamed(round->root, take_done, &times[i], NULL)) == DI_OK);
		atomic_fetch_add(&asked, 1);
	}
}

static void forget(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	(void)failure;
}

static void close_some(struct round *round)
{
	atomic_int *times = &round->times[GETS + CALLS];
	int i;

	for (i = 0; i < CALLS; i++) {
		struct di_context *request = di_context_open(round->root, &di_scope_request, NULL);

		di_get_detach(di_get_async(request, &app_stream, forget, NULL, NULL));
		due_expect(di_context_close_async(request, DI_DONE, take_done, &times[i], NULL) ==
			   DI_OK);
		atomic_fetch_add(&asked, 1);
	}
}

static void free_at_last(struct di_container *own)
{
	while (di_container_free(own, NULL) == DI_EBUSY)
		sched_yield();
}

static struct latch freed;

static void take_freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	(void)failure;
	due_expect(status == DI_OK || status == DI_EOPEN);
	latch_open(&freed);
}

static void free_async_at_last(struct di_container *own)
{
	latch_init(&freed);
	while (di_container_free_async(own, take_freed, NULL, NULL) == DI_EBUSY)
		sched_yield();
	latch_wait(&freed);
}

static void look_at_session(void *data)
{
	struct di_context *request = di_context_current(&app);

	due_expect(request == data);
	look_again(app_plain_get(request, NULL));
}

/* The value that has called back is nothing to it; the container may be ending already. */
static void run_captured(void *data, void *value, const struct di_error *failure)
{
	struct captured *captured = data;

	(void)value;
	(void)failure;
	di_flow_run(captured->capture, look_at_session, captured->request, NULL);
	di_capture_free(captured->capture);
	tell(captured->times);
}

static void capture_some(struct round *round)
{
	int i;

	for (i = 0; i < CALLS; i++) {
		struct captured *captured = &round->captured[i];

		captured->times = &round->times[i];
		captured->request = di_context_open(round->root, &di_scope_request, NULL);
		due_expect(di_context_enter(captured->request, NULL) == DI_OK);
		captured->capture = di_flow_capture_contexts(NULL);
		due_expect(di_context_leave(captured->request, NULL) == DI_OK);
		app_plain_get(captured->request, NULL);
		di_get_async(round->root, &app_query, run_captured, captured, NULL);
		atomic_fetch_add(&asked, 1);
	}
}

static void take_user_freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)failure;
	due_expect(status == DI_OK);
	tell(data);
}

/* It goes on ending while the container that it connects is refused, or freed already. */
static void connect(struct round *round)
{
	static const struct di_provider *const rows[] = { &user_page, &user_line };
	struct di_container *connected[] = { round->container };
	struct di_options options = { .abi = DI_ABI,
				      .allocator = &threads_allocator,
				      .connected = connected,
				      .connected_count = 1 };
	struct di_container *user_container = di_container_new(&user, &options, NULL);

	get_of(round, di_container_root(user_container), rows);
	atomic_fetch_add(&asked, 1);
	due_expect(di_container_free_async(user_container, take_user_freed, &round->times[GETS],
					   NULL) == DI_OK);
}

typedef void begin_fn(struct round *round);
typedef void free_fn(struct di_container *own);

static void run_round(int number, begin_fn *begin, free_fn *end)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct round round = { .seed = (uint64_t)number + 1 };

	round.container = di_container_new(&app, &options, NULL);
	round.root = di_container_root(round.container);
	atomic_store(&asked, 0);
	atomic_store(&told, 0);
	begin(&round);
	end(round.container);
	while (atomic_load(&told) < atomic_load(&asked))
		sched_yield();
}

static void run_rounds(int count, begin_fn *begin, free_fn *end)
{
	int i;

	watchdog(200);
	due_begin(COMPLETERS);
	for (i = 0; i < count; i++)
		run_round(i, begin, end);
	due_end();
	watchdog(0);
}

static int rounds(void)
{
	return di_check_quick() ? 200 : 2000;
}

START_TEST(a_container_is_freed_once_its_gets_are_over)
{
	run_rounds(rounds(), get_some, free_at_last);
}
END_TEST

START_TEST(a_container_is_freed_whatever_of_its_gets_is_under_way)
{
	run_rounds(rounds(), get_some, free_async_at_last);
}
END_TEST

START_TEST(a_container_is_freed_whatever_its_handlers_are_at)
{
	run_rounds(rounds(), call_some, free_async_at_last);
}
END_TEST

START_TEST(a_container_is_freed_whatever_runs_captured)
{
	run_rounds(rounds(), capture_some, free_async_at_last);
}
END_TEST

START_TEST(a_container_is_freed_once_its_closes_are_over)
{
	run_rounds(rounds(), close_some, free_async_at_last);
}
END_TEST

static void add(Suite *all, const char *name, const TTest *test)
{
	TCase *tcase = di_check_case(all, name, NULL, NULL);

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, test);
}

START_TEST(a_container_is_freed_once_who_connects_it_is)
{
	run_rounds(rounds(), connect, free_at_last);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_free");

	add(all, "gets", a_container_is_freed_once_its_gets_are_over);
	add(all, "gets under way", a_container_is_freed_whatever_of_its_gets_is_under_way);
	add(all, "handlers", a_container_is_freed_whatever_its_handlers_are_at);
	add(all, "captures", a_container_is_freed_whatever_runs_captured);
	add(all, "closes", a_container_is_freed_once_its_closes_are_over);
	add(all, "connections", a_container_is_freed_once_who_connects_it_is);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
