/* SPDX-License-Identifier: MIT */
#ifndef NOTES_NOTE_H
#define NOTES_NOTE_H

/**
 * Notes and who they belong to: plain values.
 */

#include <stdint.h>

enum {
	TITLE_MAX = 200, /**< characters */
	USER_MAX = 64    /**< bytes */
};

struct user {
	char name[USER_MAX + 1];
};

/** What a user writes. Strings are UTF-8 and borrowed. */
struct draft {
	const char *title;
	const char *text;
};

/** A note as it is kept. */
struct note {
	int64_t id;
	int64_t created; /**< seconds since 1970 */
	int64_t changed;
	char *title;
	char *text;
};

/** Which notes of a list: at most limit, those with an id above after. */
struct page {
	int64_t after;
	int limit;
};

/** Takes one note of a list, borrowed for the call. A result that is not 0 ends the list. */
typedef int note_fn(void *data, const struct note *note);

/** Copies the strings. Returns 0, or ENOMEM with note unchanged; note_release() gives them back. */
int note_init(struct note *note, const struct note *from);

/** A zeroed note is legal. */
void note_release(struct note *note);

/** What is wrong with a draft, a literal, or NULL. */
const char *draft_fault(const struct draft *draft);

/** Takes the user's name. Returns 0, or EINVAL: 1 to 64 printable ASCII characters, no spaces. */
int user_init(struct user *user, const char *name);

#endif
