/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdatomic.h>

enum {
	THREADS = 16
};

/* Where the constructor of the slow value stops, if the test wants it. */
static struct stop at_creation = STOP_INIT;

PART(clock)
PART_OF_1(store)
PART_OF_2(session)
PART_OF_1(cursor)
PART_OF_1(reader)
PART_OF_1(writer)
PART_OF_1(server)

static int slow_new(struct part **out)
{
	stop_here(&at_creation);
	return part_new(out, "slow", (struct part *const[]){ NULL });
}

PART_END(slow)

static pthread_barrier_t meeting;

static int met_new(struct part **out)
{
	pthread_barrier_wait(&meeting);
	return part_new(out, "met", (struct part *const[]){ NULL });
}

PART_END(met)

static _Atomic int counters_made, counters_ended;

static int counter_init(_Atomic int *self)
{
	counters_made++;
	*self = 1;
	return 0;
}

static void counter_end(_Atomic int *self)
{
	(void)self;
	counters_ended++;
}

typedef _Atomic int counter;

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),                       clock_end) \
	X(singleton,        app_store,   struct part, (store_new, app_clock),            store_end) \
	X(singleton,        app_counter, counter,     DI_INIT(counter_init),             counter_end) \
	X(context_resource, app_session, struct part, (session_new, app_store, app_clock), session_end, request) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),           cursor_end) \
	X(singleton,        app_slow,    struct part, (slow_new),                        slow_end) \
	X(singleton,        app_reader,  struct part, (reader_new, app_slow),            reader_end) \
	X(singleton,        app_writer,  struct part, (writer_new, app_slow),            writer_end) \
	X(resource,         app_server,  struct part, (server_new, app_slow),            server_end) \
	X(state,            app_user,    struct part, request) \
	X(singleton,        app_left,    struct part, (met_new),                         met_end) \
	X(singleton,        app_right,   struct part, (met_new),                         met_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	stop_init(&at_creation, 0);
	counters_made = counters_ended = 0;
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

static atomic_int failures;

/* One thread that resolves, and what it got. */
struct resolver {
	struct di_context *context;
	const struct di_provider *provider;
	void *value;
	struct di_error error;
	uint64_t spent_ns;
	pthread_t thread;
};

static void *resolve(void *data)
{
	struct resolver *resolver = data;
	uint64_t begun = thread_cpu_ns();

	resolver->value = di_resolve(resolver->context, &resolver->error, resolver->provider);
	resolver->spent_ns = thread_cpu_ns() - begun;
	return NULL;
}

static void resolver_start(struct resolver *resolver, struct di_context *context,
			   const struct di_provider *provider)
{
	*resolver = (struct resolver){ .context = context, .provider = provider };
	resolver->thread = thread_start(resolve, resolver, 0);
}

/* ---- One creation ---- */

struct seen {
	struct part *session[THREADS], *store[THREADS], *cursor[THREADS];
	counter *counted[THREADS];
};

static void resolve_all(int number, void *data)
{
	struct seen *seen = data;

	seen->cursor[number] = app_cursor_get(request, NULL);
	seen->session[number] = app_session_get(request, NULL);
	seen->counted[number] = app_counter_get(request, NULL);
	seen->store[number] = app_store_get(root, NULL);
}

START_TEST(many_threads_get_one_value)
{
	struct seen seen;
	int i, k;

	crowd_run(THREADS, resolve_all, &seen);
	for (i = 0; i < THREADS; i++) {
		ck_assert_ptr_nonnull(seen.session[i]);
		ck_assert_ptr_eq(seen.session[i], seen.session[0]);
		ck_assert_ptr_eq(seen.store[i], seen.session[0]->needs[0]);
		ck_assert_ptr_eq(seen.counted[i], seen.counted[0]);
		for (k = 0; k < i; k++)
			ck_assert_ptr_ne(seen.cursor[i], seen.cursor[k]);
	}
	ck_assert_int_eq(parts_alive("clock"), 1);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_int_eq(parts_alive("session"), 1);
	ck_assert_int_eq(counters_made, 1);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("cursor"), 0);
	ck_assert_int_eq(parts_alive("session"), 0);
	container_free_expect(DI_OK);
	ck_assert_int_eq(counters_ended, 1);
}
END_TEST

