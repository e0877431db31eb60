/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

#include <errno.h>

/* Tables built at run time: rows of asynchronous kinds. */

static int pool_new(struct di_call *call);
static int store_new(struct di_call *call, struct part *in);
static int query_new(struct di_call *call, struct part *of);
static int named_new(struct di_call *call, const char *name, struct part *need, int number,
		     struct di_context *context);
DI_COMPLETE_DECLARE(pool_new, struct part);
DI_COMPLETE_DECLARE(store_new, struct part);
DI_COMPLETE_DECLARE(query_new, struct part);
DI_COMPLETE_DECLARE(named_new, struct part);

LATER(pool, pool_new)
LATER_OF_1(store, store_new)
LATER_OF_1(query, query_new)
PART(config)
PART_OF_1(plain)
PART_FAKE(fake)

struct settings {
	const char *name;
	int number;
};

static const struct settings settings = { "settings", 7 };

static struct di_context *named_in;
static int named_number;

static int named_new(struct di_call *call, const char *name, struct part *need, int number,
		     struct di_context *context)
{
	named_in = context;
	named_number = number;
	return later_new(call, named_new_complete, name, (struct part *const[]){ need, NULL });
}

static int named_end(struct di_call *call, struct part *part)
{
	return later_end(call, part, DI_DONE);
}

static const char *chosen;
static const char *choose(void)
{
	return chosen;
}

DI_LIST_TYPE(parts, struct part);
DI_LAZY_TYPE(later, struct part);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part, DI_ASYNC(pool_new)) \
	X(constructor, struct part, DI_ASYNC(store_new, struct part *)) \
	X(constructor, struct part, DI_ASYNC(query_new, struct part *)) \
	X(constructor, struct part, DI_ASYNC(named_new, const char *, struct part *, int, \
					     struct di_context *)) \
	X(constructor, struct part, (config_new)) \
	X(constructor, struct part, (plain_new, struct part *)) \
	X(destructor,  struct part, pool_end) \
	X(destructor,  struct part, store_end) \
	X(destructor,  struct part, query_end) \
	X(destructor,  struct part, named_end) \
	X(destructor,  struct part, config_end) \
	X(destructor,  struct part, plain_end) \
	X(chooser,     (choose)) \
	X(object,      settings, const struct settings, &settings) \
	X(field,       struct settings, name, const char *) \
	X(field,       struct settings, number, int) \
	X(list,        parts, struct part) \
	X(lazy,        later, struct part)

#define BASE(X) \
	X(async_singleton, base_pool, struct part, (pool_new), pool_end)
/* The rows of app that the program knows. */
#define FRONT(X) \
	X(resource,               pool,    struct part, (config_new),         config_end) \
	X(async_resource,         store,   struct part, (store_new, pool),    store_end) \
	X(async_context_resource, session, struct part, (store_new, store),   store_end, request) \
	X(async_factory,          query,   struct part, (query_new, session), query_end)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);
DI_CONTAINER_DECLARE(front, FRONT);
DI_CONTAINER_DEFINE(front, FRONT);

static int is_of(struct part *product, struct part *of)
{
	return product->needs[0] == of;
}
DI_HANDLER_ASYNC(front_is_of, int, (), (is_of, query, session));

static struct answer answer, other;

