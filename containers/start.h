/* SPDX-License-Identifier: MIT */
#ifndef DI_START_H
#define DI_START_H

/* private */

/**
 * Starting a container on several threads, or for a limited time.
 *
 * A start is planned and gets all its memory before anything of the user's runs. Each row that is
 * to be made is a step, which is taken when the steps that it needs are done; a step is nothing but
 * a di_resolve() in the root, so that values are made, found, waited for and refused as ever. A row
 * that is made anew each time, or that chooses, has a step too, in which nothing happens: it leads
 * from what it needs to what needs it.
 *
 * Steps have the numbers that they would be done in one after the other. Of those that are ready
 * the first is taken, and of the errors the first is reported.
 */

#include "di/internal.h"

/** The number of no step, and the row of none. */
#define DI__NO_STEP UINT32_MAX

enum di__start_step_state {
	DI__STEP_NONE, /* there is nothing to do for that row */
	DI__STEP_OPEN, /* its needs are being looked at */
	DI__STEP_PLANNED
};

/** What is to be done for one row. */
struct di__start_step {
	const struct di_provider *provider;
	uint32_t asker;     /* row whose need led here first, or DI__NO_STEP */
	uint32_t number;    /* in the order of one thread */
	uint32_t next_need; /* while it is open */
	uint32_t missing;   /* needs that have steps which are not done */
	uint32_t waiting;   /* the first link to a row that needs it, or DI__NO_STEP */
	uint8_t state;      /* enum di__start_step_state */
	uint8_t makes;      /* 1: its value is resolved */
};

/** That a row waits for another one. */
struct di__start_link {
	uint32_t row, next;
};

/** One thread of a start. The first is the caller's own, unless that keeps the time. */
struct di__runner {
	struct di__start *start;
	pthread_t thread;
	uint32_t number; /* of the step that it is at, or DI__NO_STEP; under the start's lock */
	uint64_t since_ns;
};

/** What is planned stays; the rest is under the lock. */
struct di__start {
	struct di__start *next; /* among those of the container that have timed out */
	struct di_container *container;
	size_t size;                  /* of the block */
	struct di__start_step *steps; /* of each row */
	struct di__start_link *links; /* and how many are used: */
	uint32_t links_count;
	uint32_t *order; /* the rows of the steps, by number */
	uint32_t count;  /* of steps */
	uint32_t makes;  /* of those that make something */
	uint32_t *ready; /* numbers of steps, a heap: the least first */
	uint32_t ready_count;
	uint32_t left;   /* steps that are not done */
	int stopped;     /* 1: no further step begins */
	uint32_t active; /* runners that have not finished */
	struct di__runner *runners;
	uint32_t runners_count, runners_begun;
	pthread_mutex_t lock;
	pthread_cond_t changed;  /* a step is ready, or all is over */
	pthread_cond_t finished; /* no runner is active */
	uint32_t failed_at;      /* number of the step that error is of, or DI__NO_STEP */
	uint32_t failures;
	struct di_error error;
};

/* ---- start_plan.c ---- */

/** Plans a start for at most so many threads; NULL with err filled. Released by the caller. */
struct di__start *di__start_plan(struct di_container *container, uint32_t threads,
				 struct di_error *err);
/** Gives the memory back. No thread is at it. */
void di__start_release(struct di__start *start);
/** Whether a row is left to the calling thread, for its value belongs to who asks for it. */
int di__start_of_thread(const struct di_context *root, const struct di_provider *provider);
/** Makes a step ready. Under the lock. */
void di__start_push(struct di__start *start, uint32_t number);
/** Takes the first of the ready steps, of which there is one. Under the lock. */
uint32_t di__start_pop(struct di__start *start);

/* ---- start_run.c ---- */

/**
 * Begins a thread for each runner from `first` on. DI_ENOMEM: there is none, and no step has been
 * taken.
 */
enum di_status di__start_begin(struct di__start *start, uint32_t first, struct di_error *err);
/** Takes steps until none is left, or one has failed. */
void di__start_take_steps(struct di__runner *runner);
/** Waits for the end of the threads from `first` on. */
void di__start_join(struct di__start *start, uint32_t first);
/** What has come of a start that no thread is at. */
enum di_status di__start_outcome(const struct di__start *start, struct di_error *err);
/** Adds the rows that led to the step, as they would stand in the path had one thread made them. */
void di__start_add_askers(const struct di__start *start, const struct di__start_step *step,
			  struct di_error *err);

/* ---- start_late.c ---- */

/** Runs a start on threads of its own for the container's time, and releases it, now or later. */
enum di_status di__start_run_for(struct di__start *start, struct di_error *err);
/** Joins the threads of starts that have timed out, where they have nothing to do but to end. */
void di__start_join_finished(struct di_container *container);

/** The same. DI_EBUSY while one of them is not over. No other start is at the container. */
enum di_status di__start_end(struct di_container *container, struct di_error *err);

/* ---- start.c ---- */

/** Makes the resources as the container's options say. */
enum di_status di__start(struct di_container *container, struct di_error *err);

#endif
