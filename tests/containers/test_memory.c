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
	X(context_resource, app_buffer,  struct large, DI_INIT(buffer_init, app_pool),       di_keep, request) \
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

static int buffer_init(struct large *self, struct part *pool)
{
	return self->bytes[0] == 0 && pool->alive ? 0 : EINVAL;
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
DI_CALLBACK(app_called_back, int, -1, (void), (look, app_query, app_call));

/* One that opens no context of its own. */
static int see(struct part *session, struct large *large)
{
	return session->alive && large != NULL ? 0 : EINVAL;
}

DI_HANDLER(app_see, int, (void), (see, app_session, app_large));

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

static enum di_status resolve_asking(void)
{
	return status_of(app_asking_get(request, &error));
}

static enum di_status resolve_in_storage(void)
{
	return status_of(app_buffer_get(request, &error));
}

static enum di_status resolve_product(void)
{
	return status_of(app_query_get(request, &error));
}

static enum di_status start(void)
{
	return di_container_start(container, &error);
}

/* Without memory nothing is overridden. */
static enum di_status override(void)
{
	enum di_status status = app_config_override(request, &fake, &error);

	ck_assert(di_resolve(request, NULL, &app_config) == (status == DI_OK ? &fake : &config));
	return status;
}

/* What is built from an override is made in the context that overrides. */
static enum di_status resolve_overridden(void)
{
	enum di_status status = DI_OK;

	if (di_resolve(request, NULL, &app_config) != &fake)
		status = app_config_override(request, &fake, &error);
	return status == DI_OK ? status_of(app_query_get(request, &error)) : status;
}

static enum di_status override_with(void)
{
	enum di_status status = di_override_with(request, &app_store, &app_pool, &error);
	const struct part *store;

	failing_allocator_fail(&memory, 0);
	store = di_resolve(request, NULL, &app_store);
	ck_assert((store == di_resolve(request, NULL, &app_pool)) == (status == DI_OK));
	return status;
}

/* Of a row that lives in the context itself. */
static enum di_status override_own_with(void)
{
	enum di_status status = di_override_with(request, &app_session, &app_store, &error);
	const struct part *session;

	failing_allocator_fail(&memory, 0);
	session = di_resolve(request, NULL, &app_session);
	ck_assert((session == di_resolve(request, NULL, &app_store)) == (status == DI_OK));
	if (status != DI_OK)
		expect_ok(di_reset(request, &app_session, &error));
	return status;
}

/* All or none. */
static enum di_status override_all(void)
{
	const struct di_override_pair pairs[] = { { "app_config", &fake }, { "app_user", &fake } };
	enum di_status status = di_override_all(request, pairs, 2, &error);

	ck_assert(di_resolve(request, NULL, &app_config) == (status == DI_OK ? &fake : &config));
	ck_assert((di_resolve(request, NULL, &app_user) != NULL) == (status == DI_OK));
	return status;
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

static enum di_status handle_without_a_context(void)
{
	int result = -1;
	enum di_status status = app_see(request, &result, &error);

	ck_assert(status != DI_OK || result == 0);
	return status;
}

/* Leaves what it has entered: a callback is called on the current context. */
static enum di_status call_back(void)
{
	const struct di_error *failed;
	int result;

	expect_ok(di_context_enter(request, &error));
	result = app_called_back();
	expect_ok(di_context_leave(request, &error));
	failed = di_callback_error();
	ck_assert((result == 0) == (failed == NULL));
	if (failed != NULL)
		error = *failed;
	return failed != NULL ? failed->status : DI_OK;
}

/* What is made again, after a reset or a drop, which take nothing. */
static enum di_status make_anew(void)
{
	struct part *product = app_query_get(request, &error);

	if (product == NULL)
		return error.status;
	expect_ok(app_query_drop(request, product, &error));
	expect_ok(di_reset(request, &app_session, &error));
	return status_of(app_query_get(request, &error));
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

/* The path begins with what failed and ends with name, what was asked for. */
static void expect_path(const char *name)
{
	size_t whole = strlen(error.path), first = strlen(error.provider), last = strlen(name);

	ck_assert_msg(strncmp(error.path, error.provider, first) == 0 && whole >= last &&
			      strcmp(error.path + whole - last, name) == 0,
		      "%s: not for %s", error_text(), name);
	expect_text(name);
}

enum {
	TEXTS = 2
};

struct step {
	const char *name;
	step_fn *step;
	unsigned long least;      /* allocations that some run of it must have needed */
	const char *asked;        /* last name of the path of its errors, or NULL: they have none */
	const char *texts[TEXTS]; /* whole errors without such a path; each must come */
};

static unsigned seen; /* which texts, as bits */

static int is_known_text(const struct step *step)
{
	int i;

	for (i = 0; i < TEXTS; i++) {
		if (step->texts[i] == NULL || strcmp(error_text(), step->texts[i]) != 0)
			continue;
		seen |= 1u << i;
		return 1;
	}
	return 0;
}

static void expect_explained(enum di_status status, const struct step *step)
{
	const int passed_on = status == DI_ECREATE && error.cause == ENOMEM;

	ck_assert_int_eq(status, error.status);
	ck_assert_msg(passed_on || status == DI_ENOMEM, "%s", error_text());
	if (is_known_text(step))
		return;
	ck_assert_msg(step->asked != NULL, "%s: unexpected: %s", step->name, error_text());
	ck_assert_msg(passed_on || strncmp(error.detail, "for ", 4) == 0, "%s", error_text());
	expect_path(step->asked);
}

/* Whether the n-th allocation of the step was reached. */
static int fails_at(const struct step *step, int filled, unsigned long n)
{
	enum di_status status;
	int failed;

	begin(filled);
	memset(&error, 0, sizeof(error));
	failing_allocator_fail(&memory, n);
	status = step->step();
	failed = memory.failures > 0;
	failing_allocator_fail(&memory, 0);
	ck_assert_msg(failed == (status != DI_OK), "allocation %lu, filled %d: %s", n, filled,
		      di_status_name(status));
	if (failed) {
		expect_explained(status, step);
		ck_assert_int_eq(parts_alive("inner") + parts_alive("query"), 0);
		expect_ok(step->step());
	}
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
	failing_allocator_check(&memory);
	return failed;
}

static unsigned long sweep(const struct step *step)
{
	unsigned long n, most = 0;
	int filled;

	seen = 0;
	for (filled = 0; filled < 16; filled++) {
		for (n = 1; fails_at(step, filled, n); n++)
			ck_assert_uint_lt(n, 100);
		if (n - 1 > most)
			most = n - 1;
	}
	container = NULL;
	return most;
}

/* clang-format off */
static const struct step steps[] = {
	{ "open", open_and_close, 1, NULL, { "out of memory: for a context" } },
	{ "open_with", open_with, 2, NULL, { "out of memory: for a context" } },
	{ "singleton", resolve_singleton, 1, "app_store", { NULL } },
	{ "large", resolve_large, 1, "app_large", { NULL } },
	{ "storage", resolve_in_storage, 1, "app_buffer", { NULL } },
	{ "asking", resolve_asking, 1, "app_asking", { NULL } },
	{ "product", resolve_product, 2, "app_query", { NULL } },
	{ "anew", make_anew, 2, "app_query", { NULL } },
	{ "start", start, 1, "app_store", { NULL } },
	{ "override", override, 2, NULL, { "app_config: out of memory: for its override" } },
	{ "override_with", override_with, 3, NULL, { "app_store: out of memory: for its override" } },
	{ "override_own_with", override_own_with, 2, NULL,
	  { "app_session: out of memory: for its override" } },
	{ "override_all", override_all, 3, NULL,
	  { "out of memory: for 2 overrides", "app_config: out of memory: for its override" } },
	{ "overridden", resolve_overridden, 2, "app_query",
	  { "app_config: out of memory: for its override" } },
	{ "put", put_twice, 2, NULL, { "app_user: out of memory: for its override" } },
	{ "defer", defer, 1, NULL, { "out of memory: for a deferred call" } },
	{ "item", put_item, 1, NULL, { "out of memory: for the item note" } },
	{ "handler", handle, 2, "app_look", { NULL } },
	{ "handler alone", handle_without_a_context, 2, "app_see", { NULL } },
	{ "callback", call_back, 2, "app_called_back", { NULL } },
};
/* clang-format on */

START_TEST(a_step_without_memory_says_so_leaks_nothing_and_can_be_taken_again)
{
	const struct step *step = &steps[_i];
	unsigned long needed = sweep(step);
	int i;

	ck_assert_msg(needed >= step->least, "%s needed %lu allocations", step->name, needed);
	for (i = 0; i < TEXTS; i++)
		ck_assert_msg(step->texts[i] == NULL || (seen & 1u << i), "%s: never: %s",
			      step->name, step->texts[i]);
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
		ck_assert_int_eq(error.status, DI_ENOMEM);
		ck_assert_str_eq(error_text(), "out of memory: for a container of app");
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
