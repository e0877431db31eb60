/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* What a table becomes: descriptors and accessors; tables made of tables. */

struct settings {
	int size;
};

static const struct settings defaults = { 7 }, others = { 8 };

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define STORAGE(X) \
	X(object,           app_settings, const struct settings, &defaults) \
	X(singleton,        app_pool,     struct part,           (pool_new),             pool_end)
#define WEB(X) \
	X(context_resource, app_session,  struct part,           (session_new, app_pool), session_end, request) \
	X(context_resource, app_work,     struct part,           (work_new, app_pool),    work_end,    job) \
	X(state,            app_user,     const struct settings, request)
#define APP(X) STORAGE(X) WEB(X) \
	X(factory,          app_query,    struct part,           (query_new, app_session, app_pool), query_end) \
	X(resource,         app_store,    struct part,           DI_RETURNS(store_open),  di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(pool)
PART_OF_1(session)
PART_OF_1(work)
PART_OF_2(query)
PART_FAKE(fake)

static struct part *store_open(void)
{
	return &fake;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Descriptors ---- */

START_TEST(a_table_lists_its_rows_in_order_those_of_its_parts_too)
{
	const struct di_provider *const expected[] = { &app_settings, &app_pool, &app_session,
						       &app_work,     &app_user, &app_query,
						       &app_store };
	uint32_t i;

	ck_assert_str_eq(app.name, "app");
	ck_assert_uint_eq(app.abi, DI_ABI);
	ck_assert_uint_eq(app.provider_size, sizeof(struct di_provider));
	ck_assert_uint_eq(app.count, 7);
	for (i = 0; i < app.count; i++) {
		ck_assert_ptr_eq(app.providers[i], expected[i]);
		ck_assert_uint_eq(app.providers[i]->index, i);
		ck_assert_ptr_eq(app.providers[i]->table, &app);
	}
}
END_TEST

START_TEST(a_descriptor_says_what_its_row_says)
{
	ck_assert_str_eq(app_query.name, "app_query");
	ck_assert_ptr_eq(app_query.kind, &di_factory);
	ck_assert_uint_eq(app_query.needs_count, 2);
	ck_assert_ptr_eq(app_query.needs[0], &app_session);
	ck_assert_ptr_eq(app_query.needs[1], &app_pool);
	ck_assert_str_eq(app_query.constructor, "query_new");
	ck_assert_str_eq(app_query.destructor, "query_end");
	ck_assert(app_query.create != NULL);
	ck_assert(app_query.destroy != NULL);
	ck_assert_ptr_null(app_query.scope);
	ck_assert_uint_eq(app_query.storage_size, 0);
	ck_assert_ptr_eq(app_session.scope, &di_scope_request);
	ck_assert_ptr_eq(app_work.scope, &di_scope_job);
	ck_assert_ptr_eq(app_user.scope, &di_scope_request);
	ck_assert_ptr_eq(app_settings.object, &defaults);
	ck_assert(app_settings.create == NULL);
	ck_assert(app_store.destroy == NULL);
	ck_assert_str_eq(app_store.constructor, "store_open");
}
END_TEST

START_TEST(a_descriptor_has_the_kind_of_its_row)
{
	ck_assert_ptr_eq(app_settings.kind, &di_object);
	ck_assert_ptr_eq(app_pool.kind, &di_singleton);
	ck_assert_ptr_eq(app_session.kind, &di_context_resource);
	ck_assert_ptr_eq(app_user.kind, &di_state);
	ck_assert_ptr_eq(app_store.kind, &di_resource);
	ck_assert_str_eq(di_object.name, "object");
	ck_assert_str_eq(di_singleton.name, "singleton");
	ck_assert_str_eq(di_context_resource.name, "context_resource");
	ck_assert_str_eq(di_state.name, "state");
	ck_assert_str_eq(di_resource.name, "resource");
	ck_assert_str_eq(di_factory.name, "factory");
}
END_TEST

START_TEST(a_descriptor_knows_the_shortest_life_it_depends_on)
{
	ck_assert_int_eq(app_settings.life, 0);
	ck_assert_int_eq(app_pool.life, 0);
	ck_assert_int_eq(app_session.life, di_scope_request.rank);
	ck_assert_int_eq(app_work.life, 150);
	ck_assert_int_eq(app_query.life, di_scope_request.rank);
	ck_assert_int_eq(app_store.life, 0);
}
END_TEST

START_TEST(types_are_described_by_name_and_const)
{
	ck_assert_str_eq(app_settings.type->name, "const struct settings");
	ck_assert_int_eq(app_settings.type->is_const, 1);
	ck_assert_str_eq(app_pool.type->name, "struct part");
	ck_assert_int_eq(app_pool.type->is_const, 0);
	ck_assert_int_eq(di_type_equal(app_pool.type, app_session.type), 1);
	ck_assert_int_eq(di_type_equal(app_settings.type, app_user.type), 1);
	ck_assert_int_eq(di_type_equal(app_settings.type, app_pool.type), 0);
}
END_TEST

START_TEST(a_provider_is_found_by_its_name)
{
	ck_assert_ptr_eq(di_table_find(&app, "app_settings"), &app_settings);
	ck_assert_ptr_eq(di_table_find(&app, "app_store"), &app_store);
	ck_assert_ptr_null(di_table_find(&app, "app_stor"));
	ck_assert_ptr_null(di_table_find(&app, "app_store_"));
	ck_assert_ptr_null(di_table_find(&app, ""));
	ck_assert_ptr_null(di_table_find(&app, NULL));
	ck_assert_ptr_null(di_table_find(NULL, "app_store"));
}
END_TEST

/* ---- Accessors ---- */

/* Each initializer compiles only if the accessor has exactly this type. */
START_TEST(accessors_have_the_types_of_their_rows)
{
	const struct settings *(*get)(struct di_context *, struct di_error *) = app_settings_get;
	enum di_status (*override)(struct di_context *, const struct settings *,
				   struct di_error *) = app_settings_override;
	enum di_status (*put)(struct di_context *, const struct settings *, struct di_error *) =
		app_user_put;
	enum di_status (*drop)(struct di_context *, struct part *, struct di_error *) =
		app_query_drop;
	struct part *(*made)(struct di_context *, struct di_error *) = app_query_get;

	ck_assert_ptr_eq(get(request, &error), &defaults);
	expect_ok(override(request, &others, &error));
	ck_assert_ptr_eq(get(request, &error), &others);
	expect_ok(put(request, &others, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &others);
	expect_ok(drop(request, made(request, &error), &error));
}
END_TEST

START_TEST(accessors_and_descriptors_answer_the_same)
{
	ck_assert_ptr_eq(di_resolve(request, &error, &app_session),
			 app_session_get(request, &error));
	ck_assert_ptr_eq(app_pool_get(request, &error), di_resolve(root, &error, &app_pool));
	ck_assert_ptr_eq(di_resolve(request, &error, &app_settings), &defaults);
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
}
END_TEST

START_TEST(rows_of_a_part_need_rows_of_another)
{
	struct part *query = app_query_get(request, &error);

	ck_assert_ptr_eq(query->needs[0], app_session_get(request, &error));
	ck_assert_ptr_eq(query->needs[1], app_pool_get(request, &error));
	ck_assert_ptr_eq(query->needs[0]->needs[0], query->needs[1]);
}
END_TEST

START_TEST(the_error_may_be_absent)
{
	struct part *query = app_query_get(request, NULL);

	ck_assert_ptr_nonnull(query);
	ck_assert_int_eq(app_query_drop(request, query, NULL), DI_OK);
	ck_assert_ptr_null(app_work_get(request, NULL));
	ck_assert_int_eq(app_settings_override(request, &others, NULL), DI_OK);
	ck_assert_int_eq(app_user_put(request, &others, NULL), DI_OK);
}
END_TEST

START_TEST(a_success_leaves_the_error_alone)
{
	memset(&error, 0x5a, sizeof(error));
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	expect_ok(app_user_put(request, &others, &error));
	ck_assert_int_eq(error.cause, 0x5a5a5a5a);
	ck_assert_int_eq(error.path[0], 0x5a);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/table");
	TCase *descriptors = tcase_create("descriptors"), *accessors = tcase_create("accessors");

	tcase_add_test(descriptors, a_table_lists_its_rows_in_order_those_of_its_parts_too);
	tcase_add_test(descriptors, a_descriptor_says_what_its_row_says);
	tcase_add_test(descriptors, a_descriptor_has_the_kind_of_its_row);
	tcase_add_test(descriptors, a_descriptor_knows_the_shortest_life_it_depends_on);
	tcase_add_test(descriptors, types_are_described_by_name_and_const);
	tcase_add_test(descriptors, a_provider_is_found_by_its_name);
	suite_add_tcase(suite, descriptors);

	tcase_add_checked_fixture(accessors, setup, container_end);
	tcase_add_test(accessors, accessors_have_the_types_of_their_rows);
	tcase_add_test(accessors, accessors_and_descriptors_answer_the_same);
	tcase_add_test(accessors, rows_of_a_part_need_rows_of_another);
	tcase_add_test(accessors, the_error_may_be_absent);
	tcase_add_test(accessors, a_success_leaves_the_error_alone);
	suite_add_tcase(suite, accessors);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
