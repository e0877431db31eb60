/* SPDX-License-Identifier: MIT */
#ifndef NOTES_HTTP_H
#define NOTES_HTTP_H

/**
 * The service over HTTP: which handler answers what, and what its results mean to a client.
 *
 *     GET    /health                         -> 200
 *     GET    /notes?after=ID&limit=N         -> 200 {"notes": [...]}
 *     POST   /notes      {"title", "text"}   -> 201 and Location
 *     GET    /notes/ID                       -> 200
 *     PUT    /notes/ID   {"title", "text"}   -> 200
 *     DELETE /notes/ID                       -> 204
 *
 * Whose notes they are says the header X-User. Every error is {"error": "..."}.
 */

#include "integrations/microhttpd/microhttpd.h"

/** The handler and the failure hook for struct di_mhd_options; data is a struct config. */
enum di_status http_answer(void *data, struct di_context *context,
			   const struct di_mhd_request *http, struct di_mhd_reply *reply,
			   struct di_error *err);
void http_failed(void *data, const struct di_mhd_request *http, const struct di_error *error,
		 struct di_mhd_reply *reply);

#endif
