/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/loaded.h"

#include "tests/support/check_main.h"
#include "tests/support/threads.h"

/* Rows of asynchronous kinds in files: made and ended later, on this thread and on others. */

#define LATER "create: part_later, destroy: part_end_later"
#define OF(need_) "create: part_later_of, args: [{ref: " need_ "}, {str: it}, {int: 5}]"

/* The rows that accessors know by name. */
#define FRONT(X)                                                                                   \
	X(async_resource, front_pool, struct part, (front_new), di_keep)                           \
	X(async_context_resource, front_session, struct part, (front_new_of, front_pool), di_keep, \
	  request)

DI_CONTAINER_DECLARE(front, FRONT);
static int front_new(struct di_call *call)
{
	return front_pool_complete(call, EINVAL, NULL) == DI_OK ? DI_PENDING : EINVAL;
}
static int front_new_of(struct di_call *call, struct part *pool)
{
	return front_session_complete(call, 0, pool) == DI_OK ? DI_PENDING : EINVAL;
}
DI_CONTAINER_DEFINE(front, FRONT);

/* What was called back. */
struct told {
	int times;
	struct part *part;
	enum di_status status;
};

static void take_part(void *data, struct part *part, const struct di_error *failure)
{
	struct told *told = data;

	told->times++;
	told->part = part;
	told->status = failure != NULL ? failure->status : DI_OK;
}

static void take(void *data, void *value, const struct di_error *failure)
{
	take_part(data, value, failure);
}

static void take_end(void *data, enum di_status status, const struct di_error *failure)
{
	take_part(data, NULL, failure);
	((struct told *)data)->status = status;
}

static void expect_told(const struct told *told)
{
	ck_assert_int_eq(told->times, 1);
	ck_assert_str_eq(di_status_name(told->status), "DI_OK");
}

static const struct di_provider *row(const char *name)
{
	return di_table_find(di_yaml_table(yaml), name);
}

static struct part *awaited(struct di_context *context, const char *name)
{
	struct told told = { 0 };

	ck_assert(di_get_async(context, row(name), take, &told, &error).number != 0);
	while (app_turn() > 0)
		;
	expect_told(&told);
	return told.part;
}

static void close_later(struct di_context *context, enum di_outcome outcome)
{
	struct told told = { 0 };

	ck_assert_int_eq(di_context_close_async(context, outcome, take_end, &told, &error), DI_OK);
	while (app_turn() > 0)
		;
	expect_told(&told);
}

static void free_later(void)
{
	struct told told = { 0 };

	ck_assert_int_eq(di_container_free_async(container, take_end, &told, &error), DI_OK);
	container = NULL;
	while (app_turn() > 0)
		;
	expect_told(&told);
}

static void begin(void)
{
	app_waits = 1;
}

static void end(void)
{
	if (container != NULL)
		free_later();
	unload();
	app_waits = 0;
}

START_TEST(a_start_makes_resources_and_a_free_ends_them)
{
	struct told told = { 0 };

	load("providers:\n"
	     "- {name: b, kind: async_resource, " OF(
		     "a") ", destroy: part_end_later}\n"
			  "- {name: a, kind: async_singleton, " LATER "}\n");
	ck_assert_int_eq(di_container_start_async(container, take_end, &told, &error), DI_OK);
	ck_assert_int_eq(app_turn(), 1);
	ck_assert_int_eq(told.times, 0);
	ck_assert_int_eq(app_turn(), 1);
	expect_told(&told);
	ck_assert_ptr_eq(part_in(root, "b")->from, part_in(root, "a"));
	ck_assert_int_eq(part_in(root, "b")->number, 5);
	free_later();
	ck_assert_str_eq(app_ended, "it of later done later done ");
}
END_TEST

START_TEST(what_lives_in_contexts_is_made_in_them)
{
	struct di_context *request;
	struct part *product;

	load("providers:\n"
	     "- {name: pool, kind: async_resource, " LATER "}\n"
	     "- {name: session, kind: async_context_resource, " OF(
		     "pool") ", "
			     "destroy: part_end_later}\n"
			     "- {name: query, kind: async_factory, " OF(
				     "session") ", destroy: part_end_later}\n"
						"- {name: page, kind: factory, create: part_of, "
						"args: [{ref: query}], "
						"destroy: app_part_free}\n");
	request = di_context_open(root, &di_scope_request, &error);
	product = awaited(request, "page");
	ck_assert_str_eq(product->text, "part of it of it of later");
	ck_assert_ptr_eq(product->from->from, part_in(request, "session"));
	close_later(request, DI_FAILED);
	ck_assert_str_eq(app_ended, "part of it of it of later it of it of later failed "
				    "it of later failed ");
}
END_TEST

