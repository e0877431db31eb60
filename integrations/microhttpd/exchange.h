/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_EXCHANGE_H
#define DI_MICROHTTPD_EXCHANGE_H

/**
 * A request and what is kept for it, from its headers to its completion notice. Private to the
 * integration.
 *
 * One thread at a time has it: libmicrohttpd's, or while the connection is suspended the one that
 * runs the handler.
 */

#include "integrations/microhttpd/buffer.h"
#include "integrations/microhttpd/service.h"

#include <stdatomic.h>

struct di__mhd_exchange {
	struct di_mhd *mhd;
	struct di_mhd_request http;
	struct di_context *context; /* NULL once it is closed */
	struct di__mhd_buffer body;
	int body_error; /* 0, EFBIG or ENOMEM: the rest of the body is swallowed */
	atomic_int answered;
	unsigned status;               /* of the response, once it is answered ... */
	struct MHD_Response *response; /* ... which is this, or NULL: there was no memory for it */
};

/** A new exchange, or NULL: no request begins any more, or there is no memory. */
struct di__mhd_exchange *di__mhd_exchange_new(struct di_mhd *mhd);

/** Ends it; what is still open is closed as cancelled. */
void di__mhd_exchange_free(struct di__mhd_exchange *exchange);

/** Closes the context, by the dispatcher where there is one. */
enum di_status di__mhd_exchange_close(struct di__mhd_exchange *exchange, enum di_outcome outcome,
				      struct di_error *err);

/** Runs the handler and closes the context with its outcome. The exchange is answered then. */
void di__mhd_answer(struct di__mhd_exchange *exchange);

/** Answers with the failure; a context is closed as failed. */
void di__mhd_refuse(struct di__mhd_exchange *exchange, const struct di_error *err);

/**
 * Lets the dispatcher have the exchange while the connection is suspended. After the call it is
 * somebody else's; but MHD_NO, and nothing is done, where the service is being stopped.
 */
enum MHD_Result di__mhd_dispatch(struct di__mhd_exchange *exchange);

#endif
