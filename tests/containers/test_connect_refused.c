/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"

/* What di_container_new() refuses to connect, and how long what is connected lives. */

static void setup(void)
{
	site_begin_connected();
}

/* Makes a container, which must fail. */
struct making {
	const struct di_table *table;
	struct di_container *const *connected;
	size_t count;
};

static enum di_status make(void *data, struct di_error *err)
{
	const struct making *making = data;
	struct di_options options = { .abi = DI_ABI,
				      .connected = making->connected,
				      .connected_count = making->count };
	struct di_error own = { 0 };

	ck_assert_ptr_null(di_container_new(making->table, &options, err != NULL ? err : &own));
	return err != NULL ? err->status : own.status;
}

static void expect_refused(const struct di_table *table, struct di_container *const *connected,
			   size_t count, const char *text)
{
	struct making making = { table, connected, count };

	misuse_expect(make, &making, DI_EINVAL, text);
}

START_TEST(a_missing_instance_is_named)
{
	expect_refused(&site, &web_container, 1,
		       "site connects storage: the options need a container");
	expect_refused(&site, &storage_container, 1,
		       "site connects web: the options need a container");
	expect_refused(&web, NULL, 0, "web connects storage: the options need a container of it");
}
END_TEST

static enum di_status make_without_options(void *data, struct di_error *err)
{
	struct di_error own = { 0 };

	(void)data;
	ck_assert_ptr_null(di_container_new(&web, NULL, err != NULL ? err : &own));
	return err != NULL ? err->status : own.status;
}

START_TEST(options_are_needed_to_connect)
{
	misuse_expect(make_without_options, NULL, DI_EINVAL, "web connects storage");
}
END_TEST

START_TEST(an_instance_of_another_table_is_refused)
{
	struct di_container *both[] = { storage_container, web_container };

	expect_refused(&web, both, 2, "connected[1] is of web, which web does not connect");
	expect_refused(&storage, both, 1,
		       "connected[0] is of storage, which storage does not connect");
}
END_TEST

START_TEST(an_instance_twice_is_refused)
{
	struct di_container *list[] = { storage_container, web_container, storage_container };

	expect_refused(&site, list, 3, "connected[0] and connected[2] are both of storage");
}
END_TEST

START_TEST(no_instance_is_refused)
{
	struct di_container *list[] = { storage_container, NULL };

	expect_refused(&site, list, 2, "connected[1] is NULL");
	expect_refused(&site, NULL, 2, "connected is NULL");
}
END_TEST

START_TEST(two_ways_must_lead_to_one_instance)
{
	struct di_container *second = di_container_new(&storage, NULL, &error);
	struct di_container *list[] = { second, web_container };

	expect_refused(&site, list, 2,
		       "there are two containers of storage: by way of storage and of web");
	expect_ok(di_container_free(second, &error));
}
END_TEST

static enum di_status make_of_old(void *data, struct di_error *err)
{
	struct di_table old = storage, table = web;
	const struct di_table *const connects[] = { &old };
	struct making making = { &table, &storage_container, 1 };
	const unsigned *wrong = data;

	old.abi = wrong[0];
	old.provider_size = wrong[1];
	table.connects = connects;
	making.connected = NULL;
	making.count = 0;
	return make(&making, err);
}

START_TEST(a_connected_table_of_other_headers_is_refused)
{
	unsigned abi[] = { 99, sizeof(struct di_provider) }, size[] = { DI_ABI, 8 };

	misuse_expect(make_of_old, abi, DI_EABI, "web connects storage, whose table has abi 99");
	misuse_expect(make_of_old, size, DI_EABI, "rows of 8 bytes");
}
END_TEST

START_TEST(what_is_refused_leaves_nothing)
{
	unsigned long live = memory.live;
	struct di_options options = { .abi = DI_ABI,
				      .allocator = &memory.allocator,
				      .connected = &storage_container,
				      .connected_count = 1 };

	failing_allocator_fail(&memory, 1);
	expect_null(di_container_new(&web, &options, &error), DI_ENOMEM);
	ck_assert_uint_eq(memory.live, live);
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
}
END_TEST

static struct di_container *made_meanwhile;
static struct di_error meanwhile;

static void connect_now(struct part *part)
{
	struct di_options options = { .abi = DI_ABI,
				      .connected = &storage_container,
				      .connected_count = 1 };

	(void)part;
	made_meanwhile = di_container_new(&web, &options, &meanwhile);
}

START_TEST(what_is_being_reset_or_freed_cannot_be_connected)
{
	unsigned long live = memory.live;

	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	parts_on_end("store", connect_now);
	storage_store_get(storage_root, &error);
	expect_ok(di_reset(storage_root, &storage_store, &error));
	ck_assert_ptr_null(made_meanwhile);
	ck_assert_int_eq(meanwhile.status, DI_EBUSY);
	ck_assert_ptr_nonnull(
		strstr(meanwhile.detail,
		       "storage, which web connects, is being reset, overridden or freed"));
	storage_store_get(storage_root, &error);
	meanwhile.status = DI_OK;
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
	ck_assert_int_eq(meanwhile.status, DI_EBUSY);
	ck_assert_uint_lt(memory.live, live);
}
END_TEST

