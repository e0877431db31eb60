/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pthread_setattr_default_np() */
#include "tests/support/fixture.h"
#include "tests/support/site.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdatomic.h>

/* Starting on several threads. Constructors that meet prove that they run at once. */

static int chosen_number;

static const char *choose(void)
{
	return chosen_number == 0 ? "first" : "second";
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_config, struct part, (config_new),                  config_end) \
	X(resource,         app_left,   struct part, (left_new, app_config),        left_end) \
	X(resource,         app_right,  struct part, (right_new, app_config),       right_end) \
	X(singleton,        app_pool,   struct part, (pool_new),                    pool_end) \
	X(factory,          app_line,   struct part, (line_new, app_pool),          line_end) \
	X(resource,         app_top,    struct part, (top_new, app_left, app_line), top_end) \
	X(resource,         app_alone,  struct part, (alone_new),                   alone_end) \
	X(singleton,        app_first,  struct part, (first_new),                   first_end) \
	X(singleton,        app_second, struct part, (second_new),                  second_end) \
	X(selector,         app_choice, struct part, (choose), ("first", app_first), ("second", app_second)) \
	X(resource,         app_choosy, struct part, (choosy_new, app_choice),      choosy_end)

DI_CONTAINER_DECLARE(app, APP);

#define RING(X) \
	X(resource, ring_a, struct part, (a_new), a_end) \
	X(resource, ring_b, struct part, (b_new), b_end) \
	X(resource, ring_c, struct part, (c_new, ring_b), c_end)
/* clang-format on */

DI_CONTAINER_DECLARE(ring, RING);

PART_FAKE(fake)
PART(config)
PART_OF_1(left)
PART_OF_1(right)
PART(pool)
PART_OF_1(line)
PART_OF_2(top)
PART(alone)
PART(first)
PART(second)
PART_OF_1(choosy)
PART(a)
PART(b)
PART_OF_1(c)

DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(ring, RING);

static pthread_barrier_t two, three;
static struct latch made;
static pthread_t starter;
static atomic_int on_starter, elsewhere;

static void begin_with(const struct di_table *table, uint32_t threads)
{
	struct di_options options = { .abi = DI_ABI, .start_threads = threads };

	container_begin(table, &options);
}

static void setup(void)
{
	watchdog(120);
	pthread_barrier_init(&two, NULL, 2);
	pthread_barrier_init(&three, NULL, 3);
	latch_init(&made);
	starter = pthread_self();
	atomic_store(&on_starter, 0);
	atomic_store(&elsewhere, 0);
	chosen_number = 0;
	begin_with(&app, 3);
}

static void teardown(void)
{
	container_end();
	pthread_barrier_destroy(&two);
	pthread_barrier_destroy(&three);
	watchdog(0);
}

static void begin_anew(const struct di_table *table, uint32_t threads)
{
	container_free_expect(DI_OK);
	begin_with(table, threads);
}

static void meet_two(struct part *part)
{
	(void)part;
	pthread_barrier_wait(&two);
}

static void meet_three(struct part *part)
{
	(void)part;
	pthread_barrier_wait(&three);
}

static void note_thread(struct part *part)
{
	(void)part;
	atomic_fetch_add(pthread_equal(pthread_self(), starter) ? &on_starter : &elsewhere, 1);
}

START_TEST(what_does_not_need_each_other_is_made_at_once)
{
	parts_on_new("left", meet_two);
	parts_on_new("right", meet_two);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("left") + parts_alive("right"), 2);
	ck_assert_int_eq(parts_alive("config"), 1);
}
END_TEST

/* Of config <- left <- top the longest chain, of config, pool and alone the first step. */
START_TEST(a_start_takes_as_many_steps_as_its_longest_chain_has_values)
{
	parts_on_new("config", meet_three);
	parts_on_new("pool", meet_three);
	parts_on_new("alone", meet_three);
	parts_on_new("left", meet_two);
	parts_on_new("right", meet_two);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("top") + parts_alive("line"), 2);
}
END_TEST

START_TEST(the_caller_is_one_of_the_threads)
{
	begin_anew(&app, 2);
	parts_on_new("left", note_thread);
	parts_on_new("left", meet_two);
	parts_on_new("right", note_thread);
	parts_on_new("right", meet_two);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(atomic_load(&on_starter), 1);
	ck_assert_int_eq(atomic_load(&elsewhere), 1);
}
END_TEST