static void begin(void)
{
	later_clear();
	built_begin("app", &exports, "request");
	chosen = "pool";
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static void free_container(void)
{
	struct answer freed = { 0 };

	expect_ok(di_container_free_async(container, answer_done, &freed, &error));
	later_run();
	answer_expect(&freed, DI_OK);
	container = NULL;
}

static void end(void)
{
	if (container != NULL)
		free_container();
	built_end();
}

static void ask(struct di_context *context, const char *name, struct answer *to)
{
	struct di_get asked = di_get_async(context, row_named(name), answer_take_any, to, &error);

	ck_assert_msg(asked.number != 0, "%s", error_text());
}

static struct part *awaited(struct di_context *context, const char *name)
{
	struct answer got = { 0 };

	ask(context, name, &got);
	later_run();
	answer_expect(&got, DI_OK);
	return got.part;
}

static void close_later(struct di_context *context, enum di_outcome outcome)
{
	struct answer closed = { 0 };

	expect_ok(di_context_close_async(context, outcome, answer_done, &closed, &error));
	later_run();
	answer_expect(&closed, DI_OK);
}

static void add_pool(const char *kind)
{
	ROW(kind, "pool", .constructor = "pool_new", .destructor = "pool_end");
}

static void add_all(void)
{
	ROW("async_factory", "query", .constructor = "query_new", ARGUMENTS(NEED("session")),
	    .destructor = "query_end");
	ROW("async_context_resource", "session", .constructor = "store_new",
	    ARGUMENTS(NEED("store")), .destructor = "store_end");
	ROW("async_resource", "store", .constructor = "store_new", ARGUMENTS(NEED("pool")),
	    .destructor = "store_end");
	add_pool("async_singleton");
}

/* ---- Kinds. ---- */

START_TEST(all_kinds_are_made_and_ended_as_those_of_macros)
{
	struct di_context *request;
	struct part *product;

	add_all();
	built_container();
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("began pool", "created pool", "began store", "created store from pool");
	request = open_in(root, &di_scope_request);
	product = awaited(request, "query");
	ck_assert_ptr_eq(product->needs[0], get(request, "session"));
	journal_expect("began store", "created store from store", "began query",
		       "created query from store");
	expect_ok(di_context_drop_async(request, row_named("query"), product, answer_done, &other,
					&error));
	later_run();
	answer_expect(&other, DI_OK);
	close_later(request, DI_FAILED);
	free_container();
	journal_expect("ending query", "ended query done", "ending store", "ended store failed",
		       "ending store", "ended store done", "ending pool", "ended pool done");
}
END_TEST

START_TEST(rows_know_what_those_of_macros_know)
{
	add_all();
	built_build();
	ck_assert_ptr_eq(row_named("store")->kind, &di_async_resource);
	ck_assert_uint_eq(row_named("store")->lane, offsetof(struct di__lane, root));
	ck_assert_uint_eq(row_named("query")->lane, offsetof(struct di__lane, own));
	ck_assert_uint_eq(row_named("query")->life, 100);
	ck_assert_ptr_null((void *)(uintptr_t)row_named("query")->create);
	ck_assert_ptr_null((void *)(uintptr_t)row_named("query")->destroy);
	ck_assert_str_eq(row_named("query")->constructor, "query_new");
	ck_assert_str_eq(row_named("query")->destructor, "query_end");
	ck_assert_ptr_eq(row_named("session")->scope, &di_scope_request);
}
END_TEST

START_TEST(values_and_members_fill_the_call)
{
	struct di_context *request;
	struct part *named;

	ROW("object", "settings", VALUE(OBJECT("settings")));
	ROW("async_context_resource", "one", .constructor = "named_new", .destructor = "named_end",
	    ARGUMENTS(NEED("settings.name"), NEED("pool"), PLAIN("-12"), NEED("DI_CONTEXT")));
	ROW("async_singleton", "two", .constructor = "named_new", .destructor = "di_keep",
	    ARGUMENTS(STRING("text"), NEED("pool"), NEED("settings.number"), NEED("DI_CONTEXT")));
	add_pool("async_resource");
	built_container();
	request = open_in(root, &di_scope_request);
	named = awaited(request, "one");
	ck_assert_str_eq(named->name, "settings");
	ck_assert_ptr_eq(named->needs[0], get(request, "pool"));
	ck_assert_int_eq(named_number, -12);
	ck_assert_ptr_eq(named_in, request);
	ck_assert_str_eq(awaited(request, "two")->name, "text");
	ck_assert_int_eq(named_number, 7);
	ck_assert_ptr_eq(named_in, root);
	close_later(request, DI_DONE);
	journal_expect("began pool", "created pool", "began settings", "created settings from pool",
		       "began text", "created text from pool", "ending settings",
		       "ended settings done");
}
END_TEST

START_TEST(strict_rows_are_strict)
{
	struct di_context *request, *inner;

	ROW("async_context_resource", "session", .constructor = "pool_new",
	    .destructor = "pool_end", .scope = "request", .strict = 1);
	built_container();
	ck_assert_ptr_eq(row_named("session")->kind, &di_strict_async_context_resource);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
	ask(inner, "session", &answer);
	answer_expect(&answer, DI_ENOCONTEXT);
	answer_text(&answer, "it is strict");
	awaited(request, "session");
	close_later(inner, DI_DONE);
	close_later(request, DI_DONE);
}
END_TEST

START_TEST(with_a_plain_destructor_it_ends_in_plain_code)
{
	ROW("async_singleton", "pool", .constructor = "pool_new", .destructor = "config_end");
	built_container();
	awaited(root, "pool");
	container_free_expect(DI_OK);
	journal_expect("began pool", "created pool", "ended pool done");
}
END_TEST

/* ---- Asking and ending. ---- */

START_TEST(plain_code_is_refused_until_it_is_there_and_told_how_to_ask)
{
	add_pool("async_singleton");
	built_container();
	ck_assert_ptr_null(di_resolve(root, &error, row_named("pool")));
	ck_assert_str_eq(error_text(), "pool: it is asynchronous: it is not there yet: ask for it "
				       "by di_get_async()");
	awaited(root, "pool");
	ck_assert_str_eq(((struct part *)get(root, "pool"))->name, "pool");
	expect_error(di_container_free(container, &error), DI_EAGAIN);
}
END_TEST

START_TEST(a_failure_is_told_with_its_constructor_and_path)
{
	add_all();
	built_container();
	parts_fail_new("pool", ECONNREFUSED, 1);
	ask(root, "store", &answer);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	ck_assert_str_eq(answer.text,
			 "pool_new failed for pool: Connection refused (pool <- store)");
	awaited(root, "store");
}
END_TEST

static void *complete_pool(void *call)
{
	static struct part made = { .name = "pool of a thread", .alive = 1 };

	pool_new_complete(call, 0, &made);
	return &made;
}

static void *complete_end(void *call)
{
	di_call_end(call, 0);
	return call;
}

START_TEST(another_thread_completes)
{
	struct di_call *call;
	struct part *made;

	add_pool("async_resource");
	built_container();
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	call = later_take("pool");
	ck_assert_int_eq(answer.times, 0);
	made = thread_join(thread_start(complete_pool, call, 0));
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(get(root, "pool"), made);
	expect_ok(di_container_free_async(container, answer_done, &other, &error));
	call = later_take("pool of a thread");
	ck_assert_int_eq(other.times, 0);
	thread_join(thread_start(complete_end, call, 0));
	answer_expect(&other, DI_OK);
	container = NULL;
}
END_TEST

START_TEST(an_override_takes_its_place)
{
	struct di_context *request;

	add_all();
	built_container();
	request = open_in(root, &di_scope_request);
	expect_ok(di_override(request, row_named("pool"), &fake, &error));
	ck_assert_ptr_eq(awaited(request, "store")->needs[0], &fake);
	journal_expect("began store", "created store from fake");
	close_later(request, DI_DONE);
}
END_TEST

/* ---- With rows of other kinds. ---- */

START_TEST(plain_rows_that_need_it_wait_for_it)
{
	add_pool("async_singleton");
	ROW("singleton", "config", .constructor = "config_new", .destructor = "config_end");
	ROW("async_singleton", "store", .constructor = "store_new", ARGUMENTS(NEED("config")),
	    .destructor = "store_end");
	ROW("factory", "plain", .constructor = "plain_new", ARGUMENTS(NEED("store")),
	    .destructor = "plain_end");
	ROW("list", "all", .type = "struct parts", MEMBERS(MEMBER("pool"), MEMBER("store")));
	built_container();
	ck_assert_ptr_eq(awaited(root, "plain")->needs[0], get(root, "store"));
	ask(root, "all", &answer);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(((const struct parts *)(const void *)answer.part)->items[0],
			 get(root, "pool"));
}
END_TEST

START_TEST(a_selector_makes_what_it_chooses)
{
	ROW("selector", "one", .constructor = "choose",
	    MEMBERS(KEYED("pool", "pool"), KEYED("config", "config")));
	ROW("singleton", "config", .constructor = "config_new", .destructor = "config_end");
	add_pool("async_singleton");
	built_container();
	ck_assert_ptr_eq(awaited(root, "one"), get(root, "pool"));
	chosen = "config";
	ck_assert_ptr_eq(awaited(root, "one"), get(root, "config"));
}
END_TEST

START_TEST(a_lazy_leads_to_it_once_it_is_there)
{
	const struct later *lazy;

	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("pool")));
	add_pool("async_singleton");
	built_container();
	lazy = get(root, "lazy");
	ck_assert_ptr_null(later_get(lazy, &error));
	ck_assert_int_eq(error.status, DI_EAGAIN);
	awaited(root, "pool");
	ck_assert_ptr_eq(later_get(lazy, &error), get(root, "pool"));
}
END_TEST

