/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

/* Items as what crosses a program: what is required, found by name, and what a flow sees. */

PART(watcher)
PART_OF_1(user)

#define APP(X)                                                                                     \
	X(context_resource, app_watcher, struct part, (watcher_new), watcher_end, any)             \
	X(context_resource, app_user, struct part, (user_new, app_watcher), user_end, any)

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

#define OTHER(X) X(context_resource, other_watcher, struct part, (watcher_new), watcher_end, any)

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

DI_KEY_DECLARE(trace_id, const char);
DI_KEY_DEFINE(trace_id, const char);
DI_KEY_DECLARE(counter, int);
DI_KEY_DEFINE(counter, int);

static char deferred[] = "deferred";
static const char first[] = "first", second[] = "second", fallback[] = "fallback";
static struct di_context *request, *inner;

static void begin_with(const struct di_allocator *allocator)
{
	struct di_options options = { .abi = DI_ABI, .allocator = allocator };

	container_begin(&app, allocator != NULL ? &options : NULL);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
}

static void setup(void)
{
	begin_with(NULL);
}

static void setup_threads(void)
{
	watchdog(120);
	begin_with(&threads_allocator);
}

static void teardown_threads(void)
{
	container_end();
	watchdog(0);
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

/* ---- What is there, and what is not ---- */

START_TEST(a_required_item_is_the_one_that_is_seen)
{
	expect_ok(trace_id_put(request, first, &error));
	ck_assert_ptr_eq(trace_id_require(inner, &error), first);
	expect_ok(trace_id_put(inner, second, &error));
	ck_assert_ptr_eq(trace_id_require(inner, &error), second);
	ck_assert_ptr_eq(trace_id_require(inner, NULL), second);
	ck_assert_int_eq(error.status, DI_OK);
}
END_TEST

START_TEST(a_required_item_that_is_missing_is_an_error_that_names_the_key_and_the_scopes)
{
	expect_null(trace_id_require(inner, &error), DI_ENOVALUE);
	ck_assert_str_eq(error_text(), "no value was provided: no item trace_id (const char) in "
				       "the contexts seen: inject, request, app");
	ck_assert_ptr_null(trace_id_require(inner, NULL));
}
END_TEST

START_TEST(what_is_isolated_is_not_looked_at)
{
	struct di_context *isolated = open_isolated(request);

	expect_ok(trace_id_put(request, first, &error));
	expect_null(trace_id_require(open_in(isolated, &di_scope_inject), &error), DI_ENOVALUE);
	expect_text("in the contexts seen: inject, request");
	ck_assert_ptr_null(strstr(error_text(), "app"));
	ck_assert_ptr_null(di_context_fetch_name(isolated, "trace_id", NULL));
	ck_assert_ptr_null(di_context_fetch_type(isolated, &trace_id.type));
}
END_TEST

START_TEST(a_missing_item_may_have_a_default)
{
	int none = 0, one = 1;

	ck_assert_ptr_eq(trace_id_fetch_or(inner, fallback), fallback);
	ck_assert_ptr_null(trace_id_fetch_or(inner, NULL));
	ck_assert_ptr_eq(trace_id_fetch_or(NULL, fallback), fallback);
	ck_assert_ptr_eq(counter_fetch_or(inner, &none), &none);
	expect_ok(trace_id_put(root, first, &error));
	expect_ok(counter_put(request, &one, &error));
	ck_assert_ptr_eq(trace_id_fetch_or(inner, fallback), first);
	*counter_fetch_or(inner, &none) += 1;
	ck_assert_int_eq(one, 2);
}
END_TEST

START_TEST(items_put_at_once_and_one_by_one_are_seen_together)
{
	const struct di_item items[] = { { &trace_id, second } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_request, .items = items, .items_count = 1
	};
	struct di_context *context;
	int number = 0;

	expect_ok(trace_id_put(request, first, &error));
	expect_ok(counter_put(request, &number, &error));
	context = di_context_open_with(request, &options, &error);
	ck_assert_ptr_eq(trace_id_require(context, &error), second);
	ck_assert_ptr_eq(counter_require(context, &error), &number);
	close_as(context, DI_DONE);
	ck_assert_ptr_eq(trace_id_require(request, &error), first);
}
END_TEST

/* ---- By name ---- */

START_TEST(an_item_is_found_by_its_name)
{
	const struct di_key *key = NULL;
	int number = 0;

	ck_assert_ptr_null(di_context_fetch_name(inner, "trace_id", &key));
	ck_assert_ptr_null(key);
	expect_ok(trace_id_put(root, first, &error));
	expect_ok(counter_put(request, &number, &error));
	ck_assert_ptr_eq(di_context_fetch_name(inner, "trace_id", &key), first);
	ck_assert_ptr_eq(key, &trace_id);
	ck_assert_ptr_eq(di_context_fetch_name(inner, "counter", NULL), &number);
	expect_ok(trace_id_put(inner, second, &error));
	ck_assert_ptr_eq(di_context_fetch_name(inner, "trace_id", NULL), second);
	ck_assert_ptr_eq(di_context_fetch_name(request, "trace_id", NULL), first);
	ck_assert_ptr_null(di_context_fetch_name(inner, "trace", NULL));
	ck_assert_ptr_null(di_context_fetch_name(inner, NULL, NULL));
	ck_assert_ptr_null(di_context_fetch_name(NULL, "trace_id", NULL));
}
END_TEST

START_TEST(a_name_with_another_type_is_another_key)
{
	static const struct di_key changing = { "trace_id", { 0, "char", 0 }, 0 };
	const struct di_key *key = NULL;
	char own[] = "own";

	expect_ok(trace_id_put(request, first, &error));
	expect_ok(di_context_put(inner, &changing, own, &error));
	ck_assert_ptr_eq(trace_id_require(inner, &error), first);
	ck_assert_ptr_eq(di_context_require(inner, &changing, &error), own);
	ck_assert_ptr_eq(di_context_fetch_name(inner, "trace_id", &key), own);
	ck_assert_int_eq(key->type.is_const, 0);
}
END_TEST

/* ---- Until when ---- */

static int write_trace(void *data, enum di_outcome outcome)
{
	(void)outcome;
	journal_write("%s sees %s", (const char *)data, trace_id_require(inner, NULL));
	return 0;
}

static void write_trace_of_part(struct part *part)
{
	write_trace((void *)(uintptr_t)part->name, DI_DONE);
}

START_TEST(items_are_seen_until_the_last_finalizer_of_their_context)
{
	app_user_get(inner, &error);
	expect_ok(di_context_defer(inner, write_trace, deferred, &error));
	expect_ok(trace_id_put(inner, first, &error));
	parts_on_end("user", write_trace_of_part);
	parts_on_end("watcher", write_trace_of_part);
	journal_clear();
	close_as(inner, DI_FAILED);
	journal_expect("deferred sees first", "user sees first", "ended user failed",
		       "watcher sees first", "ended watcher failed");
}
END_TEST

static void require_at_end(struct part *part)
{
	(void)part;
	expect_null(trace_id_require(inner, &error), DI_ENOVALUE);
}

START_TEST(what_is_missing_while_a_context_closes_is_no_mistake)
{
	app_watcher_get(inner, &error);
	parts_on_end("watcher", require_at_end);
	close_as(inner, DI_DONE);
	journal_expect("created watcher", "ended watcher done");
}
END_TEST

/* ---- What a flow sees ---- */

START_TEST(a_flow_finds_items_by_its_current_context)
{
	struct di_context *current = di_context_current(NULL);

	ck_assert_ptr_null(current);
	ck_assert_ptr_null(trace_id_fetch(current));
	expect_ok(trace_id_put(request, first, &error));
	expect_ok(trace_id_put(inner, second, &error));
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), first);
	expect_ok(di_context_enter(inner, &error));
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), second);
	expect_ok(di_context_leave(inner, &error));
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), first);
	expect_ok(di_context_leave(request, &error));
}
END_TEST

