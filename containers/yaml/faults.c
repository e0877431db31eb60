/* SPDX-License-Identifier: MIT */
#include "containers/yaml/faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Faults of one load. What cannot be kept for want of memory makes the load fail all the same.
 */

static int make_room(struct di__yaml_faults *faults)
{
	size_t room = faults->room > 0 ? faults->room * 2 : 16;
	struct di__yaml_fault *items;

	if (faults->count < faults->room)
		return 1;
	items = realloc(faults->items, room * sizeof(*items));
	if (items == NULL)
		return 0;
	faults->items = items;
	faults->room = room;
	return 1;
}

static char *copy_both(const char *text, const char *path)
{
	size_t length = strlen(text) + 1, rest = strlen(path) + 1;
	char *copy = malloc(length + rest);

	if (copy == NULL)
		return NULL;
	memcpy(copy, text, length);
	memcpy(copy + length, path, rest);
	return copy;
}

/* One line of whole characters, whatever words of a file it has. */
static void clean(char *text, size_t size)
{
	size_t length = strlen(text), i;

	for (i = 0; i < length; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
	}
	if (length + 1 < size)
		return;
	while (length > 0 && ((unsigned char)text[length - 1] & 0xc0) == 0x80)
		length--;
	if (length > 0 && ((unsigned char)text[length - 1] & 0x80) != 0)
		length--;
	text[length] = '\0';
}

void di__yaml_fault(struct di__yaml_faults *faults, struct di__yaml_place place, const char *path,
		    const char *format, ...)
{
	char text[DI__YAML_TEXT_SIZE];
	struct di__yaml_fault *fault;
	va_list arguments;

	if (faults->count >= DI__YAML_FAULTS_MAX) {
		faults->left_out++;
		return;
	}
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	clean(text, sizeof(text));
	if (!make_room(faults)) {
		faults->no_memory = 1;
		return;
	}
	fault = &faults->items[faults->count];
	*fault = (struct di__yaml_fault){ .place = place, .number = (uint32_t)faults->count };
	fault->text = copy_both(text, path);
	if (fault->text == NULL) {
		faults->no_memory = 1;
		return;
	}
	fault->path = fault->text + strlen(fault->text) + 1;
	faults->count++;
}

size_t di__yaml_faults_count(const struct di__yaml_faults *faults)
{
	return faults->count + faults->left_out + (faults->no_memory ? 1 : 0);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
	const struct di__yaml_fault *a = left, *b = right;
	int order = compare_numbers(a->place.file, b->place.file);

	if (order == 0)
		order = compare_numbers(a->place.line, b->place.line);
	if (order == 0)
		order = compare_numbers(a->place.column, b->place.column);
	return order != 0 ? order : compare_numbers(a->number, b->number);
}

void di__yaml_faults_report(struct di__yaml_faults *faults, const char *const *files,
			    di_yaml_report_fn *report, void *data)
{
	struct di_yaml_error error = { .file = files[0] };
	char more[64];
	size_t i;

	if (faults->count > 1)
		qsort(faults->items, faults->count, sizeof(*faults->items), compare);
	for (i = 0; i < faults->count; i++) {
		const struct di__yaml_fault *fault = &faults->items[i];

		error = (struct di_yaml_error){ files[fault->place.file], fault->place.line,
						fault->place.column, fault->text, fault->path };
		report(data, &error);
	}
	error = (struct di_yaml_error){ .file = files[0], .path = "" };
	if (faults->left_out > 0) {
		snprintf(more, sizeof(more), "%zu more errors are not shown", faults->left_out);
		error.text = more;
		report(data, &error);
	}
	if (faults->no_memory) {
		error.text = "out of memory";
		report(data, &error);
	}
}

void di__yaml_faults_release(struct di__yaml_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->count; i++)
		free(faults->items[i].text);
	free(faults->items);
	*faults = (struct di__yaml_faults){ 0 };
}

char *di__yaml_quote(char *buffer, size_t size, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = 0;

	buffer[length++] = '\'';
	/* Room for an escape, three dots, the quote and the end. */
	for (; *at != '\0' && length + 9 < size; at++) {
		if (*at < 0x20 || *at == 0x7f)
			length += (size_t)snprintf(buffer + length, size - length, "\\x%02x", *at);
		else
			buffer[length++] = (char)*at;
	}
	if (*at != '\0') {
		/* No character is cut in its middle. */
		while ((buffer[length - 1] & 0xc0) == 0x80)
			length--;
		if ((buffer[length - 1] & 0x80) != 0)
			length--;
		memcpy(buffer + length, "...", 3);
		length += 3;
	}
	buffer[length++] = '\'';
	buffer[length] = '\0';
	return buffer;
}
