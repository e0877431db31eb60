/* SPDX-License-Identifier: MIT */
#include "di/operation.h"

#include "tests/di/direct_app.h"

#include <errno.h>

/*
 * Drops that call back, of products that end at once, in a context that only its opener uses; and
 * what comes in between while the finalizer runs.
 */

static struct part *get(void)
{
	memset(&answer, 0, sizeof(answer));
	app_cursor_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	return answer.part;
}

static void drop(struct part *part, ends_fn *function)
{
	ends = function;
	memset(&done, 0, sizeof(done));
	expect_ok(di_context_drop_async(root, &app_cursor, part, answer_done, &done, &error));
}

/* So that the context has what it keeps. */
static void prepare(void)
{
	drop(get(), NULL);
	memset(&done, 0, sizeof(done));
	journal_clear();
}

/* As if nothing had happened. */
static void expect_quiet(void)
{
	ck_assert_uint_eq(root->making, 0);
	ck_assert_uint_eq(root->slow_ends, 0);
	ck_assert_uint_eq(root->entered, 0);
	ck_assert_ptr_null(root->newest);
}

/* ---- What ends at once. ---- */

START_TEST(a_product_that_ends_at_once_is_noted_in_what_is_kept)
{
	const struct di__removal *kept;

	prepare();
	kept = root->spare_removal;
	ck_assert_ptr_nonnull(kept);
	drop(get(), NULL);
	answer_expect(&done, DI_OK);
	ck_assert_ptr_eq(root->spare_removal, kept);
	journal_expect("created cursor", "ended cursor done");
	expect_quiet();
}
END_TEST

START_TEST(dropping_again_and_again_takes_no_memory)
{
	unsigned long failures;
	int i;

	prepare();
	memory.fail_always = 1;
	failures = memory.failures;
	for (i = 0; i < 100; i++) {
		drop(get(), NULL);
		answer_expect(&done, DI_OK);
	}
	ck_assert_uint_eq(memory.failures, failures);
	memory.fail_always = 0;
}
END_TEST

START_TEST(the_first_drop_may_find_no_memory)
{
	struct part *part = get();

	memory.fail_always = 1;
	expect_error(di_context_drop_async(root, &app_cursor, part, answer_done, &done, &error),
		     DI_ENOMEM);
	memory.fail_always = 0;
	ck_assert(part->alive);
	ck_assert_int_eq(done.times, 0);
	drop(part, NULL);
	answer_expect(&done, DI_OK);
}
END_TEST

START_TEST(any_product_is_dropped_not_just_the_newest)
{
	struct part *first, *second;

	prepare();
	first = get();
	second = get();
	drop(first, NULL);
	answer_expect(&done, DI_OK);
	ck_assert(!first->alive);
	ck_assert(second->alive);
	drop(second, NULL);
	answer_expect(&done, DI_OK);
	expect_quiet();
}
END_TEST

START_TEST(what_was_made_for_it_ends_with_it)
{
	prepare();
	memset(&answer, 0, sizeof(answer));
	app_owner_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	expect_ok(di_context_drop_async(root, &app_owner, answer.part, answer_done, &done, &error));
	answer_expect(&done, DI_OK);
	journal_expect("created part", "created owner from part", "ended owner done",
		       "ended part done");
	expect_quiet();
}
END_TEST

START_TEST(what_is_no_product_is_refused)
{
	struct part *part;

	prepare();
	part = get();
	drop(part, NULL);
	expect_error(di_context_drop_async(root, &app_cursor, part, answer_done, &other, &error),
		     DI_EINVAL);
	expect_text("no live product");
	part = get();
	expect_error(di_context_drop_async(root, &app_owner, part, answer_done, &other, &error),
		     DI_EINVAL);
	ck_assert_int_eq(other.times, 0);
	drop(part, NULL);
}
END_TEST

static void free_it(void *data, enum di_status status, const struct di_error *failure)
{
	answer_done(data, status, failure);
	container_free_expect(DI_OK);
}

START_TEST(a_callback_may_free_the_container)
{
	prepare();
	expect_ok(di_context_drop_async(root, &app_cursor, get(), free_it, &done, &error));
	answer_expect(&done, DI_OK);
	ck_assert_ptr_null(container);
}
END_TEST

enum {
	CALLBACKS = 1000
};

static int calling, nested, callbacks;

static void drop_again(void *data, enum di_status status, const struct di_error *failure)
{
	ck_assert_int_eq(status, DI_OK);
	ck_assert_ptr_null(failure);
	nested |= calling;
	calling = 1;
	if (++callbacks < CALLBACKS)
		di_context_drop_async(root, &app_cursor, ((struct part **)data)[callbacks],
				      drop_again, data, NULL);
	calling = 0;
}

START_TEST(callbacks_that_drop_do_not_nest)
{
	static struct part *parts[CALLBACKS];
	int i;

	for (i = 0; i < CALLBACKS; i++)
		parts[i] = get();
	calling = nested = callbacks = 0;
	expect_ok(di_context_drop_async(root, &app_cursor, parts[0], drop_again, parts, &error));
	ck_assert_int_eq(callbacks, CALLBACKS);
	ck_assert_int_eq(nested, 0);
	expect_quiet();
}
END_TEST

/* ---- What does not. ---- */

static int leave_it(struct di_call *call, struct part *part)
{
	(void)call;
	(void)part;
	return DI_PENDING;
}

START_TEST(what_ends_later_is_told_then)
{
	prepare();
	drop(get(), leave_it);
	ck_assert_int_eq(done.times, 0);
	ck_assert_ptr_null(root->spare_removal);
	expect_error(app_cursor_drop(root, ending, &error), DI_EINVAL);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	end(called, ending);
	answer_expect(&done, DI_OK);
	expect_quiet();
	drop(get(), NULL);
	answer_expect(&done, DI_OK);
}
END_TEST

