/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

/* Rows that live with threads, of a container that another one connects. */

/* clang-format off */
#define STORAGE(X) \
	X(singleton,        storage_pool,   struct part, (pool_new),                pool_end) \
	X(thread_singleton, storage_buffer, struct part, (buffer_new, storage_pool), buffer_end) \
	X(factory,          storage_page,   struct part, (page_new, storage_buffer), page_end) \
	X(async_singleton,  storage_line,   struct part, (line_new),                di_keep) \
	X(thread_singleton, storage_wire,   struct part, (wire_new, storage_line),  wire_end)
#define WEB(X) \
	X(thread_singleton, web_codec,   struct part, (codec_new, storage_buffer), codec_end) \
	X(context_resource, web_session, struct part, (session_new, storage_buffer), session_end, request) \
	X(factory,          web_view,    struct part, (view_new, web_codec, storage_page), view_end) \
	X(thread_singleton, web_plug,    struct part, (plug_new, storage_wire), plug_end)
#define ALONE(X) \
	X(context_resource, alone_session, struct part, (session_new, storage_buffer), session_end, request)
/* clang-format on */

PART_FAKE(fake)
PART(pool)
PART_OF_1(buffer)
PART_OF_1(page)
PART_OF_1(codec)
PART_OF_1(session)
PART_OF_1(wire)
PART_OF_1(plug)
PART_OF_2(view)

DI_CONTAINER_DECLARE(storage, STORAGE);
DI_CONTAINER_DECLARE(web, WEB, storage);
DI_CONTAINER_DECLARE(alone, ALONE, storage);
static int line_new(struct di_call *call)
{
	return later_new(call, storage_line_complete, "line", (struct part *const[]){ NULL });
}

DI_CONTAINER_DEFINE(storage, STORAGE);
DI_CONTAINER_DEFINE(web, WEB);
DI_CONTAINER_DEFINE(alone, ALONE);

static struct di_container *connected[1], *user;
static struct di_context *in;
static const struct di_provider *user_session;

static void begin(const struct di_table *table)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&storage, &options);
	connected[0] = container;
	options.connected = connected;
	options.connected_count = 1;
	user = di_container_new(table, &options, &error);
	ck_assert_msg(user != NULL, "%s", error_text());
	in = di_container_root(user);
}

static void setup(void)
{
	begin(&web);
	user_session = &web_session;
}

static void setup_alone(void)
{
	begin(&alone);
	user_session = &alone_session;
}

static void teardown(void)
{
	di_container_free(user, NULL);
	container_end();
	watchdog(0);
}

START_TEST(what_takes_time_is_made_first_over_both)
{
	struct answer answer = { 0 };

	later_clear();
	di_get_async(in, &web_plug, answer_take_any, &answer, &error);
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, web_plug_get(in, &error));
	ck_assert_ptr_eq(answer.part->needs[0], storage_wire_get(root, &error));
	ck_assert_uint_eq(di_thread_count(container), 1);
	ck_assert_uint_eq(di_thread_count(user), 1);
}
END_TEST

START_TEST(they_are_those_of_the_container_that_declares_them)
{
	struct part *buffer = storage_buffer_get(root, &error);
	struct part *codec = web_codec_get(in, &error);

	ck_assert_ptr_eq(codec->needs[0], buffer);
	ck_assert_ptr_eq(storage_buffer_get(in, &error), buffer);
	ck_assert_ptr_eq(web_codec_get(in, &error), codec);
	ck_assert_uint_eq(di_thread_count(container), 1);
	ck_assert_uint_eq(di_thread_count(user), 1);
}
END_TEST

static void *view_in_root(void *data)
{
	(void)data;
	return web_view_get(in, NULL);
}

START_TEST(with_the_thread_those_end_first_that_are_built_from_others)
{
	ck_assert_ptr_nonnull(thread_join(thread_start(view_in_root, NULL, 0)));
	journal_expect("created pool", "created buffer from pool", "created codec from buffer",
		       "created page from buffer", "created view from codec page",
		       "ended view done", "ended page done", "ended codec done",
		       "ended buffer done");
}
END_TEST

