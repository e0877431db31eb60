/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <stdlib.h>

/* clang-format off */
#define APP(X) \
	X(singleton, app_pool,  struct part, (pool_new),            pool_end) \
	X(resource,  app_store, struct part, (store_new, app_pool), store_end) \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end, request)
#define NONE(X)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DECLARE(empty, NONE);

PART(pool)
PART_OF_1(store)
PART_OF_1(session)
PART_FAKE(fake)

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(empty, NONE);

static void setup(void)
{
	container_begin(&app, NULL);
}

/* ---- A new container ---- */

START_TEST(nothing_of_the_users_runs)
{
	journal_expect_nothing();
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

START_TEST(its_root_is_an_app_context_without_parent)
{
	ck_assert_ptr_nonnull(root);
	ck_assert_ptr_eq(di_container_root(container), root);
	ck_assert_ptr_eq(di_context_scope(root), &di_scope_app);
	ck_assert_ptr_null(di_context_parent(root));
	ck_assert_uint_eq(di_context_number(root), 1);
}
END_TEST

START_TEST(no_container_has_no_root)
{
	ck_assert_ptr_null(di_container_root(NULL));
}
END_TEST

START_TEST(two_of_one_table_share_nothing)
{
	struct di_container *second = di_container_new(&app, NULL, &error);
	struct di_context *other;
	struct part *pool;

	ck_assert_ptr_nonnull(second);
	other = di_container_root(second);
	pool = app_pool_get(root, &error);
	ck_assert_ptr_ne(app_pool_get(other, &error), pool);
	ck_assert_ptr_eq(app_pool_get(root, &error), pool);
	expect_ok(di_container_free(second, &error));
	ck_assert(pool->alive);
	ck_assert_ptr_eq(app_pool_get(root, &error), pool);
}
END_TEST

START_TEST(what_one_opens_enters_overrides_and_puts_is_nothing_to_another)
{
	struct di_container *second = di_container_new(&app, NULL, &error);
	struct di_context *other = di_container_root(second), *request;

	expect_ok(app_store_override(root, &fake, &error));
	expect_ok(note_put(root, "mine", &error));
	request = open_in(root, &di_scope_request);
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	journal_expect("created session from fake");
	expect_null(app_session_get(other, &error), DI_ENOCONTEXT);
	ck_assert_ptr_ne(app_store_get(other, &error), &fake);
	ck_assert_ptr_null(note_fetch(other));
	expect_ok(di_container_free(second, &error));
	expect_ok(di_context_leave(request, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(an_empty_table_is_a_container_too)
{
	const struct di_table *const tables[] = { &empty };
	struct di_context_options afresh = { .abi = DI_ABI,
					     .scope = &di_scope_inject,
					     .afresh_tables = tables,
					     .afresh_tables_count = 1 };
	struct di_context *context;

	ck_assert_uint_eq(empty.count, 0);
	container_end();
	container_begin(&empty, NULL);
	expect_ok(di_container_start(container, &error));
	context = open_in(root, &di_scope_request);
	close_as(context, DI_DONE);
	context = di_context_open_with(root, &afresh, &error);
	ck_assert_ptr_nonnull(context);
	close_as(context, DI_DONE);
}
END_TEST

/* ---- Options ---- */

START_TEST(options_may_be_absent)
{
	struct di_container *plain = di_container_new(&app, NULL, NULL);

	ck_assert_ptr_nonnull(plain);
	ck_assert_ptr_nonnull(app_store_get(di_container_root(plain), NULL));
	ck_assert_int_eq(di_container_free(plain, NULL), DI_OK);
}
END_TEST

START_TEST(options_and_allocator_are_copied)
{
	struct di_options *options = calloc(1, sizeof(*options));
	struct di_allocator allocator = memory.allocator;
	struct di_container *second;

	ck_assert_ptr_nonnull(options);
	options->abi = DI_ABI;
	options->allocator = &allocator;
	second = di_container_new(&app, options, &error);
	memset(options, 0xa5, sizeof(*options));
	free(options);
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_nonnull(app_store_get(di_container_root(second), &error));
	expect_ok(di_container_free(second, &error));
}
END_TEST

START_TEST(all_memory_comes_from_the_allocator_and_goes_back_to_it)
{
	unsigned long before = memory.live;
	struct di_context *request = open_in(root, &di_scope_request);
	int i;

	for (i = 0; i < 40; i++)
		open_in(request, &di_scope_inject);
	ck_assert_ptr_nonnull(app_store_get(request, &error));
	ck_assert_uint_gt(memory.live, before + 40);
	container_free_expect(DI_EOPEN);
	ck_assert_uint_eq(memory.live, 0);
	ck_assert_uint_eq(memory.faults, 0);
}
END_TEST

/* ---- When it is refused ---- */

static enum di_status new_without_table(void *data, struct di_error *err)
{
	ck_assert_ptr_null(di_container_new(NULL, data, err));
	return err != NULL ? err->status : DI_EINVAL;
}

static enum di_status new_of_table(void *data, struct di_error *err)
{
	ck_assert_ptr_null(di_container_new(data, NULL, err));
	return err != NULL ? err->status : DI_EABI;
}

static enum di_status new_with_options(void *data, struct di_error *err)
{
	ck_assert_ptr_null(di_container_new(&app, data, err));
	return err != NULL ? err->status : DI_EABI;
}

START_TEST(a_container_needs_a_table)
{
	misuse_expect(new_without_table, NULL, DI_EINVAL, "there is no table");
}
END_TEST

START_TEST(a_table_of_other_headers_is_refused)
{
	struct di_table other = app;

	other.abi = DI_ABI + 1;
	misuse_expect(new_of_table, &other, DI_EABI, "the table has abi 2, the library 1");
	other = app;
	other.provider_size--;
	misuse_expect(new_of_table, &other, DI_EABI, "a row of the table app has ");
}
END_TEST

START_TEST(options_of_other_headers_are_refused)
{
	struct di_options options = { .abi = 0 };

	misuse_expect(new_with_options, &options, DI_EABI, "the options have abi 0, the library 1");
	options.abi = DI_ABI + 1;
	misuse_expect(new_with_options, &options, DI_EABI, "the options have abi 2, the library 1");
}
END_TEST

START_TEST(without_memory_there_is_no_container)
{
	struct failing_allocator none;
	struct di_options options = { .abi = DI_ABI, .allocator = &none.allocator };

	failing_allocator_init(&none);
	none.fail_always = 1;
	expect_null(di_container_new(&app, &options, &error), DI_ENOMEM);
	expect_text("for a container of app");
	failing_allocator_check(&none);
}
END_TEST

/* ---- A context of another container ---- */

/* clang-format off */
#define OTHER(X) X(singleton, other_pool, struct part, (pool_new), pool_end)
/* clang-format on */

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static enum di_status get_foreign(void *data, struct di_error *err)
{
	ck_assert_ptr_null(other_pool_get(data, err));
	return err != NULL ? err->status : DI_EINVAL;
}

START_TEST(a_provider_of_another_table_is_refused)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_pool_get(root, &error);
	misuse_expect(get_foreign, root, DI_EINVAL, "it is of the table other, the context of app");
	misuse_expect(get_foreign, request, DI_EINVAL, "it is of the table other");
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("pool"), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/container");
	TCase *fresh = tcase_create("new"), *options = tcase_create("options");
	TCase *refused = tcase_create("refused");

	tcase_add_checked_fixture(fresh, setup, container_end);
	tcase_add_test(fresh, nothing_of_the_users_runs);
	tcase_add_test(fresh, its_root_is_an_app_context_without_parent);
	tcase_add_test(fresh, no_container_has_no_root);
	tcase_add_test(fresh, two_of_one_table_share_nothing);
	tcase_add_test(fresh, what_one_opens_enters_overrides_and_puts_is_nothing_to_another);
	tcase_add_test(fresh, an_empty_table_is_a_container_too);
	suite_add_tcase(suite, fresh);

	tcase_add_checked_fixture(options, setup, container_end);
	tcase_add_test(options, options_may_be_absent);
	tcase_add_test(options, options_and_allocator_are_copied);
	tcase_add_test(options, all_memory_comes_from_the_allocator_and_goes_back_to_it);
	suite_add_tcase(suite, options);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, a_container_needs_a_table);
	tcase_add_test(refused, a_table_of_other_headers_is_refused);
	tcase_add_test(refused, options_of_other_headers_are_refused);
	tcase_add_test(refused, without_memory_there_is_no_container);
	tcase_add_test(refused, a_provider_of_another_table_is_refused);
	suite_add_tcase(suite, refused);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
