/* SPDX-License-Identifier: MIT */
#include "tests/di/threaded_app.h"

#include <errno.h>

/* ---- One for each thread ---- */

START_TEST(it_is_made_on_first_use_and_once_in_a_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *buffer = app_buffer_get(request, &error);

	journal_expect("created pool from config", "created buffer from pool");
	ck_assert_ptr_eq(app_buffer_get(request, &error), buffer);
	ck_assert_ptr_eq(app_buffer_get(root, &error), buffer);
	ck_assert_ptr_eq(di_resolve(root, &error, &app_buffer), buffer);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_buffer_get(request, &error), buffer);
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

static struct part *of_thread[16];

static void get_three_times(int number, void *data)
{
	struct part *buffer = app_buffer_get(data, NULL);

	if (buffer == app_buffer_get(data, NULL) && buffer == di_resolve(data, NULL, &app_buffer))
		of_thread[number] = buffer;
}

START_TEST(each_thread_has_its_own_of_what_all_share)
{
	int i, k;

	crowd_run(16, get_three_times, root);
	for (i = 0; i < 16; i++) {
		ck_assert_ptr_nonnull(of_thread[i]);
		ck_assert_ptr_eq(of_thread[i]->needs[0], app_pool_get(root, &error));
		for (k = 0; k < i; k++)
			ck_assert_ptr_ne(of_thread[i], of_thread[k]);
	}
	ck_assert_int_eq(parts_alive("buffer"), 0);
	ck_assert_int_eq(parts_alive("pool"), 1);
}
END_TEST

START_TEST(each_container_has_its_own)
{
	enum {
		MANY = 20
	};
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *others[MANY];
	struct part *buffers[MANY];
	int i;

	for (i = 0; i < MANY; i++) {
		others[i] = di_container_new(&app, &options, &error);
		buffers[i] = app_buffer_get(di_container_root(others[i]), &error);
		ck_assert_ptr_nonnull(buffers[i]);
		ck_assert(i == 0 || buffers[i] != buffers[i - 1]);
	}
	for (i = 0; i < MANY; i += 2)
		expect_ok(di_container_free(others[i], &error));
	for (i = 1; i < MANY; i += 2) {
		ck_assert_ptr_eq(app_buffer_get(di_container_root(others[i]), &error), buffers[i]);
		expect_ok(di_thread_end(others[i], &error));
		ck_assert_ptr_ne(app_buffer_get(di_container_root(others[i]), &error), buffers[i]);
		expect_ok(di_container_free(others[i], &error));
	}
}
END_TEST

START_TEST(start_does_not_make_it)
{
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(a_failed_creation_is_not_kept)
{
	parts_fail_new("buffer", EIO, 2);
	expect_null(app_cache_get(root, &error), DI_ECREATE);
	expect_text("buffer_new failed for app_buffer");
	expect_text("app_buffer <- app_cache");
	expect_null(app_buffer_get(root, &error), DI_ECREATE);
	ck_assert_uint_eq(di_thread_count(container), 0);
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	journal_expect("created pool from config", "failed buffer", "failed buffer",
		       "created buffer from pool", "created cache from buffer");
}
END_TEST

START_TEST(it_ends_with_the_container_after_contexts_and_before_the_root)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_nonnull(app_session_get(request, &error));
	journal_clear();
	container_free_expect(DI_EOPEN);
	journal_expect("ended session cancelled", "ended cache done", "ended buffer done",
		       "ended pool done");
}
END_TEST

/* ---- What is built from it ---- */

static void *get_query(void *context)
{
	return app_query_get(context, NULL);
}

START_TEST(a_product_asked_in_the_root_ends_with_the_thread)
{
	ck_assert_ptr_nonnull(in_thread(get_query, root));
	journal_expect("created pool from config", "created buffer from pool",
		       "created query from buffer", "ended query done", "ended buffer done");
}
END_TEST

START_TEST(a_product_asked_in_the_root_is_dropped_in_the_root)
{
	struct part *query = app_query_get(root, &error);

	journal_clear();
	expect_ok(app_query_drop(root, query, &error));
	journal_expect("ended query done");
	expect_error(app_query_drop(root, query, &error), DI_EINVAL);
	expect_text("the value is no live product of this context");
}
END_TEST

