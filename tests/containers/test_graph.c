/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Graphs, compared with what stands in tests/containers/golden. DI_GOLDEN_WRITE=1 writes these
 * files anew; what has changed is then to be looked at.
 */

PART(pool)
PART_OF_1(store)
PART_OF_2(session)
PART_FAKE(given)

struct config {
	int a, b;
};
static const struct config config = { 1, 2 };

static int numbers_new(struct part **out, int a, int b)
{
	(void)out;
	return a + b;
}

static const char *choose(const struct config *of)
{
	return of->a == 1 ? "front" : "back";
}

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);
DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define BASE(X) \
	X(object,    base_config, const struct config, &config) \
	X(resource,  base_pool,   struct part, (pool_new), pool_end)
#define APP(X) \
	X(lazy,             app_later,   struct later, app_store, app) \
	X(singleton,        app_numbers, struct part, (numbers_new, DI_FIELD(base_config, a), \
						       DI_FIELD(base_config, b)), di_keep) \
	X(singleton,        app_store,   struct part, (store_new, base_pool), store_end) \
	X(factory,          app_other,   struct part, (store_new, base_pool), store_end) \
	X(selector,         app_chosen,  struct part, (choose, base_config), \
	  ("front", app_store), ("a \"key\" \\ <b>", app_other)) \
	X(list,             app_all,     struct parts, app_store, app_other, app_store) \
	X(dict,             app_named,   struct stores, ("x", app_store)) \
	X(state,            app_user,    struct part, request) \
	X(context_resource, app_session, struct part, (session_new, app_chosen, app_user), \
	  session_end, request) \
	X(context_resource, app_job,     struct part, (store_new, app_user), store_end, job) \
	X(context_resource, app_call,    struct part, (store_new, app_session), store_end, inject) \
	X(factory,          app_query,   struct part, (session_new, app_call, app_job), session_end) \
	X(context_resource, app_any,     struct part, (store_new, app_query), store_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);
DI_CONTAINER_DECLARE(app, APP, base);
DI_CONTAINER_DEFINE(app, APP);

struct text {
	char *letters;
	size_t length, room;
	int pieces, stop_at;
};

static struct text text;

static int keep(const char *piece, size_t size, void *data)
{
	struct text *to = data;

	if (++to->pieces == to->stop_at)
		return ENOSPC;
	if (to->length + size + 1 > to->room) {
		to->room = (to->room + size) * 2 + 1;
		to->letters = realloc(to->letters, to->room);
		ck_assert_ptr_nonnull(to->letters);
	}
	memcpy(to->letters + to->length, piece, size);
	to->length += size;
	to->letters[to->length] = '\0';
	return 0;
}

static void begin(void)
{
	memset(&error, 0, sizeof(error));
	memset(&text, 0, sizeof(text));
}

static void end(void)
{
	free(text.letters);
}

static char *read_file(const char *path)
{
	static char letters[65536];
	FILE *file = fopen(path, "r");
	size_t length;

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	length = fread(letters, 1, sizeof(letters) - 1, file);
	fclose(file);
	letters[length] = '\0';
	return letters;
}

static void expect_golden(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/containers/golden/%s", name);
	if (getenv("DI_GOLDEN_WRITE") != NULL) {
		FILE *file = fopen(path, "w");

		ck_assert_ptr_nonnull(file);
		fputs(text.letters, file);
		fclose(file);
	}
	ck_assert_str_eq(text.letters, read_file(path));
}

static const struct {
	const char *table, *container;
} golden[] = {
	[DI_GRAPH_DOT] = { "app.dot", "alive.dot" },
	[DI_GRAPH_MERMAID] = { "app.mmd", "alive.mmd" },
	[DI_GRAPH_JSON] = { "app.json", "alive.json" },
};

START_TEST(tables_are_written_with_what_they_connect)
{
	expect_ok(di_table_graph(&app, (enum di_graph_format)_i, keep, &text, &error));
	expect_golden(golden[_i].table);
}
END_TEST

