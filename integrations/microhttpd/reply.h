/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_REPLY_H
#define DI_MICROHTTPD_REPLY_H

/**
 * A reply while it is being written, and the response that it becomes. Private to the integration.
 */

#include "integrations/microhttpd/buffer.h"
#include "integrations/microhttpd/microhttpd.h"

/** One thread at a time. Zeroed, with its buffers' allocators set, it is an empty reply. */
struct di_mhd_reply {
	unsigned status;
	int broken; /**< memory ran out on the way: not fit to be sent */
	int outcome_said;
	enum di_outcome outcome;
	struct di__mhd_buffer body;
	struct di__mhd_buffer headers; /**< name NUL value NUL, and so on */
	struct di__mhd_buffer type;    /**< Content-Type; no data: none */
};

void di__mhd_reply_init(struct di_mhd_reply *reply, const struct di_allocator *allocator,
			unsigned status);
void di__mhd_reply_release(struct di_mhd_reply *reply);

/** Makes it an empty reply of that status again. */
void di__mhd_reply_reset(struct di_mhd_reply *reply, unsigned status);

/** How the context is to end by what the reply says. */
enum di_outcome di__mhd_reply_judge(const struct di_mhd_reply *reply);

/** The response, owned by the caller, or NULL where the reply is broken or memory runs out. */
struct MHD_Response *di__mhd_reply_build(const struct di_mhd_reply *reply);

#endif
