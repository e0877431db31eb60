/* SPDX-License-Identifier: MIT */
#include "containers/yaml/argument.h"
#include "containers/yaml/words.h"

#include <string.h>

/* The words that say what an argument is, and how the builder has it. */
static const struct {
	const char *key;
	size_t offset;
	enum di_argument_kind kind;
} forms[] = {
	{ "ref", offsetof(struct di__yaml_argument, ref), DI_ARGUMENT_NEED },
	{ "int", offsetof(struct di__yaml_argument, integer), DI_ARGUMENT_PLAIN },
	{ "float", offsetof(struct di__yaml_argument, real), DI_ARGUMENT_PLAIN },
	{ "bool", offsetof(struct di__yaml_argument, boolean), DI_ARGUMENT_PLAIN },
	{ "str", offsetof(struct di__yaml_argument, string), DI_ARGUMENT_STRING },
	{ "env", offsetof(struct di__yaml_argument, env), DI_ARGUMENT_ENVIRONMENT },
};

enum {
	FORMS_COUNT = sizeof(forms) / sizeof(*forms)
};

static const char *text_of(const struct di__yaml_argument *written, unsigned form)
{
	const char *text;

	memcpy(&text, (const char *)written + forms[form].offset, sizeof(text));
	return text;
}

/* Numbers and truths. */
static int is_value(unsigned form)
{
	return forms[form].kind == DI_ARGUMENT_PLAIN;
}

/* A row, or behind points the way to a member. */
static int is_reference(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && text[0] != '.' && text[length - 1] != '.' &&
	       strstr(text, "..") == NULL;
}

/* What the text is not, or NULL. Numbers and truths are written without quotes. */
static const char *misses(unsigned form, const char *text, int is_plain)
{
	int64_t integer;
	uint64_t natural;
	double real;
	int boolean;

	switch (forms[form].key[0]) {
	case 'r':
		return is_reference(text) ? NULL : "row, and no member of one: row.member";
	case 'e':
		return text[0] != '\0' ? NULL : "variable";
	case 'i':
		return is_plain && (di__yaml_integer(text, &integer) ||
				    di__yaml_natural(text, &natural))
			       ? NULL
			       : "whole number";
	case 'f':
		return is_plain && di__yaml_real(text, &real) ? NULL : "number";
	case 'b':
		return is_plain && di__yaml_boolean(text, &boolean) ? NULL : "truth: true or false";
	default:
		return NULL;
	}
}

static void refuse(const struct di__yaml_index *index, uint32_t node,
		   struct di__yaml_faults *faults, unsigned count)
{
	if (count == 0)
		di__yaml_fault(faults, di__yaml_at(index, node), DI__YAML_PATH(index, node),
			       "an argument is one of ref, int, float, bool, str, env");
	else
		di__yaml_fault(
			faults, di__yaml_at(index, node), DI__YAML_PATH(index, node),
			"an argument is one of ref, int, float, bool, str, env, and here are "
			"%u",
			count);
}

int di__yaml_argument(const struct di__yaml_argument *written, const struct di__yaml_index *index,
		      uint32_t node, struct di__yaml_faults *faults, struct di_argument *argument)
{
	unsigned form = 0, count = 0, i;
	const char *text, *what;
	uint32_t at;

	for (i = 0; i < FORMS_COUNT; i++) {
		if (text_of(written, i) != NULL) {
			form = i;
			count++;
		}
	}
	if (count != 1) {
		refuse(index, node, faults, count);
		return 0;
	}
	text = text_of(written, form);
	at = di__yaml_index_find(index, node, forms[form].key);
	what = misses(form, text, index->nodes[at].is_plain);
	if (what != NULL) {
		di__yaml_fault(faults, di__yaml_at(index, at), DI__YAML_PATH(index, at),
			       "%s is no %s%s", DI__YAML_QUOTED(text), what,
			       index->nodes[at].is_plain || !is_value(form)
				       ? ""
				       : "; it is written without quotes");
		return 0;
	}
	if (written->fallback != NULL && forms[form].kind != DI_ARGUMENT_ENVIRONMENT) {
		at = di__yaml_index_find(index, node, "default");
		di__yaml_fault(faults, di__yaml_at_key(index, at), DI__YAML_PATH(index, at),
			       "only env has a default");
		return 0;
	}
	*argument = (struct di_argument){ forms[form].kind, text, written->fallback, NULL };
	return 1;
}