START_TEST(containers_show_what_is_alive_in_their_roots)
{
	struct di_container *connected[] = { di_container_new(&base, NULL, &error) };
	struct di_options options = { .abi = DI_ABI, .connected = connected, .connected_count = 1 };
	struct di_container *made_of = di_container_new(&app, &options, &error);

	ck_assert_msg(made_of != NULL, "%s", error_text());
	ck_assert_ptr_nonnull(app_store_get(di_container_root(made_of), &error));
	expect_ok(di_container_graph(made_of, (enum di_graph_format)_i, keep, &text, &error));
	expect_ok(di_container_free(made_of, &error));
	expect_ok(di_container_free(connected[0], &error));
	expect_golden(golden[_i].container);
}
END_TEST

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part, (pool_new)) \
	X(constructor, struct part, (store_new, struct part *)) \
	X(constructor, struct part, (session_new, struct part *, struct part *)) \
	X(constructor, struct part, (numbers_new, int, int)) \
	X(destructor,  struct part, pool_end) \
	X(destructor,  struct part, store_end) \
	X(destructor,  struct part, session_end) \
	X(chooser,     (choose, const struct config *)) \
	X(object,      given, struct part, &given) \
	X(field,       struct config, a, int) \
	X(field,       struct config, b, int) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part) \
	X(scope,       job)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);

/* The rows of app once more. */
static void add_app(void)
{
	expect_ok(di_builder_connect(builder, &base, &error));
	ROW("lazy", "app_later", .type = "struct later", .scope = "app",
	    MEMBERS(MEMBER("app_store")));
	ROW("singleton", "app_numbers", .constructor = "numbers_new", .destructor = "di_keep",
	    ARGUMENTS(NEED("base_config.a"), NEED("base_config.b")));
	ROW("singleton", "app_store", .constructor = "store_new", .destructor = "store_end",
	    ARGUMENTS(NEED("base_pool")));
	ROW("factory", "app_other", .constructor = "store_new", .destructor = "store_end",
	    ARGUMENTS(NEED("base_pool")));
	ROW("selector", "app_chosen", .constructor = "choose", ARGUMENTS(NEED("base_config")),
	    MEMBERS(KEYED("front", "app_store"), KEYED("a \"key\" \\ <b>", "app_other")));
	ROW("list", "app_all", .type = "struct parts",
	    MEMBERS(MEMBER("app_store"), MEMBER("app_other"), MEMBER("app_store")));
	ROW("dict", "app_named", .type = "struct stores", MEMBERS(KEYED("x", "app_store")));
	ROW("state", "app_user", .type = "struct part", .scope = "request");
	ROW("context_resource", "app_session", .constructor = "session_new", .scope = "request",
	    .destructor = "session_end", ARGUMENTS(NEED("app_chosen"), NEED("app_user")));
	ROW("context_resource", "app_job", .constructor = "store_new", .scope = "job",
	    .destructor = "store_end", ARGUMENTS(NEED("app_user")));
	ROW("context_resource", "app_call", .constructor = "store_new", .scope = "inject",
	    .destructor = "store_end", ARGUMENTS(NEED("app_session")));
	ROW("factory", "app_query", .constructor = "session_new", .destructor = "session_end",
	    ARGUMENTS(NEED("app_call"), NEED("app_job")));
	ROW("context_resource", "app_any", .constructor = "store_new", .scope = "any",
	    .destructor = "store_end", ARGUMENTS(NEED("app_query")));
}

START_TEST(a_built_table_has_the_graph_of_the_macros)
{
	built_begin("app", &exports, NULL);
	add_app();
	built_build();
	expect_ok(di_table_graph(built, (enum di_graph_format)_i, keep, &text, &error));
	built_end();
	expect_golden(golden[_i].table);
}
END_TEST

START_TEST(names_that_mean_something_to_a_format_are_escaped)
{
	static const char *const expected[] = {
		[DI_GRAPH_DOT] = "a \\\"b\\\" \\\\ <c>#_*`&\\n",
		[DI_GRAPH_MERMAID] = "a #quot;b#quot; #92; #lt;c#gt;#35;_*#96;#amp;<br/>",
		[DI_GRAPH_JSON] = "a \\\"b\\\" \\\\ <c>#_*`&\\n",
	};
	struct di_provider odd = base_pool;
	const struct di_provider *providers[] = { &odd };
	struct di_table table = base;

	odd.name = table.name = "a \"b\" \\ <c>#_*`&\n";
	odd.table = &table;
	odd.index = 0;
	table.providers = providers;
	table.count = 1;
	expect_ok(di_table_graph(&table, (enum di_graph_format)_i, keep, &text, &error));
	ck_assert_msg(strstr(text.letters, expected[_i]) != NULL, "%s", text.letters);
}
END_TEST

