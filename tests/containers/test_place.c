/* SPDX-License-Identifier: MIT */
#include "di/di.h"

#include "tests/support/check_main.h"
#include "tests/support/misuse.h"

#include <stdlib.h>
#include <string.h>

/*
 * A container in the place of a table that was compiled: here of copies of its rows, as a builder
 * makes them, with other constructors.
 */

struct store {
	const char *made_by;
};
struct session {
	struct store *store;
	const char *user;
};
struct query {
	struct session *session;
};

static int made, ended;

static int make_store(struct store **out, const char *made_by)
{
	*out = malloc(sizeof(**out));
	(*out)->made_by = made_by;
	made++;
	return 0;
}

static int front_store_new(struct store **out)
{
	return make_store(out, "front");
}

static int back_store_new(void *const *args, void **out)
{
	(void)args;
	return make_store((struct store **)(void *)out, "back");
}

static void store_free(struct store *store)
{
	ended++;
	free(store);
}

static int session_new(struct session **out, struct store *store, const char *user)
{
	*out = malloc(sizeof(**out));
	**out = (struct session){ store, user };
	return 0;
}

static void session_free(struct session *session)
{
	free(session);
}

static int query_new(struct query **out, struct session *session)
{
	*out = malloc(sizeof(**out));
	(*out)->session = session;
	return 0;
}

static void query_free(struct query *query)
{
	free(query);
}