START_TEST(a_thread_ends_its_values_of_who_connects_before_those_of_who_is_connected)
{
	ck_assert_ptr_nonnull(web_codec_get(in, &error));
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	expect_text("the thread has values in the container of web, which connects storage: end "
		    "those first");
	expect_ok(di_thread_end(user, &error));
	expect_ok(di_thread_end(container, &error));
	journal_expect("created pool", "created buffer from pool", "created codec from buffer",
		       "ended codec done", "ended buffer done");
}
END_TEST

static struct di_error refused;

static void *try_session(void *request)
{
	return di_resolve(request, &refused, user_session);
}

START_TEST(a_context_of_who_connects_belongs_to_the_thread)
{
	struct di_context *request = open_in(in, &di_scope_request);
	struct part *session = di_resolve(request, &error, user_session);

	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(di_resolve(request, &error, user_session), session);
	ck_assert_ptr_null(thread_join(thread_start(try_session, request, 0)));
	ck_assert_int_eq(refused.status, DI_ETHREAD);
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	close_as(request, DI_DONE);
	ck_assert(!session->alive);
	expect_ok(di_thread_end(user, &error));
	expect_ok(di_thread_end(container, &error));
	ck_assert_int_eq(parts_alive("buffer"), 0);
}
END_TEST

START_TEST(what_it_holds_ends_with_the_thread)
{
	struct di_context *request = open_in(in, &di_scope_request);

	ck_assert_ptr_nonnull(thread_join(thread_start(try_session, request, 0)));
	journal_expect("created pool", "created buffer from pool", "created session from buffer",
		       "ended session cancelled", "ended buffer done");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(an_override_in_the_root_of_who_connects_is_for_its_contexts)
{
	struct part *codec;

	expect_ok(storage_pool_override(in, &fake, &error));
	codec = web_codec_get(in, &error);
	ck_assert_ptr_eq(codec->needs[0]->needs[0], &fake);
	ck_assert_ptr_ne(storage_buffer_get(root, &error), codec->needs[0]);
	ck_assert_uint_eq(di_thread_count(user), 2);
	ck_assert_uint_eq(di_thread_count(container), 1);
	expect_ok(di_thread_end(user, &error));
	ck_assert_uint_eq(di_thread_count(user), 0);
}
END_TEST

START_TEST(while_it_is_connected_none_of_it_is_reset)
{
	ck_assert_ptr_nonnull(storage_buffer_get(root, &error));
	expect_error(di_reset(root, &storage_buffer, &error), DI_EBUSY);
	expect_text("a living container connects that of storage");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("containers/connect_thread_values");
	TCase *tcase = tcase_create("web"), *other = tcase_create("alone");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, they_are_those_of_the_container_that_declares_them);
	tcase_add_test(tcase, what_takes_time_is_made_first_over_both);
	tcase_add_test(tcase, with_the_thread_those_end_first_that_are_built_from_others);
	tcase_add_test(tcase,
		       a_thread_ends_its_values_of_who_connects_before_those_of_who_is_connected);
	tcase_add_test(tcase, a_context_of_who_connects_belongs_to_the_thread);
	tcase_add_test(tcase, what_it_holds_ends_with_the_thread);
	tcase_add_test(tcase, an_override_in_the_root_of_who_connects_is_for_its_contexts);
	tcase_add_test(tcase, while_it_is_connected_none_of_it_is_reset);
	suite_add_tcase(all, tcase);
	/* Here no row lives with threads, but what is connected has some. */
	tcase_add_checked_fixture(other, setup_alone, teardown);
	tcase_add_test(other, a_context_of_who_connects_belongs_to_the_thread);
	tcase_add_test(other, what_it_holds_ends_with_the_thread);
	suite_add_tcase(all, other);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
