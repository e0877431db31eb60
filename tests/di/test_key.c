/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

PART(watcher)

#define APP(X) X(context_resource, app_watcher, struct part, (watcher_new), watcher_end, any)

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

struct trace {
	int number;
};

DI_KEY_DECLARE(trace_id, const char);
DI_KEY_DEFINE(trace_id, const char);
DI_KEY_DECLARE(request_id, const char);
DI_KEY_DEFINE(request_id, const char);
DI_KEY_DECLARE(tracer, struct trace);
DI_KEY_DEFINE(tracer, struct trace);

static const char first[] = "first", second[] = "second";
static struct trace trace = { 1 };
static struct di_context *request, *inner;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
}

static struct di_context *open_isolated(struct di_context *parent)
{
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_request,
					      .isolate_items = 1 };
	struct di_context *context = di_context_open_with(parent, &options, &error);

	ck_assert_ptr_nonnull(context);
	return context;
}

/* ---- Put and fetch ---- */

START_TEST(an_item_is_fetched_where_it_was_put_and_below)
{
	ck_assert_ptr_null(trace_id_fetch(inner));
	expect_ok(trace_id_put(request, first, &error));
	expect_ok(tracer_put(root, &trace, &error));
	ck_assert_ptr_eq(trace_id_fetch(request), first);
	ck_assert_ptr_eq(trace_id_fetch(inner), first);
	ck_assert_ptr_null(trace_id_fetch(root));
	ck_assert_ptr_eq(tracer_fetch(inner), &trace);
	ck_assert_ptr_null(request_id_fetch(inner));
}
END_TEST

START_TEST(an_inner_item_hides_an_outer_one)
{
	expect_ok(trace_id_put(request, first, &error));
	expect_ok(trace_id_put(inner, second, &error));
	ck_assert_ptr_eq(trace_id_fetch(inner), second);
	ck_assert_ptr_eq(trace_id_fetch(request), first);
	close_as(inner, DI_DONE);
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(trace_id_fetch(inner), first);
}
END_TEST

START_TEST(items_go_with_their_context)
{
	expect_ok(trace_id_put(inner, first, &error));
	close_as(inner, DI_DONE);
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_null(trace_id_fetch(inner));
}
END_TEST

START_TEST(a_key_is_put_once_into_a_context)
{
	expect_ok(trace_id_put(request, first, &error));
	expect_error(trace_id_put(request, second, &error), DI_EBUSY);
	ck_assert_str_eq(
		error_text(),
		"in use: the context has an item trace_id already: one put per key and context");
	ck_assert_ptr_eq(trace_id_fetch(request), first);
}
END_TEST

START_TEST(an_isolated_context_starts_empty)
{
	struct di_context *isolated, *below;

	expect_ok(trace_id_put(request, first, &error));
	isolated = open_isolated(request);
	below = open_in(isolated, &di_scope_inject);
	ck_assert_ptr_null(trace_id_fetch(isolated));
	ck_assert_ptr_null(trace_id_fetch(below));
	ck_assert_uint_eq(di_context_items_each(below, NULL, NULL), 0);
	expect_ok(trace_id_put(isolated, second, &error));
	ck_assert_ptr_eq(trace_id_fetch(below), second);
	ck_assert_ptr_eq(trace_id_fetch(request), first);
}
END_TEST

START_TEST(items_may_be_put_by_the_options)
{
	const struct di_item items[] = { { &trace_id, first }, { &tracer, &trace } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_request, .items = items, .items_count = 2
	};
	struct di_context *context = di_context_open_with(root, &options, &error);

	ck_assert_ptr_eq(trace_id_fetch(context), first);
	ck_assert_ptr_eq(tracer_fetch(context), &trace);
}
END_TEST

START_TEST(a_list_of_items_is_read_while_the_context_opens_and_not_kept)
{
	struct di_item items[] = { { &trace_id, first } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_request, .items = items, .items_count = 1
	};
	struct di_context *context = di_context_open_with(root, &options, &error);

	items[0] = (struct di_item){ &request_id, second };
	ck_assert_ptr_eq(trace_id_fetch(context), first);
	ck_assert_ptr_null(request_id_fetch(context));
	expect_ok(request_id_put(context, first, &error));
	ck_assert_ptr_eq(items[0].value, second);
}
END_TEST

START_TEST(keys_of_equal_name_and_type_are_one_key)
{
	static const struct di_key twin = { "trace_id", { 0, "const char", 1 }, 0 };
	static const struct di_key other_type = { "trace_id", { 0, "char", 0 }, 0 };

	expect_ok(trace_id_put(request, first, &error));
	ck_assert_ptr_eq(di_context_fetch(inner, &twin), first);
	expect_error(di_context_put(request, &twin, second, &error), DI_EBUSY);
	ck_assert_ptr_null(di_context_fetch(inner, &other_type));
	expect_ok(di_context_put(request, &other_type, second, &error));
	ck_assert_ptr_eq(trace_id_fetch(inner), first);
}
END_TEST

/* ---- Finding ---- */

