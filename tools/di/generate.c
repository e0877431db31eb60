/* SPDX-License-Identifier: MIT */
#include "tools/di/generate.h"
#include "tools/di/command.h"
#include "tools/di/output.h"

#include <ctype.h>
#include <string.h>

enum {
	NAME_SIZE = 160
};

/* ---- Names. ---- */

/* What is no letter of a name becomes _. */
static void in_capitals(const char *text, char *name, size_t size)
{
	size_t i;

	for (i = 0; text[i] != '\0' && i + 1 < size; i++)
		name[i] = (char)(isalnum((unsigned char)text[i]) ? toupper((unsigned char)text[i])
								 : '_');
	name[i] = '\0';
}

static void guard_of(const struct loaded *loaded, char *name, size_t size)
{
	const char *output = loaded->options->output, *slash;
	char file[NAME_SIZE];

	if (output == NULL) {
		snprintf(file, sizeof(file), "%s.h", loaded->wire.builder->name);
		output = file;
	}
	slash = strrchr(output, '/');
	output = slash != NULL ? slash + 1 : output;
	in_capitals(output, name, size);
	/* No name begins with a digit. */
	if (isdigit((unsigned char)name[0]))
		name[0] = 'N';
}

/* The list of rows: the name of the container in capitals, if that is another one. */
static void list_of(const struct loaded *loaded, char *name, size_t size)
{
	in_capitals(loaded->wire.builder->name, name, size);
	if (strcmp(name, loaded->wire.builder->name) == 0)
		snprintf(name + strlen(name), size - strlen(name), "_ROWS");
}

/* No row has the name of the one that holds values. */
static void name_values(struct generated *generated)
{
	const char *name = generated->loaded->wire.builder->name;
	unsigned number = 1;

	snprintf(generated->values, sizeof(generated->values), "%s_values", name);
	while (loaded_find(generated->loaded, generated->values) != NULL)
		snprintf(generated->values, sizeof(generated->values), "%s_values%u", name,
			 ++number);
}

/* Rows become objects of C, which have names of their own. */
static void check_name(struct generated *generated, const struct di__name *name,
		       const struct di__built_row *user)
{
	if (name == NULL || name->row == NULL)
		return;
	di__yaml_row_fault(
		&generated->loaded->faults, named_of(name->row), "name",
		"%s: the program has a function or object of that name, which %s is made "
		"of; in a table of macros a row needs another name",
		name->text, user->name->text);
}

/* Of C11, but for those that begin with _. */
static int is_keyword(const char *name)
{
	static const char words[] =
		" auto break case char const continue default do double else enum extern float for "
		"goto if inline int long register restrict return short signed sizeof static "
		"struct "
		"switch typedef union unsigned void volatile while ";
	const char *at = strstr(words, name);

	return at != NULL && at[-1] == ' ' && at[strlen(name)] == ' ';
}

static void check_word(struct generated *generated, const struct di__built_row *row)
{
	const struct loaded *loaded = generated->loaded;
	const char *what = NULL;

	if (is_keyword(row->name->text))
		what = "a word of C";
	else if (strcmp(row->name->text, loaded->wire.builder->name) == 0)
		what = "the name of the table";
	if (what != NULL)
		di__yaml_row_fault(&generated->loaded->faults, named_of(row), "name",
				   "%s: that is %s; in a table of macros a row needs another name",
				   row->name->text, what);
}

static void check_names(struct generated *generated)
{
	const struct di__built_row *row = generated->loaded->wire.builder->first;

	for (; row != NULL; row = row->next) {
		check_word(generated, row);
		check_name(generated, row->constructor, row);
		check_name(generated, row->destructor, row);
		if (row->value != NULL)
			check_name(generated, row->value->object, row);
	}
}

/* ---- What stands above the rows. ---- */

static void generate_includes(FILE *stream, const struct words *includes)
{
	size_t i;

	fprintf(stream, "#include <di/di.h>\n");
	for (i = 0; i < includes->count; i++)
		fprintf(stream,
			includes->items[i][0] == '<' ? "%s#include %s\n" : "%s#include \"%s\"\n",
			i == 0 ? "\n" : "", includes->items[i]);
}