static int work(int number, struct part *buffer, struct part *session)
{
	ck_assert_ptr_eq(session->needs[0]->needs[0], buffer);
	return number;
}

DI_HANDLER(app_work, int, (int), (work, app_buffer, app_session));

START_TEST(a_handler_gets_that_of_the_calling_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	int i, result = 0;

	for (i = 1; i <= 3; i++) {
		expect_ok(app_work(request, &result, i, &error));
		ck_assert_int_eq(result, i);
	}
	close_as(request, DI_DONE);
	journal_expect("created pool from config", "created buffer from pool",
		       "created cache from buffer", "created session from cache",
		       "ended session done");
}
END_TEST

/* ---- All forms ---- */

struct box {
	long full;
};

static int box_init(struct box *box, struct part *buffer)
{
	ck_assert_int_eq(box->full, 0);
	box->full = buffer->alive;
	return 0;
}

static void box_end(struct box *box)
{
	journal_write("box %ld", box->full);
}

static struct box *bag_new(struct box *box)
{
	static struct box bag;

	bag.full = box->full + 1;
	return &bag;
}

static int bag_end(struct box *bag)
{
	journal_write("bag %ld", bag->full);
	return EIO;
}

static struct box *none_new(void)
{
	errno = ENOSPC;
	return NULL;
}

static int tin_new(struct box **tin, long full)
{
	static struct box one;

	one.full = full + 1;
	*tin = &one;
	return 0;
}

static void tin_end(struct box *tin, enum di_outcome outcome)
{
	journal_write("tin %ld %s", tin->full, di_outcome_text(outcome));
}

DI_LIST_TYPE(boxes, struct box);

static const char *choose(const struct boxes *boxes)
{
	return boxes->count == 3 ? "tin" : "box";
}

/* clang-format off */
#define FORMS(X) \
	X(singleton,        forms_pool, struct part, DI_RETURNS(fake_new),                   di_keep) \
	X(thread_singleton, forms_box,  struct box,  DI_INIT(box_init, forms_pool),          box_end) \
	X(thread_singleton, forms_bag,  struct box,  DI_RETURNS(bag_new, forms_box),         bag_end) \
	X(thread_singleton, forms_tin,  struct box,  (tin_new, DI_FIELD(forms_bag, full)),   tin_end) \
	X(thread_singleton, forms_none, struct box,  DI_RETURNS(none_new),                   di_keep) \
	X(list,             forms_all,  struct boxes, forms_box, forms_bag, forms_tin) \
	X(selector,         forms_any,  struct box,  (choose, forms_all), ("box", forms_box), ("tin", forms_tin))
/* clang-format on */

DI_CONTAINER_DECLARE(forms, FORMS);

static struct part *fake_new(void)
{
	return &fake;
}

DI_CONTAINER_DEFINE(forms, FORMS);

START_TEST(all_forms_of_constructors_and_destructors_will_do)
{
	struct di_container *other = di_container_new(&forms, NULL, &error);
	struct di_context *in = di_container_root(other);

	ck_assert_int_eq((int)forms_tin_get(in, &error)->full, 3);
	ck_assert_uint_eq((uintptr_t)forms_box_get(in, &error) % _Alignof(struct box), 0);
	expect_null(forms_none_get(in, &error), DI_ECREATE);
	expect_text("No space left on device");
	ck_assert_uint_eq(di_thread_count(other), 3);
	journal_clear();
	expect_error(di_container_free(other, &error), DI_EFINALIZE);
	expect_text("bag_end failed for forms_bag");
	journal_expect("tin 3 done", "bag 2", "box 1");
}
END_TEST

static void *get_list(void *context)
{
	const struct boxes *all = forms_all_get(context, NULL);

	return all != NULL && all == forms_all_get(context, NULL) ? (void *)(uintptr_t)all : NULL;
}

START_TEST(lists_and_choices_are_those_of_the_thread)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *other = di_container_new(&forms, &options, &error);
	struct di_context *in = di_container_root(other);
	struct guest guest = GUEST_INIT;
	const struct boxes *all = forms_all_get(in, &error);

	ck_assert_ptr_eq(all->items[0], forms_box_get(in, &error));
	ck_assert_ptr_eq(forms_any_get(in, &error), forms_tin_get(in, &error));
	guest_enter(&guest, get_list, in);
	ck_assert_ptr_nonnull(guest.value);
	ck_assert_ptr_ne(guest.value, all);
	ck_assert_ptr_ne(((const struct boxes *)guest.value)->items[0], all->items[0]);
	guest_leave(&guest);
	ck_assert_ptr_eq(forms_all_get(in, &error), all);
	expect_error(di_container_free(other, &error), DI_EFINALIZE);
}
END_TEST

