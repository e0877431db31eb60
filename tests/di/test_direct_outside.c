/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdio.h>

/*
 * Values made by the flow that opened all the contexts, where what is needed lives further out: the
 * creation goes from one context to the next and back.
 */

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

PART(pool)
PART_OF_1(line)
PART_OF_1(tape)
PART_OF_2(desk)
PART_OF_1(cursor)
PART_OF_2(guest)
PART_OF_1(mark)
PART_FAKE(user)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct part, (pool_new),                     pool_end) \
	X(context_resource, app_line,   struct part, (line_new, app_pool),           line_end,   request) \
	X(factory,          app_tape,   struct part, (tape_new, app_line),           tape_end) \
	X(context_resource, app_desk,   struct part, (desk_new, app_tape, app_line), desk_end,   job) \
	X(factory,          app_cursor, struct part, (cursor_new, app_desk),         cursor_end) \
	X(context_resource, app_guest,  struct part, (guest_new, app_cursor, app_line), guest_end, inject) \
	X(state,            app_user,   struct part, request) \
	X(factory,          app_mark,   struct part, (mark_new, app_user),           mark_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

enum {
	REQUEST,
	JOB,
	INNER,
	NESTED
};

static struct di_context *nested[NESTED];

static void open_all(void)
{
	nested[REQUEST] = open_in(root, &di_scope_request);
	nested[JOB] = open_in(nested[REQUEST], &di_scope_job);
	nested[INNER] = open_in(nested[JOB], &di_scope_inject);
}

static void close_all(void)
{
	int i;

	for (i = NESTED - 1; i >= 0; i--)
		close_as(nested[i], DI_DONE);
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(60);
	parts_clear();
	container_begin(&app, &options);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	open_all();
	journal_clear();
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* Nothing is being made, and what is there is found without us. */
static void expect_quiet(void)
{
	int i;

	for (i = 0; i < NESTED; i++) {
		ck_assert_uint_eq(nested[i]->making, 0);
		ck_assert_ptr_eq(nested[i]->lane.table, &app);
	}
	ck_assert_ptr_null(di__flow_get()->run);
}

static void expect_made(void)
{
	journal_expect("created line from pool", "created tape from line",
		       "created desk from tape line", "created cursor from desk",
		       "created guest from cursor line");
	expect_quiet();
}

static void expect_ended(void)
{
	journal_expect("ended guest done", "ended cursor done", "ended desk done",
		       "ended tape done", "ended line done");
}

START_TEST(what_is_needed_further_out_lives_there)
{
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
		expect_made();
		close_as(nested[INNER], DI_DONE);
		journal_expect("ended guest done", "ended cursor done");
		nested[INNER] = open_in(nested[JOB], &di_scope_inject);
		ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
		journal_expect("created cursor from desk", "created guest from cursor line");
		ck_assert_ptr_nonnull(app_cursor_get(nested[INNER], &error));
		journal_expect("created cursor from desk");
		close_all();
		journal_expect("ended cursor done", "ended guest done", "ended cursor done",
			       "ended desk done", "ended tape done", "ended line done");
		open_all();
	}
}
END_TEST

START_TEST(what_is_asked_for_may_live_further_out)
{
	int i;

	for (i = 0; i < 3; i++) {
		struct part *desk = app_desk_get(nested[INNER], &error);

		journal_expect("created line from pool", "created tape from line",
			       "created desk from tape line");
		ck_assert_ptr_nonnull(desk);
		ck_assert_ptr_eq(app_desk_get(nested[INNER], &error), desk);
		ck_assert_ptr_eq(app_desk_get(nested[JOB], &error), desk);
		ck_assert_ptr_eq(app_line_get(nested[INNER], &error), desk->needs[1]);
		journal_expect_nothing();
		expect_quiet();
		close_all();
		journal_expect("ended desk done", "ended tape done", "ended line done");
		open_all();
	}
}
END_TEST

START_TEST(what_is_put_further_out_is_seen_and_what_is_not_is_missed)
{
	int i;

	for (i = 0; i < 3; i++) {
		expect_null(app_user_get(nested[INNER], &error), DI_ENOVALUE);
		expect_null(app_mark_get(nested[INNER], &error), DI_ENOVALUE);
		expect_text("(app_user <- app_mark)");
		expect_quiet();
		expect_ok(app_user_put(nested[REQUEST], &user, &error));
		ck_assert_ptr_eq(app_mark_get(nested[INNER], &error)->needs[0], &user);
		ck_assert_ptr_eq(app_user_get(nested[INNER], &error), &user);
		ck_assert_ptr_eq(app_user_get(nested[JOB], &error), &user);
		expect_quiet();
		close_all();
		open_all();
	}
}
END_TEST

START_TEST(without_a_context_for_a_need_nothing_is_made)
{
	struct di_context *lonely = open_in(root, &di_scope_inject);
	int i;

	for (i = 0; i < 2; i++) {
		expect_null(app_guest_get(lonely, &error), DI_ENOCONTEXT);
		expect_text("(app_desk <- app_cursor <- app_guest)");
	}
	journal_expect_nothing();
	close_as(lonely, DI_DONE);
}
END_TEST

START_TEST(what_a_context_between_overrides_is_used)
{
	PART_FAKE(fake)
	struct part *guest;

	close_as(nested[INNER], DI_DONE);
	expect_ok(app_desk_override(nested[JOB], &fake, &error));
	nested[INNER] = open_in(nested[JOB], &di_scope_inject);
	guest = app_guest_get(nested[INNER], &error);
	ck_assert_ptr_nonnull(guest);
	ck_assert_str_eq(guest->needs[0]->needs[0]->name, "fake");
}
END_TEST

/* ---- Failing ---- */

static const struct {
	const char *name, *path;
	int made; /* of those before it */
} failing[] = {
	{ "line", "app_line <- app_tape <- app_desk <- app_cursor <- app_guest", 0 },
	{ "tape", "app_tape <- app_desk <- app_cursor <- app_guest", 1 },
	{ "desk", "app_desk <- app_cursor <- app_guest", 1 },
	{ "cursor", "app_cursor <- app_guest", 3 },
	{ "guest", "app_guest", 3 },
};

static int alive(void)
{
	return parts_alive("line") + parts_alive("tape") + parts_alive("desk") +
	       parts_alive("cursor") + parts_alive("guest");
}

START_TEST(failure_at_any_depth_leaves_all_contexts_whole)
{
	char text[200];
	int i;

	for (i = 0; i < 3; i++) {
		parts_fail_new(failing[_i].name, EIO, 1);
		expect_null(app_guest_get(nested[INNER], &error), DI_ECREATE);
		snprintf(text, sizeof(text), "%s_new failed for app_%s: Input/output error",
			 failing[_i].name, failing[_i].name);
		expect_text(text);
		expect_text(failing[_i].path);
		ck_assert_int_eq(alive(), failing[_i].made);
		expect_quiet();
		ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
		ck_assert_int_eq(alive(), 5);
		expect_quiet();
		close_all();
		ck_assert_int_eq(alive(), 0);
		open_all();
	}
}
END_TEST

/* The n-th allocation fails, in a container of its own. */
static int try_without_memory(unsigned long n)
{
	struct failing_allocator scarce;
	struct di_options options = { .abi = DI_ABI, .allocator = &scarce.allocator };
	struct di_container *own;
	int made;

	failing_allocator_init(&scarce);
	own = di_container_new(&app, &options, &error);
	ck_assert_ptr_nonnull(app_pool_get(di_container_root(own), &error));
	close_all();
	nested[REQUEST] = open_in(di_container_root(own), &di_scope_request);
	nested[JOB] = open_in(nested[REQUEST], &di_scope_job);
	nested[INNER] = open_in(nested[JOB], &di_scope_inject);
	failing_allocator_fail(&scarce, n);
	error.status = DI_OK;
	made = app_guest_get(nested[INNER], &error) != NULL;
	if (!made) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		expect_text("for its place on the stack");
		expect_quiet();
		ck_assert_msg(app_guest_get(nested[INNER], &error) != NULL, "%s", error_text());
	}
	close_all();
	expect_ok(di_container_free(own, &error));
	failing_allocator_check(&scarce);
	open_all();
	return made;
}

