/* SPDX-License-Identifier: MIT */
#include "di/capture.h"
#include "di/internal.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * Flows that are no threads, for who schedules fibers.
 */

static enum di_status check(const struct di_flow_options *options, struct di_error *err)
{
	if (options == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there are no options");
	if (options->abi != DI_ABI)
		return di__fail(err, DI_EABI, NULL, "the options of a flow");
	if ((options->park == NULL) != (options->unpark == NULL))
		return di__misuse(err, DI_EINVAL, NULL, "park and unpark go together");
	return DI_OK;
}

/* The bits above the thread's may come again: then two flows of one thread are one owner. */
static uint64_t next_number(struct di_flow *thread)
{
	return (++thread->flows * (DI__LOCK_THREAD + 1)) | thread->number;
}

static void link_to(struct di_flow *flow, struct di_flow *thread)
{
	flow->thread = thread;
	flow->next = thread->others;
	flow->link = &thread->others;
	if (flow->next != NULL)
		flow->next->link = &flow->next;
	thread->others = flow;
}

static void begin(struct di_flow *flow, const struct di_flow_options *options,
		  struct di_flow *thread)
{
	flow->number = next_number(thread);
	flow->id = di__flow_id();
	flow->place = thread->place;
	flow->entered = flow->entered_few;
	flow->entered_room = DI__ENTERED_FEW;
	flow->hooks = (struct di__hooks){ options->park, options->unpark, options->data };
	pthread_cond_init(&flow->woken, NULL);
	link_to(flow, thread);
}

static int begin_values(struct di_flow *flow, const struct di_flow_options *options,
			struct di_flow *caller)
{
	if (options->capture != NULL)
		flow->locals.table = di__capture_hold(options->capture);
	else if (!options->empty)
		return di__locals_share(caller, &flow->locals.table);
	return 1;
}

struct di_flow *di_flow_new(const struct di_flow_options *options, struct di_error *err)
{
	struct di_flow *caller = di__flow_get(), *flow;

	if (check(options, err) != DI_OK)
		return NULL;
	flow = di__flow_expect_end(caller) ? calloc(1, sizeof(*flow)) : NULL;
	if (flow == NULL || !begin_values(flow, options, caller)) {
		free(flow);
		di__fail(err, DI_ENOMEM, NULL, "for a flow");
		return NULL;
	}
	begin(flow, options, caller->thread);
	return flow;
}

struct di_flow *di_flow_swap(struct di_flow *flow)
{
	struct di_flow *before = di__flow;

	if (DI__UNLIKELY(before == &di__no_flow))
		before = di__flow_begin();
	if (flow == NULL)
		flow = before->thread;
	if (DI__UNLIKELY(flow->thread != before->thread))
		return NULL;
	di__flow = flow;
	return before;
}

static enum di_status check_free(const struct di_flow *flow, struct di_error *err)
{
	const struct di_flow *caller = di__flow_get();

	if (flow->thread == NULL)
		return DI_OK;
	if (flow->thread == flow)
		return di__misuse(err, DI_EINVAL, NULL, "the flow of a thread ends with it");
	if (flow->thread != caller->thread)
		return di__fail(err, DI_ETHREAD, NULL,
				"the flow is of thread %" PRIu64 ", this is thread %" PRIu64,
				di__thread_id(flow), di__thread_id(caller));
	if (flow == caller)
		return di__fail(err, DI_EBUSY, NULL, "the flow is running");
	if (flow->run != NULL)
		return di__fail(err, DI_EBUSY, NULL, "a constructor or finalizer runs on the flow");
	if (flow->parked || flow->stepping)
		return di__fail(err, DI_EBUSY, NULL, "the flow %s",
				flow->parked ? "waits" : "makes or calls back something");
	return DI_OK;
}

enum di_status di_flow_free(struct di_flow *flow, struct di_error *err)
{
	enum di_status status;

	if (flow == NULL)
		return DI_OK;
	status = check_free(flow, err);
	if (status != DI_OK)
		return status;
	if (flow->thread != NULL) {
		*flow->link = flow->next;
		if (flow->next != NULL)
			flow->next->link = flow->link;
		di__flow_empty(flow);
	}
	di__callback_end(flow);
	pthread_cond_destroy(&flow->woken);
	free(flow);
	return DI_OK;
}
