/* SPDX-License-Identifier: MIT */
#ifndef DI_SOAK_SCRIPT_H
#define DI_SOAK_SCRIPT_H

/**
 * Writing scripts for clients.
 */

#include "tests/soak/client.h"

/** From least to most, both included. */
int random_from(uint64_t *seed, int least, int most);

/** Appends to what is sent; what does not fit is left out. */
void send_bytes(struct script *script, const void *bytes, size_t size);
void send_text(struct script *script, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** So many bytes, all the same letter. */
void send_filling(struct script *script, uint64_t *seed, size_t size);

/** A request with a body, which may be NULL. */
void send_request(struct script *script, const char *method, const char *path, const char *owner,
		  const char *body);

/** Expects a reply, after those that are already expected. Its text may be changed. */
struct expected *expect(struct script *script, int status, const char *text);

/** A note's draft: its text says which title it belongs to. Returns buffer. */
const char *draft(char *buffer, size_t size, const struct client *client, int number);

/** Leaves in one of the three ways, at once or after up to three seconds. */
void leave_somehow(struct script *script, uint64_t *seed);

#endif
