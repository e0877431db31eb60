/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/malloc_count.h"

/*
 * What is taken from libc: with an allocator of the user's nothing but the list of what a flow has
 * entered, and for what ends something nothing at all, whatever the allocator.
 */

enum {
	ENTERED = 40
};

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_pool,    struct part, DI_INIT(pool_init, app_config),       di_keep) \
	X(context_resource, app_session, struct part, DI_INIT(session_init, app_pool),      part_stop, request) \
	X(factory,          app_inner,   struct part, DI_INIT(inner_init, app_session),     part_stop) \
	X(factory,          app_query,   struct part, DI_INIT(query_init, app_inner),       part_stop) \
	X(context_resource, app_asking,  struct part, DI_INIT(asking_init, DI_CONTEXT),     part_stop, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(config)
PART_FAKE(fake)

/* Journals and parts of the heap take memory themselves. */
static int ends;

static int start(struct part *self, const struct part *need)
{
	self->alive = 1;
	return need->alive ? 0 : 1;
}

static int part_stop(struct part *self)
{
	self->alive = 0;
	ends++;
	return 1;
}

static int pool_init(struct part *self, struct part *need)
{
	return start(self, need);
}

static int session_init(struct part *self, struct part *need)
{
	return start(self, need);
}

static int inner_init(struct part *self, struct part *need)
{
	return start(self, need);
}

static int query_init(struct part *self, struct part *need)
{
	return start(self, need);
}

static int asking_init(struct part *self, struct di_context *home)
{
	const struct part *session = app_session_get(home, NULL);

	return session != NULL ? start(self, session) : 1;
}

DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static int run(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	ends++;
	return 1;
}

static int use(struct part *query)
{
	return query->alive ? 0 : 1;
}

DI_HANDLER(app_use, int, (void), (use, app_query));

static struct di_context *request;
static struct part *query;

/* Everything that can stand in a context. */
static void fill(void)
{
	int i;

	request = open_in(root, &di_scope_request);
	expect_ok(app_config_override(request, &fake, &error));
	expect_ok(note_put(request, "here", &error));
	for (i = 0; i < 20; i++)
		ck_assert_ptr_nonnull(app_query_get(request, &error));
	query = app_query_get(request, &error);
	ck_assert_ptr_nonnull(app_asking_get(request, &error));
	expect_ok(di_context_defer(request, run, NULL, &error));
	expect_ok(di_context_enter(request, &error));
}

static void begin(const struct di_allocator *allocator)
{
	struct di_options options = { .abi = DI_ABI, .allocator = allocator };

	memset(&error, 0, sizeof(error));
	ends = 0;
	container = di_container_new(&app, &options, &error);
	ck_assert_ptr_nonnull(container);
	root = di_container_root(container);
	fill();
}

/* Where nothing is counted and refused, none of these tests could fail. */
#define return_unless_counted()                                                                    \
	do {                                                                                       \
		if (!malloc_is_counted()) {                                                        \
			di_check_skip("containers/malloc",                                         \
				      "a sanitizer or valgrind has a malloc of its own");          \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* ---- What ends something, with the default allocator. ---- */

typedef enum di_status step_fn(void);

static enum di_status leave(void)
{
	return di_context_leave(request, &error);
}

static enum di_status drop(void)
{
	return app_query_drop(request, query, &error);
}

static enum di_status reset(void)
{
	return di_reset(request, &app_session, &error);
}

static enum di_status close_request(void)
{
	return di_context_close(request, DI_FAILED, &error);
}

static enum di_status free_all(void)
{
	enum di_status status = di_container_free(container, &error);

	container = NULL;
	return status;
}

static const struct {
	const char *name;
	step_fn *step;
	enum di_status status;
	int ends;
} steps[] = {
	{ "leave", leave, DI_OK, 0 },         { "drop", drop, DI_EFINALIZE, 2 },
	{ "reset", reset, DI_EFINALIZE, 42 }, { "close", close_request, DI_EFINALIZE, 1 },
	{ "free", free_all, DI_OK, 0 },
};

/* Runs the step, which may not call malloc, and fails the test if it does. */
static enum di_status without_malloc(step_fn *step)
{
	unsigned long before = malloc_count();
	enum di_status status;

	malloc_refuse(1);
	status = step();
	malloc_refuse(0);
	ck_assert_uint_eq(malloc_count(), before);
	return status;
}

/* Each step takes place after the ones before it. */
START_TEST(ending_takes_nothing_from_libc)
{
	size_t i;

	return_unless_counted();
	begin(NULL);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum di_status status;

		ends = 0;
		status = without_malloc(steps[i].step);
		ck_assert_msg(status == steps[i].status && ends == steps[i].ends, "%s: %s, %d ends",
			      steps[i].name, di_status_name(status), ends);
	}
}
END_TEST

START_TEST(freeing_a_full_container_takes_nothing_from_libc)
{
	return_unless_counted();
	begin(NULL);
	ck_assert_int_eq(without_malloc(free_all), DI_EOPEN);
	ck_assert_int_gt(ends, 40);
}
END_TEST

/* ---- With an allocator of the user's. ---- */

/* A container's whole life: errors, contexts, overrides, items, products, handlers. */
static enum di_status live(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };
	int i, result = 1;

	container = di_container_new(&app, &options, &error);
	root = di_container_root(container);
	request = di_context_open(root, &di_scope_request, &error);
	app_config_override(request, &fake, &error);
	note_put(request, "here", &error);
	for (i = 0; i < 20; i++)
		query = app_query_get(request, &error);
	app_asking_get(request, &error);
	app_use(request, &result, &error);
	di_context_defer(request, run, NULL, &error);
	drop();
	reset();
	app_session_get(root, &error);
	close_request();
	request = di_context_open(root, &di_scope_request, &error);
	app_asking_get(request, &error);
	return free_all();
}

START_TEST(with_an_allocator_nothing_is_taken_from_libc)
{
	unsigned long before;
	enum di_status status;

	return_unless_counted();
	failing_allocator_init(&memory);
	before = malloc_count();
	status = live();
	before = malloc_count() - before;
	ck_assert_str_eq(di_status_name(status), "DI_EOPEN");
	ck_assert_uint_gt(memory.allocations, 5);
	/* The allocator takes from libc what it hands out. */
	ck_assert_uint_eq(before, memory.allocations);
	failing_allocator_check(&memory);
}
END_TEST

/* ---- The sweep over what libc gives. ---- */

START_TEST(a_container_of_malloc_says_when_there_is_none)
{
	unsigned long n, refusals = 0;
	void *value = NULL;

	return_unless_counted();
	for (n = 1; value == NULL; n++) {
		value = NULL;
		memset(&error, 0, sizeof(error));
		malloc_refuse(n);
		container = di_container_new(&app, NULL, &error);
		if (container != NULL)
			request = di_context_open(di_container_root(container), &di_scope_request,
						  &error);
		if (container != NULL && request != NULL)
			value = app_query_get(request, &error);
		malloc_refuse(0);
		refusals += value == NULL;
		ck_assert_msg(value != NULL || error.status == DI_ENOMEM, "%s", error_text());
		di_container_free(container, NULL);
	}
	ck_assert_uint_ge(refusals, 3);
}
END_TEST

START_TEST(entering_without_memory_changes_nothing)
{
	int i, refusals = 0;

	return_unless_counted();
	begin(NULL);
	for (i = 0; i < ENTERED; i++) {
		struct di_context *at = i % 2 ? root : request, *before = di_context_current(&app);
		enum di_status status;

		malloc_refuse(1);
		status = di_context_enter(at, &error);
		malloc_refuse(0);
		if (status != DI_OK) {
			refusals++;
			ck_assert_str_eq(di_status_name(status), "DI_ENOMEM");
			ck_assert_int_eq(error.status, DI_ENOMEM);
			expect_text("entering");
			ck_assert_ptr_eq(di_context_current(&app), before);
			expect_ok(di_context_enter(at, &error));
		}
		ck_assert_ptr_eq(di_context_current(&app), at);
	}
	ck_assert_int_gt(refusals, 0);
	while (i-- > 0) {
		struct di_context *at = i % 2 ? root : request;

		expect_ok(di_context_leave(at, &error));
	}
	expect_error(free_all(), DI_EOPEN);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("containers/malloc");
	TCase *tcase = tcase_create("malloc");

	tcase_add_test(tcase, ending_takes_nothing_from_libc);
	tcase_add_test(tcase, freeing_a_full_container_takes_nothing_from_libc);
	tcase_add_test(tcase, with_an_allocator_nothing_is_taken_from_libc);
	tcase_add_test(tcase, a_container_of_malloc_says_when_there_is_none);
	tcase_add_test(tcase, entering_without_memory_changes_nothing);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
