/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

#include "tests/integrations/uv/uv_pool.h"

#include <netdb.h>
#include <sys/socket.h>

/* Constructors and finalizers that block, on the pool. */

/* What blocks: made on the pool, and what was seen there. */
struct slow {
	struct di_call *call;
	struct slow *need;
	int cause; /* what it fails with */
	int runs, completions, ends;
	int run_on_loop, completed_on_loop, end_on_loop;
	int completion_cause;
	enum di_outcome outcome;
	const char *user;
	struct stop *stop;
};

static struct slow store, index_, session, direct, after_direct;

static int store_new(struct di_call *call);
static int index_new(struct di_call *call, struct slow *need);
static int session_new(struct di_call *call, struct slow *need);
static int session_end(struct di_call *call, struct slow *slow, enum di_outcome outcome);
static int direct_new(struct di_call *call);
static int after_direct_new(struct di_call *call, struct slow *need);
static int address_new(struct di_call *call);
static void address_free(struct addrinfo *address);
static int wrong_new(struct di_call *call);
static int product_new(struct di_call *call);

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_store,        struct slow, (store_new),                      di_keep) \
	X(async_singleton,        app_index,        struct slow, (index_new, app_store),           di_keep) \
	X(async_context_resource, app_session,      struct slow, (session_new, app_index),         session_end, request) \
	X(async_singleton,        app_direct,       struct slow, (direct_new),                     di_keep) \
	X(async_singleton,        app_after_direct, struct slow, (after_direct_new, app_direct),   di_keep) \
	X(async_singleton,        app_address,      struct addrinfo, (address_new),                address_end) \
	X(async_singleton,        app_wrong,        struct slow, (wrong_new),                      di_keep) \
	X(async_factory,          app_product,      int,         (product_new),                    di_keep)
/* clang-format on */

static int address_end(struct di_call *call, struct addrinfo *address)
{
	(void)call;
	address_free(address);
	return 0;
}

DI_CONTAINER_DECLARE(app, APP);

static int on_loop(void)
{
	return pthread_equal(pthread_self(), loop_thread) != 0;
}

static void block(void *data)
{
	struct slow *slow = data;

	slow->runs++;
	slow->run_on_loop = on_loop();
	slow->user = seen_user_get();
	if (slow->stop != NULL)
		stop_here(slow->stop);
}

/* Which cause counts, and that it was told. */
static int note_completion(struct slow *slow, int cause)
{
	slow->completions++;
	slow->completed_on_loop = on_loop();
	slow->completion_cause = cause;
	return cause != 0 ? cause : slow->cause;
}

static void complete_store(struct di_call *call, void *data, int cause)
{
	app_store_complete(call, note_completion(data, cause), data);
}

static int store_new(struct di_call *call)
{
	return di_uv_call_work(uv, call, block, complete_store, &store);
}

static void complete_index(struct di_call *call, void *data, int cause)
{
	app_index_complete(call, note_completion(data, cause), data);
}

static int index_new(struct di_call *call, struct slow *need)
{
	index_.need = need;
	return di_uv_call_work(uv, call, block, complete_index, &index_);
}

static void complete_session(struct di_call *call, void *data, int cause)
{
	app_session_complete(call, note_completion(data, cause), data);
}

static int session_new(struct di_call *call, struct slow *need)
{
	session.need = need;
	return di_uv_call_work(uv, call, block, complete_session, &session);
}

static void block_at_end(void *data)
{
	struct slow *slow = data;

	slow->ends++;
	slow->end_on_loop = on_loop();
}

static void complete_end(struct di_call *call, void *data, int cause)
{
	(void)data;
	di_call_end(call, cause);
}

static int session_end(struct di_call *call, struct slow *slow, enum di_outcome outcome)
{
	slow->outcome = outcome;
	return di_uv_call_work(uv, call, block_at_end, complete_end, slow);
}

static void complete_there(void *data)
{
	struct slow *slow = data;

	block(slow);
	app_direct_complete(slow->call, 0, slow);
}

static void not_again(struct di_call *call, void *data, int cause)
{
	(void)call;
	note_completion(data, cause);
}

static int direct_new(struct di_call *call)
{
	direct.call = call;
	return di_uv_call_work(uv, call, complete_there, not_again, &direct);
}

static void complete_after_direct(struct di_call *call, void *data, int cause)
{
	app_after_direct_complete(call, note_completion(data, cause), data);
}

/* On a thread of the pool, since what it needs was completed there. */
static int after_direct_new(struct di_call *call, struct slow *need)
{
	after_direct.need = need;
	after_direct.end_on_loop = on_loop();
	return di_uv_call_work(uv, call, block, complete_after_direct, &after_direct);
}

static struct addrinfo *found;
static int look_up_result;

static void look_up(void *data)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };

	(void)data;
	look_up_result = getaddrinfo("127.0.0.1", "80", &hints, &found);
}

