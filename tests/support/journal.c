/* SPDX-License-Identifier: MIT */
#include "tests/support/journal.h"

#include <check.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE = 120,
	LINES = 4096
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char lines[LINES][LINE];
static int length;

void journal_write(const char *format, ...)
{
	va_list arguments;

	pthread_mutex_lock(&lock);
	if (length == LINES)
		abort();
	va_start(arguments, format);
	vsnprintf(lines[length++], LINE, format, arguments);
	va_end(arguments);
	pthread_mutex_unlock(&lock);
}

void journal_clear(void)
{
	pthread_mutex_lock(&lock);
	length = 0;
	pthread_mutex_unlock(&lock);
}

int journal_length(void)
{
	int now;

	pthread_mutex_lock(&lock);
	now = length;
	pthread_mutex_unlock(&lock);
	return now;
}

static int is_as_expected(const char *const *expected)
{
	int i;

	for (i = 0; i < length && expected[i] != NULL; i++) {
		if (strcmp(lines[i], expected[i]) != 0)
			return 0;
	}
	return i == length && expected[i] == NULL;
}

/* What does not fit is left out. */
static void append(char *text, size_t size, const char *line)
{
	static const char indent[] = "\n    ";

	if (strlen(text) + strlen(indent) + strlen(line) < size) {
		strcat(text, indent);
		strcat(text, line);
	}
}

void journal_compare(const char *file, int line, const char *const *expected)
{
	static char text[2][8192];
	int i, equal = is_as_expected(expected);

	text[0][0] = text[1][0] = '\0';
	for (i = 0; !equal && expected[i] != NULL; i++)
		append(text[0], sizeof(text[0]), expected[i]);
	for (i = 0; !equal && i < length; i++)
		append(text[1], sizeof(text[1]), lines[i]);
	journal_clear();
	if (!equal)
		ck_abort_msg("%s:%d: expected:%s\n  but was:%s", file, line, text[0], text[1]);
}
