/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* An allocator of one's own, and no memory. */

static int store_new(struct di_call *call);

/* clang-format off */
#define APP(X) \
	X(singleton,       app_config, struct part, (config_new), config_end) \
	X(async_singleton, app_store,  struct part, (store_new),  di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(config)

static void do_nothing(void *data)
{
	(void)data;
}

static enum di_uv_turn no_turn(void *data)
{
	(void)data;
	return DI_UV_DONE;
}

static void complete_store(struct di_call *call, void *data, int cause)
{
	static struct part store;

	(void)data;
	app_store_complete(call, cause, &store);
}

static int store_new(struct di_call *call)
{
	return di_uv_call_work(uv, call, do_nothing, complete_store, NULL);
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	const struct di_uv_options options = { .abi = DI_ABI, .allocator = &memory.allocator };

	begin_with(&app);
	end_loop();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	uv = di_uv_new(&loop, &options, &error);
	ck_assert_ptr_nonnull(uv);
}

START_TEST(what_has_no_memory_says_so_and_begins_nothing)
{
	struct told told = { 0 };
	const struct di_uv_options options = { .abi = DI_ABI, .allocator = &memory.allocator };

	memory.fail_always = 1;
	expect_null(di_uv_new(&loop, &options, &error), DI_ENOMEM);
	expect_null(di_uv_get(uv, root, &app_config, 0, tell_value, &told, &error), DI_ENOMEM);
	expect_text("for a request of the loop");
	expect_null(di_uv_timer(uv, 0, 0, tell_after, &told, &error), DI_ENOMEM);
	expect_null(di_uv_turns_new(uv, no_turn, NULL, &error), DI_ENOMEM);
	expect_null(di_uv_work(uv, do_nothing, tell_after, &told, &error), DI_ENOMEM);
	expect_error(di_uv_start(uv, container, tell_done, &told, &error), DI_ENOMEM);
	expect_error(di_uv_context_close(uv, root, DI_DONE, tell_done, &told, &error), DI_ENOMEM);
	expect_error(di_uv_container_free(uv, container, tell_done, &told, &error), DI_ENOMEM);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	ck_assert_int_eq(told.times, 0);
	memory.fail_always = 0;
}
END_TEST

START_TEST(a_constructor_without_memory_for_its_work_fails)
{
	struct told told = { 0 };

	failing_allocator_fail(&memory, 2);
	di_uv_get(uv, root, &app_store, 0, tell_value, &told, &error);
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, strerror(ENOMEM));
	failing_allocator_fail(&memory, 0);
	told.times = 0;
	di_uv_get(uv, root, &app_store, 0, tell_value, &told, &error);
	run_loop();
	expect_told(&told, DI_OK);
}
END_TEST

START_TEST(all_memory_is_given_back)
{
	struct told told[4] = { 0 };

	di_uv_get(uv, root, &app_store, 1000, tell_value, &told[0], &error);
	di_uv_timer(uv, 1, 0, tell_after, &told[1], &error);
	di_uv_work(uv, do_nothing, tell_after, &told[2], &error);
	di_uv_start(uv, container, tell_done, &told[3], &error);
	ck_assert_uint_gt(memory.live, 3);
	run_loop();
	expect_told(&told[0], DI_OK);
	expect_told(&told[1], DI_OK);
	expect_told(&told[2], DI_OK);
	expect_told(&told[3], DI_OK);
	ck_assert_uint_eq(memory.live, 1);
	end_loop();
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/memory");
	TCase *tcase = tcase_create("memory");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, what_has_no_memory_says_so_and_begins_nothing);
	tcase_add_test(tcase, a_constructor_without_memory_for_its_work_fails);
	tcase_add_test(tcase, all_memory_is_given_back);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