START_TEST(what_stops_the_writing_is_told)
{
	text.stop_at = 2;
	expect_error(di_table_graph(&app, DI_GRAPH_DOT, keep, &text, &error), DI_EINVAL);
	ck_assert_int_eq(text.pieces, 2);
	ck_assert_int_eq(error.cause, ENOSPC);
	expect_text("the graph was not written to its end");
	text.stop_at = 1;
	text.pieces = 0;
	expect_error(di_table_graph(&app, DI_GRAPH_JSON, keep, &text, &error), DI_EINVAL);
	ck_assert_int_eq(text.pieces, 1);
}
END_TEST

START_TEST(more_than_64_tables_are_refused)
{
	static struct di_table tables[66];
	static const struct di_table *connects[66][1];

	for (int i = 0; i < 66; i++) {
		tables[i] = base;
		tables[i].count = 0;
		connects[i][0] = i < 65 ? &tables[i + 1] : NULL;
		tables[i].connects = connects[i];
		tables[i].connects_count = i < 65;
	}
	expect_ok(di_table_graph(&tables[2], DI_GRAPH_DOT, keep, &text, &error));
	expect_error(di_table_graph(&tables[1], DI_GRAPH_DOT, keep, &text, &error), DI_EINVAL);
	expect_text("a graph has at most 64 tables");
}
END_TEST

static enum di_status graph_of(void *table, struct di_error *err)
{
	return di_table_graph(table, DI_GRAPH_DOT, table != NULL ? NULL : keep, &text, err);
}

static enum di_status graph_of_no_container(void *unused, struct di_error *err)
{
	(void)unused;
	return di_container_graph(NULL, DI_GRAPH_DOT, keep, &text, err);
}

static enum di_status graph_as(void *format, struct di_error *err)
{
	return di_table_graph(&app, (enum di_graph_format) * (int *)format, keep, &text, err);
}

START_TEST(what_is_missing_is_refused)
{
	int format = 3;

	misuse_expect(graph_of, NULL, DI_EINVAL, "there is nothing to make a graph of");
	misuse_expect(graph_of, (void *)(uintptr_t)&app, DI_EINVAL,
		      "there is nothing to write the graph with");
	misuse_expect(graph_of_no_container, NULL, DI_EINVAL,
		      "there is nothing to make a graph of");
	misuse_expect(graph_as, &format, DI_EINVAL, "3 is no format of graphs");
}
END_TEST

START_TEST(formats_are_found_by_name)
{
	ck_assert_int_eq(di_graph_format_find("dot"), DI_GRAPH_DOT);
	ck_assert_int_eq(di_graph_format_find("mermaid"), DI_GRAPH_MERMAID);
	ck_assert_int_eq(di_graph_format_find("json"), DI_GRAPH_JSON);
	ck_assert_int_eq(di_graph_format_find("svg"), -1);
	ck_assert_int_eq(di_graph_format_find(NULL), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("containers/graph");
	TCase *tcase = tcase_create("graphs");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_loop_test(tcase, tables_are_written_with_what_they_connect, 0, 3);
	tcase_add_loop_test(tcase, containers_show_what_is_alive_in_their_roots, 0, 3);
	tcase_add_loop_test(tcase, a_built_table_has_the_graph_of_the_macros, 0, 3);
	tcase_add_loop_test(tcase, names_that_mean_something_to_a_format_are_escaped, 0, 3);
	tcase_add_test(tcase, what_stops_the_writing_is_told);
	tcase_add_test(tcase, more_than_64_tables_are_refused);
	tcase_add_test(tcase, what_is_missing_is_refused);
	tcase_add_test(tcase, formats_are_found_by_name);
	suite_add_tcase(suite, tcase);
	return di_check_run(suite);
}