START_TEST(it_needs_rows_of_connected_containers)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	struct di_container *connected = di_container_new(&base, &options, &error);

	expect_ok(di_builder_connect(builder, &base, &error));
	ROW("async_singleton", "store", .constructor = "store_new", ARGUMENTS(NEED("base_pool")),
	    .destructor = "store_end");
	built_build();
	options.connected = &connected;
	options.connected_count = 1;
	container = di_container_new(built, &options, &error);
	root = di_container_root(container);
	ck_assert_ptr_eq(awaited(root, "store")->needs[0],
			 base_pool_get(di_container_root(connected), &error));
	free_container();
	expect_ok(di_container_free_async(connected, answer_done, &answer, &error));
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

/* ---- Accessors of the compiler. ---- */

static void instantiate_in_place(void)
{
	struct di_options options = { .abi = DI_ABI,
				      .allocator = &memory.allocator,
				      .in_place_of = &front };

	built_build();
	container = di_container_new(built, &options, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	root = di_container_root(container);
}

static void take_result(void *data, const int *result, enum di_status status,
			const struct di_error *failure)
{
	answer_done(data, status, failure);
	ck_assert_int_eq(result != NULL && *result, 1);
}

START_TEST(accessors_and_handlers_of_a_table_that_it_stands_for_work)
{
	struct di_context *request;
	struct answer handled = { 0 };

	add_all();
	instantiate_in_place();
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_null(session_get(request, &error));
	ck_assert_int_eq(error.status, DI_EAGAIN);
	session_get_async(request, answer_take, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(session_get(request, &error), answer.part);
	ck_assert_ptr_eq(pool_get(request, &error), answer.part->needs[0]->needs[0]);
	expect_ok(front_is_of(request, take_result, &handled, &error));
	later_run();
	answer_expect(&handled, DI_OK);
	query_get_async(request, answer_take, &other, &error);
	later_run();
	answer_expect(&other, DI_OK);
	expect_error(query_drop(request, other.part, &error), DI_EAGAIN);
	close_later(request, DI_DONE);
}
END_TEST

/* Completed as a row of the table that it stands for. */
static enum di_status complete_as_front(void *call, struct di_error *err)
{
	(void)err;
	return store_complete(call, 0, &fake);
}

static enum di_status end_making(void *call, struct di_error *err)
{
	(void)err;
	return di_call_end(call, 0);
}

/* There is no error to read where a call is completed: only debug builds say what is wrong. */
#ifdef DI_DEBUG
#define expect_refused(call_, data_, text_) misuse_expect(call_, data_, DI_EINVAL, text_)
#else
#define expect_refused(call_, data_, text_) ck_assert_int_eq(call_(data_, NULL), DI_EINVAL)
#endif

START_TEST(a_call_is_completed_by_its_constructors_name)
{
	struct di_call *call;

	add_all();
	instantiate_in_place();
	store_get_async(root, answer_take, &answer, &error);
	later_step();
	call = later_take("store");
	expect_refused(complete_as_front, call,
		       "the call is of store in app, and is completed by store_new_complete()");
	expect_refused(end_making, call, "complete it by store_new_complete()");
	ck_assert_int_eq(store_new_complete(call, EIO, NULL), DI_OK);
	answer_expect(&answer, DI_ECREATE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder async");
	TCase *tcase = tcase_create("async");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, all_kinds_are_made_and_ended_as_those_of_macros);
	tcase_add_test(tcase, rows_know_what_those_of_macros_know);
	tcase_add_test(tcase, values_and_members_fill_the_call);
	tcase_add_test(tcase, strict_rows_are_strict);
	tcase_add_test(tcase, with_a_plain_destructor_it_ends_in_plain_code);
	tcase_add_test(tcase, plain_code_is_refused_until_it_is_there_and_told_how_to_ask);
	tcase_add_test(tcase, a_failure_is_told_with_its_constructor_and_path);
	tcase_add_test(tcase, another_thread_completes);
	tcase_add_test(tcase, an_override_takes_its_place);
	tcase_add_test(tcase, plain_rows_that_need_it_wait_for_it);
	tcase_add_test(tcase, a_selector_makes_what_it_chooses);
	tcase_add_test(tcase, a_lazy_leads_to_it_once_it_is_there);
	tcase_add_test(tcase, it_needs_rows_of_connected_containers);
	tcase_add_test(tcase, accessors_and_handlers_of_a_table_that_it_stands_for_work);
	tcase_add_test(tcase, a_call_is_completed_by_its_constructors_name);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
