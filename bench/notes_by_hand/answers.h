/* SPDX-License-Identifier: MIT */
#ifndef BENCH_NOTES_BY_HAND_ANSWERS_H
#define BENCH_NOTES_BY_HAND_ANSWERS_H

/**
 * Routing, and what each method of each path does.
 */

#include "bench/notes_by_hand/request.h"

/** Makes the reply. The request's session, if it has begun one, is still open. */
void answer(struct request *request);

/** The answers, for routing. */
typedef void answer_fn(struct request *request);
answer_fn get_health, get_notes, get_note, save_note, delete_note;

#endif