static struct part *give(struct part *part)
{
	return part;
}

DI_HANDLER(app_handle, struct part *, (), (give, app_slow));
DI_CALLBACK(app_call_back, struct part *, NULL, (), (give, app_slow));

static struct part *by_accessor(void)
{
	return app_slow_get(root, NULL);
}

static struct part *by_descriptor(void)
{
	return di_resolve(request, NULL, &app_slow);
}

static struct part *by_need(void)
{
	struct part *reader = app_reader_get(request, NULL);

	return reader != NULL ? reader->needs[0] : NULL;
}

static struct part *by_start(void)
{
	return di_container_start(container, NULL) == DI_OK ? app_server_get(root, NULL)->needs[0]
							    : NULL;
}

static struct part *by_nested_context(void)
{
	struct di_context *inner = di_context_open(request, &di_scope_request, NULL);
	struct part *slow = app_slow_get(inner, NULL);

	return di_context_close(inner, DI_DONE, NULL) == DI_OK ? slow : NULL;
}

static struct part *by_handler(void)
{
	struct part *slow = NULL;

	return app_handle(request, &slow, NULL) == DI_OK ? slow : NULL;
}

static struct part *by_callback(void)
{
	struct part *slow;

	if (di_context_enter(request, NULL) != DI_OK)
		return NULL;
	slow = app_call_back();
	return di_context_leave(request, NULL) == DI_OK ? slow : NULL;
}

typedef struct part *way_fn(void);

static way_fn *const ways[] = { by_accessor, by_descriptor,     by_need,     by_start,
				by_handler,  by_nested_context, by_callback, by_accessor };

enum {
	WAYS = sizeof(ways) / sizeof(ways[0])
};

static void ask_in_a_way(int number, void *data)
{
	((struct part **)data)[number] = ways[number]();
}

static void *ask_in_all_ways(void *data)
{
	crowd_run(WAYS, ask_in_a_way, data);
	return NULL;
}

START_TEST(there_is_one_creation_whoever_asks_and_however)
{
	struct part *seen[WAYS] = { NULL };
	pthread_t askers;
	int i;

	stop_init(&at_creation, 1);
	askers = thread_start(ask_in_all_ways, seen, 0);
	stop_wait(&at_creation);
	thread_burn(20000000);
	stop_let_go(&at_creation);
	thread_join(askers);
	for (i = 0; i < WAYS; i++) {
		ck_assert_ptr_nonnull(seen[i]);
		ck_assert_ptr_eq(seen[i], seen[0]);
	}
	ck_assert_int_eq(parts_alive("slow"), 1);
}
END_TEST

START_TEST(two_constructors_run_at_the_same_time)
{
	struct resolver left, right;

	pthread_barrier_init(&meeting, NULL, 2);
	resolver_start(&left, root, &app_left);
	resolver_start(&right, root, &app_right);
	thread_join(left.thread);
	thread_join(right.thread);
	ck_assert_ptr_nonnull(left.value);
	ck_assert_ptr_nonnull(right.value);
	pthread_barrier_destroy(&meeting);
}
END_TEST

static struct di_container *fresh;

static void open_or_resolve(int number, void *data)
{
	struct di_context *own = di_container_root(fresh), *opened = NULL;

	(void)data;
	if (number % 2)
		opened = di_context_open(own, &di_scope_request, NULL);
	failures += app_store_get(opened != NULL ? opened : own, NULL) == NULL;
	failures += opened != NULL && app_session_get(opened, NULL) == NULL;
	if (opened != NULL)
		failures += di_context_close(opened, DI_DONE, NULL) != DI_OK;
}

START_TEST(a_fresh_container_may_be_used_by_many_at_once)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	failures = 0;
	fresh = di_container_new(&app, &options, &error);
	crowd_run(THREADS, open_or_resolve, NULL);
	expect_ok(di_container_free(fresh, &error));
	ck_assert_int_eq(failures, 0);
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

static struct part fake = { .name = "fake", .alive = 1 };
static atomic_int overridden;

