/* SPDX-License-Identifier: MIT */
#include "samples/notes/note.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int note_init(struct note *note, const struct note *from)
{
	char *title = strdup(from->title);
	char *text = strdup(from->text);

	if (!title || !text) {
		free(title);
		free(text);
		return ENOMEM;
	}
	*note = *from;
	note->title = title;
	note->text = text;
	return 0;
}

void note_release(struct note *note)
{
	free(note->title);
	free(note->text);
	*note = (struct note){ 0 };
}

/* UTF-8: each character has one byte that does not continue another. */
static int characters(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

const char *draft_fault(const struct draft *draft)
{
	if (!*draft->title)
		return "title is empty";
	if (characters(draft->title) > TITLE_MAX)
		return "title is longer than 200 characters";
	return NULL;
}

int user_init(struct user *user, const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > USER_MAX)
		return EINVAL;
	for (const char *at = name; *at; at++) {
		if (*at <= ' ' || *at > '~')
			return EINVAL;
	}
	memcpy(user->name, name, length + 1);
	return 0;
}