START_TEST(without_memory_everything_stays_whole)
{
	unsigned long n;

	for (n = 1; !try_without_memory(n); n++)
		ck_assert_uint_lt(n, 50);
	journal_clear();
}
END_TEST

/* ---- Other threads ---- */

static struct di_context *looked_at;

static void *look(void *data)
{
	return di_context_mark(data, DI_DONE, NULL) == DI_OK ? data : NULL;
}

/* Another thread takes the lock of one of the contexts while something is being made. */
static void let_another_look(struct part *part)
{
	(void)part;
	if (looked_at != NULL)
		thread_join(thread_start(look, looked_at, 0));
}

START_TEST(another_thread_may_come_to_any_context_during_any_creation)
{
	static const char *const names[] = { "line", "tape", "desk", "cursor", "guest" };
	int i;

	parts_on_new(names[_i / NESTED], let_another_look);
	for (i = 0; i < 3; i++) {
		looked_at = nested[_i % NESTED];
		ck_assert_msg(app_guest_get(nested[INNER], &error) != NULL, "%s", error_text());
		looked_at = NULL;
		expect_made();
		close_all();
		expect_ended();
		open_all();
		ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
		expect_made();
		close_all();
		expect_ended();
		open_all();
	}
}
END_TEST

/* ---- Constructors that ask themselves ---- */

