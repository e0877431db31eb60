/* SPDX-License-Identifier: MIT */
#ifndef DI_GENERATOR_H
#define DI_GENERATOR_H

/**
 * Generators: functions that are resumed, each with context-local values of its own for its whole
 * life.
 *
 * A generator's body is called once for each step, with a message, and answers it. Where it stands
 * is in its own data, as in any state machine:
 *
 *     static enum di_turn count(void *data, const struct di_message *message,
 *                               struct di_answer *answer)
 *     {
 *             struct counter *self = data;
 *
 *             if (message->kind != DI_MESSAGE_SEND)
 *                     return di_generator_pass(message, answer);      thrown or closed: end
 *             if (self->at == self->end)
 *                     return DI_TURN_RETURN;
 *             answer->value = &self->numbers[self->at++];
 *             return DI_TURN_YIELD;
 *     }
 *
 * Every step runs in the generator's own copy of one namespace, and who resumes it finds his own
 * values again, however the step ends. Blocks that a step begins and does not end stay with the
 * generator: they are suspended with it, whatever their namespace.
 *
 * A generator belongs to who made it; it may be resumed by any thread, by one at a time.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/local.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a step is told. */
enum di_message_kind {
	DI_MESSAGE_SEND,  /**< go on, with the value that was sent; NULL at the first step */
	DI_MESSAGE_THROW, /**< an error comes up where the body stands */
	DI_MESSAGE_CLOSE  /**< the body is to clean up and end */
};

struct di_message {
	enum di_message_kind kind;
	void *value; /**< that was sent; borrowed */
	int error;   /**< that was thrown, an errno; ECANCELED where it is closed */
};

/** How a step ended. */
enum di_turn {
	DI_TURN_YIELD,  /**< it is suspended, and has yielded a value */
	DI_TURN_RETURN, /**< it is over, and has returned a value */
	DI_TURN_RAISE,  /**< it is over, with an error that it did not handle */
	DI_TURN_REFUSED /**< nothing has happened: the struct di_error says why. Not for bodies */
};

struct di_answer {
	void *value; /**< that was yielded or returned, NULL if the body has set none; borrowed */
	int error;   /**< that was raised */
};

typedef enum di_turn di_generator_fn(void *data, const struct di_message *message,
				     struct di_answer *answer);

/** When a generator's copy is taken. Later changes by others are never seen. */
enum di_capture_time {
	DI_AT_CREATION,
	DI_AT_FIRST_STEP
};

struct di_generator;

/**
 * Makes a generator with a copy of that namespace, to be freed by di_generator_free().
 *
 * body is not called yet. data is borrowed. Returns NULL with DI_EINVAL (no namespace, no body),
 * DI_EABI or DI_ENOMEM.
 */
DI_API struct di_generator *di_generator_new(const struct di_local *space,
					     enum di_capture_time time, di_generator_fn *body,
					     void *data, struct di_error *err);

/**
 * Resumes the body with a value, or begins it; to begin it the value has to be NULL.
 *
 * One that is over returns NULL again. answer may be NULL. DI_TURN_REFUSED with DI_EINVAL (NULL, or
 * a value for one that has not begun), DI_EBUSY (it is running), DI_ENOMEM.
 */
DI_API enum di_turn di_generator_send(struct di_generator *generator, void *value,
				      struct di_answer *answer, struct di_error *err);

/** di_generator_send() of NULL. */
DI_API enum di_turn di_generator_next(struct di_generator *generator, struct di_answer *answer,
				      struct di_error *err);

/**
 * Lets an error, an errno, come up where the body stands. What it yields in answer is the answer.
 *
 * Where it has not begun, or is over, the error comes back, raised, without the body. Refused as by
 * di_generator_send(), and for 0.
 */
DI_API enum di_turn di_generator_throw(struct di_generator *generator, int error,
				       struct di_answer *answer, struct di_error *err);

/**
 * Makes the body end: DI_TURN_RETURN, or DI_TURN_RAISE for an error of its own.
 *
 * Where it has not begun, or is over, the body is not called. DI_TURN_REFUSED with DI_EINVAL also
 * where it yields in answer: then it is suspended again.
 */
DI_API enum di_turn di_generator_close(struct di_generator *generator, struct di_answer *answer,
				       struct di_error *err);

/**
 * Closes a generator and frees it. NULL is legal.
 *
 * DI_EBUSY: it is running, and nothing has happened. After any other answer it is gone: DI_EINVAL,
 * it has yielded in answer; DI_ENOMEM, its body could not be called.
 */
DI_API enum di_status di_generator_free(struct di_generator *generator, struct di_error *err);

/** For bodies: how one ends that does not handle what it was thrown, or that it is closed. */
DI_API enum di_turn di_generator_pass(const struct di_message *message, struct di_answer *answer);

#ifdef __cplusplus
}
#endif

#endif