/* ---- Overriding ---- */

START_TEST(an_override_is_seen_by_every_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(app_buffer_override(request, &fake, &error));
	ck_assert_ptr_eq(app_buffer_get(request, &error), &fake);
	ck_assert_ptr_eq(in_thread(get_buffer, request), &fake);
	close_as(request, DI_DONE);
	ck_assert_ptr_ne(app_buffer_get(root, &error), &fake);
	expect_ok(di_thread_end(container, &error));
	expect_ok(app_buffer_override(root, &fake, &error));
	ck_assert_ptr_eq(in_thread(get_buffer, root), &fake);
	ck_assert_ptr_eq(app_buffer_get(root, &error), &fake);
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

START_TEST(what_is_built_from_a_fake_of_it_belongs_to_no_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *session;

	expect_ok(app_cache_override(request, &fake, &error));
	session = app_session_get(request, &error);
	ck_assert_ptr_eq(session->needs[0], &fake);
	ck_assert_ptr_eq(in_thread(get_session, request), session);
	close_as(request, DI_DONE);
}
END_TEST

static struct di_error refused;

static void *refused_cache(void *context)
{
	memset(&refused, 0, sizeof(refused));
	return app_cache_get(context, &refused);
}

START_TEST(where_what_it_needs_is_overridden_it_is_one_for_the_thread_that_asks_first)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *outer = app_cache_get(root, &error), *inner;

	expect_ok(app_config_override(request, &fake, &error));
	inner = app_cache_get(request, &error);
	ck_assert_ptr_eq(inner->needs[0]->needs[0]->needs[0], &fake);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(app_cache_get(request, &error), inner);
	ck_assert_ptr_eq(app_cache_get(root, &error), outer);
	ck_assert_uint_eq(di_thread_count(container), 4);
	ck_assert_ptr_null(in_thread(refused_cache, request));
	ck_assert_int_eq(refused.status, DI_ETHREAD);
	error = refused;
	expect_text("its context, of scope request, belongs to thread");
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended cache done", "ended buffer done", "ended pool done");
	ck_assert_uint_eq(di_thread_count(container), 2);
}
END_TEST

START_TEST(another_one_may_take_its_place)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *pool = app_pool_get(root, &error);

	expect_ok(di_override_with(request, &app_buffer, &app_pool, &error));
	ck_assert_ptr_eq(app_buffer_get(request, &error), pool);
	ck_assert_ptr_eq(in_thread(get_buffer, request), pool);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("providers/thread_singleton");
	TCase *tcase = tcase_create("thread_singleton");

	tcase_add_checked_fixture(tcase, threaded_begin, threaded_end);
	tcase_add_test(tcase, it_is_made_on_first_use_and_once_in_a_thread);
	tcase_add_test(tcase, each_thread_has_its_own_of_what_all_share);
	tcase_add_test(tcase, each_container_has_its_own);
	tcase_add_test(tcase, start_does_not_make_it);
	tcase_add_test(tcase, a_failed_creation_is_not_kept);
	tcase_add_test(tcase, it_ends_with_the_container_after_contexts_and_before_the_root);
	tcase_add_test(tcase, a_product_asked_in_the_root_ends_with_the_thread);
	tcase_add_test(tcase, a_product_asked_in_the_root_is_dropped_in_the_root);
	tcase_add_test(tcase, a_handler_gets_that_of_the_calling_thread);
	tcase_add_test(tcase, all_forms_of_constructors_and_destructors_will_do);
	tcase_add_test(tcase, lists_and_choices_are_those_of_the_thread);
	tcase_add_test(tcase, an_override_is_seen_by_every_thread);
	tcase_add_test(tcase, what_is_built_from_a_fake_of_it_belongs_to_no_thread);
	tcase_add_test(tcase,
		       where_what_it_needs_is_overridden_it_is_one_for_the_thread_that_asks_first);
	tcase_add_test(tcase, another_one_may_take_its_place);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
