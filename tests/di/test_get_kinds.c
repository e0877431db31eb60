/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/*
 * What chooses, gathers or connects, over what is asynchronous; overrides; executors.
 */

DI_LIST_TYPE(several, struct part);
DI_LAZY_TYPE(later_part, struct part);

/* clang-format off */
#define BASE(X) \
	X(async_resource,  base_disk,  struct part, (disk_new),             disk_end) \
	X(async_singleton, base_net,   struct part, (net_new, base_disk),   net_end)
#define APP(X) \
	X(async_singleton, app_file,   struct part,    (file_new, base_disk),  file_end) \
	X(async_factory,   app_hint,   struct part,    (hint_new),             hint_end) \
	X(async_factory,   app_remote, struct part,    (remote_new, base_net), remote_end) \
	X(selector,        app_any,    struct part,    (choose, app_hint), ("file", app_file), ("remote", app_remote)) \
	X(list,            app_all,    struct several, app_file, base_net) \
	X(lazy,            app_later,  struct later_part, app_file, app) \
	X(singleton,       app_user,   struct part,    (user_new, app_any),    user_end) \
	X(singleton,       app_counter, struct part,   (count, app_all),       counter_end) \
	X(singleton,       app_holder, struct part,    (hold, app_later),      holder_end) \
	X(singleton,       app_plain,  struct part,    (plain_new),            plain_end) \
	X(singleton,       app_onplain, struct part,   (onplain_new, app_plain), onplain_end)
/* clang-format on */

DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DECLARE(app, APP, base);

static const char *chosen;
static const struct later_part *held;

PART_FAKE(fake)
LATER(disk, base_disk)
LATER_OF_1(net, base_net)
LATER_OF_1(file, app_file)
LATER(hint, app_hint)
LATER_OF_1(remote, app_remote)
PART_OF_1(user)
PART(plain)
PART_OF_1(onplain)

static const char *choose(struct part *hint)
{
	ck_assert(hint->alive);
	return chosen;
}

static int count(struct part **out, const struct several *all)
{
	ck_assert_uint_eq(all->count, 2);
	return part_new(out, "counter",
			(struct part *const[]){ all->items[0], all->items[1], NULL });
}
PART_END(counter)

static int hold(struct part **out, const struct later_part *later)
{
	held = later;
	return part_new(out, "holder", (struct part *const[]){ NULL });
}
PART_END(holder)

DI_CONTAINER_DEFINE(base, BASE);
DI_CONTAINER_DEFINE(app, APP);

static struct di_container *connected;
static struct answer answer, other;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI };

	later_clear();
	connected = di_container_new(&base, &options, &error);
	options.connected = &connected;
	options.connected_count = 1;
	container_begin(&app, &options);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static void free_one(struct di_container *freed)
{
	struct answer done = { 0 };

	expect_ok(di_container_free_async(freed, answer_done, &done, &error));
	later_run();
	ck_assert_int_eq(done.times, 1);
}

static void teardown(void)
{
	free_one(container);
	free_one(connected);
	container = NULL;
	container_end();
}

static void ask(const struct di_provider *provider)
{
	di_get_async(root, provider, answer_take_any, &answer, &error);
	later_run();
}

START_TEST(what_is_chosen_is_made_when_it_is_chosen)
{
	chosen = "remote";
	ask(&app_user);
	answer_expect(&answer, DI_OK);
	journal_expect("began hint", "created hint", "ending hint", "ended hint done", "began disk",
		       "created disk", "began net", "created net from disk", "began remote",
		       "created remote from net", "created user from remote");
	expect_ok(di_reset_async(root, &app_user, answer_done, &other, &error));
	later_run();
	journal_expect("ended user done", "ending remote", "ended remote done");
}
END_TEST

START_TEST(a_choice_that_fails_fails_what_needs_it)
{
	chosen = "nothing";
	ask(&app_user);
	answer_expect(&answer, DI_ENOVALUE);
	answer_text(&answer, "(app_any <- app_user)");
	ck_assert_int_eq(parts_alive("hint"), 0);
	chosen = "file";
	parts_fail_new("file", EIO, 1);
	memset(&answer, 0, sizeof(answer));
	ask(&app_user);
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "(app_file <- app_any <- app_user)");
}
END_TEST

START_TEST(the_members_of_a_list_are_made_in_parallel)
{
	di_get_async(root, &app_counter, answer_take_any, &answer, &error);
	ck_assert_int_eq(later_run(), 2);
	answer_expect(&answer, DI_OK);
	journal_expect("began disk", "created disk", "began file", "began net",
		       "created file from disk", "created net from disk",
		       "created counter from file net");
}
END_TEST

START_TEST(what_a_lazy_leads_to_need_not_be_there)
{
	ask(&app_holder);
	answer_expect(&answer, DI_OK);
	expect_null(later_part_get(held, &error), DI_EAGAIN);
	expect_text("app_file");
	ask(&app_file);
	ck_assert_ptr_nonnull(later_part_get(held, &error));
}
END_TEST

START_TEST(what_is_not_asynchronous_is_called_back_at_once)
{
	di_get_async(root, &app_onplain, answer_take_any, &answer, &error);
	answer_expect(&answer, DI_OK);
	journal_expect("created plain", "created onplain from plain");
}
END_TEST

