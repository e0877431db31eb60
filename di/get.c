/* SPDX-License-Identifier: MIT */
#include "di/get.h"

#include "di/gathering.h"
#include "di/threads.h"

#include <inttypes.h>

/*
 * Gets that call back.
 *
 * Whether a get is still awaiting is decided under the lock of steps.c: whoever ends it there, the
 * creation or the user, makes it due, and one step or task runs its callback.
 */

/* Under the lock of steps.c. */
static uint64_t numbers;

/* ---- Memory. ---- */

/* Under the lock of steps.c, as the next one. */
static struct di__get *take_memory(struct di_container *container)
{
	struct di__get *get = container->gets;

	if (get != NULL)
		container->gets = get->due.next;
	else
		get = container->allocator.allocate(sizeof(*get), container->allocator.data);
	if (get != NULL) {
		get->number = 0;
		DI__STORE(get->state, DI__GET_OVER);
	}
	return get;
}

static void enlist(struct di_container *container, struct di__get *get)
{
	get->number = ++numbers;
	DI__STORE(get->state, DI__GET_AWAITING);
	DI__STORE_RELAXED(container->getting, container->getting + 1);
}

static struct di__get *take(struct di_container *container)
{
	struct di__get *get;

	di__waiting_lock();
	get = take_memory(container);
	if (get != NULL)
		enlist(container, get);
	di__waiting_unlock();
	return get;
}

/*
 * Takes what the callback needs out of the get, whose memory waits for the next one from then on:
 * nothing names it any more once its callback has begun, or is not to be called. Numbers are never
 * given twice.
 */
static struct di__get begin_callback(struct di_flow *flow, struct di_container *container,
				     struct di__get *get)
{
	struct di__get own;

	di__waiting_lock();
	own = *get;
	get->number = 0;
	get->due.next = container->gets;
	container->gets = get;
	di__container_let_go_locked(flow, container);
	return own;
}

void di__gets_release(struct di_container *container)
{
	while (container->gets != NULL) {
		struct di__get *get = container->gets;

		container->gets = get->due.next;
		container->allocator.release(get, sizeof(*get), container->allocator.data);
	}
}

/* ---- Calling back. ---- */

static DI__NOINLINE void deliver_closed(const struct di__get *get)
{
	struct di_error err = { 0 };

	di__fail(&err, DI_ECLOSED, get->provider,
		 "the context that was asked has been closed meanwhile");
	get->deliver(get->callback, get->data, NULL, &err);
}

static struct di__get *get_of_due(void *due)
{
	return (struct di__get *)(void *)((char *)due - offsetof(struct di__get, due));
}

struct di__get *di__get_of_step(struct di__step *step)
{
	return get_of_due(step);
}

/* What was made for it is nobody's. */
static DI__NOINLINE void drop(struct di_flow *flow, const struct di__get *get)
{
	if (get->value != NULL && !get->provider->kind->cached)
		di__product_forsaken(flow, get->from, get->provider, get->value, get->asker);
}

static void *make_gathered(struct di_flow *flow, struct di__get *get, struct di_error *err)
{
	if (get->thread == di__thread_id(flow))
		return di__make_gathered(flow, get->from, get->provider, err);
	di__fail(err, DI_ETHREAD, get->provider,
		 "thread %" PRIu64 " asked, and what it needs was complete on thread %" PRIu64
		 ": ask again, or on an executor of the thread",
		 get->thread, di__thread_id(flow));
	return NULL;
}

/* What lives with a thread, and what it needs is there. */
static DI__NOINLINE void take_gathered(struct di_flow *flow, struct di__get *get, int dropped)
{
	struct di_error err = { 0 };

	if (!dropped && get->deliver == di__deliver_gathered)
		return;
	get->value = !dropped ? make_gathered(flow, get, &err) : NULL;
	if (!dropped && get->value == NULL)
		get->error = di__error_keep(get->from->container, &err);
}

/* All that it held is let go of before, so that the callback may close and free what was asked. */
static void call_back(struct di_flow *flow, struct di__get *get)
{
	int dropped =
		__atomic_exchange_n(&get->state, DI__GET_OVER, __ATOMIC_ACQ_REL) == DI__GET_DROPPED;
	struct di_container *container = get->from->container;
	struct di_error error, *kept;
	struct di__get own;
	int over;

	if (DI__UNLIKELY(get->value == &di__gathered))
		take_gathered(flow, get, dropped);
	if (DI__UNLIKELY(dropped))
		drop(flow, get);
	kept = get->error;
	over = di__unpin(flow, get->from);

	if (DI__UNLIKELY(kept != NULL)) {
		error = *kept;
		di__error_release(container, kept);
	}
	own = begin_callback(flow, container, get);
	if (DI__UNLIKELY(own.asker != NULL))
		flow->calling_back = own.asker;
	if (DI__UNLIKELY(dropped))
		;
	else if (DI__UNLIKELY(kept != NULL))
		own.deliver(own.callback, own.data, NULL, &error);
	else if (DI__UNLIKELY(over) && own.asker == NULL)
		deliver_closed(&own);
	else
		own.deliver(own.callback, own.data, own.value, NULL);
	if (DI__UNLIKELY(own.asker != NULL)) {
		flow->calling_back = NULL;
		di__call_got(flow, own.asker);
	}
}

