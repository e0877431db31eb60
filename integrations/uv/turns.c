/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

struct di_uv_turns {
	struct di_task task;
	struct di_uv *uv;
	pthread_t thread; /* the loop's */
	di_uv_turn_fn *run;
	void *data;
	int holds; /* 1: it keeps the loop alive */
	int runs, freed;
	int posted; /* under the lock */
};

static void hold(struct di_uv_turns *turns, int holds)
{
	if (holds == turns->holds)
		return;
	turns->holds = holds;
	if (holds)
		di_uv_ref(turns->uv);
	else
		di_uv_unref(turns->uv);
}

static void release(struct di_uv_turns *turns)
{
	hold(turns, 0);
	di__uv_release(turns->uv, turns, sizeof(*turns));
}

static int set_posted(struct di_uv_turns *turns, int posted)
{
	int was;

	pthread_mutex_lock(&turns->uv->lock);
	was = turns->posted;
	turns->posted = posted;
	if (posted && !was)
		di__uv_post(turns->uv, &turns->task);
	pthread_mutex_unlock(&turns->uv->lock);
	return was;
}

static void take_turn(struct di_task *task)
{
	struct di_uv_turns *turns = (struct di_uv_turns *)(void *)task;
	enum di_uv_turn wants = DI_UV_DONE;

	set_posted(turns, 0);
	turns->runs = 1;
	if (!turns->freed)
		wants = turns->run(turns->data);
	turns->runs = 0;
	if (turns->freed) {
		release(turns);
		return;
	}
	hold(turns, wants != DI_UV_DONE);
	if (wants == DI_UV_AGAIN)
		set_posted(turns, 1);
}

void di_uv_turns_wake(void *turns)
{
	struct di_uv_turns *own = turns;
	struct di_uv *uv = own->uv;
	int here = pthread_equal(own->thread, pthread_self());

	set_posted(own, 1);
	if (here)
		di__uv_update(uv);
}

struct di_uv_turns *di_uv_turns_new(struct di_uv *uv, di_uv_turn_fn *run, void *data,
				    struct di_error *err)
{
	struct di_uv_turns *turns;

	if (!uv || !run) {
		di__uv_fail(err, DI_EINVAL, uv ? "there is nothing to run" : "there is no di_uv");
		return NULL;
	}
	turns = di__uv_allocate(uv, sizeof(*turns));
	if (!turns) {
		di__uv_fail(err, DI_ENOMEM, "for turns on the loop");
		return NULL;
	}
	*turns = (struct di_uv_turns){
		.task = { NULL, take_turn },
		.uv = uv,
		.thread = pthread_self(),
		.run = run,
		.data = data,
	};
	return turns;
}

/* What is posted, or runs, is released then. */
void di_uv_turns_free(struct di_uv_turns *turns)
{
	int posted;

	if (!turns)
		return;
	turns->freed = 1;
	pthread_mutex_lock(&turns->uv->lock);
	posted = turns->posted;
	pthread_mutex_unlock(&turns->uv->lock);
	if (!posted && !turns->runs)
		release(turns);
}
