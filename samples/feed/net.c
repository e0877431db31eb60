/* SPDX-License-Identifier: MIT */
#include "samples/feed/net.h"
#include "samples/feed/page.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>

/*
 * libcurl says which sockets it wants to be watched and when it wants to be called at the latest;
 * the loop watches them, and calls it.
 */

struct net {
	CURLM *multi;
	uv_loop_t *loop;
	uv_timer_t timer;
	unsigned handles; /* of the loop, that are not closed yet */
	net_closed_fn *closed;
	void *data;
};

/* A socket that is watched. */
struct watch {
	uv_poll_t poll;
	struct net *net;
	curl_socket_t socket;
};

struct transfer {
	struct net *net;
	CURL *easy;
	struct page *page;
	size_t most_bytes;
	int cause; /* why a piece was refused, or 0 */
	net_fetched_fn *fetched;
	void *data;
};

int net_prepare(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : EIO;
}

static int errno_of(CURLcode code)
{
	static const struct {
		CURLcode code;
		int cause;
	} causes[] = {
		{ CURLE_OK, 0 },
		{ CURLE_OUT_OF_MEMORY, ENOMEM },
		{ CURLE_URL_MALFORMAT, EINVAL },
		{ CURLE_UNSUPPORTED_PROTOCOL, EPROTONOSUPPORT },
		{ CURLE_COULDNT_RESOLVE_HOST, EHOSTUNREACH },
		{ CURLE_COULDNT_CONNECT, ECONNREFUSED },
		{ CURLE_OPERATION_TIMEDOUT, ETIMEDOUT },
		{ CURLE_GOT_NOTHING, ECONNRESET },
		{ CURLE_PARTIAL_FILE, ECONNRESET },
		{ CURLE_RECV_ERROR, ECONNRESET },
		{ CURLE_TOO_MANY_REDIRECTS, ELOOP },
	};
	size_t i;

	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (causes[i].code == code)
			return causes[i].cause;
	}
	return EIO;
}

/* ---- Transfers that have ended. ---- */

static void note_what_came(struct transfer *transfer)
{
	struct page *page = transfer->page;
	const char *type = NULL;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &page->status);
	curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME, &page->seconds);
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &type);
	if (type && transfer->cause == 0)
		transfer->cause = page_set_type(page, type);
}

static void end(struct transfer *transfer, int cause)
{
	net_fetched_fn *fetched = transfer->fetched;
	void *data = transfer->data;
	struct page *page = transfer->page;

	curl_multi_remove_handle(transfer->net->multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	free(transfer);
	if (cause) {
		page_free(page);
		page = NULL;
	}
	fetched(data, cause, page);
}

static void end_those_that_are_done(struct net *net)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(net->multi, &left)) != NULL) {
		struct transfer *transfer = NULL;
		int cause = errno_of(message->data.result);

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		if (cause == 0)
			note_what_came(transfer);
		end(transfer, transfer->cause ? transfer->cause : cause);
	}
}

/* ---- What libcurl wants of the loop. ---- */

static void act(struct net *net, curl_socket_t socket, int events)
{
	int running;

	curl_multi_socket_action(net->multi, socket, events, &running);
	end_those_that_are_done(net);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
	const struct watch *watch = poll->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;

	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(watch->net, watch->socket, flags);
}

static void on_time(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long timeout_ms, void *data)
{
	struct net *net = data;

	(void)multi;
	if (timeout_ms < 0)
		uv_timer_stop(&net->timer);
	else
		uv_timer_start(&net->timer, on_time, (uint64_t)timeout_ms, 0);
	return 0;
}

static void handle_closed(struct net *net)
{
	if (--net->handles > 0)
		return;
	net->closed(net->data);
	free(net);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct watch *watch = handle->data;
	struct net *net = watch->net;

	free(watch);
	handle_closed(net);
}

static struct watch *watch_new(struct net *net, curl_socket_t socket)
{
	struct watch *watch = malloc(sizeof(*watch));

	if (!watch)
		return NULL;
	*watch = (struct watch){ .net = net, .socket = socket };
	if (uv_poll_init_socket(net->loop, &watch->poll, socket)) {
		free(watch);
		return NULL;
	}
	watch->poll.data = watch;
	net->handles++;
	curl_multi_assign(net->multi, socket, watch);
	return watch;
}

static int set_watch(CURL *easy, curl_socket_t socket, int action, void *data, void *known)
{
	struct watch *watch = known;
	struct net *net = data;
	int events = 0;

	(void)easy;
	if (action == CURL_POLL_REMOVE) {
		if (watch)
			uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
		return 0;
	}
	if (!watch)
		watch = watch_new(net, socket);
	if (!watch)
		return -1;
	if (action & CURL_POLL_IN)
		events |= UV_READABLE;
	if (action & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&watch->poll, events, on_socket) ? -1 : 0;
}

/* ---- Opening and closing. ---- */

int net_open(struct net **out, uv_loop_t *loop, unsigned connections)
{
	struct net *net = calloc(1, sizeof(*net));
	CURLM *multi = net ? curl_multi_init() : NULL;

	if (!multi) {
		free(net);
		return ENOMEM;
	}
	net->multi = multi;
	net->loop = loop;
	net->handles = 1;
	uv_timer_init(loop, &net->timer);
	net->timer.data = net;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_watch);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, net);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, net);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)connections);
	*out = net;
	return 0;
}

static void on_timer_closed(uv_handle_t *handle)
{
	handle_closed(handle->data);
}

void net_close(struct net *net, net_closed_fn *closed, void *data)
{
	net->closed = closed;
	net->data = data;
	/* It lets go of the sockets first, which closes what watches them. */
	curl_multi_cleanup(net->multi);
	uv_close((uv_handle_t *)&net->timer, on_timer_closed);
}

/* ---- Fetching. ---- */

static size_t take_piece(char *piece, size_t one, size_t size, void *data)
{
	struct transfer *transfer = data;

	(void)one;
	transfer->cause = page_append(transfer->page, piece, size, transfer->most_bytes);
	return transfer->cause ? 0 : size;
}

static int prepare(CURL *easy, struct transfer *transfer, const char *url, long timeout_ms)
{
	if (curl_easy_setopt(easy, CURLOPT_URL, url) != CURLE_OK)
		return ENOMEM;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_piece);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 8L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "feed");
	return 0;
}

int net_fetch(struct transfer **out, struct net *net, const char *url, long timeout_ms,
	      size_t most_bytes, net_fetched_fn *fetched, void *data)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));
	int cause = ENOMEM;

	if (!transfer)
		return ENOMEM;
	*transfer = (struct transfer){
		.net = net,
		.easy = curl_easy_init(),
		.page = page_new(),
		.most_bytes = most_bytes,
		.fetched = fetched,
		.data = data,
	};
	if (transfer->easy && transfer->page)
		cause = prepare(transfer->easy, transfer, url, timeout_ms);
	if (cause == 0 && curl_multi_add_handle(net->multi, transfer->easy) != CURLM_OK)
		cause = ENOMEM;
	if (cause == 0) {
		*out = transfer;
		return 0;
	}
	curl_easy_cleanup(transfer->easy);
	page_free(transfer->page);
	free(transfer);
	return cause;
}

void net_cancel(struct transfer *transfer)
{
	end(transfer, ECANCELED);
}
