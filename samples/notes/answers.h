/* SPDX-License-Identifier: MIT */
#ifndef NOTES_ANSWERS_H
#define NOTES_ANSWERS_H

/**
 * What is answered to each method of each path, once it is known which one was meant.
 */

#include "integrations/microhttpd/microhttpd.h"

#include <stdint.h>

/** All that answering one request takes; borrowed for the answer. */
struct exchange {
	struct di_context *context;
	const struct di_mhd_request *http;
	struct di_mhd_reply *reply;
	struct di_error *err;
	int64_t id; /**< of the note that the path names, or 0 */
};

/** DI_OK: the reply stands, whatever it says. Otherwise err does. */
typedef enum di_status answer_fn(struct exchange *exchange);

enum di_status get_health(struct exchange *exchange);
enum di_status get_notes(struct exchange *exchange);
enum di_status get_note(struct exchange *exchange);
/** Adds a note, or rewrites the one that the path names. */
enum di_status save_note(struct exchange *exchange);
enum di_status delete_note(struct exchange *exchange);

/** Replies with an error; always DI_OK. */
enum di_status refuse(struct exchange *exchange, unsigned status, const char *text);

#endif