static int fail_at_once(struct di_call *call, struct part *part)
{
	part_end(part, DI_DONE);
	di_call_end(call, EIO);
	return DI_PENDING;
}

static int return_an_errno(struct di_call *call, struct part *part)
{
	(void)call;
	part_end(part, DI_DONE);
	return EPERM;
}

static int return_nothing(struct di_call *call, struct part *part)
{
	(void)call;
	part_end(part, DI_DONE);
	return 0;
}

START_TEST(failing_at_once_is_told)
{
	prepare();
	drop(get(), fail_at_once);
	answer_expect(&done, DI_EFINALIZE);
	answer_text(&done, "cursor_end failed for app_cursor: Input/output error");
	drop(get(), return_an_errno);
	answer_expect(&done, DI_EFINALIZE);
	answer_text(&done, "Operation not permitted");
	drop(get(), return_nothing);
	answer_expect(&done, DI_OK);
	expect_quiet();
}
END_TEST

/* ---- What comes in between. ---- */

static int make_another(struct di_call *call, struct part *part)
{
	app_cursor_get_async(root, answer_take, &other, &error);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_nonnull(app_part_get(root, &error));
	return end(call, part);
}

START_TEST(a_finalizer_may_make_something)
{
	prepare();
	drop(get(), make_another);
	answer_expect(&done, DI_OK);
	ck_assert(other.part->alive);
	ck_assert_uint_eq(root->making, 0);
	drop(other.part, NULL);
	answer_expect(&done, DI_OK);
}
END_TEST

static int drop_another(struct di_call *call, struct part *part)
{
	expect_ok(
		di_context_drop_async(root, &app_cursor, other.part, answer_done, &other, &error));
	return end(call, part);
}

START_TEST(a_finalizer_may_drop_another)
{
	prepare();
	other.part = get();
	drop(get(), drop_another);
	answer_expect(&done, DI_OK);
	answer_expect(&other, DI_OK);
	expect_quiet();
}
END_TEST

static int change_it(struct di_call *call, struct part *part)
{
	expect_error(di_reset(root, &app_part, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	return end(call, part);
}

START_TEST(nothing_is_changed_while_it_ends)
{
	prepare();
	drop(get(), change_it);
	answer_expect(&done, DI_OK);
	expect_quiet();
}
END_TEST

/* ---- Other threads. ---- */

static void *complete_it(void *data)
{
	di_call_end(called, part_end(data, DI_DONE));
	return NULL;
}

static int complete_elsewhere(struct di_call *call, struct part *part)
{
	(void)call;
	thread_join(thread_start(complete_it, part, 0));
	return DI_PENDING;
}

START_TEST(another_thread_completes_it_while_the_finalizer_runs)
{
	prepare();
	drop(get(), complete_elsewhere);
	answer_expect(&done, DI_OK);
	expect_quiet();
}
END_TEST

static pthread_t completer;
static struct latch returned;

static void *complete_after(void *data)
{
	latch_wait(&returned);
	return complete_it(data);
}

static int complete_elsewhere_later(struct di_call *call, struct part *part)
{
	(void)call;
	completer = thread_start(complete_after, part, 0);
	return DI_PENDING;
}

START_TEST(another_thread_completes_it_after_that)
{
	latch_init(&returned);
	prepare();
	drop(get(), complete_elsewhere_later);
	ck_assert_int_eq(done.times, 0);
	latch_open(&returned);
	thread_join(completer);
	answer_expect(&done, DI_OK);
	expect_quiet();
}
END_TEST

static void *resolve_there(void *data)
{
	struct part *part = app_part_get(root, NULL);

	(void)data;
	app_part_drop(root, part, NULL);
	return part;
}

static int come_to_the_lock(struct di_call *call, struct part *part)
{
	ck_assert_ptr_nonnull(thread_join(thread_start(resolve_there, NULL, 0)));
	return end(call, part);
}

START_TEST(another_thread_comes_to_the_lock_meanwhile)
{
	int i;

	prepare();
	drop(get(), come_to_the_lock);
	answer_expect(&done, DI_OK);
	for (i = 0; i < 3; i++) {
		drop(get(), NULL);
		answer_expect(&done, DI_OK);
	}
	expect_quiet();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_drop");
	TCase *tcase = di_check_case(all, "at once", setup, later_container_end);

	tcase_add_test(tcase, a_product_that_ends_at_once_is_noted_in_what_is_kept);
	tcase_add_test(tcase, dropping_again_and_again_takes_no_memory);
	tcase_add_test(tcase, the_first_drop_may_find_no_memory);
	tcase_add_test(tcase, any_product_is_dropped_not_just_the_newest);
	tcase_add_test(tcase, what_was_made_for_it_ends_with_it);
	tcase_add_test(tcase, what_is_no_product_is_refused);
	tcase_add_test(tcase, a_callback_may_free_the_container);
	tcase_add_test(tcase, callbacks_that_drop_do_not_nest);
	tcase_add_test(tcase, what_ends_later_is_told_then);
	tcase_add_test(tcase, failing_at_once_is_told);
	tcase_add_test(tcase, a_finalizer_may_make_something);
	tcase_add_test(tcase, a_finalizer_may_drop_another);
	tcase_add_test(tcase, nothing_is_changed_while_it_ends);

	tcase = di_check_case(all, "threads", setup_for_threads, later_container_end);
	tcase_add_test(tcase, another_thread_completes_it_while_the_finalizer_runs);
	tcase_add_test(tcase, another_thread_completes_it_after_that);
	tcase_add_test(tcase, another_thread_comes_to_the_lock_meanwhile);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