START_TEST(the_innermost_context_of_whatever_container_counts)
{
	struct di_container *another = di_container_new(&other, NULL, &error);
	struct di_context *other_root = di_container_root(another);

	expect_ok(trace_id_put(request, first, &error));
	expect_ok(trace_id_put(other_root, second, &error));
	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(other_root, &error));
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), second);
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(&app)), first);
	expect_ok(di_context_leave(other_root, &error));
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_container_free(another, &error));
}
END_TEST

static const char *seen_while_made;

static void look_while_made(struct part *part)
{
	(void)part;
	seen_while_made = trace_id_fetch(di_context_current(NULL));
}

START_TEST(a_constructor_finds_items_by_its_home)
{
	expect_ok(trace_id_put(request, first, &error));
	expect_ok(trace_id_put(inner, second, &error));
	parts_on_new("watcher", look_while_made);
	expect_ok(di_context_enter(inner, &error));
	app_watcher_get(request, &error);
	ck_assert_ptr_eq(seen_while_made, first);
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), second);
	expect_ok(di_context_leave(inner, &error));
}
END_TEST

struct found {
	const char *before, *within, *below, *after;
};

static void *look_around(void *data)
{
	struct found *found = data;
	struct di_context *own;

	found->before = trace_id_fetch(di_context_current(NULL));
	di_context_enter(request, NULL);
	found->within = trace_id_fetch(di_context_current(NULL));
	own = di_context_open(request, &di_scope_inject, NULL);
	trace_id_put(own, second, NULL);
	di_context_enter(own, NULL);
	found->below = trace_id_fetch(di_context_current(NULL));
	di_context_leave(own, NULL);
	di_context_leave(request, NULL);
	di_context_close(own, DI_DONE, NULL);
	found->after = trace_id_fetch(di_context_current(NULL));
	return NULL;
}

