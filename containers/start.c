/* SPDX-License-Identifier: MIT */
#include "containers/start.h"
#include "di/home.h"

/*
 * Starting: in the order of the table on the calling thread, or as planned on several.
 */

static enum di_status run(struct di__start *start, struct di_error *err)
{
	enum di_status status = di__start_begin(start, 1, err);

	if (status == DI_OK) {
		di__start_take_steps(&start->runners[0]);
		di__start_join(start, 1);
		status = di__start_outcome(start, err);
	}
	di__start_release(start);
	return status;
}

/* What the root overrides of a connected container is not started there. */
static enum di_status start_table(struct di_container *container, const struct di_table *table,
				  int of_threads, struct di_error *err)
{
	struct di_context *root = container->root;
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const struct di_provider *provider = table->providers[i];
		struct di_error own = { 0 };
		struct di_error *made = err != NULL ? err : &own;

		if (!provider->kind->eager || di__is_overridden(root, provider) ||
		    (of_threads && !di__start_of_thread(root, provider)))
			continue;
		if (di_resolve(root, made, provider) == NULL)
			return made->status;
	}
	return DI_OK;
}

/* All resources, or those that live with the calling thread. */
static enum di_status start_in_order(struct di_container *container, int of_threads,
				     struct di_error *err)
{
	enum di_status status = DI_OK;
	uint32_t i;

	for (i = 0; i < container->parts_count && status == DI_OK; i++)
		status = start_table(container, container->parts[i].container->table, of_threads,
				     err);
	return status == DI_OK ? start_table(container, container->table, of_threads, err) : status;
}

/*
 * Who waits in a constructor waits for what it makes, or for its needs: other threads would not be
 * seen to wait for that.
 */
static int is_making(const struct di_flow *flow)
{
	const struct di__run *at;

	for (at = flow->run; at != NULL; at = at->outer) {
		if (at->making != NULL)
			return 1;
	}
	return 0;
}

static enum di_status start_planned(struct di_container *container, uint32_t threads,
				    struct di_error *err)
{
	struct di__start *start;

	di__start_join_finished(container);
	start = di__start_plan(container, threads, err);
	if (start == NULL)
		return DI_ENOMEM;
	if (start->makes > 0)
		return container->start_timeout_ns > 0 ? di__start_run_for(start, err)
						       : run(start, err);
	di__start_release(start);
	return DI_OK;
}

enum di_status di__start(struct di_container *container, struct di_error *err)
{
	uint32_t threads = container->start_threads > 0 ? container->start_threads : 1;
	enum di_status status;
	int cancellable;

	if ((threads == 1 && container->start_timeout_ns == 0) || is_making(di__flow_get()))
		return start_in_order(container, 0, err);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	status = start_planned(container, threads, err);
	pthread_setcancelstate(cancellable, NULL);
	return status == DI_OK && container->root->threads ? start_in_order(container, 1, err)
							   : status;
}
