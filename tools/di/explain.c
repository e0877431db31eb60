/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"
#include "tools/di/loaded.h"
#include "tools/di/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_SIZE = 320
};

/* What is written behind a word of the first column, which is left out after the first line. */
struct column {
	FILE *stream;
	const char *word;
};

static void say_word(struct column *column)
{
	fprintf(column->stream, "  %-10s", column->word);
	column->word = "";
}

static void say(FILE *stream, const char *word, const char *text)
{
	fprintf(stream, "  %-10s%s\n", word, text);
}

static const char *kind_text(const struct di__built_row *row)
{
	if (!row->strict)
		return row->found_kind->name;
	return row->found_kind->async ? "strict async_context_resource" : "strict context_resource";
}

/* ---- How it is made. ---- */

static const char *named(const struct di__name *name)
{
	return name != NULL ? name->text : "";
}

static void say_argument(FILE *stream, const struct di__built_argument *argument)
{
	switch (argument->kind) {
	case DI_ARGUMENT_NEED:
		fprintf(stream, "%s%s%s", named(argument->target.name),
			argument->path != NULL ? "." : "", named(argument->path));
		break;
	case DI_ARGUMENT_STRING:
		fprintf(stream, "\"%s\"", argument->text);
		break;
	case DI_ARGUMENT_ENVIRONMENT:
		fprintf(stream, "$%s%s%s", argument->text, argument->fallback != NULL ? ":-" : "",
			argument->fallback != NULL ? argument->fallback : "");
		break;
	case DI_ARGUMENT_OBJECT:
		fprintf(stream, "%s", named(argument->object));
		break;
	case DI_ARGUMENT_PLAIN:
	default:
		fprintf(stream, "%s", argument->text);
	}
}

static void say_call(FILE *stream, const char *word, const struct di__built_row *row)
{
	uint32_t i;

	fprintf(stream, "  %-10s%s(", word, row->constructor->text);
	for (i = 0; i < row->arguments_count; i++) {
		fprintf(stream, "%s", i > 0 ? ", " : "");
		say_argument(stream, &row->arguments[i]);
	}
	fprintf(stream, ")\n");
}

static void say_making(FILE *stream, const struct di__built_row *row)
{
	char text[TEXT_SIZE];

	if (row->constructor != NULL)
		say_call(stream, row->shape == DI__SHAPE_SELECTOR ? "chosen by" : "made by", row);
	if (row->always != NULL) {
		snprintf(text, sizeof(text), "\"%s\", always", row->always);
		say(stream, "chosen is", text);
	}
	if (row->value != NULL) {
		fprintf(stream, "  %-10s", "is");
		say_argument(stream, row->value);
		fprintf(stream, "\n");
	}
	if (row->destructor != NULL)
		say(stream, "ended by",
		    strcmp(row->destructor->text, "di_keep") == 0 ? "nothing: di_keep"
								  : row->destructor->text);
}

/* ---- How long it lives. ---- */

/* The scope of the row on whose account it lives so long. */
static const char *scope_of(const struct di__built_row *row)
{
	const struct di__target *root = row->root;

	if (row->found_scope != NULL)
		return row->found_scope->name;
	if (root == NULL)
		return "app";
	if (root->row != NULL)
		return root->row->found_scope != NULL ? root->row->found_scope->name : "app";
	return root->provider->scope != NULL ? root->provider->scope->name : "app";
}

/* Whose life it shares, for kinds that have none of their own. */
static const char *owner_of(const struct di__built_row *row)
{
	if (row->shape == DI__SHAPE_SELECTOR)
		return "what is chosen";
	return row->is_new ? "what it is made for" : "all that it holds";
}

static void life_text(const struct di__built_row *row, char *text, size_t size)
{
	const char *scope = scope_of(row);

	switch (row->found_kind->home) {
	case DI_HOME_ROOT:
		snprintf(text, size, "as long as the container%s",
			 row->found_kind->eager ? ", from its start" : "");
		break;
	case DI_HOME_THREAD:
		snprintf(text, size, "as long as the thread that asks, one for each");
		break;
	case DI_HOME_SCOPE:
		snprintf(text, size, "as long as a context of the scope %s, rank %d", scope,
			 row->life);
		break;
	case DI_HOME_ASKED:
	case DI_HOME_NEEDS:
	default:
		snprintf(text, size, "as long as %s; not longer than the scope %s", owner_of(row),
			 scope);
	}
}

/* ---- Who needs whom. ---- */