START_TEST(one_thread_is_the_caller_in_the_order_of_the_table)
{
	begin_anew(&app, 1);
	parts_on_new("top", note_thread);
	expect_ok(di_container_start(container, &error));
	journal_expect("created config", "created left from config", "created right from config",
		       "created pool", "created line from pool", "created top from left line",
		       "created alone", "created first", "created choosy from first");
	ck_assert_int_eq(atomic_load(&on_starter), 1);
}
END_TEST

START_TEST(only_what_is_chosen_is_made)
{
	chosen_number = 1;
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("first"), 0);
	ck_assert_int_eq(parts_alive("second"), 1);
	ck_assert_int_eq(parts_alive("choosy"), 1);
}
END_TEST

static void wait_for_c(struct part *part)
{
	(void)part;
	latch_wait(&made);
}

static void open_at_c(void *data, const struct di_event *event)
{
	(void)data;
	if (event->kind == DI_EVENT_CREATED && strcmp(event->provider, "ring_c") == 0)
		latch_open(&made);
}

START_TEST(teardown_is_the_reverse_of_completed_creation)
{
	struct di_options options = { .abi = DI_ABI, .start_threads = 2 };

	container_free_expect(DI_OK);
	options.observer.observe = open_at_c;
	container_begin(&ring, &options);
	parts_on_new("a", wait_for_c);
	expect_ok(di_container_start(container, &error));
	journal_expect("created b", "created c from b", "created a");
	container_free_expect(DI_OK);
	journal_expect("ended a done", "ended c done", "ended b done");
}
END_TEST