static void run_step(struct di_flow *flow, struct di__step *step)
{
	call_back(flow, get_of_due(step));
}

static void run_task(struct di_task *task)
{
	struct di_flow *flow = di__flow_get();

	call_back(flow, get_of_due(task));
	di__steps_run(flow);
}

/* Lets the callback be called, with what the get has. */
static void make_due(struct di_flow *flow, struct di__get *get)
{
	if (get->executor != NULL) {
		get->due.task = (struct di_task){ NULL, run_task };
		get->executor->post(get->executor, &get->due.task);
		return;
	}
	get->due.step.run = run_step;
	get->due.step.of = DI__STEP_OF_GET;
	di__step_add(flow, &get->due.step);
}

/* ---- Beginning. ---- */

static struct di__get *get_of(struct di__awaiter *awaiter)
{
	return (struct di__get *)(void *)awaiter;
}

/* The creation has taken it off its list: it awaits nothing any more. */
static void settle(struct di_flow *flow, struct di__awaiter *awaiter, void *value,
		   const struct di_error *error)
{
	struct di__get *get = get_of(awaiter);

	get->value = value;
	if (value == NULL)
		get->error = di__error_keep(get->from->container, error);
	make_due(flow, get);
}

struct di_flow *di__awaiter_flow(const struct di__awaiter *awaiter)
{
	const struct di__get *get = (const struct di__get *)(const void *)awaiter;

	if (awaiter->flow != NULL || awaiter->settle != settle)
		return awaiter->flow;
	return di__flow_of_wait(get->callback, get->data);
}

struct di__get *di__get_spare(struct di_container *container)
{
	struct di__get *get;

	di__waiting_lock();
	get = take_memory(container);
	di__waiting_unlock();
	if (get == NULL)
		return NULL;
	/* What else is in it somebody looks at who has named the one before. */
	get->awaiter = (struct di__awaiter){ .settle = settle };
	get->asker = NULL;
	get->executor = NULL;
	get->callback = NULL;
	get->value = NULL;
	get->error = NULL;
	return get;
}

void di__get_give(struct di_container *container, struct di__get *spare)
{
	di__waiting_lock();
	spare->due.next = container->gets;
	container->gets = spare;
	di__waiting_unlock();
}

void di__get_enlist(struct di__get *spare, struct di_context *context)
{
	DI__STORE(context->pins, context->pins + 1);
	context->used = 1;
	di__waiting_lock();
	enlist(context->container, spare);
	di__waiting_unlock();
}

static enum di_status check(const struct di_context *context, const struct di_provider **provider,
			    int has_callback, struct di_error *err)
{
	enum di_status status;

	if (!has_callback)
		return di__misuse(err, DI_EINVAL, *provider, "there is no callback");
	status = di__check_provider(context, provider, err);
	return status == DI_OK ? di__prepare(context->container, err) : status;
}

static void ask(struct di_flow *flow, struct di__get *get, const struct di_provider *provider,
		struct di_flow *suspended)
{
	struct di_container *container = get->from->container;
	struct di_error err;
	enum di__found found;

	get->awaiter =
		(struct di__awaiter){ .asker = get->asker, .flow = suspended, .settle = settle };
	found = di__want(flow, &get->awaiter, get->from, provider, &get->value, &err);
	if (found == DI__AWAITED_LATER)
		return;
	if (found != DI__THERE)
		get->error = di__error_keep(container, &err);
	make_due(flow, get);
}

struct di_get di__get_begin(struct di_context *context, const struct di_provider *provider,
			    struct di_call *asker, struct di_flow *suspended,
			    struct di_executor *executor, di__deliver_fn *deliver,
			    void (*callback)(void), void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_get named = { NULL, 0 };
	struct di__get *get;

	if (check(context, &provider, callback != NULL, err) != DI_OK ||
	    di__pin(flow, context, provider, err) != DI_OK)
		return named;
	get = take(context->container);
	if (get == NULL) {
		di__unpin(flow, context);
		di__fail(err, DI_ENOMEM, provider, "for asking for it");
		return named;
	}
	named = (struct di_get){ get, get->number };
	get->from = context;
	get->provider = provider;
	get->asker = asker;
	get->thread = di__thread_id(flow);
	get->executor = executor;
	get->deliver = deliver;
	get->callback = callback;
	get->data = data;
	get->value = NULL;
	get->error = NULL;
	ask(flow, get, provider, suspended);
	di__steps_run(flow);
	return named;
}

struct di_get di__get_with_care(struct di_context *context, const struct di_provider *provider,
				di__deliver_fn *deliver, void (*callback)(void), void *data,
				struct di_error *err)
{
	return di__get_begin(context, provider, NULL, NULL, di__flow_get()->executor, deliver,
			     callback, data, err);
}

