/* SPDX-License-Identifier: MIT */
#ifndef NOTES_DOMAIN_H
#define NOTES_DOMAIN_H

/** What the code in README.md speaks of without showing it. It is compiled by `make check-docs`. */

#include <di/di.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct config {
	struct {
		const char *path;
	} db;
};

struct clock {
	long now;
};

struct store {
	FILE *file;
};

struct session {
	struct store *store;
	int notes;
};

struct request {
	const char *text;
};

static const struct config default_config = { { "notes.db" } };

static inline int clock_new(struct clock **out)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : ENOMEM;
}

static inline void clock_free(struct clock *clock)
{
	free(clock);
}

static inline int store_open(struct store **out, const char *path)
{
	FILE *file = fopen(path, "r+");

	if (file == NULL)
		return errno;
	*out = malloc(sizeof(**out));
	if (*out == NULL)
		return ENOMEM;
	(*out)->file = file;
	return 0;
}

static inline void store_close(struct store *store)
{
	fclose(store->file);
	free(store);
}

static inline int session_begin(struct session **out, struct store *store)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return ENOMEM;
	(*out)->store = store;
	return 0;
}

static inline int session_end(struct session *session, enum di_outcome outcome)
{
	printf("session of %d notes: %s\n", session->notes, di_outcome_text(outcome));
	free(session);
	return 0;
}

static inline int add_note(const struct request *request, struct session *session,
			   struct clock *clock)
{
	session->notes += request->text[0] != '\0' && clock->now >= 0;
	return session->notes;
}

#endif