static void say_row(struct column *column, const struct loaded *loaded,
		    const struct di__built_row *row, const char *how)
{
	char place[TEXT_SIZE];

	say_word(column);
	fprintf(column->stream, "%-24s %-18s %s%s\n", row->name->text, kind_text(row),
		place_text(loaded, named_of(row), place, sizeof(place)), how);
}

static void say_target(struct column *column, const struct loaded *loaded,
		       const struct di__target *target, const char *how)
{
	if (target->row != NULL) {
		say_row(column, loaded, target->row, how);
		return;
	}
	say_word(column);
	if (target->provider == &di__context)
		fprintf(column->stream, "%-24s the context that it is made in\n",
			target->name->text);
	else if (target->provider != NULL)
		fprintf(column->stream, "%-24s %-18s of the container %s%s\n", target->name->text,
			target->provider->kind->name, target->provider->table->name, how);
	else
		fprintf(column->stream, "%-24s not known here%s\n", target->name->text, how);
}

/* What is behind the place where it stands. */
static void how_text(const struct di__built_row *row, uint32_t number, char *text, size_t size)
{
	uint32_t member = number - row->arguments_count;

	text[0] = '\0';
	if (number < row->arguments_count) {
		if (row->arguments[number].path != NULL)
			snprintf(text, size, ", its %s", row->arguments[number].path->text);
	} else if (row->members[member].key != NULL) {
		snprintf(text, size, ", as \"%s\"", row->members[member].key);
	} else if (row->shape == DI__SHAPE_LAZY) {
		snprintf(text, size, ", when it is asked for");
	}
}

static void say_needs(FILE *stream, const struct loaded *loaded, const struct di__built_row *row)
{
	struct column column = { stream, "needs" };
	char how[TEXT_SIZE];
	uint32_t i;

	for (i = 0; i < di__targets_count(row); i++) {
		const struct di__target *target = di__target_at(row, i);

		if (target->name == NULL)
			continue;
		how_text(row, i, how, sizeof(how));
		say_target(&column, loaded, target, how);
	}
	if (column.word[0] != '\0')
		say(stream, "needs", "nothing");
}

static int is_user(const struct di__built_row *user, const struct di__built_row *needed)
{
	uint32_t i;

	for (i = 0; i < di__targets_count(user); i++) {
		if (di__target_at(user, i)->row == needed)
			return 1;
	}
	return 0;
}

static void say_users(FILE *stream, const struct loaded *loaded, const struct di__built_row *row)
{
	struct column column = { stream, "needed by" };
	const struct di__built_row *other;

	for (other = loaded->wire.builder->first; other != NULL; other = other->next) {
		if (is_user(other, row))
			say_row(&column, loaded, other, "");
	}
	if (column.word[0] != '\0')
		say(stream, "needed by", "no other row");
}

/* ---- All. ---- */

static void say_all(FILE *stream, const struct loaded *loaded, const struct di__built_row *row)
{
	char text[TEXT_SIZE], type[TEXT_SIZE];
	const char *known = type_text(row, type, sizeof(type));
	const struct di__yaml_named *named = named_of(row);

	fprintf(stream, "%s: %s of %s\n", row->name->text, kind_text(row),
		known != NULL ? known : "a type that is not known here");
	say(stream, "at", place_text(loaded, named, text, sizeof(text)));
	if (named->override != NULL) {
		struct di__yaml_place at =
			di__yaml_at(&named->override_file->index, named->override_node);

		snprintf(text, sizeof(text), "in %s:%u:%u", loaded->files.items[at.file]->name,
			 (unsigned)at.line, (unsigned)at.column);
		say(stream, "override", text);
	}
	say_making(stream, row);
	life_text(row, text, sizeof(text));
	say(stream, "lives", text);
	say_needs(stream, loaded, row);
	say_users(stream, loaded, row);
}

static int explain(struct loaded *loaded, const char *name)
{
	const struct di__built_row *row = loaded_find(loaded, name);
	struct output output;

	if (row == NULL) {
		fprintf(stderr, "di explain: %s has no provider %s%s\n", loaded->name,
			DI__YAML_QUOTED(name),
			di__yaml_meant(di__yaml_rows_near(&loaded->rows, name), (char[96]){ 0 },
				       96));
		return STATUS_FAULTS;
	}
	if (!output_open(&output))
		return STATUS_TROUBLE;
	say_all(output.stream, loaded, row);
	return output_finish(&output, NULL) ? STATUS_OK : STATUS_TROUBLE;
}

int di_explain_command(const struct options *options)
{
	struct sources sources;
	struct loaded loaded;
	int status;

	if (!loaded_open(&loaded, &sources, options, &status))
		return status;
	status = explain(&loaded, options->arguments.items[1]);
	loaded_close(&loaded, &sources);
	return status;
}