static int is_tagged(const char *type)
{
	return strncmp(type, "struct ", 7) == 0 || strncmp(type, "union ", 6) == 0;
}

static int is_first(const struct di__built_row *first, const struct di__built_row *row)
{
	while (first != row && first->provides.base != row->provides.base)
		first = first->next;
	return first == row;
}

/* Accessors need no more of a type than its name. */
static void generate_types(FILE *stream, const struct di_builder *builder)
{
	const struct di__built_row *row;

	fprintf(stream, "\n");
	for (row = builder->first; row != NULL; row = row->next) {
		if (row->provides.base != NULL && is_tagged(row->provides.base->text) &&
		    is_first(builder->first, row))
			fprintf(stream, "%s;\n", row->provides.base->text);
	}
}

static void generate_scopes(FILE *stream, const struct di_builder *builder)
{
	const struct di__made_scope *scope;

	for (scope = builder->scopes; scope != NULL; scope = scope->next)
		fprintf(stream, "%sDI_SCOPE_DECLARE(%s, %d);\n",
			scope == builder->scopes ? "\n/* DI_SCOPE_DEFINE() in one source file. */\n"
						 : "",
			scope->scope.name, scope->scope.rank);
}

/* ---- All. ---- */

static void generate_table(struct generated *generated)
{
	const struct di_builder *builder = generated->loaded->wire.builder;
	const struct di__connected *connected;
	char list[NAME_SIZE];

	list_of(generated->loaded, list, sizeof(list));
	fprintf(generated->stream, "\n/* clang-format off */\n#define %s(X)", list);
	generate_rows(generated);
	fprintf(generated->stream,
		"\n/* clang-format on */\n\n/* DI_CONTAINER_DEFINE(%s, %s); in one source file. "
		"*/\n"
		"DI_CONTAINER_DECLARE(%s, %s",
		builder->name, list, builder->name, list);
	for (connected = builder->connected; connected != NULL; connected = connected->next)
		fprintf(generated->stream, ", %s", connected->table->name);
	fprintf(generated->stream, ");\n");
}

/* A name may have what would end the comment, or begin another one. */
static void generate_origin(FILE *stream, const char *name)
{
	fprintf(stream, "/* Generated from ");
	for (; *name != '\0'; name++)
		fputc((unsigned char)*name < 0x20 || *name == '*' ? '?' : *name, stream);
	fprintf(stream, " by di %s: change that file, not this one. */\n", VERSION_TEXT);
}

static void generate_header(struct generated *generated)
{
	const struct loaded *loaded = generated->loaded;
	FILE *stream = generated->stream;
	char guard[NAME_SIZE];

	guard_of(loaded, guard, sizeof(guard));
	name_values(generated);
	generate_origin(stream, loaded->name);
	fprintf(stream, "#ifndef %s\n#define %s\n\n", guard, guard);
	generate_includes(stream, &loaded->options->includes);
	generate_types(stream, loaded->wire.builder);
	generate_scopes(stream, loaded->wire.builder);
	generate_values(generated);
	generate_table(generated);
	fprintf(stream, "\n#endif\n");
}

static int generate(struct loaded *loaded)
{
	struct generated generated = { .loaded = loaded };
	struct output output;
	int status;

	if (!output_open(&output))
		return STATUS_TROUBLE;
	generated.stream = output.stream;
	check_names(&generated);
	generate_header(&generated);
	status = loaded_tell(loaded, 0);
	if (status != STATUS_OK) {
		output_drop(&output);
		return status;
	}
	return output_finish(&output, loaded->options->output) ? STATUS_OK : STATUS_TROUBLE;
}

int di_generate_command(const struct options *options)
{
	struct sources sources;
	struct loaded loaded;
	int status;

	if (!loaded_open(&loaded, &sources, options, &status))
		return status;
	status = generate(&loaded);
	loaded_close(&loaded, &sources);
	return status;
}
