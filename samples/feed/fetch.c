/* SPDX-License-Identifier: MIT */
#include "samples/feed/fetch.h"
#include "samples/feed/feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fetch {
	struct fetching *fetching;
	size_t number;
	struct target target;
};

/* ---- Saving, which blocks: in a thread of the pool. ---- */

struct saving {
	const struct page *page;
	const char *path;
	int cause;
};

/* The name is the fiber's, although this is another thread. */
static void save(void *data)
{
	struct saving *saving = data;

	saving->cause = page_save(saving->page, saving->path);
	if (saving->cause)
		fprintf(stderr, "feed: %s is not saved as %s: %s\n", feed_name_get_or("?"),
			saving->path, strerror(saving->cause));
}

/* Returns whether it is saved, if that is wanted. */
static int save_if_wanted(const struct fetch *fetch, const struct page *page)
{
	const struct fetching *fetching = fetch->fetching;
	struct saving saving = { .page = page };
	char path[4096];

	if (!fetching->config->directory)
		return 1;
	snprintf(path, sizeof(path), "%s/%zu", fetching->config->directory, fetch->number + 1);
	saving.path = path;
	return di_uv_do(fetching->uv, save, &saving, NULL) == DI_OK && saving.cause == 0;
}

/* ---- Fetching. ---- */

static enum di_outcome fetch_in(struct fetch *fetch, struct di_context *context)
{
	struct fetching *fetching = fetch->fetching;
	struct di_error err = { 0 };
	const struct page *page = NULL;

	if (!fetching->cancelled && feed_target_put(context, &fetch->target, &err) == DI_OK)
		page = di_await(context, &feed_page, &err);
	if (page && save_if_wanted(fetch, page)) {
		report_page(&fetching->report, page);
		return page->status < 400 ? DI_DONE : DI_FAILED;
	}
	if (fetching->cancelled) {
		report_cancelled(&fetching->report);
		return DI_CANCELLED;
	}
	if (page)
		err = (struct di_error){ .status = DI_ECREATE, .detail = "it could not be saved" };
	report_failure(&fetching->report, &err);
	return DI_FAILED;
}

static void *run(void *data)
{
	struct fetch *fetch = data;
	struct fetching *fetching = fetch->fetching;
	struct di_error err = { 0 };
	struct di_context *context;

	/* Seen by whatever runs for this fetch, and by nothing else. */
	if (feed_name_set(fetch->target.url, &err) != DI_OK ||
	    !(context = di_context_open(fetching->root, &di_scope_request, &err))) {
		report_failure(&fetching->report, &err);
	} else {
		enum di_outcome outcome = fetch_in(fetch, context);

		if (di_await_close(context, outcome, &err) != DI_OK)
			report_failure(&fetching->report, &err);
	}
	fetching->running[fetch->number] = NULL;
	return NULL;
}

/* Returns how many could be begun. */
static size_t begin(struct fetching *fetching, struct fetch *fetches, struct di_fiber **fibers)
{
	struct di_error err = { 0 };
	size_t i;

	for (i = 0; i < fetching->config->count; i++) {
		fetches[i] = (struct fetch){
			.fetching = fetching,
			.number = i,
			.target = { .url = fetching->config->urls[i] },
		};
		fibers[i] = di_fiber_spawn(fetching->fibers, run, &fetches[i], NULL, &err);
		fetching->running[i] = fibers[i];
		if (!fibers[i]) {
			report_failure(&fetching->report, &err);
			break;
		}
	}
	return i;
}

int fetch_all(struct fetching *fetching)
{
	size_t count = fetching->config->count, begun, i;
	struct fetch *fetches = calloc(count, sizeof(*fetches));
	struct di_fiber **fibers = calloc(count, sizeof(struct di_fiber *));

	fetching->running = calloc(count, sizeof(struct di_fiber *));
	if (fetches && fibers && fetching->running) {
		report_begin(&fetching->report, count);
		begun = begin(fetching, fetches, fibers);
		for (i = 0; i < begun; i++)
			di_fiber_join(fibers[i], NULL, NULL);
		report_end(&fetching->report);
	} else {
		count = 0;
	}
	free(fetching->running);
	fetching->running = NULL;
	free(fibers);
	free(fetches);
	return count > 0 ? 0 : ENOMEM;
}

void fetch_cancel(struct fetching *fetching)
{
	size_t i;

	fetching->cancelled = 1;
	for (i = 0; fetching->running && i < fetching->config->count; i++) {
		if (fetching->running[i])
			di_fiber_cancel(fetching->running[i]);
	}
}