/* What would be made while the context is being overridden is busy. */
static struct part *resolve_patiently(const struct di_provider *provider)
{
	struct di_error err = { 0 };
	struct part *found;

	do {
		found = di_resolve(request, &err, provider);
	} while (found == NULL && err.status == DI_EBUSY);
	return found;
}

static void override_or_resolve(int number, void *data)
{
	enum di_status status;
	struct part *found;

	(void)data;
	if (number == 0) {
		status = app_store_override(request, &fake, NULL);
		overridden = status == DI_OK;
		failures += status != DI_OK && status != DI_EBUSY;
		return;
	}
	found = resolve_patiently(&app_store);
	failures += found == NULL || (found != &fake && strcmp(found->name, "store") != 0);
	found = resolve_patiently(&app_session);
	failures += found == NULL || !found->needs[0]->alive;
}

START_TEST(an_override_among_those_who_resolve_holds_or_is_busy)
{
	struct part *session;

	failures = overridden = 0;
	crowd_run(THREADS, override_or_resolve, NULL);
	ck_assert_int_eq(failures, 0);
	session = app_session_get(request, &error);
	ck_assert_int_eq(session->needs[0] == &fake, overridden);
	ck_assert_int_eq(app_store_get(request, &error) == &fake, overridden);
	ck_assert_int_eq(parts_alive("session"), 1);
}
END_TEST

static struct part user = { .name = "user", .alive = 1 };

static void look_at_fakes(int number, void *data)
{
	struct di_context *inner = di_context_open(request, &di_scope_inject, NULL);

	(void)number;
	(void)data;
	failures += app_store_get(request, NULL) != &fake || app_store_get(inner, NULL) != &fake;
	failures += app_user_get(request, NULL) != &user || app_user_get(inner, NULL) != &user;
	failures += app_store_get(root, NULL) == &fake;
	failures += di_context_close(inner, DI_DONE, NULL) != DI_OK;
}

START_TEST(what_a_context_means_by_a_row_it_means_in_every_thread)
{
	failures = 0;
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(app_user_put(request, &user, &error));
	crowd_run(THREADS, look_at_fakes, NULL);
	ck_assert_int_eq(failures, 0);
}
END_TEST

/* ---- Ending ---- */

static void reset_store(int number, void *data)
{
	enum di_status status;

	(void)number;
	(void)data;
	do {
		status = di_reset(root, &app_store, NULL);
	} while (status == DI_EBUSY);
	failures += status != DI_OK;
}

START_TEST(a_value_that_many_threads_reset_ends_once)
{
	struct part *store;

	failures = 0;
	close_as(request, DI_DONE);
	store = app_store_get(root, &error);
	journal_clear();
	crowd_run(THREADS, reset_store, NULL);
	ck_assert_int_eq(failures, 0);
	ck_assert(!store->alive);
	journal_expect("ended store done");
	ck_assert_ptr_ne(app_store_get(root, &error), store);
}
END_TEST

/* ---- Waiting ---- */

/* Whatever spins gets its share of the time that this thread burns. */
START_TEST(those_who_wait_for_a_value_are_parked)
{
	struct resolver maker, waiters[4];
	uint64_t spent = 0;
	int i;

	stop_init(&at_creation, 1);
	resolver_start(&maker, root, &app_slow);
	stop_wait(&at_creation);
	for (i = 0; i < 4; i++)
		resolver_start(&waiters[i], root, i % 2 ? &app_slow : &app_reader);
	thread_burn(200000000);
	stop_let_go(&at_creation);
	thread_join(maker.thread);
	for (i = 0; i < 4; i++) {
		thread_join(waiters[i].thread);
		ck_assert_ptr_nonnull(waiters[i].value);
		spent += waiters[i].spent_ns;
	}
	ck_assert_ptr_eq(waiters[1].value, maker.value);
	ck_assert_int_eq(parts_alive("slow"), 1);
	if (!di_check_quick())
		ck_assert_uint_lt(spent, 60000000);
}
END_TEST

