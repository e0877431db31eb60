/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/*
 * Types by their names. What is written in several ways becomes one: blanks, and where const
 * stands.
 */

static int is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Copies text with blanks only between words, and returns the length. */
static size_t squeeze(const char *text, char *buffer)
{
	size_t length = 0;
	int blank = 0;

	for (; *text != '\0'; text++) {
		if (isspace((unsigned char)*text)) {
			blank = 1;
			continue;
		}
		if (blank && length > 0 && is_word(buffer[length - 1]) && is_word(*text))
			buffer[length++] = ' ';
		buffer[length++] = *text;
		blank = 0;
	}
	return length;
}

static int ends_with(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* Takes const off, in front where no pointer follows, and behind. */
static int drop_const(const char **text, size_t *length)
{
	int found = 0;

	while (ends_with(*text, *length, " const") || ends_with(*text, *length, "*const")) {
		*length -= (*text)[*length - 6] == ' ' ? 6 : 5;
		found = 1;
	}
	while (*length > 6 && memcmp(*text, "const ", 6) == 0 &&
	       memchr(*text, '*', *length) == NULL) {
		*text += 6;
		*length -= 6;
		found = 1;
	}
	return found;
}

enum di_status di__see_type(struct di_builder *builder, const char *text, int is_pointer,
			    struct di__seen_type *seen)
{
	char few[128], *buffer = few;
	const char *base;
	size_t length = strlen(text);

	if (length >= sizeof(few))
		buffer = di__pool_take(&builder->pool, length + 1);
	if (buffer == NULL)
		return DI_ENOMEM;
	base = buffer;
	length = squeeze(text, buffer);
	if (is_pointer) {
		drop_const(&base, &length);
		length -= length > 0 && base[length - 1] == '*';
	}
	seen->is_const = drop_const(&base, &length);
	seen->base = di__names_enter(&builder->types, base, length);
	return seen->base != NULL ? DI_OK : DI_ENOMEM;
}

int di__type_fits(struct di__seen_type given, struct di__seen_type wanted)
{
	if (given.base == NULL || wanted.base == NULL)
		return 1;
	return (given.base == wanted.base || strcmp(wanted.base->text, "void") == 0) &&
	       (wanted.is_const || !given.is_const);
}

const char *di__type_text(struct di__seen_type type, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s%s", type.is_const ? "const " : "",
		 type.base != NULL ? type.base->text : "?");
	return buffer;
}

int di__scalar_type(const char *text, struct di_parameter *parameter)
{
	static const struct di_parameter known[] = {
		{ { sizeof(_Bool), "_Bool", 0 }, DI_VALUE_BOOL },
		{ { sizeof(_Bool), "bool", 0 }, DI_VALUE_BOOL },
		{ { 1, "char", 0 }, CHAR_MIN < 0 ? DI_VALUE_SIGNED : DI_VALUE_UNSIGNED },
		{ { 1, "signed char", 0 }, DI_VALUE_SIGNED },
		{ { 1, "unsigned char", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(short), "short", 0 }, DI_VALUE_SIGNED },
		{ { sizeof(short), "unsigned short", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(int), "int", 0 }, DI_VALUE_SIGNED },
		{ { sizeof(int), "unsigned", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(int), "unsigned int", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(long), "long", 0 }, DI_VALUE_SIGNED },
		{ { sizeof(long), "unsigned long", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(long long), "long long", 0 }, DI_VALUE_SIGNED },
		{ { sizeof(long long), "unsigned long long", 0 }, DI_VALUE_UNSIGNED },
		{ { 1, "int8_t", 0 }, DI_VALUE_SIGNED },
		{ { 2, "int16_t", 0 }, DI_VALUE_SIGNED },
		{ { 4, "int32_t", 0 }, DI_VALUE_SIGNED },
		{ { 8, "int64_t", 0 }, DI_VALUE_SIGNED },
		{ { 1, "uint8_t", 0 }, DI_VALUE_UNSIGNED },
		{ { 2, "uint16_t", 0 }, DI_VALUE_UNSIGNED },
		{ { 4, "uint32_t", 0 }, DI_VALUE_UNSIGNED },
		{ { 8, "uint64_t", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(size_t), "size_t", 0 }, DI_VALUE_UNSIGNED },
		{ { sizeof(float), "float", 0 }, DI_VALUE_FLOATING },
		{ { sizeof(double), "double", 0 }, DI_VALUE_FLOATING },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].type.name, text) == 0) {
			*parameter = known[i];
			return 1;
		}
	}
	return 0;
}
