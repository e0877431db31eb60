/* SPDX-License-Identifier: MIT */
#include "di/generator.h"
#include "di/internal.h"

#include <errno.h>

enum state {
	NEW,
	SUSPENDED,
	RUNNING,
	OVER
};

struct di_generator {
	const struct di_local *space;
	di_generator_fn *body;
	void *data;
	uintptr_t values; /* its own; while it runs, those of who has resumed it */
	int captured;
	int state; /* atomic */
	struct di__frames frames;
};

static void capture(struct di_generator *generator)
{
	generator->values = di__trie_hold(di__locals_values(di__flow, generator->space));
	generator->captured = 1;
}

static struct di_generator *refuse_new(const struct di_local *space, struct di_error *err)
{
	if (space == NULL)
		di__misuse(err, DI_EINVAL, NULL, "there is no namespace");
	else if (space->abi != DI_ABI)
		di__fail(err, DI_EABI, NULL, "the namespace %s", space->name);
	else
		di__misuse(err, DI_EINVAL, NULL, "a generator of %s needs a body", space->name);
	return NULL;
}

struct di_generator *di_generator_new(const struct di_local *space, enum di_capture_time time,
				      di_generator_fn *body, void *data, struct di_error *err)
{
	const struct di_allocator *memory;
	struct di_generator *generator;

	if (space == NULL || space->abi != DI_ABI || body == NULL)
		return refuse_new(space, err);
	memory = di__space_memory(space);
	generator = memory->allocate(sizeof(*generator), memory->data);
	if (generator == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for a generator of %s", space->name);
		return NULL;
	}
	memset(generator, 0, sizeof(*generator));
	generator->space = space;
	generator->body = body;
	generator->data = data;
	generator->frames.is_step = 1;
	di__space_hold(space);
	if (time == DI_AT_CREATION)
		capture(generator);
	return generator;
}

/* Exchanges what stands in the flow's table and what is kept; where a map is no more, nothing. */
static void exchange(struct di_flow *flow, const struct di_local *space, uintptr_t *kept)
{
	struct di__cell *cell = di__locals_restore(flow, space);
	uintptr_t values;

	if (cell == NULL)
		return;
	values = cell->values;
	cell->values = *kept;
	*kept = values;
}

/* Makes cells for all that will be exchanged. */
static enum di_status make_cells(struct di_flow *flow, struct di_generator *generator,
				 struct di_error *err)
{
	struct di__cell *cell;
	enum di_status status = di__locals_cell(flow, generator->space, &cell, err);
	uint32_t i;

	for (i = 0; status == DI_OK && i < generator->frames.count; i++)
		status = di__locals_cell(flow, di__frame_at(&generator->frames, i)->space, &cell,
					 err);
	return status;
}

static void enter(struct di_flow *flow, struct di_generator *generator)
{
	uint32_t i;

	exchange(flow, generator->space, &generator->values);
	for (i = 0; i < generator->frames.count; i++) {
		struct di__frame *frame = di__frame_at(&generator->frames, i);

		if (frame->set == NULL)
			exchange(flow, frame->space, &frame->values);
	}
}

/* In the reverse order, as several may be of one namespace. */
static void leave(struct di_flow *flow, struct di_generator *generator)
{
	uint32_t i;

	for (i = generator->frames.count; i > 0; i--) {
		struct di__frame *frame = di__frame_at(&generator->frames, i - 1);

		if (frame->set == NULL)
			exchange(flow, frame->space, &frame->values);
	}
	exchange(flow, generator->space, &generator->values);
}

static void end(struct di_generator *generator)
{
	uintptr_t values = generator->values;

	generator->values = 0;
	di__frames_drop(&generator->frames);
	di__trie_release(values, di__space_memory(generator->space));
}

/* One step of a generator that the caller has set to running. */
static enum di_turn step(struct di_generator *generator, const struct di_message *message,
			 struct di_answer *answer, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__frames *frames = flow->locals.frames;
	enum di_turn turn;

	if (make_cells(flow, generator, err) != DI_OK)
		return DI_TURN_REFUSED;
	if (!generator->captured)
		capture(generator);
	enter(flow, generator);
	flow->locals.frames = &generator->frames;
	turn = generator->body(generator->data, message, answer);
	leave(flow, generator);
	flow->locals.frames = frames;
	if (turn == DI_TURN_YIELD)
		return turn;
	end(generator);
	return turn == DI_TURN_RETURN ? turn : DI_TURN_RAISE;
}