START_TEST(another_flow_sees_what_it_has_entered_and_nothing_else)
{
	struct found found = { first, NULL, NULL, first };

	expect_ok(trace_id_put(request, first, &error));
	expect_ok(di_context_enter(request, &error));
	thread_join(thread_start(look_around, &found, 0));
	ck_assert_ptr_null(found.before);
	ck_assert_ptr_eq(found.within, first);
	ck_assert_ptr_eq(found.below, second);
	ck_assert_ptr_null(found.after);
	ck_assert_ptr_eq(trace_id_fetch(di_context_current(NULL)), first);
	expect_ok(di_context_leave(request, &error));
}
END_TEST

/* ---- Mistakes ---- */

static enum di_status require_in(void *data, struct di_error *err)
{
	return trace_id_require(data, err) == NULL && err != NULL ? err->status : DI_OK;
}

static enum di_status require_by_nothing(void *data, struct di_error *err)
{
	return di_context_require(data, NULL, err) == NULL && err != NULL ? err->status : DI_OK;
}

START_TEST(mistakes_are_refused)
{
	struct di_context *closed = open_in(request, &di_scope_inject);

	misuse_expect(require_in, NULL, DI_EINVAL, "there is no context to look for an item in");
	misuse_expect(require_by_nothing, request, DI_EINVAL,
		      "there is no key to look for an item by");
	close_as(closed, DI_DONE);
	misuse_expect(require_in, closed, DI_ECLOSED, "the context was closed before");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/items");
	TCase *tcase = tcase_create("items");
	TCase *flows = tcase_create("flows");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_checked_fixture(flows, setup_threads, teardown_threads);
	tcase_add_test(tcase, a_required_item_is_the_one_that_is_seen);
	tcase_add_test(
		tcase,
		a_required_item_that_is_missing_is_an_error_that_names_the_key_and_the_scopes);
	tcase_add_test(tcase, what_is_isolated_is_not_looked_at);
	tcase_add_test(tcase, a_missing_item_may_have_a_default);
	tcase_add_test(tcase, items_put_at_once_and_one_by_one_are_seen_together);
	tcase_add_test(tcase, an_item_is_found_by_its_name);
	tcase_add_test(tcase, a_name_with_another_type_is_another_key);
	tcase_add_test(tcase, items_are_seen_until_the_last_finalizer_of_their_context);
	tcase_add_test(tcase, what_is_missing_while_a_context_closes_is_no_mistake);
	tcase_add_test(flows, a_flow_finds_items_by_its_current_context);
	tcase_add_test(flows, the_innermost_context_of_whatever_container_counts);
	tcase_add_test(flows, a_constructor_finds_items_by_its_home);
	tcase_add_test(flows, another_flow_sees_what_it_has_entered_and_nothing_else);
	tcase_add_test(tcase, mistakes_are_refused);
	suite_add_tcase(all, tcase);
	suite_add_tcase(all, flows);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
