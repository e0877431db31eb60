/* SPDX-License-Identifier: MIT */
#include "tests/support/fill.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>

DI_LAZY_TYPE(later, struct part);
DI_LAZY_TYPE(later_const, const struct part);

/* clang-format off */
#define APP(X) \
	X(singleton,        app_base,          struct part,        (base_new),                        base_end) \
	X(lazy,             app_later_user,    struct later,       app_user,    app) \
	X(lazy,             app_later_session, struct later,       app_session, request) \
	X(singleton,        app_pool,          struct part,        (pool_of, app_later_user),         pool_end) \
	X(singleton,        app_user,          struct part,        (user_new, app_pool),              user_end) \
	X(context_resource, app_job,           struct part,        (job_of, app_later_session),       job_end, request) \
	X(context_resource, app_session,       struct part,        (session_new, app_job),            session_end, request) \
	X(context_resource, app_visitor,       struct part,        (visitor_of, app_later_user),      visitor_end, request) \
	X(lazy,             app_later_deep,    struct later,       app_deep,    inject) \
	X(context_resource, app_deep,          struct part,        (deep_new), deep_end, request) \
	X(factory,          app_fresh,         struct part,        (fresh_new),                       fresh_end) \
	X(lazy,             app_later_fresh,   struct later,       app_fresh,   request) \
	X(lazy,             app_later_const,   struct later_const, app_pool,    any) \
	X(state,            app_guest,         struct part,        request) \
	X(lazy,             app_later_guest,   struct later,       app_guest,   request) \
	X(lazy,             app_later_other,   struct later,       app_other,   app) \
	X(singleton,        app_eager,         struct part,        (eager_of, app_later_other),       eager_end) \
	X(singleton,        app_other,         struct part,        (other_new, app_base),             other_end) \
	X(lazy,             app_later_tail,    struct later,       app_tail,    app) \
	X(singleton,        app_head,          struct part,        (head_of, app_later_tail),         head_end) \
	X(singleton,        app_tail,          struct part,        (tail_new, app_head),              tail_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(base)
PART_OF_1(user)
PART_OF_1(session)
PART(fresh)
PART_OF_1(other)
PART_OF_1(tail)
PART(pool)
PART(job)
PART(head)
PART_OF_1(eager)

PART(visitor)
PART(deep)

static const struct later *pool_user, *job_session, *visitor_user;

static int pool_of(struct part **out, const struct later *user)
{
	pool_user = user;
	return pool_new(out);
}

static int visitor_of(struct part **out, const struct later *user)
{
	visitor_user = user;
	return visitor_new(out);
}

static int job_of(struct part **out, const struct later *session)
{
	job_session = session;
	return job_new(out);
}

/* Uses its handle while it is made. */
static int eager_of(struct part **out, const struct later *other)
{
	struct part *part = later_get(other, NULL);

	return part != NULL ? eager_new(out, part) : EIO;
}

static _Thread_local enum di_status head_status;
static _Thread_local char head_path[DI_PATH_SIZE];

static int head_of(struct part **out, const struct later *tail)
{
	struct di_error own = { 0 };

	if (later_get(tail, &own) != NULL)
		return head_new(out);
	head_status = own.status;
	strcpy(head_path, own.path);
	return EIO;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
}

static void setup_request(void)
{
	setup();
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	if (request != NULL)
		close_as(request, DI_DONE);
	request = NULL;
	container_end();
}

/* ---- Asking. ---- */

START_TEST(the_value_is_made_on_first_use_of_the_handle)
{
	struct part *pool = app_pool_get(root, &error), *user;

	journal_expect("created pool");
	user = later_get(pool_user, &error);
	journal_expect("created user from pool");
	ck_assert_ptr_eq(user->needs[0], pool);
	ck_assert_ptr_eq(later_get(pool_user, &error), user);
	ck_assert_ptr_eq(app_user_get(root, &error), user);
}
END_TEST

START_TEST(a_handle_asks_in_its_own_home)
{
	struct di_context *inner = open_in(request, &di_scope_request);
	struct part *outer_job = app_job_get(request, &error);
	const struct later *outer = job_session;

	ck_assert_ptr_ne(app_job_get(inner, &error), outer_job);
	ck_assert_ptr_eq(later_get(job_session, &error), app_session_get(inner, &error));
	ck_assert_ptr_eq(later_get(outer, &error), app_session_get(request, &error));
	ck_assert_ptr_ne(app_session_get(request, &error), app_session_get(inner, &error));
	close_as(inner, DI_DONE);
}
END_TEST

START_TEST(a_handle_is_one_in_each_context_of_its_scope)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	ck_assert_ptr_eq(app_later_user_get(request, &error), app_later_user_get(root, &error));
	ck_assert_ptr_eq(app_later_session_get(inner, &error),
			 app_later_session_get(request, &error));
	ck_assert_ptr_ne(app_later_const_get(inner, &error), app_later_const_get(request, &error));
	ck_assert_ptr_eq(later_const_get(app_later_const_get(inner, &error), &error),
			 app_pool_get(root, &error));
	close_as(inner, DI_DONE);
	expect_null(app_later_session_get(root, &error), DI_ENOCONTEXT);
	ck_assert_int_eq(app_later_session.life, di_scope_request.rank);
}
END_TEST