START_TEST(those_who_wait_for_a_failure_get_the_error_each_with_its_own_path)
{
	struct resolver maker, direct, reader, writer;
	char text[256];

	stop_init(&at_creation, 1);
	parts_fail_new("slow", ENOENT, 4);
	resolver_start(&maker, root, &app_slow);
	stop_wait(&at_creation);
	resolver_start(&direct, root, &app_slow);
	resolver_start(&reader, root, &app_reader);
	resolver_start(&writer, root, &app_writer);
	thread_burn(10000000);
	stop_let_go(&at_creation);
	thread_join(maker.thread);
	thread_join(direct.thread);
	thread_join(reader.thread);
	thread_join(writer.thread);
	ck_assert_str_eq(di_error_text(&maker.error, text, sizeof(text)),
			 "slow_new failed for app_slow: No such file or directory");
	ck_assert_str_eq(di_error_text(&direct.error, text, sizeof(text)),
			 "slow_new failed for app_slow: No such file or directory");
	ck_assert_str_eq(di_error_text(&reader.error, text, sizeof(text)),
			 "slow_new failed for app_slow: No such file or directory "
			 "(app_slow <- app_reader)");
	ck_assert_str_eq(di_error_text(&writer.error, text, sizeof(text)),
			 "slow_new failed for app_slow: No such file or directory "
			 "(app_slow <- app_writer)");
}
END_TEST

static void resolve_until_made(int number, void *data)
{
	struct di_error err;

	(void)number;
	(void)data;
	while (app_session_get(request, &err) == NULL)
		failures++;
}

START_TEST(a_failure_that_others_waited_for_is_tried_again)
{
	failures = 0;
	parts_fail_new("store", EIO, 5);
	crowd_run(THREADS, resolve_until_made, NULL);
	ck_assert_int_ge(failures, 5);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_int_eq(parts_alive("session"), 1);
}
END_TEST

static struct latch cancelled = LATCH_INIT;

/*
 * Its cancellation is pending while it waits; afterwards it must be as it was, but is not carried
 * out.
 */
static void *resolve_and_be_cancelled(void *data)
{
	struct resolver *resolver = data;
	int before, after;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	latch_wait(&cancelled);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
	resolver->value = di_resolve(resolver->context, NULL, resolver->provider);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &after);
	return after == PTHREAD_CANCEL_ENABLE ? resolver : NULL;
}

START_TEST(a_wait_is_not_cut_short_by_cancellation)
{
	struct resolver maker, waiter = { .context = root, .provider = &app_slow };

	latch_init(&cancelled);
	stop_init(&at_creation, 1);
	resolver_start(&maker, root, &app_slow);
	stop_wait(&at_creation);
	waiter.thread = thread_start(resolve_and_be_cancelled, &waiter, 0);
	pthread_cancel(waiter.thread);
	latch_open(&cancelled);
	thread_burn(10000000);
	stop_let_go(&at_creation);
	thread_join(maker.thread);
	ck_assert_ptr_eq(thread_join(waiter.thread), &waiter);
	ck_assert_ptr_eq(waiter.value, maker.value);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/threads");
	TCase *tcase = tcase_create("threads");
	int rounds = di_check_quick() ? 1 : 30;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, many_threads_get_one_value);
	tcase_add_loop_test(tcase, there_is_one_creation_whoever_asks_and_however, 0, rounds);
	tcase_add_test(tcase, two_constructors_run_at_the_same_time);
	tcase_add_loop_test(tcase, a_fresh_container_may_be_used_by_many_at_once, 0, rounds);
	tcase_add_loop_test(tcase, an_override_among_those_who_resolve_holds_or_is_busy, 0, rounds);
	tcase_add_test(tcase, what_a_context_means_by_a_row_it_means_in_every_thread);
	tcase_add_test(tcase, a_value_that_many_threads_reset_ends_once);
	tcase_add_test(tcase, those_who_wait_for_a_value_are_parked);
	tcase_add_test(tcase, those_who_wait_for_a_failure_get_the_error_each_with_its_own_path);
	tcase_add_test(tcase, a_failure_that_others_waited_for_is_tried_again);
	tcase_add_test(tcase, a_wait_is_not_cut_short_by_cancellation);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
