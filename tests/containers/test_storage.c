/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdint.h>

/* DI_INIT: values in storage of the home context. */

struct small {
	char byte;
};

struct line {
	alignas(64) unsigned char bytes[64];
};

struct page {
	alignas(4096) unsigned char bytes[4096];
};

struct large {
	struct large *self;
	unsigned char bytes[20000];
};

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,   struct part,     (pool_new),                      pool_end) \
	X(singleton,        app_lock,   pthread_mutex_t, DI_INIT(lock_init, app_pool),    pthread_mutex_destroy) \
	X(singleton,        app_small,  struct small,    DI_INIT(small_init),             di_keep) \
	X(singleton,        app_line,   struct line,     DI_INIT(line_init),              di_keep) \
	X(context_resource, app_page,   struct page,     DI_INIT(page_init),              di_keep,   request) \
	X(context_resource, app_large,  struct large,    DI_INIT(large_init),             large_end, any) \
	X(factory,          app_piece,  struct large,    DI_INIT(large_init),             large_end) \
	X(factory,          app_cell,   struct line,     DI_INIT(line_init),              line_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(pool)

static int result;

/* Whether size bytes are 0; fills them with rubbish for the next one to find. */
static int take_zeroed(void *bytes, size_t size, size_t alignment)
{
	const unsigned char *at = bytes;
	size_t zeros = 0;

	ck_assert_uint_eq((uintptr_t)bytes % alignment, 0);
	while (zeros < size && at[zeros] == 0)
		zeros++;
	ck_assert_uint_eq(zeros, size);
	memset(bytes, 0xee, size);
	return result;
}

static int lock_init(pthread_mutex_t *lock, struct part *pool)
{
	ck_assert(pool->alive);
	return pthread_mutex_init(lock, NULL);
}

static int small_init(struct small *self)
{
	return take_zeroed(self, sizeof(*self), 1);
}

static int line_init(struct line *self)
{
	return take_zeroed(self, sizeof(*self), 64);
}

static void line_end(struct line *self)
{
	ck_assert_uint_eq(self->bytes[63], 0xee);
	journal_write("line");
}

static int page_init(struct page *self)
{
	return take_zeroed(self, sizeof(*self), 4096);
}

static int large_init(struct large *self)
{
	int failed = take_zeroed(self, sizeof(*self), alignof(struct large));

	self->self = self;
	return failed;
}

static void large_end(struct large *self)
{
	ck_assert_ptr_eq(self->self, self);
	journal_write("large");
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
	result = 0;
}

START_TEST(functions_of_libraries_fit)
{
	pthread_mutex_t *lock = app_lock_get(root, &error);

	ck_assert_ptr_nonnull(lock);
	ck_assert_int_eq(pthread_mutex_lock(lock), 0);
	ck_assert_int_eq(pthread_mutex_trylock(lock), EBUSY);
	ck_assert_int_eq(pthread_mutex_unlock(lock), 0);
}
END_TEST

START_TEST(storage_is_aligned_as_the_type_asks)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_nonnull(app_small_get(root, &error));
	ck_assert_ptr_nonnull(app_line_get(root, &error));
	ck_assert_ptr_nonnull(app_page_get(request, &error));
	ck_assert_ptr_nonnull(app_large_get(root, &error));
	ck_assert_uint_eq(app_page.storage_size, sizeof(struct page));
	ck_assert_uint_eq(app_page.storage_align, 4096);
	ck_assert_uint_eq(app_page.type->size, sizeof(struct page));
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(storage_is_zeroed_also_where_it_was_used_before)
{
	int i;

	for (i = 0; i < 40; i++) {
		struct di_context *request = open_in(root, &di_scope_request);

		ck_assert_ptr_nonnull(app_large_get(request, &error));
		ck_assert_ptr_nonnull(app_page_get(request, &error));
		ck_assert_ptr_nonnull(app_piece_get(request, &error));
		ck_assert_ptr_nonnull(app_cell_get(request, &error));
		close_as(request, DI_DONE);
	}
}
END_TEST

START_TEST(storage_is_zeroed_again_after_a_failure)
{
	result = EAGAIN;
	expect_null(app_line_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, EAGAIN);
	ck_assert_str_eq(error.function, "line_init");
	expect_null(app_cell_get(root, &error), DI_ECREATE);
	result = 0;
	ck_assert_ptr_nonnull(app_line_get(root, &error));
	ck_assert_ptr_nonnull(app_cell_get(root, &error));
}
END_TEST

START_TEST(storage_is_zeroed_again_after_a_reset)
{
	ck_assert_ptr_nonnull(app_large_get(root, &error));
	expect_ok(di_reset(root, &app_large, &error));
	journal_expect("large");
	ck_assert_ptr_nonnull(app_large_get(root, &error));
}
END_TEST

START_TEST(the_address_stays_until_the_finalizer_has_run)
{
	struct large *large = app_large_get(root, &error);
	struct di_context *request;
	int i;

	ck_assert_ptr_eq(large->self, large);
	for (i = 0; i < 100; i++) {
		request = open_in(root, &di_scope_request);
		ck_assert_ptr_nonnull(app_page_get(request, &error));
		ck_assert_ptr_eq(app_large_get(root, &error), large);
		ck_assert_ptr_eq(large->self, large);
		close_as(request, DI_DONE);
	}
	container_free_expect(DI_OK);
	journal_expect("large");
}
END_TEST

START_TEST(each_product_has_storage_of_its_own)
{
	struct large *a = app_piece_get(root, &error), *b = app_piece_get(root, &error);
	struct line *c = app_cell_get(root, &error), *d = app_cell_get(root, &error);

	ck_assert_ptr_ne(a, b);
	ck_assert_ptr_ne(c, d);
	expect_ok(app_piece_drop(root, a, &error));
	expect_ok(app_cell_drop(root, c, &error));
	ck_assert_ptr_eq(b->self, b);
	ck_assert_uint_eq(d->bytes[0], 0xee);
	journal_expect("large", "line");
}
END_TEST

START_TEST(storage_of_dropped_products_is_given_back)
{
	size_t bytes = 0;
	int i;

	for (i = 0; i < 100; i++) {
		expect_ok(app_piece_drop(root, app_piece_get(root, &error), &error));
		expect_ok(app_cell_drop(root, app_cell_get(root, &error), &error));
		if (i == 10)
			bytes = memory.live_bytes;
	}
	ck_assert_uint_eq(memory.live_bytes, bytes);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/storage");
	TCase *storage = tcase_create("storage");

	tcase_add_checked_fixture(storage, setup, container_end);
	tcase_add_test(storage, functions_of_libraries_fit);
	tcase_add_test(storage, storage_is_aligned_as_the_type_asks);
	tcase_add_test(storage, storage_is_zeroed_also_where_it_was_used_before);
	tcase_add_test(storage, storage_is_zeroed_again_after_a_failure);
	tcase_add_test(storage, storage_is_zeroed_again_after_a_reset);
	tcase_add_test(storage, the_address_stays_until_the_finalizer_has_run);
	tcase_add_test(storage, each_product_has_storage_of_its_own);
	tcase_add_test(storage, storage_of_dropped_products_is_given_back);
	suite_add_tcase(suite, storage);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