START_TEST(what_stands_for_a_plain_row_may_be_asynchronous)
{
	chosen = "file";
	expect_ok(di_override_with(root, &app_plain, &base_net, &error));
	expect_null(app_onplain_get(root, &error), DI_EAGAIN);
	expect_text("base_net");
	ask(&app_onplain);
	answer_expect(&answer, DI_OK);
	journal_expect("began disk", "created disk", "began net", "created net from disk",
		       "created onplain from net");
}
END_TEST

START_TEST(what_is_overridden_is_called_back_at_once)
{
	expect_ok(app_file_override(root, &fake, &error));
	app_file_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, &fake);
	ask(&app_counter);
	journal_expect("began disk", "created disk", "began net", "created net from disk",
		       "created counter from fake net");
}
END_TEST

START_TEST(what_is_made_in_a_connected_container_keeps_both_alive)
{
	base_net_get_async(root, answer_take, &answer, &error);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("have not called back");
	expect_error(di_container_free_async(connected, answer_done, &other, &error), DI_EBUSY);
	expect_ok(di_container_free_async(container, answer_done, &other, &error));
	container = NULL;
	ck_assert_int_eq(other.times, 0);
	later_run();
	answer_expect(&other, DI_OK);
	ck_assert_int_eq(answer.times, 1);
}
END_TEST

/* ---- Executors. ---- */

struct queue {
	struct di_executor executor;
	struct di_task *first;
	int posted;
};

static void post(struct di_executor *executor, struct di_task *task)
{
	struct queue *queue = (struct queue *)(void *)executor;

	task->next = queue->first;
	queue->first = task;
	queue->posted++;
}

static void run_posted(struct queue *queue)
{
	while (queue->first != NULL) {
		struct di_task *task = queue->first;

		queue->first = task->next;
		task->run(task);
	}
}

START_TEST(callbacks_run_on_the_executor_of_who_asks)
{
	struct queue queue = { { post }, NULL, 0 };

	ck_assert_ptr_null(di_flow_executor(NULL));
	di_flow_set_executor(NULL, &queue.executor);
	ck_assert_ptr_eq(di_flow_executor(di_flow_current()), &queue.executor);
	di_get_async(root, &app_plain, answer_take_any, &answer, &error);
	app_file_get_async(root, answer_take, &other, &error);
	ck_assert_int_eq(queue.posted, 1);
	ck_assert_int_eq(answer.times, 0);
	run_posted(&queue);
	answer_expect(&answer, DI_OK);
	later_run();
	ck_assert_int_eq(other.times, 0);
	run_posted(&queue);
	answer_expect(&other, DI_OK);
	di_flow_set_executor(NULL, NULL);
}
END_TEST

START_TEST(what_is_due_on_an_executor_can_be_let_go_of)
{
	struct queue queue = { { post }, NULL, 0 };
	struct di_get get;

	di_flow_set_executor(NULL, &queue.executor);
	get = di_get_async(root, &app_plain, answer_take_any, &answer, &error);
	ck_assert_int_eq(di_get_expire(get), 0);
	ck_assert_int_eq(di_get_detach(get), 1);
	run_posted(&queue);
	ck_assert_int_eq(answer.times, 0);
	di_flow_set_executor(NULL, NULL);
}
END_TEST

START_TEST(a_close_is_told_on_the_executor)
{
	struct queue queue = { { post }, NULL, 0 };
	struct di_context *request = open_in(root, &di_scope_request);

	di_flow_set_executor(NULL, &queue.executor);
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &answer, &error));
	ck_assert_int_eq(answer.times, 0);
	run_posted(&queue);
	answer_expect(&answer, DI_OK);
	di_flow_set_executor(NULL, NULL);
}
END_TEST

START_TEST(start_makes_those_of_connected_containers_too)
{
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("began disk", "created disk");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_kinds");
	TCase *kinds = tcase_create("kinds"), *executors = tcase_create("executors");

	tcase_add_checked_fixture(kinds, setup, teardown);
	tcase_add_test(kinds, what_is_chosen_is_made_when_it_is_chosen);
	tcase_add_test(kinds, a_choice_that_fails_fails_what_needs_it);
	tcase_add_test(kinds, the_members_of_a_list_are_made_in_parallel);
	tcase_add_test(kinds, what_a_lazy_leads_to_need_not_be_there);
	tcase_add_test(kinds, what_is_not_asynchronous_is_called_back_at_once);
	tcase_add_test(kinds, what_stands_for_a_plain_row_may_be_asynchronous);
	tcase_add_test(kinds, what_is_overridden_is_called_back_at_once);
	tcase_add_test(kinds, what_is_made_in_a_connected_container_keeps_both_alive);
	tcase_add_test(kinds, start_makes_those_of_connected_containers_too);
	tcase_add_checked_fixture(executors, setup, teardown);
	tcase_add_test(executors, callbacks_run_on_the_executor_of_who_asks);
	tcase_add_test(executors, what_is_due_on_an_executor_can_be_let_go_of);
	tcase_add_test(executors, a_close_is_told_on_the_executor);
	suite_add_tcase(suite, kinds);
	suite_add_tcase(suite, executors);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