void di__deliver_plain(void (*callback)(void), void *data, void *value,
		       const struct di_error *error)
{
	((di_get_fn *)callback)(data, value, error);
}

void di__deliver_gathered(void (*callback)(void), void *data, void *value,
			  const struct di_error *error)
{
	di__deliver_plain(callback, data, value, error);
}

struct di_get di_get_async(struct di_context *context, const struct di_provider *provider,
			   di_get_fn *callback, void *data, struct di_error *err)
{
	return di__get_async(context, provider, di__deliver_plain, (void (*)(void))callback, data,
			     err);
}

struct di_get di_get_async_on(struct di_executor *executor, struct di_context *context,
			      const struct di_provider *provider, di_get_fn *callback, void *data,
			      struct di_error *err)
{
	if (executor == di_flow_executor(NULL))
		return di_get_async(context, provider, callback, data, err);
	return di__get_begin(context, provider, NULL, NULL, executor, di__deliver_plain,
			     (void (*)(void))callback, data, err);
}

/* ---- Letting go. ---- */

/* Takes the get from the creation that it awaits. */
static void let_go(struct di__awaiter *awaiter)
{
	*awaiter->link = awaiter->next;
	if (awaiter->next != NULL)
		awaiter->next->link = awaiter->link;
	awaiter->call = NULL;
}

/*
 * What chooses has much to do with who asks for it, up to its end: so the constructor that lets go
 * of it is not finished before.
 */
static void owe(struct di_call *call, struct di__get *get)
{
	if (get->asker == NULL || call->entry->provider->kind->choose == NULL)
		return;
	call->owed = get->asker;
	get->asker = NULL;
}

/* The first of what the creation itself awaits, or NULL. Under the lock. */
static struct di_call *awaited_by(const struct di_call *call)
{
	uint32_t i, count = call->entry->provider->needs_count;
	struct di_call *awaited = NULL;

	for (i = 0; i < count && awaited == NULL; i++)
		awaited = DI__LOAD(call->needs[i].call);
	return awaited;
}

/* Whom the creation waits for, over all that waits for it. Under the lock. */
static void add_path(struct di_error *err, struct di_call *call)
{
	struct di_call *next;

	err->path[0] = '\0';
	for (call->trail = NULL; (next = awaited_by(call)) != NULL; call = next)
		next->trail = call;
	for (; call != NULL; call = call->trail)
		di__error_path(err, call->entry->provider->name);
}

/*
 * Drops a get, if status is DI_OK, or lets it end with that. Returns whether it was awaiting then;
 * *ended says whether it did anything, *held what is to be asked to cancel. Under the lock.
 */
static int end_named(struct di_get named, enum di_status status, int *ended, struct di_call **held,
		     struct di_error *err)
{
	struct di__get *get = named.at;
	struct di_call *call = NULL;
	uint8_t state = DI__LOAD(get->state);
	int awaiting;

	*ended = 0;
	if (get->number != named.number || state == DI__GET_OVER || state == DI__GET_DROPPED)
		return 0;
	awaiting = state == DI__GET_AWAITING && get->awaiter.call != NULL;
	if (awaiting || status == DI_OK)
		*ended = __atomic_compare_exchange_n(
			&get->state, &state, status == DI_OK ? DI__GET_DROPPED : DI__GET_DUE, 0,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	if (awaiting) {
		call = get->awaiter.call;
		let_go(&get->awaiter);
		owe(call, get);
	}
	if (awaiting && status != DI_OK) {
		di__fail(err, status, get->provider, NULL);
		add_path(err, call);
	}
	if (awaiting && status == DI_ECANCELLED)
		*held = di__cancel_mark(call);
	return awaiting;
}

static int end(struct di_get named, enum di_status status)
{
	struct di_flow *flow = di__flow_get();
	struct di__get *get = named.at;
	struct di_error err = { 0 };
	struct di_call *held = NULL;
	int awaited, ended;

	if (named.number == 0)
		return 0;
	di__waiting_lock();
	awaited = end_named(named, status, &ended, &held, &err);
	di__waiting_unlock();
	if (!awaited)
		return ended;
	if (status != DI_OK)
		get->error = di__error_keep(get->from->container, &err);
	else
		get->executor = NULL;
	make_due(flow, get);
	di__cancel_held(flow, held);
	di__steps_run(flow);
	return 1;
}

int di_get_detach(struct di_get get)
{
	return end(get, DI_OK);
}

int di_get_expire(struct di_get get)
{
	return end(get, DI_ETIMEDOUT);
}

int di_get_cancel(struct di_get get)
{
	return end(get, DI_ECANCELLED);
}

/* ---- Executors. ---- */

void di_flow_set_executor(struct di_flow *flow, struct di_executor *executor)
{
	(flow != NULL ? flow : di__flow_get())->executor = executor;
}

struct di_executor *di_flow_executor(const struct di_flow *flow)
{
	return (flow != NULL ? flow : di__flow_get())->executor;
}