static void connect_both(struct part *part)
{
	struct di_container *list[] = { storage_container, web_container };
	struct di_options options = { .abi = DI_ABI, .connected = list, .connected_count = 2 };

	(void)part;
	made_meanwhile = di_container_new(&site, &options, &meanwhile);
}

START_TEST(where_one_cannot_be_connected_none_is)
{
	parts_on_end("router", connect_both);
	web_router_get(web_root, &error);
	expect_ok(di_reset(web_root, &web_router, &error));
	ck_assert_ptr_null(made_meanwhile);
	ck_assert_int_eq(meanwhile.status, DI_EBUSY);
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
}
END_TEST

/* ---- Lives ---- */

START_TEST(a_connected_container_outlives_who_connects_it)
{
	container = site_new(NULL);
	expect_error(di_container_free(storage_container, &error), DI_EBUSY);
	expect_text("site, which is alive, connects the container of storage");
	expect_error(di_container_free(web_container, &error), DI_EBUSY);
	expect_text("site, which is alive, connects the container of web");
	container_free_expect(DI_OK);
	expect_error(di_container_free(storage_container, &error), DI_EBUSY);
	expect_text("web, which is alive, connects the container of storage");
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
	expect_ok(di_container_free(storage_container, &error));
	storage_container = NULL;
}
END_TEST

START_TEST(a_container_that_could_not_be_freed_works_on)
{
	container = site_new(NULL);
	expect_error(di_container_free(storage_container, &error), DI_EBUSY);
	ck_assert_ptr_nonnull(site_cache_get(di_container_root(container), &error));
	ck_assert_ptr_nonnull(
		storage_session_get(open_in(storage_root, &di_scope_request), &error));
}
END_TEST

START_TEST(users_may_end_in_any_order)
{
	struct di_container *first = site_new(NULL), *second = site_new(NULL),
			    *third = site_new(NULL);

	expect_ok(di_container_free(second, &error));
	expect_ok(di_container_free(first, &error));
	expect_error(di_container_free(web_container, &error), DI_EBUSY);
	expect_ok(di_container_free(third, &error));
	expect_ok(di_container_free(web_container, &error));
	web_container = NULL;
}
END_TEST

static struct di_container *freed;
static enum di_status freeing;

static void free_now(struct part *part)
{
	(void)part;
	freeing = di_container_free(freed, NULL);
}

START_TEST(a_container_is_not_freed_while_it_asks_a_connected_one)
{
	container = freed = site_new(NULL);
	parts_on_new("store", free_now);
	freeing = DI_OK;
	ck_assert_ptr_nonnull(storage_store_get(di_container_root(container), &error));
	ck_assert_int_eq(freeing, DI_EBUSY);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- Asking the wrong context ---- */

struct question {
	struct di_context *context;
	const struct di_provider *provider;
};

static enum di_status ask(void *data, struct di_error *err)
{
	const struct question *question = data;
	struct di_error own = { 0 };

	ck_assert_ptr_null(
		di_resolve(question->context, err != NULL ? err : &own, question->provider));
	return err != NULL ? err->status : own.status;
}

static enum di_status override_it(void *data, struct di_error *err)
{
	const struct question *question = data;

	return di_override(question->context, question->provider, data, err);
}

START_TEST(a_connected_container_does_not_see_who_connects_it)
{
	struct question question = { storage_root, &web_router };

	misuse_expect(
		ask, &question, DI_EINVAL,
		"web_router: invalid argument: it is of the table web, the context of storage");
	misuse_expect(override_it, &question, DI_EINVAL, "it is of the table web");
}
END_TEST
static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_refused");
	TCase *tcase = tcase_create("connect_refused");

	tcase_add_checked_fixture(tcase, setup, site_end);
	tcase_add_test(tcase, a_missing_instance_is_named);
	tcase_add_test(tcase, options_are_needed_to_connect);
	tcase_add_test(tcase, an_instance_of_another_table_is_refused);
	tcase_add_test(tcase, an_instance_twice_is_refused);
	tcase_add_test(tcase, no_instance_is_refused);
	tcase_add_test(tcase, two_ways_must_lead_to_one_instance);
	tcase_add_test(tcase, a_connected_table_of_other_headers_is_refused);
	tcase_add_test(tcase, what_is_refused_leaves_nothing);
	tcase_add_test(tcase, what_is_being_reset_or_freed_cannot_be_connected);
	tcase_add_test(tcase, where_one_cannot_be_connected_none_is);
	tcase_add_test(tcase, a_connected_container_outlives_who_connects_it);
	tcase_add_test(tcase, a_container_that_could_not_be_freed_works_on);
	tcase_add_test(tcase, users_may_end_in_any_order);
	tcase_add_test(tcase, a_container_is_not_freed_while_it_asks_a_connected_one);
	tcase_add_test(tcase, a_connected_container_does_not_see_who_connects_it);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
