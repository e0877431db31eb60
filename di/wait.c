/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

/*
 * Waiting for another flow's creation.
 *
 * A flow waits for one creation at a time and a creation has one maker, so whether waiting would
 * close a ring is found by following one chain. One lock for the process guards those links; it is
 * taken only to wait and to wake.
 */
static pthread_mutex_t waiting = PTHREAD_MUTEX_INITIALIZER;

enum {
	RING_MAX = 16
};

/* Whether the maker of entry waits, over any number of flows, for something that flow makes. */
static int would_wait_for_itself(const struct di_flow *flow, const struct di_entry *entry)
{
	const struct di_flow *maker = entry->maker;

	while (maker != flow) {
		if (maker->awaited == NULL)
			return 0;
		maker = maker->awaited->maker;
	}
	return 1;
}

/*
 * The path of a ring, innermost first: for each flow in it what it waits for and what it makes,
 * from the flow that closes the ring back to ours. The others are parked, so their creations stand
 * still.
 */
static void describe_ring(const struct di_flow *flow, const struct di_entry *entry,
			  struct di_error *err)
{
	const struct di_entry *ring[RING_MAX];
	int count = 0;

	while (entry->maker != flow && count < RING_MAX) {
		ring[count++] = entry;
		entry = entry->maker->awaited;
	}
	di__fail(err, DI_ECYCLE, entry->provider, "%s",
		 count > 0 ? "threads wait for each other" : "while it is being made");
	while (count-- > 0) {
		const struct di_entry *step = ring[count]->maker->awaiting;

		for (; step != NULL && step != ring[count]; step = step->asker)
			di__error_path(err, step->provider->name);
		di__error_path(err, ring[count]->provider->name);
	}
}

static void park(struct di__waiter *waiter)
{
	int cancellable;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	while (!waiter->done)
		pthread_cond_wait(&waiter->flow->woken, &waiting);
	pthread_setcancelstate(cancellable, NULL);
}

void *di__wait(struct di_flow *flow, struct di_entry *entry, struct di_entry *asker,
	       struct di_error *err)
{
	struct di_context *home = entry->home;
	struct di__waiter waiter = { .flow = flow, .err = err };

	pthread_mutex_lock(&waiting);
	if (would_wait_for_itself(flow, entry)) {
		describe_ring(flow, entry, err);
		pthread_mutex_unlock(&waiting);
		di__unlock_context(home, flow);
		return NULL;
	}
	waiter.next = entry->waiters;
	entry->waiters = &waiter;
	entry->traits |= DI__AWAITED;
	flow->awaited = entry;
	flow->awaiting = asker;
	di__unlock_context(home, flow);
	park(&waiter);
	pthread_mutex_unlock(&waiting);
	return waiter.value;
}

void di__wake(struct di_entry *entry, void *value, const struct di_error *err)
{
	struct di__waiter *waiter;

	pthread_mutex_lock(&waiting);
	for (waiter = entry->waiters; waiter != NULL; waiter = waiter->next) {
		waiter->value = value;
		if (value == NULL && err != NULL && waiter->err != NULL)
			*waiter->err = *err;
		waiter->flow->awaited = NULL;
		waiter->flow->awaiting = NULL;
		waiter->done = 1;
		pthread_cond_signal(&waiter->flow->woken);
	}
	entry->waiters = NULL;
	entry->traits &= (uint8_t)~DI__AWAITED;
	pthread_mutex_unlock(&waiting);
}

void di__wake_made(struct di_entry *entry, void *value)
{
	struct di_error refused = { 0 };

	if (DI__LIKELY((entry->traits & DI__OF_THREAD) == 0)) {
		di__wake(entry, value, NULL);
		return;
	}
	di__fail(&refused, DI_ETHREAD, entry->provider,
		 "it was built from values of the thread that has made it");
	di__wake(entry, NULL, &refused);
}
