/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>

/*
 * What a root makes for the first time, in one go: most of it plain, and between that what is not.
 */

PART(pool)
PART_OF_1(a)
PART_OF_1(cursor)
PART_OF_2(b)
PART_OF_1(line)
PART_FAKE(given)

struct wide {
	alignas(64) char bytes[64];
};

struct large {
	char bytes[5000];
};

static int wide_init(struct wide *wide, struct part *of)
{
	return (uintptr_t)wide % 64 == 0 && wide->bytes[63] == 0 && of == &given ? 0 : EINVAL;
}

static void wide_end(struct wide *wide)
{
	memset(wide, 1, sizeof(*wide));
}

static int large_init(struct large *large)
{
	return large->bytes[0] == 0 && large->bytes[4999] == 0 ? 0 : EINVAL;
}

static void large_end(struct large *large)
{
	memset(large, 1, sizeof(*large));
}

static int c_new(struct part **out, struct part *b, struct part *line, struct wide *wide,
		 struct large *large, struct di_context *home)
{
	if (wide == NULL || large == NULL || home->parent != NULL)
		return EINVAL;
	return part_new(out, "c", (struct part *const[]){ b, line, NULL });
}
PART_END(c)

/* clang-format off */
#define APP(X) \
	X(object,           app_given,  struct part, &given) \
	X(singleton,        app_pool,   struct part, (pool_new),                            pool_end) \
	X(singleton,        app_a,      struct part, (a_new, app_pool),                     a_end) \
	X(factory,          app_cursor, struct part, (cursor_new, app_a),                   cursor_end) \
	X(resource,         app_b,      struct part, (b_new, app_a, app_cursor),            b_end) \
	X(context_resource, app_line,   struct part, (line_new, app_a),                     line_end, app) \
	X(singleton,        app_wide,   struct wide, DI_INIT(wide_init, app_given),         wide_end) \
	X(singleton,        app_large,  struct large, DI_INIT(large_init),                  large_end) \
	X(singleton,        app_c,      struct part, (c_new, app_b, app_line, app_wide, app_large, DI_CONTEXT), c_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(60);
	parts_clear();
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* Nothing is being made, and what is there is found without us. */
static void expect_quiet(const struct di_context *context)
{
	ck_assert_uint_eq(context->making, 0);
	ck_assert_ptr_eq(context->lane.table, &app);
	ck_assert_ptr_null(di__flow_get()->run);
}

START_TEST(needs_are_made_before_and_end_after)
{
	int i;

	for (i = 0; i < 3; i++) {
		struct part *c = app_c_get(root, &error);

		ck_assert_msg(c != NULL, "%s", error_text());
		journal_expect("created pool", "created a from pool", "created cursor from a",
			       "created b from a cursor", "created line from a",
			       "created c from b line");
		expect_quiet(root);
		ck_assert_ptr_eq(app_c_get(root, &error), c);
		ck_assert_ptr_eq(app_line_get(root, &error), c->needs[1]);
		journal_expect_nothing();
		expect_ok(di_reset(root, &app_pool, &error));
		journal_expect("ended c done", "ended line done", "ended b done",
			       "ended cursor done", "ended a done", "ended pool done");
	}
}
END_TEST

START_TEST(what_was_there_before_is_needed_too)
{
	ck_assert_ptr_nonnull(app_line_get(root, &error));
	expect_ok(di_reset(root, &app_a, &error));
	journal_clear();
	ck_assert_ptr_nonnull(app_c_get(root, &error));
	journal_expect("created a from pool", "created cursor from a", "created b from a cursor",
		       "created line from a", "created c from b line");
	expect_quiet(root);
}
END_TEST

static const struct {
	const char *name, *text;
	int others; /* alive then */
} failing[] = {
	{ "pool", "(app_pool <- app_a <- app_b <- app_c)", 0 },
	{ "a", "(app_a <- app_b <- app_c)", 1 },
	{ "cursor", "(app_cursor <- app_b <- app_c)", 2 },
	{ "line", "(app_line <- app_c)", 4 },
	{ "c", "c_new failed for app_c: ", 5 },
};

static int alive(void)
{
	return parts_alive("pool") + parts_alive("a") + parts_alive("cursor") + parts_alive("b") +
	       parts_alive("line") + parts_alive("c");
}

START_TEST(a_failure_leaves_what_was_made)
{
	parts_fail_new(failing[_i].name, EIO, 1);
	expect_null(app_c_get(root, &error), DI_ECREATE);
	expect_text(failing[_i].text);
	ck_assert_int_eq(alive(), failing[_i].others);
	expect_quiet(root);
	ck_assert_ptr_nonnull(app_c_get(root, &error));
	ck_assert_int_eq(alive(), 6);
	container_free_expect(DI_OK);
	ck_assert_int_eq(alive(), 0);
}
END_TEST

/* The n-th allocation fails, in a container of its own. */
static int try_without_memory(unsigned long n)
{
	struct failing_allocator scarce;
	struct di_options options = { .abi = DI_ABI, .allocator = &scarce.allocator };
	struct di_container *own;
	struct di_context *its;
	int made;

	failing_allocator_init(&scarce);
	own = di_container_new(&app, &options, &error);
	its = di_container_root(own);
	failing_allocator_fail(&scarce, n);
	error.status = DI_OK;
	made = app_c_get(its, &error) != NULL;
	if (!made) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		expect_quiet(its);
		ck_assert_msg(app_c_get(its, &error) != NULL, "%s", error_text());
	}
	expect_ok(di_container_free(own, &error));
	ck_assert_int_eq(alive(), 0);
	failing_allocator_check(&scarce);
	return made;
}

