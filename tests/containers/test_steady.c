/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* Requests that come and go, of any shape: once warm, nothing is allocated for them. */

struct value {
	int alive;
	struct value *of;
};

struct large {
	struct value value;
	unsigned char bytes[700];
};

static struct value config = { 1, NULL };

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct value, &config) \
	X(singleton,        app_pool,    struct value, DI_INIT(value_init, app_config),         value_end) \
	X(resource,         app_store,   struct value, DI_INIT(value_init, app_pool),           value_end) \
	X(state,            app_user,    struct value, request) \
	X(context_resource, app_session, struct value, DI_INIT(value_init, app_store),          value_end, request) \
	X(context_resource, app_page,    struct large, DI_INIT(large_init, app_session),        large_end, request) \
	X(factory,          app_inner,   struct value, DI_INIT(value_init, app_session),        value_end) \
	X(factory,          app_query,   struct value, DI_INIT(query_init, app_inner, app_user), value_end) \
	X(context_resource, app_call,    struct value, DI_INIT(value_init, app_query),          value_end, inject) \
	X(context_resource, app_any,     struct value, DI_INIT(value_init, app_store),          value_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static int alive;

static int value_init(struct value *self, struct value *of)
{
	self->alive = of->alive;
	self->of = of;
	alive++;
	return 0;
}

static void value_end(struct value *self)
{
	self->alive = 0;
	alive--;
}

static int large_init(struct large *self, struct value *of)
{
	return value_init(&self->value, of);
}

static void large_end(struct large *self)
{
	value_end(&self->value);
}

static int query_init(struct value *self, struct value *inner, struct value *user)
{
	return user->alive ? value_init(self, inner) : 1;
}

DI_CONTAINER_DEFINE(app, APP);

static int look(struct value *call, struct value *query, struct value *any)
{
	return call->alive && query->alive && any->alive ? 0 : 1;
}

static int look_at_cached(struct value *session, struct value *pool)
{
	return session->alive && pool->alive ? 0 : 1;
}

DI_HANDLER(app_look, int, (void), (look, app_call, app_query, app_any));
DI_HANDLER(app_look_at_cached, int, (void), (look_at_cached, app_session, app_pool));

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

/* ---- What a request does ---- */

static void resolve_all(struct di_context *request, int number)
{
	int i;

	ck_assert_ptr_nonnull(app_config_get(request, &error));
	ck_assert_ptr_nonnull(app_store_get(request, &error));
	ck_assert_ptr_nonnull(app_page_get(request, &error));
	ck_assert_ptr_nonnull(app_any_get(request, &error));
	for (i = 0; i < 8; i++)
		ck_assert_ptr_nonnull(app_query_get(request, &error));
	expect_ok(app_query_drop(request, app_query_get(request, &error), &error));
	if (number % 2 == 0)
		expect_ok(di_reset(request, &app_session, &error));
}

static void call(struct di_context *request)
{
	int result = -1;

	expect_ok(app_look(request, &result, &error));
	ck_assert_int_eq(result, 0);
	expect_ok(app_look_at_cached(request, &result, &error));
	ck_assert_int_eq(result, 0);
}

static void put_and_defer(struct di_context *request)
{
	int i;

	expect_ok(note_put(request, "here", &error));
	ck_assert_str_eq(note_fetch(request), "here");
	for (i = 0; i < 8; i++)
		expect_ok(di_context_defer(request, do_nothing, NULL, &error));
	expect_ok(di_context_mark(request, DI_CANCELLED, &error));
}

static void nest(struct di_context *request)
{
	const struct di_item items[] = { { &note, "inner" } };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_request, .items = items, .items_count = 1
	};
	struct di_context *inner = di_context_open_with(request, &options, &error);

	ck_assert_msg(inner != NULL, "%s", error_text());
	expect_ok(di_context_enter(inner, &error));
	ck_assert_ptr_eq(di_context_current(&app), inner);
	ck_assert_ptr_nonnull(app_session_get(inner, &error));
	expect_ok(di_context_leave(inner, &error));
	close_as(inner, DI_FAILED);
}

static void serve(int number)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(app_user_put(request, &config, &error));
	if (number % 5 != 1)
		resolve_all(request, number);
	if (number % 5 != 2)
		call(request);
	if (number % 5 != 3)
		put_and_defer(request);
	if (number % 5 != 4)
		nest(request);
	close_as(request, DI_DONE);
}

/* ---- The tests ---- */

enum {
	WARM_UP = 100, /* debug builds keep closed contexts back, and have all of them by then */
	REQUESTS = 5000
};

#ifdef DI_DEBUG
enum {
	KEEPS_CLOSED = 1
};
#else
enum {
	KEEPS_CLOSED = 0
};
#endif

static void setup(void)
{
	int i;

	alive = 0;
	container_begin(&app, NULL);
	for (i = 0; i < WARM_UP; i++)
		serve(i);
}

static void serve_many(void)
{
	int i;

	for (i = 0; i < REQUESTS; i++)
		serve(i);
}

START_TEST(memory_does_not_grow_with_the_requests)
{
	const size_t bytes = memory.live_bytes;
	const unsigned long blocks = memory.live;
	const int values = alive;

	serve_many();
	ck_assert_uint_eq(memory.live_bytes, bytes);
	ck_assert_uint_eq(memory.live, blocks);
	ck_assert_int_eq(alive, values);
}
END_TEST

START_TEST(a_warm_container_allocates_nothing_for_a_request)
{
	if (KEEPS_CLOSED) {
		di_check_skip("containers/steady", "a debug build keeps closed contexts back, "
						   "so that their use is found");
		return;
	}
	memory.allocations = 0;
	memory.fail_always = 1;
	serve_many();
	ck_assert_uint_eq(memory.allocations, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/steady");
	TCase *steady = tcase_create("steady");

	tcase_add_checked_fixture(steady, setup, container_end);
	tcase_add_test(steady, memory_does_not_grow_with_the_requests);
	tcase_add_test(steady, a_warm_container_allocates_nothing_for_a_request);
	suite_add_tcase(suite, steady);

	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