START_TEST(an_item_is_found_by_its_type)
{
	static const struct di_type text = { 0, "const char", 1 }, unknown = { 0, "long", 0 };

	ck_assert_ptr_null(di_context_fetch_type(inner, &text));
	expect_ok(trace_id_put(root, first, &error));
	expect_ok(tracer_put(inner, &trace, &error));
	ck_assert_ptr_eq(di_context_fetch_type(inner, &text), first);
	expect_ok(request_id_put(request, second, &error));
	ck_assert_ptr_eq(di_context_fetch_type(inner, &text), second);
	ck_assert_ptr_eq(di_context_fetch_type(root, &text), first);
	ck_assert_ptr_eq(di_context_fetch_type(inner, &tracer.type), &trace);
	ck_assert_ptr_null(di_context_fetch_type(inner, &unknown));
	ck_assert_ptr_null(di_context_fetch_type(NULL, &text));
	ck_assert_ptr_null(di_context_fetch_type(inner, NULL));
}
END_TEST

static void write_item(void *data, const struct di_key *key, const void *value)
{
	journal_write("%s %s %d", key->name, key->type.name, value == data);
}

START_TEST(items_are_listed_innermost_first_without_the_hidden_ones)
{
	expect_ok(trace_id_put(root, first, &error));
	expect_ok(request_id_put(root, first, &error));
	expect_ok(tracer_put(request, &trace, &error));
	expect_ok(trace_id_put(inner, second, &error));
	journal_clear();
	ck_assert_uint_eq(di_context_items_each(inner, write_item, &trace), 3);
	journal_expect("trace_id const char 0", "tracer struct trace 1", "request_id const char 0");
	ck_assert_uint_eq(di_context_items_each(root, write_item, &trace), 2);
	journal_clear();
}
END_TEST

START_TEST(a_hidden_item_is_not_listed_though_its_value_is_the_same)
{
	expect_ok(trace_id_put(root, first, &error));
	expect_ok(trace_id_put(inner, first, &error));
	ck_assert_uint_eq(di_context_items_each(inner, write_item, NULL), 1);
	journal_clear();
}
END_TEST

static void put_another(void *data, const struct di_key *key, const void *value)
{
	(void)key;
	(void)value;
	request_id_put(data, second, &error);
}

START_TEST(items_may_be_put_while_they_are_listed)
{
	expect_ok(trace_id_put(request, first, &error));
	ck_assert_uint_ge(di_context_items_each(request, put_another, request), 1);
	ck_assert_ptr_eq(request_id_fetch(request), second);
}
END_TEST

/* ---- Until when ---- */

static void fetch_at_end(struct part *part)
{
	(void)part;
	journal_write("fetched %s", trace_id_fetch(inner));
	expect_error(request_id_put(inner, second, &error), DI_ECLOSED);
	ck_assert_str_eq(error_text(), "closed: the item request_id comes too late");
}

START_TEST(items_are_there_until_the_last_finalizer)
{
	app_watcher_get(inner, &error);
	expect_ok(trace_id_put(inner, first, &error));
	parts_on_end("watcher", fetch_at_end);
	close_as(inner, DI_DONE);
	journal_expect("created watcher", "fetched first", "ended watcher done");
}
END_TEST

static enum di_status put_null(void *data, struct di_error *err)
{
	return trace_id_put(data, NULL, err);
}

static enum di_status put_nowhere(void *data, struct di_error *err)
{
	return trace_id_put(NULL, data != NULL ? first : NULL, err);
}

static enum di_status put_under_nothing(void *data, struct di_error *err)
{
	return di_context_put(data, NULL, first, err);
}

START_TEST(mistakes_are_refused)
{
	misuse_expect(put_null, request, DI_ENULL, "the item trace_id needs a value");
	misuse_expect(put_nowhere, request, DI_EINVAL, "there is no context to put");
	misuse_expect(put_under_nothing, request, DI_EINVAL, "there is no key to put");
	ck_assert_ptr_null(trace_id_fetch(request));
	ck_assert_ptr_null(trace_id_fetch(NULL));
	ck_assert_ptr_null(di_context_fetch(request, NULL));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/key");
	TCase *tcase = tcase_create("items");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, an_item_is_fetched_where_it_was_put_and_below);
	tcase_add_test(tcase, an_inner_item_hides_an_outer_one);
	tcase_add_test(tcase, items_go_with_their_context);
	tcase_add_test(tcase, a_key_is_put_once_into_a_context);
	tcase_add_test(tcase, an_isolated_context_starts_empty);
	tcase_add_test(tcase, items_may_be_put_by_the_options);
	tcase_add_test(tcase, a_list_of_items_is_read_while_the_context_opens_and_not_kept);
	tcase_add_test(tcase, keys_of_equal_name_and_type_are_one_key);
	tcase_add_test(tcase, an_item_is_found_by_its_type);
	tcase_add_test(tcase, items_are_listed_innermost_first_without_the_hidden_ones);
	tcase_add_test(tcase, a_hidden_item_is_not_listed_though_its_value_is_the_same);
	tcase_add_test(tcase, items_may_be_put_while_they_are_listed);
	tcase_add_test(tcase, items_are_there_until_the_last_finalizer);
	tcase_add_test(tcase, mistakes_are_refused);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
