/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* Each allocation fails in turn. */

struct large {
	unsigned char bytes[3000];
};

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part,  &config) \
	X(singleton,        app_pool,    struct part,  (pool_new, app_config),               pool_end) \
	X(singleton,        app_large,   struct large, DI_INIT(large_init, app_pool),        di_keep) \
	X(resource,         app_store,   struct part,  (store_new, app_pool),                store_end) \
	X(singleton,        app_asking,  struct part,  (asking_new),                         asking_end) \
	X(state,            app_user,    struct part,  request) \
	X(context_resource, app_session, struct part,  (session_new, app_store),             session_end, request) \
	X(factory,          app_inner,   struct part,  (inner_new, app_asking),              inner_end) \
	X(factory,          app_query,   struct part,  (query_new, app_session, app_inner),  query_end) \
	X(context_resource, app_call,    struct part,  (call_new, app_session),              call_end,    inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(config)
PART_FAKE(fake)
PART_OF_1(pool)
PART_OF_1(store)
PART_OF_1(session)
PART_OF_1(inner)
PART_OF_2(query)
PART_OF_1(call)
PART_END(asking)

static int large_inits;

static int large_init(struct large *self, struct part *pool)
{
	(void)self;
	large_inits++;
	return pool->alive ? 0 : EINVAL;
}

/* Passes on that there was no memory, as a constructor should. */
static int asking_new(struct part **out)
{
	struct di_context *home = di_context_current(&app);

	if (app_large_get(home, &error) == NULL || app_store_get(home, &error) == NULL)
		return ENOMEM;
	return part_new(out, "asking", (struct part *const[]){ NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static int look(struct part *query, struct part *call)
{
	return query->alive && call->alive ? 0 : EINVAL;
}

DI_HANDLER(app_look, int, (void), (look, app_query, app_call));

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static struct di_context *request;

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

/* ---- Steps: what may run out of memory. Each can be taken again when it has failed. ---- */

typedef enum di_status step_fn(void);

static enum di_status status_of(const void *value)
{
	return value != NULL ? DI_OK : error.status;
}

static enum di_status open_and_close(void)
{
	struct di_context *context = di_context_open(request, &di_scope_inject, &error);

	return context != NULL ? di_context_close(context, DI_DONE, &error) : error.status;
}

static enum di_status open_with(void)
{
	const struct di_provider *const afresh[] = { &app_session };
	const struct di_item items[] = { { &note, "here" } };
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_inject,
					      .afresh = afresh,
					      .afresh_count = 1,
					      .items = items,
					      .items_count = 1 };
	struct di_context *context = di_context_open_with(request, &options, &error);

	return context != NULL ? di_context_close(context, DI_DONE, &error) : error.status;
}

static enum di_status resolve_singleton(void)
{
	return status_of(app_store_get(request, &error));
}

static enum di_status resolve_large(void)
{
	return status_of(app_large_get(request, &error));
}

static enum di_status resolve_product(void)
{
	return status_of(app_query_get(request, &error));
}

static enum di_status start(void)
{
	return di_container_start(container, &error);
}

static enum di_status override(void)
{
	return app_config_override(request, &fake, &error);
}

static enum di_status override_with(void)
{
	return di_override_with(request, &app_store, &app_pool, &error);
}

static enum di_status override_all(void)
{
	const struct di_override_pair pairs[] = { { "app_pool", &fake }, { "app_session", &fake } };

	return di_override_all(request, pairs, 2, &error);
}

static enum di_status put_twice(void)
{
	enum di_status status = app_user_put(request, &config, &error);

	return status == DI_OK ? app_user_put(request, &fake, &error) : status;
}

static enum di_status defer(void)
{
	return di_context_defer(request, do_nothing, NULL, &error);
}

static enum di_status put_item(void)
{
	if (note_fetch(request) != NULL)
		return DI_OK;
	return note_put(request, "here", &error);
}

static enum di_status handle(void)
{
	int result = -1;
	enum di_status status = app_look(request, &result, &error);

	ck_assert(status != DI_OK || result == 0);
	return status;
}

/* ---- The sweep ---- */

/* Fills what came with the contexts, so that another allocation is the first one needed. */
static void begin(int filled)
{
	int i;

	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	for (i = 0; i < filled; i++) {
		expect_ok(di_context_defer(root, do_nothing, NULL, &error));
		expect_ok(di_context_defer(request, do_nothing, NULL, &error));
	}
}

static void expect_explained(enum di_status status)
{
	const int passed_on = status == DI_ECREATE && error.cause == ENOMEM;

	ck_assert_msg(status == DI_ENOMEM || passed_on, "%s", error_text());
	ck_assert_msg(error.path[0] != '\0' || error.detail[0] != '\0', "%s", error_text());
}

/* Whether the n-th allocation of the step was reached. */
static int fails_at(step_fn *step, int filled, unsigned long n)
{
	enum di_status status;
	int failed;

	begin(filled);
	memset(&error, 0, sizeof(error));
	failing_allocator_fail(&memory, n);
	status = step();
	failed = memory.failures > 0;
	failing_allocator_fail(&memory, 0);
	ck_assert_msg(failed == (status != DI_OK), "allocation %lu, filled %d: %s", n, filled,
		      di_status_name(status));
	if (failed) {
		expect_explained(status);
		expect_ok(step());
	}
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	failing_allocator_check(&memory);
	return failed;
}

static unsigned long sweep(step_fn *step)
{
	unsigned long n, most = 0;
	int filled;

	for (filled = 0; filled < 16; filled++) {
		for (n = 1; fails_at(step, filled, n); n++)
			ck_assert_uint_lt(n, 100);
		if (n - 1 > most)
			most = n - 1;
	}
	container = NULL;
	return most;
}

static const struct {
	const char *name;
	step_fn *step;
	unsigned long least; /* allocations that some run of it must have needed */
} steps[] = {
	{ "open", open_and_close, 1 },
	{ "open_with", open_with, 2 },
	{ "singleton", resolve_singleton, 1 },
	{ "large", resolve_large, 1 },
	{ "product", resolve_product, 2 },
	{ "start", start, 1 },
	{ "override", override, 2 },
	{ "override_with", override_with, 3 },
	{ "override_all", override_all, 3 },
	{ "put", put_twice, 2 },
	{ "defer", defer, 1 },
	{ "item", put_item, 1 },
	{ "handler", handle, 2 },
};

START_TEST(a_step_without_memory_says_so_leaks_nothing_and_can_be_taken_again)
{
	unsigned long needed = sweep(steps[_i].step);

	ck_assert_msg(needed >= steps[_i].least, "%s needed %lu allocations", steps[_i].name,
		      needed);
}
END_TEST

START_TEST(a_constructor_does_not_run_without_a_place_on_the_stack_for_its_value)
{
	begin(0);
	ck_assert_ptr_nonnull(app_pool_get(request, &error));
	large_inits = 0;
	memory.fail_always = 1;
	expect_null(app_large_get(request, &error), DI_ENOMEM);
	ck_assert_str_eq(error.provider, "app_large");
	ck_assert_int_eq(large_inits, 0);
	memory.fail_always = 0;
	ck_assert_ptr_nonnull(app_large_get(request, &error));
	ck_assert_int_eq(large_inits, 1);
	close_as(request, DI_DONE);
	container_end();
}
END_TEST

START_TEST(a_container_without_memory_is_none)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	unsigned long n;

	for (n = 1;; n++) {
		failing_allocator_init(&memory);
		failing_allocator_fail(&memory, n);
		container = di_container_new(&app, &options, &error);
		if (container != NULL)
			break;
		expect_explained(error.status);
		failing_allocator_check(&memory);
	}
	ck_assert_uint_gt(n, 1);
	container_end();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/memory");
	TCase *out = tcase_create("out");

	tcase_add_loop_test(out, a_step_without_memory_says_so_leaks_nothing_and_can_be_taken_again,
			    0, sizeof(steps) / sizeof(steps[0]));
	tcase_add_test(out, a_constructor_does_not_run_without_a_place_on_the_stack_for_its_value);
	tcase_add_test(out, a_container_without_memory_is_none);
	suite_add_tcase(suite, out);

	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
