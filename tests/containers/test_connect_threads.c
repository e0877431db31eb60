/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"
#include "tests/support/threads.h"

/* One instance of storage and web, two sites, and threads in all of them. */

enum {
	THREADS = 8,
	ROUNDS = 200,
	SITES = 2
};

static struct di_container *sites[SITES];

/* What each thread found, to be looked at after the join. */
static struct part *stores[THREADS], *caches[THREADS], *routers[THREADS];
static int wrong[THREADS];

static void setup(void)
{
	int i;

	watchdog(120);
	parts_clear();
	memset(&error, 0, sizeof(error));
	memset(wrong, 0, sizeof(wrong));
	storage_container = di_container_new(&storage, NULL, &error);
	web_container = di_container_new(&web,
					 &(struct di_options){ .abi = DI_ABI,
							       .connected = &storage_container,
							       .connected_count = 1 },
					 &error);
	storage_root = di_container_root(storage_container);
	for (i = 0; i < SITES; i++)
		sites[i] = site_new(&threads_allocator);
}

static void teardown(void)
{
	int i;

	for (i = 0; i < SITES; i++)
		di_container_free(sites[i], NULL);
	di_container_free(web_container, NULL);
	di_container_free(storage_container, NULL);
	storage_container = web_container = NULL;
	parts_clear();
	watchdog(0);
}

static void ask_once(int number, void *data)
{
	struct di_context *at = di_container_root(sites[number % SITES]);

	(void)data;
	caches[number] = site_cache_get(at, NULL);
	stores[number] = storage_store_get(at, NULL);
	routers[number] = web_router_get(at, NULL);
}

START_TEST(a_value_of_a_connected_container_is_made_once_for_all_threads_and_users)
{
	int i;

	crowd_run(THREADS, ask_once, NULL);
	for (i = 0; i < THREADS; i++) {
		ck_assert_ptr_nonnull(stores[i]);
		ck_assert_ptr_eq(stores[i], stores[0]);
		ck_assert_ptr_eq(routers[i], routers[0]);
		ck_assert_ptr_eq(caches[i], caches[i % SITES]);
		ck_assert_ptr_eq(caches[i]->needs[0], stores[0]);
	}
	ck_assert_ptr_ne(caches[0], caches[1]);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_int_eq(parts_alive("pool"), 1);
}
END_TEST

static struct stop stop = STOP_INIT;

static void stop_in_store(struct part *part)
{
	(void)part;
	stop_here(&stop);
}

static void *ask_for_store(void *asked)
{
	return storage_store_get(di_container_root(asked), NULL);
}

START_TEST(who_asks_by_way_of_another_container_waits_for_the_same_creation)
{
	pthread_t first, second;
	struct part *made;

	stop_init(&stop, 1);
	parts_on_new("store", stop_in_store);
	first = thread_start(ask_for_store, sites[0], 0);
	stop_wait(&stop);
	second = thread_start(ask_for_store, sites[1], 0);
	expect_error(di_container_free(sites[0], &error), DI_EBUSY);
	expect_text("a value of a container that site connects is being asked for");
	stop_let_go(&stop);
	made = thread_join(first);
	ck_assert_ptr_nonnull(made);
	ck_assert_ptr_eq(thread_join(second), made);
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

/* A request of one site: values of three containers, in a context of its own. */
static int serve(struct di_context *at, int round)
{
	struct di_context *request = di_context_open(at, &di_scope_request, NULL);
	struct part *unit, *session;
	int faults = 0;

	if (request == NULL)
		return 1;
	session = storage_session_get(request, NULL);
	unit = site_unit_get(request, NULL);
	faults += session == NULL || unit == NULL || unit->needs[0] != session;
	faults += storage_session_get(request, NULL) != session;
	if (round % 4 == 0)
		faults += storage_query_get(request, NULL) == NULL;
	if (round % 8 == 0)
		faults += di_reset(request, &storage_session, NULL) != DI_OK || session->alive;
	return faults + (di_context_close(request, DI_DONE, NULL) != DI_OK);
}

static int serve_with_fake(struct di_context *at, struct part *fake)
{
	struct di_context *request = di_context_open(at, &di_scope_request, NULL);
	struct part *unit;
	int faults = 0;

	if (request == NULL || storage_pool_override(request, fake, NULL) != DI_OK)
		return 1;
	unit = site_unit_get(request, NULL);
	faults += unit == NULL || unit->needs[0]->needs[0]->needs[0] != fake;
	return faults + (di_context_close(request, DI_DONE, NULL) != DI_OK);
}

static void serve_many(int number, void *data)
{
	struct part fake = { .name = "fake", .alive = 1 };
	struct di_context *at = di_container_root(sites[number % SITES]);
	int i, rounds = di_check_quick() ? 10 : ROUNDS / 4;

	(void)data;
	for (i = 0; i < rounds; i++) {
		wrong[number] += serve(at, i);
		if (i % 10 == 0)
			wrong[number] += serve_with_fake(at, &fake);
	}
}

START_TEST(requests_of_two_users_run_side_by_side)
{
	int i;

	crowd_run(THREADS, serve_many, NULL);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(wrong[i], 0);
	ck_assert_int_eq(parts_alive("session"), 0);
	ck_assert_int_eq(parts_alive("store"), 1);
}
END_TEST

/* Each thread has a site of its own, over and over, on the one storage. */
static void come_and_go(int number, void *data)
{
	struct di_container *connected[] = { storage_container, web_container };
	struct di_options options = { .abi = DI_ABI, .connected = connected, .connected_count = 2 };
	int i, rounds = di_check_quick() ? 5 : ROUNDS / 8;

	(void)data;
	for (i = 0; i < rounds; i++) {
		struct di_container *own = di_container_new(&site, &options, NULL);

		if (own == NULL) {
			wrong[number]++;
			continue;
		}
		wrong[number] += serve(di_container_root(own), i);
		wrong[number] += di_container_free(own, NULL) != DI_OK;
	}
}

START_TEST(users_come_and_go_on_many_threads)
{
	int i;

	crowd_run(THREADS, come_and_go, NULL);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(wrong[i], 0);
	for (i = 0; i < SITES; i++) {
		expect_ok(di_container_free(sites[i], &error));
		sites[i] = NULL;
	}
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
}
END_TEST
static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_threads");
	TCase *tcase = tcase_create("connect_threads");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
		       a_value_of_a_connected_container_is_made_once_for_all_threads_and_users);
	tcase_add_test(tcase, who_asks_by_way_of_another_container_waits_for_the_same_creation);
	tcase_add_test(tcase, requests_of_two_users_run_side_by_side);
	tcase_add_test(tcase, users_come_and_go_on_many_threads);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