/* Takes the generator for a step; returns its state before, or RUNNING if another has it. */
static enum state take(struct di_generator *generator)
{
	int state = DI__LOAD(generator->state);

	while (state != RUNNING &&
	       !__atomic_compare_exchange_n(&generator->state, &state, RUNNING, 0, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED))
		continue;
	return (enum state)state;
}

static enum di_turn let_go(struct di_generator *generator, enum state before, enum di_turn turn)
{
	int state = turn == DI_TURN_REFUSED ? (int)before
		    : turn == DI_TURN_YIELD ? SUSPENDED
					    : OVER;

	DI__STORE(generator->state, state);
	return turn;
}

/* What comes of a message for one whose body is not called: it has not begun, or is over. */
static enum di_turn without_body(const struct di_message *message, struct di_answer *answer)
{
	return di_generator_pass(message, answer);
}

static enum di_turn refuse_value(struct di_error *err)
{
	di__misuse(err, DI_EINVAL, NULL,
		   "the generator has not begun: nothing waits for a value there");
	return DI_TURN_REFUSED;
}

static enum di_turn resume(struct di_generator *generator, const struct di_message *message,
			   struct di_answer *answer, struct di_error *err)
{
	struct di_answer own = { NULL, 0 };
	enum di_turn turn;
	enum state before;

	if (generator == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no generator");
		return DI_TURN_REFUSED;
	}
	if (answer == NULL)
		answer = &own;
	*answer = own;
	before = take(generator);
	if (before == RUNNING) {
		di__fail(err, DI_EBUSY, NULL, "the generator is running");
		return DI_TURN_REFUSED;
	}
	if (before == NEW && message->kind == DI_MESSAGE_SEND && message->value != NULL)
		turn = refuse_value(err);
	else if (before == OVER || (before == NEW && message->kind != DI_MESSAGE_SEND))
		turn = without_body(message, answer);
	else
		turn = step(generator, message, answer, err);
	if (before == NEW && turn != DI_TURN_REFUSED && message->kind != DI_MESSAGE_SEND)
		end(generator);
	return let_go(generator, before, turn);
}

enum di_turn di_generator_send(struct di_generator *generator, void *value,
			       struct di_answer *answer, struct di_error *err)
{
	const struct di_message message = { DI_MESSAGE_SEND, value, 0 };

	return resume(generator, &message, answer, err);
}

enum di_turn di_generator_next(struct di_generator *generator, struct di_answer *answer,
			       struct di_error *err)
{
	return di_generator_send(generator, NULL, answer, err);
}

enum di_turn di_generator_throw(struct di_generator *generator, int error, struct di_answer *answer,
				struct di_error *err)
{
	const struct di_message message = { DI_MESSAGE_THROW, NULL, error };

	if (error == 0) {
		di__misuse(err, DI_EINVAL, NULL, "0 is no error to throw");
		return DI_TURN_REFUSED;
	}
	return resume(generator, &message, answer, err);
}

enum di_turn di_generator_close(struct di_generator *generator, struct di_answer *answer,
				struct di_error *err)
{
	const struct di_message message = { DI_MESSAGE_CLOSE, NULL, ECANCELED };
	struct di_answer own;
	enum di_turn turn;

	if (answer == NULL)
		answer = &own;
	turn = resume(generator, &message, answer, err);
	if (turn == DI_TURN_YIELD) {
		di__fail(err, DI_EINVAL, NULL, "the generator has yielded where it was to end");
		return DI_TURN_REFUSED;
	}
	if (turn == DI_TURN_RAISE && answer->error == ECANCELED) {
		answer->error = 0;
		return DI_TURN_RETURN;
	}
	return turn;
}

enum di_status di_generator_free(struct di_generator *generator, struct di_error *err)
{
	struct di_error own;
	const struct di_allocator *memory;
	const struct di_local *space;
	enum di_status status = DI_OK;

	if (generator == NULL)
		return DI_OK;
	if (err == NULL)
		err = &own;
	if (di_generator_close(generator, NULL, err) == DI_TURN_REFUSED)
		status = err->status;
	if (status == DI_EBUSY)
		return status;
	space = generator->space;
	memory = di__space_memory(space);
	end(generator);
	memory->release(generator, sizeof(*generator), memory->data);
	di__space_release(space);
	return status;
}

enum di_turn di_generator_pass(const struct di_message *message, struct di_answer *answer)
{
	answer->error = message->error;
	return message->kind == DI_MESSAGE_THROW || message->kind == DI_MESSAGE_CLOSE
		       ? DI_TURN_RAISE
		       : DI_TURN_RETURN;
}
