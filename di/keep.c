/* SPDX-License-Identifier: MIT */
#include "di/get.h"
#include "di/operation.h"

/*
 * What keeps a container, and who frees it then: all under the lock of steps.c.
 */

/*
 * The count is the last that is touched of the container: who sees that it is 0 may free that, and
 * takes no lock for it.
 */
void di__container_let_go_locked(struct di_flow *flow, struct di_container *container)
{
	struct di__operation *freer = NULL;

	if (container->getting == 1) {
		freer = container->freer;
		container->freer = NULL;
	}
	DI__STORE(container->getting, container->getting - 1);
	di__waiting_unlock();
	if (DI__UNLIKELY(freer != NULL))
		di__step_add(flow, &freer->ending.step);
}

void di__container_hold(struct di_container *container)
{
	di__waiting_lock();
	DI__STORE_RELAXED(container->getting, container->getting + 1);
	di__waiting_unlock();
}

void di__container_let_go(struct di_flow *flow, struct di_container *container)
{
	di__waiting_lock();
	di__container_let_go_locked(flow, container);
}

int di__container_release_or_wait(struct di_container *container, struct di__operation *freer)
{
	int waits;

	di__waiting_lock();
	waits = container->getting > 0;
	if (waits)
		container->freer = freer;
	di__waiting_unlock();
	return !waits;
}

enum di_status di__context_keep(struct di_flow *flow, struct di_context *context,
				struct di_error *err)
{
	enum di_status status = di__pin(flow, context, NULL, err);

	if (status == DI_OK)
		di__container_hold(context->container);
	return status;
}

void di__context_let_go(struct di_flow *flow, struct di_context *context)
{
	struct di_container *container = context->container;

	di__unpin(flow, context);
	di__container_let_go(flow, container);
}

/* ---- Functions that are not to see what they were given end. ---- */

int di__handling_begin(struct di_container *container)
{
	int begins;

	di__waiting_lock();
	begins = !container->freeing;
	container->handling += (uint32_t)begins;
	di__waiting_unlock();
	return begins;
}

/* Who frees waits for these first, and then for what else keeps the container. Under the lock. */
static void leave(struct di_flow *flow, struct di_container *container)
{
	struct di__operation *freer = container->freer;

	if (--container->handling > 0 || DI__LIKELY(freer == NULL))
		return;
	container->freer = NULL;
	di__step_add(flow, &freer->ending.step);
}

void di__handling_leave(struct di_flow *flow, struct di_container *container)
{
	di__waiting_lock();
	leave(flow, container);
	di__waiting_unlock();
}

void di__handling_end(struct di_flow *flow, struct di_container *container)
{
	di__waiting_lock();
	leave(flow, container);
	di__container_let_go_locked(flow, container);
}

int di__handling_stop(struct di_container *container, struct di__operation *freer)
{
	int waits;

	di__waiting_lock();
	container->freeing = 1;
	waits = container->handling > 0;
	if (waits)
		container->freer = freer;
	di__waiting_unlock();
	return !waits;
}