START_TEST(what_is_there_is_not_made_again)
{
	expect_ok(di_container_start(container, &error));
	journal_clear();
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

/* ---- Errors. ---- */

START_TEST(the_error_comes_with_the_path_that_one_thread_would_have_taken)
{
	parts_fail_new("pool", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_pool <- app_line <- app_top");
	ck_assert_str_eq(error.provider, "app_pool");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 0);
	expect_text("pool_new failed for app_pool: Input/output error");
}
END_TEST

START_TEST(the_first_error_in_the_order_of_the_table_is_returned_and_the_others_are_counted)
{
	parts_on_new("config", meet_three);
	parts_on_new("pool", meet_three);
	parts_on_new("alone", meet_three);
	parts_fail_new("alone", EIO, 1);
	parts_fail_new("pool", ENOSPC, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	ck_assert_str_eq(error.provider, "app_pool");
	ck_assert_int_eq(error.cause, ENOSPC);
	ck_assert_uint_eq(error.more, 1);
	expect_text("(app_pool <- app_line <- app_top) and 1 more error");
	ck_assert_int_eq(parts_alive("config"), 1);
}
END_TEST

START_TEST(after_an_error_nothing_that_is_made_already_is_unwound_and_the_rest_is_made_later)
{
	parts_on_new("left", meet_two);
	parts_on_new("right", meet_two);
	parts_fail_new("right", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	ck_assert_int_eq(parts_alive("config") + parts_alive("left"), 2);
	pthread_barrier_destroy(&two);
	pthread_barrier_init(&two, NULL, 1);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("right") + parts_alive("top") + parts_alive("alone"), 3);
	ck_assert_int_eq(parts_alive("config"), 1);
}
END_TEST

START_TEST(an_error_may_be_of_no_interest)
{
	parts_fail_new("config", EIO, 1);
	ck_assert_int_eq(di_container_start(container, NULL), DI_ECREATE);
}
END_TEST

START_TEST(a_start_for_which_there_is_no_memory_makes_nothing)
{
	failing_allocator_fail(&memory, 1);
	expect_error(di_container_start(container, &error), DI_ENOMEM);
	expect_text("for the start of a container of app");
	journal_expect_nothing();
	expect_ok(di_container_start(container, &error));
}
END_TEST

/* A stack for which there is no room in any address space makes creating threads fail. */
static void set_stack_size(size_t size)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	ck_assert_int_eq(pthread_attr_setstacksize(&attributes, size), 0);
	ck_assert_int_eq(pthread_setattr_default_np(&attributes), 0);
	pthread_attr_destroy(&attributes);
}

START_TEST(a_start_for_which_there_is_no_thread_makes_nothing)
{
	pthread_attr_t usual;
	size_t size;

	ck_assert_int_eq(pthread_getattr_default_np(&usual), 0);
	pthread_attr_getstacksize(&usual, &size);
	pthread_attr_destroy(&usual);
	set_stack_size((size_t)1 << 50);
	expect_error(di_container_start(container, &error), DI_ENOMEM);
	set_stack_size(size);
	expect_text("for thread 2 of the 3 that start a container of app");
	ck_assert_int_ne(error.cause, 0); /* mostly EAGAIN */
	journal_expect_nothing();
	expect_ok(di_container_start(container, &error));
}
END_TEST

/* ---- Overrides. ---- */

START_TEST(what_is_overridden_is_not_made_nor_what_it_alone_needs)
{
	expect_ok(app_config_override(root, &fake, &error));
	expect_ok(app_choosy_override(root, &fake, &error));
	expect_ok(app_line_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("config") + parts_alive("choosy") + parts_alive("first"), 0);
	ck_assert_int_eq(parts_alive("pool") + parts_alive("line"), 0);
	ck_assert_ptr_eq(app_left_get(root, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_top_get(root, &error)->needs[1], &fake);
}
END_TEST

START_TEST(what_stands_for_a_need_is_made_in_its_place)
{
	expect_ok(di_override_with(root, &app_config, &app_pool, &error));
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("config"), 0);
	ck_assert_str_eq(app_left_get(root, &error)->needs[0]->name, "pool");
	journal_clear();
	container_free_expect(DI_OK);
}
END_TEST

/* ---- Constructors that do more. ---- */

static void start_here(struct part *part)
{
	(void)part;
	di_container_start(container, NULL);
}

START_TEST(a_start_within_a_constructor_runs_on_its_thread)
{
	struct part *alone;

	parts_on_new("pool", start_here);
	parts_on_new("left", note_thread);
	parts_on_new("right", note_thread);
	/* pool starts the container: that needs pool, and says so. */
	alone = di_resolve(root, &error, &app_pool);
	ck_assert_ptr_nonnull(alone);
	ck_assert_int_eq(atomic_load(&on_starter), 2);
	ck_assert_int_eq(atomic_load(&elsewhere), 0);
	ck_assert_int_eq(parts_alive("top"), 0);
}
END_TEST

static void ask_b(struct part *part)
{
	(void)part;
	pthread_barrier_wait(&two);
	di_resolve(di_context_current(&ring), NULL, &ring_b);
}

static void ask_a(struct part *part)
{
	struct di_error err = { 0 };

	(void)part;
	pthread_barrier_wait(&two);
	if (di_resolve(di_context_current(&ring), &err, &ring_a) == NULL)
		atomic_fetch_add(&elsewhere, err.status == DI_ECYCLE);
}

static void ask_b_and_tell(struct part *part)
{
	struct di_error err = { 0 };

	(void)part;
	pthread_barrier_wait(&two);
	if (di_resolve(di_context_current(&ring), &err, &ring_b) == NULL)
		atomic_fetch_add(&elsewhere, err.status == DI_ECYCLE);
}

START_TEST(constructors_that_ask_for_each_other_get_an_error_and_no_deadlock)
{
	begin_anew(&ring, 2);
	parts_on_new("a", ask_b_and_tell);
	parts_on_new("b", ask_a);
	expect_ok(di_container_start(container, &error));
	/* One of them waited for the other, which then had to be refused. */
	ck_assert_int_eq(atomic_load(&elsewhere), 1);
}
END_TEST

START_TEST(constructors_may_ask_for_what_another_thread_makes)
{
	begin_anew(&ring, 2);
	parts_on_new("a", ask_b);
	parts_on_new("b", meet_two);
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("b"), 1);
}
END_TEST

/* ---- Several at once. ---- */

struct starts {
	enum di_status status[4];
};

static void start_too(int number, void *data)
{
	struct starts *starts = data;

	starts->status[number] = di_container_start(container, NULL);
}

