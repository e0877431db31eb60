/* SPDX-License-Identifier: MIT */
#include "containers/yaml/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Scalars. ---- */

/* The digits at the beginning of text, of which several do not begin with a zero. */
static size_t digits(const char *text)
{
	size_t count = strspn(text, "0123456789");

	return count > 1 && text[0] == '0' ? 0 : count;
}

int di__yaml_natural(const char *text, uint64_t *value)
{
	size_t count = digits(text);

	if (count == 0 || text[count] != '\0')
		return 0;
	errno = 0;
	*value = strtoull(text, NULL, 10);
	return errno == 0;
}

int di__yaml_integer(const char *text, int64_t *value)
{
	size_t sign = text[0] == '-';
	size_t count = digits(text + sign);

	if (count == 0 || text[sign + count] != '\0')
		return 0;
	errno = 0;
	*value = strtoll(text, NULL, 10);
	return errno == 0;
}

/* Whether text has the form that is taken; strtod() alone takes more, and in places a comma. */
static int is_real(const char *text)
{
	size_t count;

	text += text[0] == '-';
	count = digits(text);
	if (count == 0)
		return 0;
	text += count;
	if (*text == '.') {
		count = strspn(text + 1, "0123456789");
		if (count == 0)
			return 0;
		text += count + 1;
	}
	if (*text == 'e' || *text == 'E') {
		text++;
		text += *text == '-' || *text == '+';
		count = strspn(text, "0123456789");
		if (count == 0)
			return 0;
		text += count;
	}
	return *text == '\0';
}

/* strtod() reads what the locale calls a point. */
static const char *localized(const char *text, char *buffer, size_t size)
{
	char point[8];
	const char *dot = strchr(text, '.');
	size_t before, length;

	snprintf(point, sizeof(point), "%.1f", 0.5);
	length = strlen(point) - 2;
	if (dot == NULL || (length == 1 && point[1] == '.'))
		return text;
	before = (size_t)(dot - text);
	if (strlen(text) + length >= size)
		return NULL;
	memcpy(buffer, text, before);
	memcpy(buffer + before, point + 1, length);
	snprintf(buffer + before + length, size - before - length, "%s", dot + 1);
	return buffer;
}

int di__yaml_real(const char *text, double *value)
{
	char buffer[512];
	const char *written;
	char *end;

	if (!is_real(text))
		return 0;
	written = localized(text, buffer, sizeof(buffer));
	if (written == NULL)
		return 0;
	errno = 0;
	*value = strtod(written, &end);
	return *end == '\0' && (errno == 0 || (*value > -1 && *value < 1));
}

int di__yaml_boolean(const char *text, int *value)
{
	*value = strcmp(text, "true") == 0;
	return *value || strcmp(text, "false") == 0;
}

/* ---- Words. ---- */

int di__yaml_is_word(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	return text[0] != '\0' && text[strspn(text, letters)] == '\0' &&
	       strchr("0123456789", text[0]) == NULL;
}

enum {
	LONGEST = 64
};

/* The number of letters that are to be changed, left out or put in; LONGEST for long words. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], width = strlen(b), i, j;

	if (strlen(a) > LONGEST || width > LONGEST)
		return LONGEST;
	for (j = 0; j <= width; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (j = 0; j < width; j++) {
			size_t above = row[j + 1];
			size_t best = diagonal + (a[i] != b[j]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			row[j + 1] = best;
			diagonal = above;
		}
	}
	return row[width];
}

const char *di__yaml_nearer(const char *text, const char *best, const char *word)
{
	size_t most = best != NULL ? distance(text, best) : strlen(word) / 3 + 1;

	return distance(text, word) < most || (best == NULL && distance(text, word) == most) ? word
											     : best;
}

char *di__yaml_meant(const char *word, char *buffer, size_t size)
{
	buffer[0] = '\0';
	if (word != NULL)
		snprintf(buffer, size, "; did you mean '%s'?", word);
	return buffer;
}