/* clang-format off */
#define FRONT(X)                                                                                   \
	X(resource,         front_store,   struct store,   (front_store_new), store_free)              \
	X(state,            front_user,    const char,     request)                                    \
	X(context_resource, front_session, struct session, (session_new, front_store, front_user),    \
	  session_free, request)                                                                       \
	X(factory,          front_query,   struct query,   (query_new, front_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(front, FRONT);
DI_CONTAINER_DEFINE(front, FRONT);

static const char *made_by(struct store *store, struct session *session)
{
	return session->store == store ? store->made_by : "mixed";
}
DI_HANDLER(front_made_by, const char *, (), (made_by, front_store, front_session));
DI_CALLBACK(front_called, const char *, "nothing", (), (made_by, front_store, front_session));

static struct di_provider rows[8];
static const struct di_provider *providers[8], *needs[8][4];
static struct di_table back;
static struct di_error error;
static struct di_container *container;
static struct di_context *root, *request;
static char text[1024];

static void copy_needs(const struct di_provider *from, struct di_provider *to)
{
	for (uint32_t i = 0; i < from->needs_count; i++) {
		needs[to->index][i] = from->needs[i]->table == &front ? &rows[from->needs[i]->index]
								      : from->needs[i];
	}
	to->needs = needs[to->index];
}

/* The rows of back are those of front, but for the constructor of the store. */
static void copy_table(void)
{
	back = front;
	back.name = "back";
	back.providers = providers;
	for (uint32_t i = 0; i < front.count; i++) {
		rows[i] = *front.providers[i];
		rows[i].table = &back;
		copy_needs(front.providers[i], &rows[i]);
		providers[i] = &rows[i];
	}
	rows[front_store.index].create = back_store_new;
	made = ended = 0;
	error = (struct di_error){ 0 };
}

static struct di_container *try_new(void)
{
	struct di_options options = { .abi = DI_ABI, .in_place_of = &front };

	return di_container_new(&back, &options, &error);
}

static void begin(void)
{
	copy_table();
	container = try_new();
	ck_assert_msg(container != NULL, "%s", di_error_text(&error, text, sizeof(text)));
	root = di_container_root(container);
	request = di_context_open(root, &di_scope_request, &error);
	ck_assert_int_eq(front_user_put(request, "ada", &error), DI_OK);
}

static void end(void)
{
	ck_assert_int_eq(di_context_close(request, DI_DONE, &error), DI_OK);
	ck_assert_int_eq(di_container_free(container, &error), DI_OK);
	ck_assert_int_eq(made, ended);
}

/* ---- What takes a row of the other table ---- */

START_TEST(accessors_of_the_other_table_give_its_own_values)
{
	struct store *store = front_store_get(request, &error);

	ck_assert_str_eq(store->made_by, "back");
	ck_assert_ptr_eq(store, di_resolve(root, &error, &rows[front_store.index]));
	ck_assert_ptr_eq(store, front_store_get(request, &error));
	ck_assert_str_eq(front_session_get(request, &error)->user, "ada");
	ck_assert_int_eq(made, 1);
}
END_TEST

START_TEST(handlers_of_the_other_table_are_called_with_its_own_values)
{
	const char *by;

	ck_assert_int_eq(front_made_by(request, &by, &error), DI_OK);
	ck_assert_str_eq(by, "back");
}
END_TEST

START_TEST(callbacks_of_the_other_table_find_its_contexts)
{
	ck_assert_int_eq(di_context_enter(request, &error), DI_OK);
	ck_assert_ptr_eq(di_context_current(&front), request);
	ck_assert_str_eq(front_called(), "back");
	ck_assert_int_eq(di_context_leave(request, &error), DI_OK);
}
END_TEST

START_TEST(overriding_and_resetting_by_rows_of_the_other_table)
{
	struct store fake = { "fake" };
	struct di_context *inner = di_context_open(request, &di_scope_request, &error);
	const char *by;

	ck_assert_int_eq(front_store_override(inner, &fake, &error), DI_OK);
	ck_assert_int_eq(front_user_put(inner, "bob", &error), DI_OK);
	ck_assert_int_eq(front_made_by(inner, &by, &error), DI_OK);
	ck_assert_str_eq(by, "fake");
	ck_assert_int_eq(di_context_close(inner, DI_DONE, &error), DI_OK);
	front_session_get(request, &error);
	ck_assert_int_eq(di_reset(request, &front_session, &error), DI_OK);
}
END_TEST

START_TEST(products_are_dropped_by_rows_of_the_other_table)
{
	struct query *query = front_query_get(request, &error);

	ck_assert_ptr_nonnull(query);
	ck_assert_int_eq(front_query_drop(request, query, &error), DI_OK);
}
END_TEST

START_TEST(contexts_begin_rows_of_the_other_table_afresh)
{
	const struct di_provider *const row[] = { &front_session };
	const struct di_table *const table[] = { &front };
	struct di_context_options by_row = { .abi = DI_ABI, .scope = &di_scope_none };
	struct di_context_options by_table = by_row;
	struct session *outer = front_session_get(request, &error);
	struct di_context *inner;

	by_row.afresh = row;
	by_row.afresh_count = 1;
	inner = di_context_open_with(request, &by_row, &error);
	ck_assert_ptr_ne(front_session_get(inner, &error), outer);
	di_context_close(inner, DI_DONE, &error);
	by_table.afresh_tables = table;
	by_table.afresh_tables_count = 1;
	inner = di_context_open_with(request, &by_table, &error);
	ck_assert_ptr_ne(front_session_get(inner, &error), outer);
	di_context_close(inner, DI_DONE, &error);
}
END_TEST

/* ---- What is no place of the other ---- */

static void expect_refused(const char *message)
{
	ck_assert_ptr_null(try_new());
	ck_assert_int_eq(error.status, DI_EINVAL);
	ck_assert_str_eq(di_error_text(&error, text, sizeof(text)), message);
}

START_TEST(a_row_that_is_missing_is_named)
{
	copy_table();
	rows[front_query.index].name = "front_queries";
	expect_refused("invalid argument: back is to be in the place of front, and has no "
		       "front_query");
}
END_TEST

START_TEST(a_row_of_another_type_is_refused)
{
	static const struct di_type other = { 0, "const struct store", 1 };

	copy_table();
	rows[front_store.index].type = &other;
	expect_refused("front_store: invalid argument: it provides const struct store, in front it "
		       "is struct store");
}
END_TEST

START_TEST(a_row_that_lives_shorter_is_refused)
{
	copy_table();
	rows[front_session.index].life = 200;
	expect_refused("front_session: invalid argument: it lives shorter than in front");
}
END_TEST

START_TEST(a_row_that_is_made_anew_each_time_is_refused_for_one_that_is_kept)
{
	copy_table();
	rows[front_session.index].kind = &di_factory;
	expect_refused("front_session: invalid argument: it is a factory, in front it is made "
		       "once: a context_resource");
}
END_TEST

START_TEST(a_state_remains_a_state)
{
	copy_table();
	rows[front_user.index].kind = &di_context_resource;
	expect_refused("front_user: invalid argument: in front it is a state of scope request");
	copy_table();
	rows[front_user.index].scope = &di_scope_inject;
	expect_refused("front_user: invalid argument: in front it is a state of scope request");
}
END_TEST

static enum di_status new_in_place_of(void *other, struct di_error *err)
{
	struct di_options options = { .abi = DI_ABI, .in_place_of = other };

	ck_assert_ptr_null(di_container_new(&back, &options, err));
	return err != NULL ? err->status : DI_EABI;
}

START_TEST(another_binary_interface_is_refused)
{
	struct di_table old = front;

	copy_table();
	old.abi = 77;
	misuse_expect(new_in_place_of, &old, DI_EABI,
		      "back is to be in the place of front, whose table has abi 77, the library 1");
}
END_TEST

static enum di_status override_by_itself(void *nothing, struct di_error *err)
{
	(void)nothing;
	return di_override_with(request, &front_session, &rows[front_session.index], err);
}

START_TEST(a_row_of_the_other_table_is_its_own_row)
{
	begin();
	misuse_expect(override_by_itself, NULL, DI_EINVAL, "front_session needs it");
	end();
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/place");
	TCase *working = tcase_create("works"), *refusing = tcase_create("refused");

	tcase_add_checked_fixture(working, begin, end);
	tcase_add_test(working, accessors_of_the_other_table_give_its_own_values);
	tcase_add_test(working, handlers_of_the_other_table_are_called_with_its_own_values);
	tcase_add_test(working, callbacks_of_the_other_table_find_its_contexts);
	tcase_add_test(working, overriding_and_resetting_by_rows_of_the_other_table);
	tcase_add_test(working, products_are_dropped_by_rows_of_the_other_table);
	tcase_add_test(working, contexts_begin_rows_of_the_other_table_afresh);
	suite_add_tcase(s, working);
	tcase_add_test(refusing, a_row_that_is_missing_is_named);
	tcase_add_test(refusing, a_row_of_another_type_is_refused);
	tcase_add_test(refusing, a_row_that_lives_shorter_is_refused);
	tcase_add_test(refusing, a_row_that_is_made_anew_each_time_is_refused_for_one_that_is_kept);
	tcase_add_test(refusing, a_state_remains_a_state);
	tcase_add_test(refusing, another_binary_interface_is_refused);
	tcase_add_test(refusing, a_row_of_the_other_table_is_its_own_row);
	suite_add_tcase(s, refusing);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