START_TEST(a_container_may_be_started_by_several_threads_at_once)
{
	struct starts starts;
	int i;

	crowd_run(4, start_too, &starts);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(starts.status[i], DI_OK);
	ck_assert_int_eq(parts_alive("config"), 1);
	ck_assert_int_eq(parts_alive("line"), 1);
	ck_assert_int_eq(journal_length(), 9);
	container_free_expect(DI_OK);
	ck_assert_int_eq(parts_alive("config") + parts_alive("top"), 0);
}
END_TEST

static void *start_cancelled(void *data)
{
	pthread_cancel(pthread_self());
	di_container_start(data, NULL);
	pthread_testcancel();
	return data;
}

START_TEST(a_start_is_not_cut_short_by_cancellation)
{
	void *result = thread_join(thread_start(start_cancelled, container, 0));

	ck_assert_ptr_eq(result, PTHREAD_CANCELED);
	ck_assert_int_eq(journal_length(), 9);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- Connected containers. ---- */

static void setup_site(void)
{
	struct di_container *connected[2];
	struct di_options options = {
		.abi = DI_ABI, .start_threads = 3, .connected = connected, .connected_count = 2
	};

	watchdog(120);
	pthread_barrier_init(&two, NULL, 2);
	site_begin_connected();
	connected[0] = storage_container;
	connected[1] = web_container;
	options.allocator = &memory.allocator;
	container = di_container_new(&site, &options, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	root = di_container_root(container);
}

static void teardown_site(void)
{
	site_end();
	pthread_barrier_destroy(&two);
	watchdog(0);
}

START_TEST(what_connected_containers_have_is_started_with_it)
{
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("store") + parts_alive("pool") + parts_alive("mail"), 3);
	ck_assert_ptr_eq(storage_store_get(root, &error), storage_store_get(storage_root, &error));
	ck_assert_ptr_eq(site_mail_get(root, &error)->needs[0], web_server_get(web_root, &error));
}
END_TEST

START_TEST(what_is_overridden_of_connected_containers_is_not_made)
{
	expect_ok(web_server_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	ck_assert_int_eq(parts_alive("server"), 0);
	ck_assert_ptr_eq(site_mail_get(root, &error)->needs[0], &fake);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/start_run");
	TCase *tcase = tcase_create("several threads");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_does_not_need_each_other_is_made_at_once);
	tcase_add_test(tcase, a_start_takes_as_many_steps_as_its_longest_chain_has_values);
	tcase_add_test(tcase, the_caller_is_one_of_the_threads);
	tcase_add_test(tcase, one_thread_is_the_caller_in_the_order_of_the_table);
	tcase_add_test(tcase, only_what_is_chosen_is_made);
	tcase_add_test(tcase, teardown_is_the_reverse_of_completed_creation);
	tcase_add_test(tcase, what_is_there_is_not_made_again);
	tcase_add_test(tcase, the_error_comes_with_the_path_that_one_thread_would_have_taken);
	tcase_add_test(
		tcase,
		the_first_error_in_the_order_of_the_table_is_returned_and_the_others_are_counted);
	tcase_add_test(
		tcase,
		after_an_error_nothing_that_is_made_already_is_unwound_and_the_rest_is_made_later);
	tcase_add_test(tcase, an_error_may_be_of_no_interest);
	tcase_add_test(tcase, a_start_for_which_there_is_no_memory_makes_nothing);
	tcase_add_test(tcase, a_start_for_which_there_is_no_thread_makes_nothing);
	tcase_add_test(tcase, what_is_overridden_is_not_made_nor_what_it_alone_needs);
	tcase_add_test(tcase, what_stands_for_a_need_is_made_in_its_place);
	tcase_add_test(tcase, a_start_within_a_constructor_runs_on_its_thread);
	tcase_add_test(tcase, constructors_that_ask_for_each_other_get_an_error_and_no_deadlock);
	tcase_add_test(tcase, constructors_may_ask_for_what_another_thread_makes);
	tcase_add_test(tcase, a_container_may_be_started_by_several_threads_at_once);
	tcase_add_test(tcase, a_start_is_not_cut_short_by_cancellation);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("connected containers");
	tcase_add_checked_fixture(tcase, setup_site, teardown_site);
	tcase_add_test(tcase, what_connected_containers_have_is_started_with_it);
	tcase_add_test(tcase, what_is_overridden_of_connected_containers_is_not_made);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