static void complete_address(struct di_call *call, void *data, int cause)
{
	(void)data;
	app_address_complete(call, cause != 0 || look_up_result == 0 ? cause : EIO, found);
}

static int address_new(struct di_call *call)
{
	return di_uv_call_work(uv, call, look_up, complete_address, NULL);
}

static void address_free(struct addrinfo *address)
{
	freeaddrinfo(address);
}

static int wrong_new(struct di_call *call)
{
	return di_uv_call_work(uv, call, NULL, complete_store, NULL);
}

static int product;

static void make_product(void *data)
{
	(void)data;
}

static void complete_product(struct di_call *call, void *data, int cause)
{
	app_product_complete(call, cause, data);
}

static int product_new(struct di_call *call)
{
	return di_uv_call_work(uv, call, make_product, complete_product, &product);
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	store = index_ = session = direct = after_direct = (struct slow){ 0 };
	begin_with(&app);
}

static struct di_uv_request *ask(struct di_context *context, const struct di_provider *provider,
				 struct told *told)
{
	struct di_uv_request *request =
		di_uv_get(uv, context, provider, 0, tell_value, told, &error);

	ck_assert_msg(request != NULL, "%s", error_text());
	return request;
}

START_TEST(a_constructor_blocks_on_the_pool_and_is_completed_on_the_loop)
{
	struct told told = { 0 };

	expect_ok(seen_user_set("ann", &error));
	ask(root, &app_store, &told);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_ptr_eq(told.value, &store);
	ck_assert_int_eq(store.runs, 1);
	ck_assert_int_eq(store.run_on_loop, 0);
	ck_assert_int_eq(store.completed_on_loop, 1);
	ck_assert_str_eq(store.user, "ann");
}
END_TEST

START_TEST(a_chain_of_them_is_made_one_after_the_other)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 }, ended = { 0 };

	ask(request, &app_session, &told);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_ptr_eq(session.need, &index_);
	ck_assert_ptr_eq(index_.need, &store);
	expect_ok(di_uv_context_close(uv, request, DI_FAILED, tell_done, &ended, &error));
	run_loop();
	expect_told(&ended, DI_OK);
	ck_assert_int_eq(session.ends, 1);
	ck_assert_int_eq(session.end_on_loop, 0);
	ck_assert_int_eq(session.outcome, DI_FAILED);
}
END_TEST

START_TEST(a_failure_is_told_with_its_path)
{
	struct told told = { 0 };

	store.cause = ECONNREFUSED;
	ask(root, &app_index, &told);
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, "(app_store <- app_index)");
	expect_told_text(&told, strerror(ECONNREFUSED));
	ck_assert_int_eq(index_.runs, 0);
}
END_TEST

START_TEST(what_completes_on_the_pool_makes_its_dependents_there)
{
	struct told told = { 0 };

	ask(root, &app_after_direct, &told);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_int_eq(direct.run_on_loop, 0);
	ck_assert_int_eq(after_direct.end_on_loop, 0);
	ck_assert_ptr_eq(after_direct.need, &direct);
	ck_assert_int_eq(after_direct.completed_on_loop, 1);
}
END_TEST

START_TEST(work_that_nobody_awaits_any_more_does_not_begin)
{
	struct told told = { 0 };
	struct di_uv_request *request;

	pool_fill(0);
	request = ask(root, &app_store, &told);
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(di_uv_cancel(request), 1);
	uv_run(&loop, UV_RUN_NOWAIT);
	pool_drain();
	run_loop();
	expect_told(&told, DI_ECANCELLED);
	ck_assert_int_eq(store.runs, 0);
	ck_assert_int_eq(store.completions, 1);
	ck_assert_int_eq(store.completion_cause, ECANCELED);
	ck_assert_int_eq(store.completed_on_loop, 1);
}
END_TEST

START_TEST(work_that_somebody_awaits_is_done)
{
	struct told told = { 0 }, other = { 0 };
	struct di_uv_request *request;

	pool_fill(0);
	request = ask(root, &app_store, &told);
	ask(root, &app_store, &other);
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(di_uv_cancel(request), 1);
	pool_drain();
	run_loop();
	expect_told(&told, DI_ECANCELLED);
	expect_told(&other, DI_OK);
	ck_assert_int_eq(store.runs, 1);
}
END_TEST

START_TEST(work_that_has_begun_is_done_and_its_value_is_there)
{
	struct stop stop = STOP_INIT;
	struct told told = { 0 };
	struct di_uv_request *request;

	stop_init(&stop, 1);
	store.stop = &stop;
	request = ask(root, &app_store, &told);
	uv_run(&loop, UV_RUN_NOWAIT);
	stop_wait(&stop);
	ck_assert_int_eq(di_uv_cancel(request), 1);
	uv_run(&loop, UV_RUN_NOWAIT);
	expect_told(&told, DI_ECANCELLED);
	stop_let_go(&stop);
	run_loop();
	ck_assert_int_eq(store.completion_cause, 0);
	ck_assert_ptr_eq(app_store_get(root, &error), &store);
}
END_TEST

