/* SPDX-License-Identifier: MIT */
#include "samples/notes/exports.h"
#include "samples/notes/handlers.h"
#include "samples/notes/notes.h"

#include "containers/yaml/yaml.h"
#include "tests/samples/notes_fixture.h"

/*
 * The container of notes.h and the one of notes.yaml are the same: the graph, and what
 * becomes of it.
 */

static struct di_error error;
static struct di_yaml *yaml;
static struct di_exports const *const exports[] = { &notes_exports };

static void print_error(void *data, const struct di_yaml_error *fault)
{
	(void)data;
	di_yaml_print(stderr, fault);
}

static void load(void)
{
	struct di_yaml_options options = {
		.abi = DI_ABI, .exports = exports, .exports_count = 1, .report = print_error
	};

	yaml = di_yaml_load_file("samples/notes/notes.yaml", &options, &error);
	ck_assert_ptr_nonnull(yaml);
}

static void unload(void)
{
	ck_assert_int_eq(di_yaml_free(yaml, &error), DI_OK);
}

/* ---- The graph ---- */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the rows that a row is built from; rows that a file adds are looked through. */
static size_t gather_needs(const struct di_provider *row, const char **names, size_t count)
{
	for (uint32_t i = 0; i < row->needs_count; i++) {
		const struct di_provider *need = row->needs[i];

		if (need->table && !di_table_find(&notes, need->name))
			count = gather_needs(need, names, count);
		else
			names[count++] = need->name;
	}
	return count;
}

static void describe_needs(const struct di_provider *row, char *text)
{
	const char *names[64];
	size_t count = gather_needs(row, names, 0);

	qsort(names, count, sizeof(*names), compare_texts);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			strcat(strcat(text, " "), names[i]);
	}
}

static void describe_row(const struct di_provider *row, char *text)
{
	sprintf(text, "%s %s: %s, const %d, life %d, scope %s, by %s and %s, needs",
		row->kind->name, row->name, row->type->name, row->type->is_const, (int)row->life,
		row->scope ? row->scope->name : "none", row->constructor, row->destructor);
	describe_needs(row, text);
}

START_TEST(both_have_the_same_rows_with_the_same_lives_and_needs)
{
	const struct di_table *table = di_yaml_table(yaml);
	char ours[1024], theirs[1024];

	ck_assert_str_eq(table->name, notes.name);
	for (uint32_t i = 0; i < notes.count; i++) {
		const struct di_provider *row = di_table_find(table, notes.providers[i]->name);

		ck_assert_msg(row != NULL, "%s", notes.providers[i]->name);
		describe_row(notes.providers[i], ours);
		describe_row(row, theirs);
		ck_assert_str_eq(ours, theirs);
	}
}
END_TEST

START_TEST(the_file_has_no_rows_besides_but_for_members)
{
	const struct di_table *table = di_yaml_table(yaml);

	for (uint32_t i = 0; i < table->count; i++) {
		const char *name = table->providers[i]->name;

		ck_assert_msg(di_table_find(&notes, name) || strpbrk(name, ".[#("), "%s", name);
	}
}
END_TEST

/* ---- What becomes of it ---- */

/* What is made and ended of the rows of notes.h, in order. */
struct tale {
	char text[4096];
};

static void observe(void *data, const struct di_event *event)
{
	struct tale *tale = data;
	const char *name = event->provider ? event->provider : event->scope;

	if (event->provider && !di_table_find(&notes, event->provider))
		return;
	sprintf(tale->text + strlen(tale->text), "%s %s\n", di_event_text(event->kind), name);
}

static int ignore_note(void *data, const struct note *note)
{
	(void)data;
	(void)note;
	return 0;
}

static void work_in(struct di_context *request)
{
	const struct user user = { .name = "ada" };
	const struct intent writing = { .writes = 1 };
	const struct draft draft = { .title = "title", .text = "text" };
	const struct page page = { .limit = 10 };
	struct note note = { 0 };
	int result = -1;

	ck_assert_int_eq(notes_user_put(request, &user, &error), DI_OK);
	ck_assert_int_eq(notes_intent_put(request, &writing, &error), DI_OK);
	ck_assert_int_eq(notes_add(request, &result, &draft, &note, &error), DI_OK);
	ck_assert_int_eq(result, 0);
	note_release(&note);
	ck_assert_int_eq(notes_list(request, &result, &page, ignore_note, NULL, &error), DI_OK);
	ck_assert_int_eq(result, 0);
}

static void live(const struct di_table *table, struct tale *tale)
{
	struct di_options options = { .abi = DI_ABI, .observer = { observe, tale } };
	struct di_container *container;
	struct di_context *request;
	struct config config = default_config;

	make_folder();
	config.db.path = db_path;
	options.in_place_of = table != &notes ? &notes : NULL;
	container = di_container_new(table, &options, &error);
	ck_assert_ptr_nonnull(container);
	ck_assert_int_eq(notes_config_override(di_container_root(container), &config, &error),
			 DI_OK);
	ck_assert_int_eq(di_container_start(container, &error), DI_OK);
	request = di_context_open(di_container_root(container), &di_scope_request, &error);
	work_in(request);
	ck_assert_int_eq(di_context_close(request, DI_DONE, &error), DI_OK);
	ck_assert_int_eq(di_container_free(container, &error), DI_OK);
	remove_folder();
}

START_TEST(both_are_made_and_torn_down_in_the_same_order)
{
	static struct tale ours, theirs;

	live(&notes, &ours);
	live(di_yaml_table(yaml), &theirs);
	ck_assert_ptr_nonnull(strstr(ours.text, "torn down notes_session\n"));
	ck_assert_str_eq(ours.text, theirs.text);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("samples/notes/graph");
	TCase *same = tcase_create("same");

	tcase_add_checked_fixture(same, load, unload);
	tcase_add_test(same, both_have_the_same_rows_with_the_same_lives_and_needs);
	tcase_add_test(same, the_file_has_no_rows_besides_but_for_members);
	tcase_add_test(same, both_are_made_and_torn_down_in_the_same_order);
	suite_add_tcase(suite, same);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
