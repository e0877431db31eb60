/* SPDX-License-Identifier: MIT */
#include "tests/support/ring.h"

#include "tests/support/cell.h"
#include "tests/support/check_main.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

static const struct ring_member *members;
static int members_count, rounds_count;
static struct latch begun[RING_MEMBERS] = { LATCH_INIT, LATCH_INIT, LATCH_INIT, LATCH_INIT };
static pthread_barrier_t all_meet;
static atomic_int running, broken, own_cycles, cycles_of_threads;

int ring_runs(void)
{
	return running;
}

static void note_cycle(const struct di_error *err)
{
	if (err->status != DI_ECYCLE)
		return;
	if (strcmp(err->detail, "while it is being made") == 0)
		own_cycles++;
	else if (strcmp(err->detail, "flows wait for each other") == 0)
		cycles_of_threads++;
	else
		cell_expect(0, "a cycle that is not explained");
}

static enum di_status ask_for(int number)
{
	struct di_error err = { 0 };

	if (di_resolve(members[number].context, &err, members[number].provider) != NULL)
		return DI_OK;
	note_cycle(&err);
	cell_expect(err.status == DI_ECYCLE || err.status == DI_ECREATE,
		    "an error in a ring that nothing explains");
	return err.status;
}

int ring_act(int number)
{
	int next = (number + 1) % members_count;

	cell_expect(ask_for(number) == DI_ECYCLE, "a value that needs itself is no cycle");
	latch_open(&begun[number]);
	latch_wait(&begun[next]);
	sched_yield();
	if (ask_for(next) == DI_OK)
		return 0;
	/* Who gives way lets the others be made. */
	return cell_below(2) ? EAGAIN : 0;
}

static void end_round(void)
{
	struct di_error err = { 0 };
	int i;

	/* What is left over would not ask again. */
	for (i = 0; i < members_count; i++) {
		latch_init(&begun[i]);
		if (di_reset(members[i].context, members[i].provider, &err) != DI_OK)
			broken = 1;
	}
}

static void take_part(int number, void *data)
{
	int round, before;

	(void)data;
	cells_join(number);
	for (round = 0; round < rounds_count && !broken; round++) {
		before = cycles_of_threads;
		pthread_barrier_wait(&all_meet);
		ask_for(number % members_count);
		if (pthread_barrier_wait(&all_meet) == PTHREAD_BARRIER_SERIAL_THREAD) {
			cell_expect(cycles_of_threads > before, "a ring without a cycle");
			end_round();
		}
		pthread_barrier_wait(&all_meet);
	}
}

void ring_run(int threads, int rounds, const struct ring_member *ring, int count)
{
	members = ring;
	members_count = count;
	rounds_count = rounds;
	ck_assert_int_le(count, RING_MEMBERS);
	ck_assert_int_ge(threads, count);
	broken = own_cycles = cycles_of_threads = 0;
	pthread_barrier_init(&all_meet, NULL, (unsigned)threads);
	running = 1;
	crowd_run(threads, take_part, NULL);
	running = 0;
	pthread_barrier_destroy(&all_meet);
	cell_expect(!broken, "what nobody uses cannot be reset");
	cells_check_faults();
	ck_assert_int_ge(own_cycles, rounds * count);
	ck_assert_int_ge(cycles_of_threads, rounds);
}