START_TEST(a_scope_may_be_named_and_strict)
{
	struct di_context *request, *inner;
	struct told told = { 0 };

	load("providers:\n"
	     "- {name: pool, kind: async_context_resource, scope: app, " LATER "}\n"
	     "- {name: work, kind: async_context_resource, scope: job, " LATER "}\n"
	     "- {name: alone, kind: async_context_resource, strict: true, " LATER "}\n");
	awaited(root, "pool");
	di_get_async(root, row("work"), take, &told, &error);
	ck_assert_int_eq(told.status, DI_ENOCONTEXT);
	request = di_context_open(root, &di_scope_request, &error);
	inner = di_context_open(request, &di_scope_job, &error);
	awaited(inner, "work");
	di_get_async(inner, row("alone"), take, &told, &error);
	ck_assert_int_eq(told.status, DI_ENOCONTEXT);
	awaited(request, "alone");
	close_later(inner, DI_DONE);
	close_later(request, DI_DONE);
}
END_TEST

static void *turn(void *data)
{
	*(int *)data = app_turn();
	return NULL;
}

START_TEST(another_thread_completes)
{
	struct told told = { 0 };
	int count = 0;

	load("providers:\n- {name: a, kind: async_singleton, " LATER "}\n");
	di_get_async(root, row("a"), take, &told, &error);
	ck_assert_int_eq(told.times, 0);
	thread_join(thread_start(turn, &count, 0));
	ck_assert_int_eq(count, 1);
	expect_told(&told);
	ck_assert_ptr_eq(part_in(root, "a"), told.part);
	told = (struct told){ 0 };
	ck_assert_int_eq(di_container_free_async(container, take_end, &told, &error), DI_OK);
	container = NULL;
	thread_join(thread_start(turn, &count, 0));
	expect_told(&told);
	ck_assert_str_eq(app_ended, "later done ");
}
END_TEST

START_TEST(overrides_put_them_in_place_of_others_and_others_in_theirs)
{
	load("providers:\n"
	     "- {name: slow, kind: async_singleton, " LATER "}\n"
	     "- {name: quick, kind: singleton, create: part_new, destroy: app_part_free}\n"
	     "- {name: one, kind: singleton, create: part_new, destroy: app_part_free}\n"
	     "- {name: two, kind: async_singleton, " LATER "}\n"
	     "- {name: of_one, kind: async_singleton, " OF(
		     "one") ", destroy: part_end_later}\n"
			    "- {name: of_two, kind: singleton, create: part_of, args: [{ref: "
			    "two}], "
			    "destroy: app_part_free}\n"
			    "overrides:\n"
			    "- {provider: one, with: slow}\n"
			    "- {provider: two, with: quick}\n");
	expect_text("of_two", "part of part");
	ck_assert_str_eq(awaited(root, "of_one")->text, "it of later");
	ck_assert_ptr_eq(part_in(root, "of_one")->from, part_in(root, "slow"));
}
END_TEST

START_TEST(an_override_may_be_an_object)
{
	load("providers:\n"
	     "- {name: slow, kind: async_singleton, " LATER "}\n"
	     "- {name: of_slow, kind: singleton, create: part_of, args: [{ref: slow}], "
	     "destroy: app_part_free}\n"
	     "overrides:\n- {provider: slow, object: app_given}\n");
	expect_text("of_slow", "part of given");
}
END_TEST

START_TEST(accessors_of_a_table_that_the_file_stands_for_ask)
{
	struct di_options options = { .abi = DI_ABI, .in_place_of = &front };
	struct told told = { 0 };
	struct di_context *request;

	ck_assert_msg(try_load("providers:\n"
			       "- {name: front_pool, kind: async_resource, " LATER "}\n"
			       "- {name: front_session, kind: async_context_resource, " OF(
				       "front_pool") ", destroy: part_end_later}\n"),
		      "%s", said.text);
	container = di_container_new(di_yaml_table(yaml), &options, &error);
	ck_assert_msg(container != NULL, "%s", error.detail);
	root = di_container_root(container);
	request = di_context_open(root, &di_scope_request, &error);
	front_session_get_async(request, take_part, &told, &error);
	while (app_turn() > 0)
		;
	expect_told(&told);
	ck_assert_str_eq(told.part->text, "it of later");
	ck_assert_ptr_eq(front_session_get(request, &error), told.part);
	ck_assert_ptr_eq(front_pool_get(root, &error), told.part->from);
	close_later(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/async");
	TCase *tcase = tcase_create("async");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, a_start_makes_resources_and_a_free_ends_them);
	tcase_add_test(tcase, what_lives_in_contexts_is_made_in_them);
	tcase_add_test(tcase, a_scope_may_be_named_and_strict);
	tcase_add_test(tcase, another_thread_completes);
	tcase_add_test(tcase, overrides_put_them_in_place_of_others_and_others_in_theirs);
	tcase_add_test(tcase, an_override_may_be_an_object);
	tcase_add_test(tcase, accessors_of_a_table_that_the_file_stands_for_ask);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
