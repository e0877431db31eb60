/* SPDX-License-Identifier: MIT */
#include "di/ring.h"

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

void di__flows_lock(void)
{
	pthread_mutex_lock(&waiting);
}

void di__flows_unlock(void)
{
	pthread_mutex_unlock(&waiting);
}

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

/* A flow that has no hook keeps all flows of its thread from going on while it waits. */
static int blocks_thread(const struct di_flow *flow)
{
	return flow->hooks.park == NULL;
}

/* Of the threads that are looked through for one wait, those whose blocker is to be followed. */
struct search {
	const struct di_flow *flow;
	struct di_flow *todo;
	uint64_t number;
};

static void add_thread(struct search *search, struct di_flow *thread)
{
	if (thread == NULL || thread->blocker == NULL || thread->seen == search->number)
		return;
	thread->seen = search->number;
	thread->seen_next = search->todo;
	search->todo = thread;
}

static const struct di_entry *next_awaited(struct search *search, const struct di_flow *maker)
{
	const struct di_flow *thread = search->todo;

	if (maker->awaited != NULL || thread == NULL)
		return maker->awaited;
	search->todo = thread->seen_next;
	return thread->blocker->awaited;
}

/*
 * Whether the maker of entry, which is in no ring, could go on only after flow: it is of a thread
 * that this would block, or that another flow does, which waits for flow.
 */
static int would_block_its_maker(const struct di_flow *flow, const struct di_entry *entry)
{
	static uint64_t searches;
	struct search search = { flow, NULL, ++searches };

	while (entry != NULL) {
		const struct di_flow *maker = entry->maker;

		if (maker == flow || (blocks_thread(flow) && maker->thread == flow->thread))
			return 1;
		add_thread(&search, maker->thread);
		entry = next_awaited(&search, maker);
	}
	return 0;
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
		 count > 0 ? "flows wait for each other" : "while it is being made");
	while (count-- > 0) {
		const struct di_entry *step = ring[count]->maker->awaiting;

		for (; step != NULL && step != ring[count]; step = step->asker)
			di__error_path(err, step->provider->name);
		di__error_path(err, ring[count]->provider->name);
	}
}

static void block(struct di__waiter *waiter)
{
	struct di_flow *flow = waiter->flow, *thread = flow->thread;
	int cancellable;

	thread->blocker = flow;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	while (!waiter->done)
		pthread_cond_wait(&flow->woken, &waiting);
	pthread_setcancelstate(cancellable, NULL);
	thread->blocker = NULL;
}

/* Until it is unparked, which is the last thing that who wakes it does with the waiter. */
static void park(struct di__waiter *waiter)
{
	struct di_flow *flow = waiter->flow;

	if (blocks_thread(flow)) {
		block(waiter);
		pthread_mutex_unlock(&waiting);
		return;
	}
	pthread_mutex_unlock(&waiting);
	di__flow_park(flow);
}

static enum di_status check_wait(const struct di_flow *flow, const struct di_entry *entry,
				 struct di_error *err)
{
	if (would_wait_for_itself(flow, entry)) {
		describe_ring(flow, entry, err);
		return DI_ECYCLE;
	}
	if (would_block_its_maker(flow, entry))
		return di__fail(
			err, DI_EAGAIN, entry->provider,
			"a fiber is making it, which could not go on while its thread waits");
	return DI_OK;
}

/*
 * Takes the lock, and before that the one of steps.c where constructors await something: returns
 * whether.
 */
static int lock_all(void)
{
	int both = DI__LOAD_RELAXED(di__rings_possible) > 0;

	if (both)
		di__waiting_lock();
	pthread_mutex_lock(&waiting);
	if (both || DI__LOAD_RELAXED(di__rings_possible) == 0)
		return both;
	pthread_mutex_unlock(&waiting);
	di__waiting_lock();
	pthread_mutex_lock(&waiting);
	return 1;
}

static enum di_status check_ring(struct di_flow *flow, struct di_entry *entry,
				 struct di_entry *asker, struct di_error *err)
{
	if (!di__ring_of_entry(flow, asker, entry))
		return DI_OK;
	return di__fail(err, DI_ECYCLE, entry->provider, "flows wait for each other");
}

void *di__wait(struct di_flow *flow, struct di_entry *entry, struct di_entry *asker,
	       struct di_error *err)
{
	struct di_context *home = entry->home;
	struct di__waiter waiter = { .flow = flow, .err = err };
	int both = lock_all();
	enum di_status status = check_wait(flow, entry, err);

	if (status == DI_OK && both)
		status = check_ring(flow, entry, asker, err);
	if (both)
		di__waiting_unlock();
	if (status != DI_OK) {
		pthread_mutex_unlock(&waiting);
		di__unlock_context(home, flow);
		return NULL;
	}
	/* Two flows of one thread may be one owner: who makes it must see that it was not alone. */
	di__lock_unbias(&home->lock, flow->number);
	waiter.next = entry->waiters;
	entry->waiters = &waiter;
	/* Its maker looks at the others without a lock. */
	DI__STORE_RELAXED(entry->traits, (uint8_t)(entry->traits | DI__AWAITED));
	flow->awaited = entry;
	flow->awaiting = asker;
	di__unlock_context(home, flow);
	park(&waiter);
	/* Only now: where its thread has been blocked meanwhile, that has stood still. */
	flow->awaiting = NULL;
	return waiter.value;
}

/* What it waited for is there. */
static void finish(struct di__waiter *waiter, void *value, const struct di_error *err)
{
	struct di_flow *flow = waiter->flow;

	waiter->value = value;
	if (value == NULL && err != NULL && waiter->err != NULL)
		*waiter->err = *err;
	flow->awaited = NULL;
	waiter->done = 1;
	if (blocks_thread(flow)) {
		pthread_cond_signal(&flow->woken);
		return;
	}
	waiter->next = di__flow->unparked;
	di__flow->unparked = waiter;
}

void di__wake(struct di_entry *entry, void *value, const struct di_error *err)
{
	struct di__waiter *waiter, *next;

	pthread_mutex_lock(&waiting);
	for (waiter = entry->waiters; waiter != NULL; waiter = next) {
		next = waiter->next;
		finish(waiter, value, err);
	}
	entry->waiters = NULL;
	entry->traits &= (uint8_t)~DI__AWAITED;
	pthread_mutex_unlock(&waiting);
}

/* Leaves those of other threads, who do not get what is of this one. */
static void wake_thread(struct di_entry *entry, void *value)
{
	struct di__waiter **link = &entry->waiters;

	pthread_mutex_lock(&waiting);
	while (*link != NULL) {
		struct di__waiter *waiter = *link;

		if (waiter->flow->thread != di__flow->thread) {
			link = &waiter->next;
			continue;
		}
		*link = waiter->next;
		finish(waiter, value, NULL);
	}
	pthread_mutex_unlock(&waiting);
}

void di__wake_made(struct di_entry *entry, void *value)
{
	struct di_error refused = { 0 };

	if (DI__LIKELY((entry->traits & DI__OF_THREAD) == 0)) {
		di__wake(entry, value, NULL);
		return;
	}
	wake_thread(entry, value);
	di__fail(&refused, DI_ETHREAD, entry->provider,
		 "it was built from values of the thread that has made it");
	di__wake(entry, NULL, &refused);
}

void di__unpark_all(struct di_flow *flow)
{
	struct di__waiter *waiter = flow->unparked, *next;

	flow->unparked = NULL;
	for (; waiter != NULL; waiter = next) {
		const struct di__hooks *hooks = &waiter->flow->hooks;

		next = waiter->next;
		hooks->unpark(hooks->data);
	}
}
