/* SPDX-License-Identifier: MIT */
#ifndef NOTES_REPLY_H
#define NOTES_REPLY_H

/**
 * Replies in JSON. Where memory runs out the reply becomes an empty 500 by itself.
 */

#include "integrations/microhttpd/microhttpd.h"

#include <jansson.h>

/** Replies with a document, which is taken over; NULL means that memory ran out. */
void reply_json(struct di_mhd_reply *reply, unsigned status, json_t *document);

/** Replies {"error": text}. */
void reply_error(struct di_mhd_reply *reply, unsigned status, const char *text);

/** Replies that the database is locked, and when to try again. */
void reply_busy(struct di_mhd_reply *reply);

/** Replies with no more than "internal error"; the reason goes to stderr. */
void reply_internal(struct di_mhd_reply *reply, const struct di_mhd_request *http,
		    const char *reason);

#endif
