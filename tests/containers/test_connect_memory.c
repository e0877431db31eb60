/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"

/* Connected containers while memory runs out: nothing is half done, and what ends asks for none. */

PART_FAKE(fake)

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

/* ---- The sweep: a whole run, of which each allocation fails once ---- */

/* One step of it, made again where memory ran out: then it must have changed nothing. */
static int refused;

#define twice(call_)                                                                               \
	do {                                                                                       \
		error.status = DI_OK;                                                              \
		if (!(call_)) {                                                                    \
			ck_assert_msg(error.status == DI_ENOMEM, "%s", error_text());              \
			refused++;                                                                 \
			ck_assert_msg(call_, "%s", error_text());                                  \
		}                                                                                  \
	} while (0)

/*
 * So many deferred calls fill what came with the contexts, and another allocation is the first
 * needed.
 */
static void fill(struct di_context *context, int filled)
{
	while (filled-- > 0)
		twice(di_context_defer(context, do_nothing, NULL, &error) == DI_OK);
}

static void run_on_site(int filled)
{
	struct di_context *request = NULL, *inner = NULL;
	struct part *unit;

	fill(root, filled);
	fill(storage_root, filled);
	twice((request = di_context_open(root, &di_scope_request, &error)) != NULL);
	fill(request, filled);
	twice(storage_index_get(request, &error) != NULL);
	twice(site_cache_get(request, &error) != NULL);
	twice(site_page_get(request, &error) != NULL);
	ck_assert_int_eq(parts_alive("line"), 1);
	ck_assert_int_eq(parts_alive("session"), 1);
	twice((inner = di_context_open(request, &di_scope_inject, &error)) != NULL);
	twice(storage_store_override(inner, &fake, &error) == DI_OK);
	twice((unit = site_unit_get(inner, &error)) != NULL);
	ck_assert_ptr_eq(unit->needs[0]->needs[0], &fake);
	twice(storage_index_get(inner, &error) != NULL);
	close_as(inner, DI_DONE);
	expect_ok(di_reset(request, &storage_session, &error));
	twice(site_unit_get(request, &error) != NULL);
	close_as(request, DI_DONE);
}

static struct di_container *connect_to(const struct di_table *table,
				       struct di_container *const *connected, size_t count)
{
	struct di_options options = { .abi = DI_ABI,
				      .allocator = &memory.allocator,
				      .connected = connected,
				      .connected_count = count };

	return di_container_new(table, &options, &error);
}

static void run(int filled)
{
	struct di_container *both[2];

	twice((storage_container = connect_to(&storage, NULL, 0)) != NULL);
	storage_root = di_container_root(storage_container);
	twice((web_container = connect_to(&web, &storage_container, 1)) != NULL);
	both[0] = storage_container;
	both[1] = web_container;
	twice((container = connect_to(&site, both, 2)) != NULL);
	root = di_container_root(container);
	run_on_site(filled);
}

static void end(void)
{
	expect_ok(di_container_free(container, &error));
	expect_ok(di_container_free(web_container, &error));
	expect_ok(di_container_free(storage_container, &error));
	container = web_container = storage_container = NULL;
	failing_allocator_check(&memory);
	parts_clear();
}

START_TEST(each_allocation_may_fail_and_nothing_is_half_done)
{
	unsigned long n = 0;

	do {
		parts_clear();
		failing_allocator_init(&memory);
		failing_allocator_fail(&memory, ++n);
		refused = 0;
		run(_i * 3);
		end();
	} while (refused > 0);
	/* The containers, the contexts, the scopes and the flags at least. */
	ck_assert_uint_gt(n, 8);
}
END_TEST

/* ---- What ends ---- */

static struct di_context *request;

static void begin(void)
{
	site_begin();
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_nonnull(storage_index_get(request, &error));
	ck_assert_ptr_nonnull(site_cache_get(request, &error));
	ck_assert_ptr_nonnull(site_page_get(request, &error));
	memory.fail_always = 1;
	memory.allocations = 0;
}

START_TEST(what_is_there_in_other_containers_resolves_without_allocating)
{
	begin();
	ck_assert_ptr_nonnull(storage_index_get(request, &error));
	ck_assert_ptr_nonnull(storage_session_get(request, &error));
	ck_assert_ptr_nonnull(web_router_get(root, &error));
	ck_assert_uint_eq(memory.allocations, 0);
	memory.fail_always = 0;
	close_as(request, DI_DONE);
	end();
}
END_TEST

START_TEST(resetting_closing_and_freeing_allocate_nothing)
{
	begin();
	expect_ok(di_reset(request, &storage_session, &error));
	ck_assert_int_eq(parts_alive("page"), 0);
	close_as(request, DI_DONE);
	expect_ok(di_container_free(container, &error));
	expect_ok(di_container_free(web_container, &error));
	expect_ok(di_container_free(storage_container, &error));
	ck_assert_uint_eq(memory.allocations, 0);
	container = web_container = storage_container = NULL;
	failing_allocator_check(&memory);
	parts_clear();
}
END_TEST

START_TEST(contexts_that_are_used_again_allocate_nothing_once_warm)
{
	int i;

	begin();
	memory.fail_always = 0;
	close_as(request, DI_DONE);
	for (i = 0; i < 40; i++) {
		unsigned long before = memory.allocations;

		request = open_in(root, &di_scope_request);
		ck_assert_ptr_nonnull(site_page_get(request, &error));
		close_as(request, DI_DONE);
#ifndef DI_DEBUG
		if (i > 2)
			ck_assert_uint_eq(memory.allocations, before);
#else
		(void)before; /* spares are not used again */
#endif
	}
	end();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_memory");
	TCase *tcase = tcase_create("connect_memory");

	tcase_add_loop_test(tcase, each_allocation_may_fail_and_nothing_is_half_done, 0, 8);
	tcase_add_test(tcase, what_is_there_in_other_containers_resolves_without_allocating);
	tcase_add_test(tcase, resetting_closing_and_freeing_allocate_nothing);
	tcase_add_test(tcase, contexts_that_are_used_again_allocate_nothing_once_warm);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