START_TEST(a_handle_lives_where_its_target_is_seen)
{
	struct di_context *inject = open_in(root, &di_scope_inject);
	struct di_context *inner = open_in(inject, &di_scope_request);
	const struct later *deep = app_later_deep_get(inner, &error);

	ck_assert_ptr_nonnull(app_deep_get(inner, &error));
	ck_assert_ptr_eq(later_get(deep, &error), app_deep_get(inner, &error));
	close_as(inner, DI_DONE);
	close_as(inject, DI_DONE);
}
END_TEST

START_TEST(a_handle_to_a_factory_gives_products_of_its_context)
{
	const struct later *later = app_later_fresh_get(request, &error);
	struct part *fresh = later_get(later, &error);

	ck_assert_ptr_ne(later_get(later, &error), fresh);
	expect_ok(app_fresh_drop(request, fresh, &error));
	close_as(request, DI_DONE);
	request = NULL;
	ck_assert_int_eq(parts_alive("fresh"), 0);
}
END_TEST

START_TEST(a_handle_to_a_state_sees_what_is_put_later)
{
	const struct later *later = app_later_guest_get(request, &error);

	expect_null(later_get(later, &error), DI_ENOVALUE);
	expect_ok(app_guest_put(request, &fake, &error));
	ck_assert_ptr_eq(later_get(later, &error), &fake);
}
END_TEST

