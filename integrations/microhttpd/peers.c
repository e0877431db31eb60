/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/peers.h"
#include "integrations/microhttpd/buffer.h"

#include <sys/socket.h>
#include <time.h>

struct di__mhd_peer {
	struct di__mhd_peer *next, **link;
	MHD_socket socket;
};

/* Without memory for it a connection is merely not hung up. */
static struct di__mhd_peer *begin(struct di_mhd *mhd, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct di__mhd_peer *peer =
		info ? di__mhd_allocate(mhd->options.allocator, sizeof(*peer)) : NULL;

	if (!peer)
		return NULL;
	peer->socket = info->connect_fd;
	pthread_mutex_lock(&mhd->lock);
	peer->next = mhd->peers;
	peer->link = &mhd->peers;
	if (peer->next)
		peer->next->link = &peer->next;
	mhd->peers = peer;
	pthread_mutex_unlock(&mhd->lock);
	return peer;
}

/* The socket is closed after that. */
static void end(struct di_mhd *mhd, struct di__mhd_peer *peer)
{
	pthread_mutex_lock(&mhd->lock);
	*peer->link = peer->next;
	if (peer->next)
		peer->next->link = peer->link;
	if (!mhd->peers)
		pthread_cond_broadcast(&mhd->idle);
	pthread_mutex_unlock(&mhd->lock);
	di__mhd_release(mhd->options.allocator, peer, sizeof(*peer));
}

void di__mhd_peer_changed(void *cls, struct MHD_Connection *connection, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct di_mhd *mhd = cls;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*socket_context = begin(mhd, connection);
	else if (*socket_context)
		end(mhd, *socket_context);
}

void di__mhd_hang_up(struct di_mhd *mhd)
{
	const struct di__mhd_peer *peer;
	struct timespec deadline;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec++;
	pthread_mutex_lock(&mhd->lock);
	for (peer = mhd->peers; peer; peer = peer->next)
		shutdown(peer->socket, SHUT_RDWR);
	while (mhd->peers && rc == 0)
		rc = pthread_cond_timedwait(&mhd->idle, &mhd->lock, &deadline);
	pthread_mutex_unlock(&mhd->lock);
}