static struct part *asked;

static void ask_for_a_cursor(struct part *part)
{
	(void)part;
	asked = app_cursor_get(nested[INNER], &error);
}

START_TEST(a_constructor_further_out_that_asks_for_what_needs_it_is_a_ring)
{
	parts_on_new("desk", ask_for_a_cursor);
	asked = NULL;
	ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
	ck_assert_ptr_null(asked);
	ck_assert_int_eq(error.status, DI_ECYCLE);
	expect_quiet();
}
END_TEST

static void ask_for_a_line(struct part *part)
{
	(void)part;
	asked = app_line_get(nested[INNER], &error);
}

START_TEST(a_constructor_finds_what_was_made_further_out)
{
	parts_on_new("cursor", ask_for_a_line);
	ck_assert_ptr_nonnull(app_guest_get(nested[INNER], &error));
	ck_assert_ptr_eq(asked, app_line_get(nested[REQUEST], &error));
	expect_made();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_outside");
	TCase *tcase = tcase_create("nested contexts");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, what_is_needed_further_out_lives_there);
	tcase_add_test(tcase, what_is_asked_for_may_live_further_out);
	tcase_add_test(tcase, what_is_put_further_out_is_seen_and_what_is_not_is_missed);
	tcase_add_test(tcase, without_a_context_for_a_need_nothing_is_made);
	tcase_add_test(tcase, what_a_context_between_overrides_is_used);
	tcase_add_loop_test(tcase, failure_at_any_depth_leaves_all_contexts_whole, 0,
			    sizeof(failing) / sizeof(failing[0]));
	tcase_add_test(tcase, without_memory_everything_stays_whole);
	tcase_add_loop_test(tcase, another_thread_may_come_to_any_context_during_any_creation, 0,
			    5 * NESTED);
	tcase_add_test(tcase, a_constructor_further_out_that_asks_for_what_needs_it_is_a_ring);
	tcase_add_test(tcase, a_constructor_finds_what_was_made_further_out);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