START_TEST(a_failure_is_reported_through_the_handle_and_tried_again)
{
	app_pool_get(root, &error);
	parts_fail_new("user", EIO, 1);
	expect_null(later_get(pool_user, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_user");
	ck_assert_ptr_nonnull(later_get(pool_user, &error));
}
END_TEST

static int look(const struct later *later)
{
	struct part *part = later_get(later, NULL);

	journal_write("%s", part != NULL ? part->name : "nothing");
	return 0;
}

DI_HANDLER(look_at, int, (void), (look, app_later_session));

START_TEST(handlers_are_given_handles)
{
	int result;

	expect_ok(look_at(request, &result, &error));
	journal_expect("created job", "created session from job", "session");
}
END_TEST

/* ---- Ends and cycles. ---- */

static struct di_error at_end;
static struct part *seen_at_end;

static void use_at_end(struct part *part)
{
	(void)part;
	seen_at_end = later_get(job_session, &at_end);
}

START_TEST(a_value_that_has_ended_before_its_holder_is_closed)
{
	struct part *session;

	app_job_get(request, &error);
	session = later_get(job_session, &error);
	parts_on_end("session", use_at_end);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_null(seen_at_end);
	ck_assert_int_eq(session->alive, 0);
	parts_clear();
	at_end.status = DI_OK;
	app_job_get(request, &error);
	later_get(job_session, &error);
	parts_on_end("job", use_at_end);
	close_as(request, DI_DONE);
	request = NULL;
	ck_assert_ptr_null(seen_at_end);
	ck_assert_int_eq(at_end.status, DI_ECLOSED);
	ck_assert_str_eq(at_end.provider, "app_session");
	ck_assert_str_ne(at_end.detail, "");
}
END_TEST

START_TEST(a_value_never_used_is_not_made_at_the_end)
{
	app_job_get(request, &error);
	parts_on_end("job", use_at_end);
	close_as(request, DI_DONE);
	request = NULL;
	ck_assert_int_eq(at_end.status, DI_ECLOSED);
	journal_expect("created job", "ended job done");
}
END_TEST

START_TEST(a_cycle_through_a_handle_in_use_is_reported)
{
	expect_null(app_head_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(head_status, DI_ECYCLE);
	ck_assert_str_eq(head_path, "app_head <- app_tail <- app_head");
	expect_null(app_tail_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(parts_alive("head") + parts_alive("tail"), 0);
}
END_TEST

static TCase *asking(void)
{
	TCase *tcase = tcase_create("asking");

	tcase_add_checked_fixture(tcase, setup_request, teardown);
	tcase_add_test(tcase, the_value_is_made_on_first_use_of_the_handle);
	tcase_add_test(tcase, a_handle_asks_in_its_own_home);
	tcase_add_test(tcase, a_handle_is_one_in_each_context_of_its_scope);
	tcase_add_test(tcase, a_handle_lives_where_its_target_is_seen);
	tcase_add_test(tcase, a_handle_to_a_factory_gives_products_of_its_context);
	tcase_add_test(tcase, a_handle_to_a_state_sees_what_is_put_later);
	tcase_add_test(tcase, a_failure_is_reported_through_the_handle_and_tried_again);
	tcase_add_test(tcase, handlers_are_given_handles);
	tcase_add_test(tcase, a_value_that_has_ended_before_its_holder_is_closed);
	tcase_add_test(tcase, a_value_never_used_is_not_made_at_the_end);
	tcase_add_test(tcase, a_cycle_through_a_handle_in_use_is_reported);
	return tcase;
}

/* ---- Changing what is behind it. ---- */

START_TEST(after_a_reset_the_handle_resolves_anew_and_its_holder_stays)
{
	struct part *user;

	app_pool_get(root, &error);
	user = later_get(pool_user, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_user, &error));
	journal_expect("ended user done");
	ck_assert_ptr_ne(later_get(pool_user, &error), user);
}
END_TEST

START_TEST(what_a_constructor_got_through_a_handle_is_one_of_its_needs)
{
	app_eager_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_base, &error));
	journal_expect("ended eager done", "ended other done", "ended base done");
}
END_TEST

START_TEST(resetting_the_handle_ends_its_holder)
{
	app_user_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_later_user, &error));
	journal_expect("ended user done", "ended pool done");
}
END_TEST

START_TEST(an_override_in_its_own_context_is_what_the_handle_means)
{
	app_pool_get(root, &error);
	expect_ok(app_user_override(root, &fake, &error));
	ck_assert_ptr_eq(later_get(pool_user, &error), &fake);
	ck_assert_int_eq(parts_alive("pool"), 1);
	expect_ok(app_user_override(root, &fake, &error));
}
END_TEST

START_TEST(an_override_in_an_inner_context_gives_that_a_handle_of_its_own)
{
	struct part *outer = app_pool_get(root, &error);
	const struct later *outer_user = pool_user;

	request = open_in(root, &di_scope_request);
	expect_ok(app_user_override(request, &fake, &error));
	ck_assert_ptr_ne(app_pool_get(request, &error), outer);
	ck_assert_ptr_ne(pool_user, outer_user);
	ck_assert_ptr_eq(later_get(pool_user, &error), &fake);
	ck_assert_ptr_ne(later_get(outer_user, &error), &fake);
	ck_assert_ptr_eq(app_pool_get(root, &error), outer);
}
END_TEST

