/* SPDX-License-Identifier: MIT */
#ifndef BENCH_NOTES_BY_HAND_REQUEST_H
#define BENCH_NOTES_BY_HAND_REQUEST_H

/**
 * A request, from its headers to its completion notice: its body, its session, its reply.
 */

#include "bench/notes_by_hand/service.h"

#include "samples/notes/note.h"
#include "samples/notes/session.h"

#include <stddef.h>
#include <stdint.h>

struct request {
	struct service *service;
	struct MHD_Connection *connection;
	const char *method, *url;
	char *body; /**< ended with 0 */
	size_t body_size, body_capacity;
	int body_error; /**< 0, EFBIG or ENOMEM: the rest of the body is swallowed */
	struct user user;
	int64_t id;                    /**< of the note that the path names, or 0 */
	struct session *session;       /**< NULL: the database was not used */
	unsigned status;               /**< of the reply */
	struct MHD_Response *response; /**< NULL: memory ran out */
};

/** The access handler and the completion callback; both are given the service. */
enum MHD_Result request_access(void *service, struct MHD_Connection *connection, const char *url,
			       const char *method, const char *version, const char *upload,
			       size_t *upload_size, void **state);
void request_completed(void *service, struct MHD_Connection *connection, void **state,
		       enum MHD_RequestTerminationCode reason);

#endif
