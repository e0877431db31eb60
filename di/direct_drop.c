/* SPDX-License-Identifier: MIT */
#include "di/async_row.h"
#include "di/direct.h"
#include "di/entry.h"
#include "di/making.h"
#include "di/operation.h"
#include "di/probe.h"

/*
 * Drops that call back, of products that end at once: in the flow's own context, where nothing is
 * in the way, and the product has none of its own. The context keeps what the drop is noted in, so
 * that nothing is allocated; where the finalizer does not complete at once, or fails, that is gone
 * on with as with any other.
 */

/* ---- Memory. ---- */

static void nobody(void *data, enum di_status status, const struct di_error *error)
{
	(void)data;
	(void)status;
	(void)error;
}

static struct di__removal *take_spare(struct di_context *context)
{
	struct di__removal *spare = context->spare_removal;

	DI__STORE_RELAXED(context->spare_removal, NULL);
	return spare;
}

/* Under no lock. */
static void keep_spare(struct di_context *context)
{
	struct di_flow *flow = di__flow;
	struct di__removal *spare =
		di__operation_new(context->container, sizeof(*spare), nobody, NULL, NULL);

	if (spare == NULL)
		return;
	di__lock_context(context, flow);
	if (context->spare_removal == NULL) {
		DI__STORE_RELAXED(context->spare_removal, spare);
		spare = NULL;
	}
	di__unlock_context(context, flow);
	if (spare != NULL)
		di__operation_drop(&spare->operation);
}

void di__direct_drop_release(struct di_context *context)
{
	if (context->spare_removal != NULL)
		di__operation_drop(&take_spare(context)->operation);
}

/* ---- Going on with care. ---- */

/* Its finalizer has not completed; or has, and there is more to be done. Under no lock. */
static DI__NOINLINE enum di_status go_on(struct di__ending *ending, int ended)
{
	struct di_flow *flow = di__flow;

	if (ended)
		di__ending_go_on(flow, ending);
	di__steps_run(flow);
	return DI_OK;
}

/* What was claimed may not be used. */
static DI__NOINLINE enum di_status drop_otherwise(struct di_context *claimed,
						  const struct di_provider *provider,
						  const void *value, di_done_fn *callback,
						  void *data, struct di_error *err)
{
	di__lock_give_biased(&claimed->lock);
	return di__drop_with_care(claimed, provider, value, callback, data, err);
}

/* ---- Directly. ---- */

/* Whether all is still as it was when fits() looked, and it is the newest; under the lock. */
static DI__INLINE int still_fits(const struct di_context *context,
				 const struct di_provider *provider, const void *value)
{
	const struct di_entry *entry = context->newest;

	return DI__LIKELY(context->spare_removal != NULL) && DI__LIKELY(entry != NULL) &&
	       DI__LIKELY(entry->value == value) && DI__LIKELY(entry->provider == provider) &&
	       DI__LIKELY(entry->owner == NULL) &&
	       DI__LIKELY((entry->traits & (DI__HAS_PRODUCTS | DI__OF_THREAD)) == 0) &&
	       DI__LIKELY(di__ends_slowly(entry)) &&
	       (DI__LOCK_BIASES ||
		(DI__LOAD_RELAXED(context->lane.table) != NULL && !context->careful));
}

/* Takes the newest off the stack. Under the lock. */
static DI__INLINE struct di__removal *begin(struct di_context *home, di_done_fn *callback,
					    void *data)
{
	struct di__removal *removal = take_spare(home);
	struct di__ending *ending = &removal->operation.ending;
	struct di_entry *entry = home->newest;

	home->newest = entry->older;
	entry->older = NULL;
	di__entry_leave_slot(entry);
	home->making = 1;
	DI__STORE(home->lane.table, NULL);
	removal->operation.callback = callback;
	removal->operation.data = data;
	removal->taken.context = home;
	ending->outcome = DI_DONE;
	ending->status = DI_OK;
	ending->done = di__drop_done;
	ending->todo = entry;
	return removal;
}

/* Under the lock. */
static DI__INLINE void end(struct di_context *home, struct di__removal *removal)
{
	di__entry_free(removal->operation.ending.todo);
	DI__STORE_RELAXED(home->spare_removal, removal);
	home->making = 0;
	DI__STORE(home->lane.table, home->container->table);
}

/* Whether nothing has come in between; under the lock. */
static DI__INLINE int is_alone(const struct di_context *home, const struct di__removal *removal)
{
	const struct di_call *call = removal->operation.ending.todo->ender;

	return DI__LIKELY(home->making == 1) && DI__LIKELY(home->state == DI__OPEN) &&
	       DI__LIKELY(!home->careful) && DI__LIKELY(home->spare_removal == NULL) &&
	       DI__LIKELY(call->cause == 0);
}

static DI__NOINLINE enum di_status drop_directly(struct di_context *home,
						 const struct di_provider *provider,
						 const void *value, di_done_fn *callback,
						 void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow;
	struct di__removal *removal;
	int ended;

	if (DI__UNLIKELY(!di__lock_claim(&home->lock)) ||
	    DI__UNLIKELY(!still_fits(home, provider, value)))
		return drop_otherwise(home, provider, value, callback, data, err);
	removal = begin(home, callback, data);
	di__lock_give_biased(&home->lock);
	ended = di__ending_begin(flow, &removal->operation.ending);
	if (DI__UNLIKELY(!ended))
		return go_on(&removal->operation.ending, 0);
	if (DI__UNLIKELY(!di__lock_claim(&home->lock)) || DI__UNLIKELY(!is_alone(home, removal))) {
		di__lock_give_biased(&home->lock);
		return go_on(&removal->operation.ending, 1);
	}
	DI__PROBE(torn_down, provider, home);
	end(home, removal);
	di__lock_give_biased(&home->lock);
	di__step_begin(flow);
	callback(data, DI_OK, NULL);
	di__step_end(flow);
	return DI_OK;
}

/* The same where there may be nothing to note the drop in. */
static DI__NOINLINE enum di_status drop_first(struct di_context *home,
					      const struct di_provider *provider, const void *value,
					      di_done_fn *callback, void *data,
					      struct di_error *err)
{
	keep_spare(home);
	return drop_directly(home, provider, value, callback, data, err);
}

/* Whether it is worth the attempt; read without the lock. */
static DI__INLINE int fits(const struct di_context *context, const struct di_provider *provider,
			   const void *value, di_done_fn *callback, const struct di_flow *flow)
{
	return DI__LIKELY(context != NULL) && DI__LIKELY(provider != NULL) &&
	       DI__LIKELY(value != NULL) && DI__LIKELY(callback != NULL) &&
	       DI__LIKELY(provider->table != NULL) && DI__LIKELY(!provider->kind->cached) &&
	       DI__LIKELY(provider->kind->async) && di__step_may_begin(flow) &&
	       DI__LIKELY(flow->executor == NULL) && di__is_ready(context, provider, flow);
}

enum di_status di_context_drop_async(struct di_context *context, const struct di_provider *provider,
				     const void *value, di_done_fn *callback, void *data,
				     struct di_error *err)
{
	struct di_flow *flow = di__flow;

	if (!fits(context, provider, value, callback, flow))
		return di__drop_with_care(context, provider, value, callback, data, err);
	if (DI__UNLIKELY(DI__LOAD_RELAXED(context->spare_removal) == NULL))
		return drop_first(context, provider, value, callback, data, err);
	return drop_directly(context, provider, value, callback, data, err);
}
