/* SPDX-License-Identifier: MIT */
#ifndef BENCH_NOTES_BY_HAND_REPLY_H
#define BENCH_NOTES_BY_HAND_REPLY_H

/**
 * Replies in JSON. Each takes the place of the one before it.
 */

#include "bench/notes_by_hand/request.h"

#include <jansson.h>

/** Replies with a document, which is taken over; NULL means that memory ran out. */
void reply_json(struct request *request, unsigned status, json_t *document);

/** Replies {"error": text}. */
void reply_error(struct request *request, unsigned status, const char *text);

/** Replies 413. */
void reply_too_large(struct request *request);

/** Replies what an errno means that is not the client's fault. */
void reply_failure(struct request *request, int rc);

/** Replies with a status alone. */
void reply_status(struct request *request, unsigned status);

/** Adds a header to the reply that there is. */
void reply_header(struct request *request, const char *name, const char *value);

#endif
