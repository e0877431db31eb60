/* SPDX-License-Identifier: MIT */
#ifndef DI_STEPWISE_H
#define DI_STEPWISE_H

/* private */

/**
 * Making step by step: a value and whatever it needs, wherever that lives, whoever makes it and
 * whatever it means there. Slower than direct.h, and goes on with what that has begun.
 */

#include "di/internal.h"

/**
 * The value of provider as seen from context, made if it does not exist, or NULL with err filled
 * and nothing left of the attempt. base is the creation whose constructor asks, or NULL. Where top
 * is not NULL it is the innermost of creations that stand begun, up to base: they are gone on with.
 * Under no lock.
 */
void *di__make_stepwise(struct di_flow *flow, struct di_context *context,
			const struct di_provider *provider, struct di_entry *base,
			struct di_entry *top, struct di_error *err);
/**
 * Fills the error of a creation that home, under whose lock this is, does not take, or for which
 * there is no memory.
 */
void di__refuse_creation(const struct di_context *home, const struct di_provider *provider,
			 struct di_error *err);
/** Lets the product that is begun be made for the asker. Under the lock of the product's home. */
void di__set_owner(struct di_entry *product, struct di_entry *asker);
/** Fills the error of a creation for which there is no memory. */
void di__no_memory(const struct di_provider *provider, struct di_error *err);

/* ---- unwind.c ---- */

/** Takes back the creations from top up to base; each adds its name to the path. Under no lock. */
void di__unwind(struct di_flow *flow, struct di_entry *top, struct di_entry *base,
		struct di_error *err);
/** Fills the error of a constructor that returned cause, or 0 and no value. */
void di__construction_failed(const struct di_provider *provider, int cause, struct di_error *err);
/** Ends what was made for the choice of the row alone, which has chosen. Under no lock. */
enum di_status di__end_chooser_needs(struct di_flow *flow, struct di_entry *selector,
				     struct di_error *err);

#endif