START_TEST(closing_waits_for_work_of_constructors)
{
	struct stop stop = STOP_INIT;
	struct told told = { 0 };

	stop_init(&stop, 1);
	store.stop = &stop;
	ask(root, &app_store, &told);
	uv_run(&loop, UV_RUN_NOWAIT);
	stop_wait(&stop);
	di_uv_close(uv, NULL, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
	expect_told(&told, DI_ECANCELLED);
	ck_assert_int_eq(uv_loop_close(&loop), UV_EBUSY);
	stop_let_go(&stop);
	run_loop();
	uv = NULL;
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_int_eq(store.completions, 1);
}
END_TEST

static void take_value(void *data, void *value, const struct di_error *err)
{
	struct told *told = data;

	tell(told, value, err);
}

START_TEST(constructors_that_run_while_it_is_being_closed_are_refused)
{
	struct told told = { 0 };

	di_uv_close(uv, NULL, NULL);
	di_get_async(root, &app_store, take_value, &told, &error);
	expect_told(&told, DI_ECANCELLED);
	expect_told_text(&told, "store_new failed for app_store");
	ck_assert_int_eq(store.completions, 0);
	run_loop();
	uv = NULL;
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(work_that_was_asked_for_right_before_closing_is_not_begun)
{
	struct told told = { 0 };

	di_get_async(root, &app_store, take_value, &told, &error);
	ck_assert_int_eq(told.times, 0);
	end_loop();
	expect_told(&told, DI_ECANCELLED);
	ck_assert_int_eq(store.runs, 0);
	ck_assert_int_eq(store.completion_cause, ECANCELED);
}
END_TEST

enum {
	CROWD = 3,
	ROUNDS = 200
};

static int answers;

static void count_answer(void *data, void *value, const struct di_error *err)
{
	(void)data;
	if (value != NULL || err->status == DI_ECANCELLED)
		__atomic_add_fetch(&answers, 1, __ATOMIC_RELAXED);
}

static void ask_and_cancel(int number, void *data)
{
	int i;

	(void)data;
	for (i = 0; i < ROUNDS; i++) {
		struct di_get get = di_get_async(root, &app_product, count_answer, NULL, NULL);

		if ((i + number) % 3 != 0)
			di_get_cancel(get);
	}
}

static void let_loop_end(struct di_task *task)
{
	(void)task;
	di_uv_unref(uv);
}

static void *ask_and_cancel_in_a_crowd(void *task)
{
	crowd_run(CROWD, ask_and_cancel, NULL);
	di_uv_executor(uv)->post(di_uv_executor(uv), task);
	return NULL;
}

START_TEST(other_threads_ask_and_cancel_while_the_loop_runs)
{
	struct di_task task = { NULL, let_loop_end };
	pthread_t thread;

	answers = 0;
	di_uv_ref(uv);
	thread = thread_start(ask_and_cancel_in_a_crowd, &task, 0);
	run_loop();
	thread_join(thread);
	ck_assert_int_eq(__atomic_load_n(&answers, __ATOMIC_RELAXED), CROWD * ROUNDS);
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(a_look_up_of_an_address_blocks_on_the_pool)
{
	struct told told = { 0 }, freed = { 0 };

	ask(root, &app_address, &told);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_int_eq(((struct addrinfo *)told.value)->ai_family, AF_INET);
	expect_ok(di_uv_container_free(uv, container, tell_done, &freed, &error));
	container = NULL;
	run_loop();
	expect_told(&freed, DI_OK);
}
END_TEST

START_TEST(misuse_is_an_errno_of_the_constructor)
{
	struct told told = { 0 };

	ask(root, &app_wrong, &told);
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, strerror(EINVAL));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/call");
	TCase *tcase = tcase_create("calls");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, a_constructor_blocks_on_the_pool_and_is_completed_on_the_loop);
	tcase_add_test(tcase, a_chain_of_them_is_made_one_after_the_other);
	tcase_add_test(tcase, a_failure_is_told_with_its_path);
	tcase_add_test(tcase, what_completes_on_the_pool_makes_its_dependents_there);
	tcase_add_test(tcase, work_that_nobody_awaits_any_more_does_not_begin);
	tcase_add_test(tcase, work_that_somebody_awaits_is_done);
	tcase_add_test(tcase, work_that_has_begun_is_done_and_its_value_is_there);
	tcase_add_test(tcase, closing_waits_for_work_of_constructors);
	tcase_add_test(tcase, constructors_that_run_while_it_is_being_closed_are_refused);
	tcase_add_test(tcase, work_that_was_asked_for_right_before_closing_is_not_begun);
	tcase_add_test(tcase, other_threads_ask_and_cancel_while_the_loop_runs);
	tcase_add_test(tcase, a_look_up_of_an_address_blocks_on_the_pool);
	tcase_add_test(tcase, misuse_is_an_errno_of_the_constructor);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