START_TEST(without_memory_everything_stays_whole)
{
	unsigned long n;

	for (n = 1; !try_without_memory(n); n++)
		ck_assert_uint_lt(n, 50);
	ck_assert_uint_gt(n, 2);
}
END_TEST

static void get_line(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_line_get(root, NULL));
}

START_TEST(a_constructor_may_make_what_comes_later)
{
	parts_on_new("b", get_line);
	ck_assert_ptr_nonnull(app_c_get(root, &error));
	journal_expect("created pool", "created a from pool", "created cursor from a",
		       "created line from a", "created b from a cursor", "created c from b line");
	expect_quiet(root);
}
END_TEST

static void get_c(struct part *part)
{
	struct di_error err = { 0 };

	(void)part;
	ck_assert_ptr_null(app_c_get(root, &err));
	ck_assert_int_eq(err.status, DI_ECYCLE);
}

START_TEST(a_ring_is_found)
{
	parts_on_new("a", get_c);
	ck_assert_ptr_nonnull(app_c_get(root, &error));
	expect_quiet(root);
}
END_TEST

static struct part *got_by_other;

static void *get_pool(void *data)
{
	return app_pool_get(root, data);
}

static void let_other_in(struct part *part)
{
	(void)part;
	got_by_other = thread_join(thread_start(get_pool, NULL, 0));
}

START_TEST(another_thread_may_come_meanwhile)
{
	struct part *c;

	parts_on_new("a", let_other_in);
	c = app_c_get(root, &error);
	ck_assert_msg(c != NULL, "%s", error_text());
	ck_assert_ptr_eq(c->needs[1]->needs[0]->needs[0], got_by_other);
	journal_expect("created pool", "created a from pool", "created cursor from a",
		       "created b from a cursor", "created line from a", "created c from b line");
	expect_quiet(root);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/direct_first");
	TCase *tcase = tcase_create("first in a root");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, needs_are_made_before_and_end_after);
	tcase_add_test(tcase, what_was_there_before_is_needed_too);
	tcase_add_loop_test(tcase, a_failure_leaves_what_was_made, 0,
			    (int)(sizeof(failing) / sizeof(failing[0])));
	tcase_add_test(tcase, without_memory_everything_stays_whole);
	tcase_add_test(tcase, a_constructor_may_make_what_comes_later);
	tcase_add_test(tcase, a_ring_is_found);
	tcase_add_test(tcase, another_thread_may_come_meanwhile);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
