/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"
#include "tests/support/threads.h"

#include <stdatomic.h>

/* Overriding where several threads are: seen by all within, by none without. */

enum {
	THREADS = 8,
	ROUNDS = 20
};

static atomic_int wrong;

static void setup_threads(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	wrong = 0;
}

static void teardown_threads(void)
{
	container_end();
	watchdog(0);
}

static void note(int right)
{
	if (!right)
		wrong++;
}

/* ---- Within ---- */

static void look_within(int number, void *data)
{
	struct di_context *own = di_context_open(request, &di_scope_request, NULL);
	struct part *session = app_session_get(number % 2 ? own : request, NULL);

	(void)data;
	note(app_store_get(request, NULL) == &fake);
	note(app_store_get(own, NULL) == &fake);
	note(app_user_get(own, NULL) == &fake);
	note(session != NULL && session->needs[0] == &fake);
	note(di_context_close(own, DI_DONE, NULL) == DI_OK);
}

START_TEST(an_override_is_seen_by_every_thread_in_its_context_and_below)
{
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(app_user_override(request, &fake, &error));
	crowd_run(THREADS, look_within, NULL);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(parts_alive("store"), 0);
	ck_assert_int_eq(parts_alive("session"), 1);
}
END_TEST

static void *override_store(void *data)
{
	return app_store_override(data, &fake, NULL) == DI_OK ? data : NULL;
}

START_TEST(an_override_by_one_thread_is_seen_by_another)
{
	ck_assert_str_eq(app_store_get(request, &error)->name, "store");
	ck_assert_ptr_eq(thread_join(thread_start(override_store, request, 0)), request);
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
}
END_TEST

/* ---- Without ---- */

static void use_own_fake(struct part *own_fake)
{
	struct di_context *own = di_context_open(root, &di_scope_request, NULL);

	note(app_store_override(own, own_fake, NULL) == DI_OK);
	note(app_store_get(own, NULL) == own_fake);
	note(app_session_get(own, NULL)->needs[0] == own_fake);
	note(di_context_close(own, DI_DONE, NULL) == DI_OK);
}

static void use_real_one(const struct part *store)
{
	struct di_context *own = di_context_open(root, &di_scope_request, NULL);

	note(app_store_get(own, NULL) == store);
	note(app_store_get(root, NULL) == store);
	note(app_session_get(own, NULL)->needs[0] == store);
	note(di_context_close(own, DI_DONE, NULL) == DI_OK);
}

static void override_or_not(int number, void *store)
{
	struct part own_fake = { .name = "own", .alive = 1 };
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if ((number + i) % 2 == 0)
			use_own_fake(&own_fake);
		else
			use_real_one(store);
	}
}

START_TEST(an_override_is_never_seen_from_outside_its_context)
{
	crowd_run(THREADS, override_or_not, app_store_get(root, &error));
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

/* ---- While others are at it ---- */

static struct stop at_creation = STOP_INIT;

static void stop_in_constructor(struct part *part)
{
	(void)part;
	stop_here(&at_creation);
}

static void *make_session(void *data)
{
	return app_session_get(data, NULL);
}

START_TEST(a_context_in_which_another_thread_makes_something_is_busy)
{
	pthread_t maker;

	stop_init(&at_creation, 1);
	parts_on_new("session", stop_in_constructor);
	maker = thread_start(make_session, request, 0);
	stop_wait(&at_creation);
	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	expect_text("something is being made or dropped in the context of scope request");
	stop_let_go(&at_creation);
	ck_assert_str_eq(((struct part *)thread_join(maker))->needs[0]->name, "store");
	ck_assert_str_eq(app_store_get(request, &error)->name, "store");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override/threads");
	TCase *tcase = tcase_create("threads");

	tcase_add_checked_fixture(tcase, setup_threads, teardown_threads);
	tcase_add_test(tcase, an_override_is_seen_by_every_thread_in_its_context_and_below);
	tcase_add_test(tcase, an_override_by_one_thread_is_seen_by_another);
	tcase_add_test(tcase, an_override_is_never_seen_from_outside_its_context);
	tcase_add_test(tcase, a_context_in_which_another_thread_makes_something_is_busy);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