START_TEST(an_override_of_what_the_target_is_built_from_is_seen_through_the_handle)
{
	app_later_other_get(root, &error);
	request = open_in(root, &di_scope_request);
	expect_ok(app_base_override(request, &fake, &error));
	ck_assert_ptr_eq(later_get(app_later_other_get(request, &error), &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_eager_get(request, &error)->needs[0]->needs[0], &fake);
}
END_TEST

START_TEST(an_override_is_refused_where_something_holds_an_outer_handle)
{
	request = open_in(root, &di_scope_request);
	app_visitor_get(request, &error);
	expect_error(app_user_override(request, &fake, &error), DI_EBUSY);
	expect_text("app_visitor was built from it here");
	expect_ok(di_reset(request, &app_visitor, &error));
	expect_ok(app_user_override(request, &fake, &error));
	app_visitor_get(request, &error);
	ck_assert_ptr_eq(later_get(visitor_user, &error), &fake);
}
END_TEST

static struct part *give_fake(const struct later *lazy, struct di_error *err)
{
	(void)lazy;
	(void)err;
	return &fake;
}

START_TEST(a_handle_of_ones_own_overrides_it)
{
	static const struct later later = { NULL, give_fake };

	expect_ok(app_later_other_override(root, &later, &error));
	ck_assert_ptr_eq(app_eager_get(root, &error)->needs[0], &fake);
}
END_TEST

static TCase *changes(void)
{
	TCase *tcase = tcase_create("changes");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, after_a_reset_the_handle_resolves_anew_and_its_holder_stays);
	tcase_add_test(tcase, what_a_constructor_got_through_a_handle_is_one_of_its_needs);
	tcase_add_test(tcase, resetting_the_handle_ends_its_holder);
	tcase_add_test(tcase, an_override_in_its_own_context_is_what_the_handle_means);
	tcase_add_test(tcase, an_override_in_an_inner_context_gives_that_a_handle_of_its_own);
	tcase_add_test(tcase,
		       an_override_of_what_the_target_is_built_from_is_seen_through_the_handle);
	tcase_add_test(tcase, an_override_is_refused_where_something_holds_an_outer_handle);
	tcase_add_test(tcase, a_handle_of_ones_own_overrides_it);
	return tcase;
}

/* ---- Memory and threads. ---- */

START_TEST(a_failed_allocation_leaves_nothing_and_the_next_try_succeeds)
{
	unsigned pieces, failed = 0;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		struct part *eager;

		teardown();
		setup();
		fill(root, pieces);
		failing_allocator_fail(&memory, 1);
		eager = app_eager_get(root, &error);
		failing_allocator_fail(&memory, 0);
		if (eager != NULL)
			continue;
		failed++;
		ck_assert(error.status == DI_ENOMEM || error.cause == EIO);
		ck_assert_ptr_nonnull(app_eager_get(root, &error));
	}
	ck_assert_uint_gt(failed, 4);
}
END_TEST

static void ask_both_ways(int number, void *data)
{
	struct di_context *shared = di_container_root(data);

	if (number % 2 == 0)
		app_tail_get(shared, NULL);
	else
		app_head_get(shared, NULL);
}

static int wrong;

static void ask_through_handles(int number, void *data)
{
	struct di_context *shared = di_container_root(data);
	const struct later *later = app_later_user_get(shared, NULL);

	(void)number;
	if (later_get(later, NULL) != app_user_get(shared, NULL))
		__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

START_TEST(threads_that_meet_in_a_cycle_do_not_wait_for_ever)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	watchdog(60);
	for (i = 0; i < (di_check_quick() ? 5 : 50); i++) {
		struct di_container *shared = di_container_new(&app, &options, &error);

		parts_clear();
		crowd_run(4, ask_both_ways, shared);
		crowd_run(4, ask_through_handles, shared);
		ck_assert_int_eq(parts_alive("head") + parts_alive("tail"), 0);
		ck_assert_int_eq(parts_alive("user"), 1);
		ck_assert_int_eq(wrong, 0);
		expect_ok(di_container_free(shared, &error));
	}
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/lazy");
	TCase *tcase = tcase_create("use");

	suite_add_tcase(suite, asking());
	suite_add_tcase(suite, changes());
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_failed_allocation_leaves_nothing_and_the_next_try_succeeds);
	tcase_add_test(tcase, threads_that_meet_in_a_cycle_do_not_wait_for_ever);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
