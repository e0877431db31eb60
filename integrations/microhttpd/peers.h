/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_PEERS_H
#define DI_MICROHTTPD_PEERS_H

/**
 * The connections that are open, so that a daemon is stopped without any.
 *
 * libmicrohttpd 0.9.75 dereferences NULL where it answers a malformed request while it is being
 * stopped: MHD_queue_response() then takes no response and says that it has. A connection that was
 * hung up before brings no request.
 */

#include "integrations/microhttpd/service.h"

/** Keeps what is open: a MHD_NotifyConnectionCallback, whose cls is the struct di_mhd. */
void di__mhd_peer_changed(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code);

/**
 * Hangs up all and waits until libmicrohttpd has closed them, for a second at most. Where handlers
 * still run it may be in vain. Not from libmicrohttpd's threads.
 */
void di__mhd_hang_up(struct di_mhd *mhd);

#endif
