/* SPDX-License-Identifier: MIT */
#include "di/lock.h"

#include "tests/support/check_main.h"
#include "tests/support/threads.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The lock of a context, by itself. What it guards here is plain: two threads inside at once lose
 * counts, and are a data race to the thread sanitizer.
 */
struct guarded {
	struct di__lock lock;
	int inside;
	long count, overlaps;
	int rounds;
};

/* Long enough to be found inside. */
enum {
	STAY = 20
};

static void guarded_init(struct guarded *guarded, uint64_t owner, int rounds)
{
	*guarded = (struct guarded){ .rounds = rounds };
	di__lock_init(&guarded->lock, di__lock_can_bias() ? owner : 0);
}

static void visit(struct guarded *guarded, uint64_t flow)
{
	volatile int stay;
	long seen;

	di__lock_take(&guarded->lock, flow);
	guarded->overlaps += guarded->inside != 0;
	guarded->inside = 1;
	seen = guarded->count;
	for (stay = 0; stay < STAY; stay++)
		continue;
	guarded->count = seen + 1;
	guarded->inside = 0;
	di__lock_give(&guarded->lock, flow);
}

static void visit_often(int number, void *data)
{
	struct guarded *guarded = data;
	int i;

	for (i = 0; i < guarded->rounds; i++)
		visit(guarded, (uint64_t)number + 1);
}

static int rounds(int wanted)
{
	return di_check_quick() ? wanted / 50 : wanted;
}

static void setup(void)
{
	watchdog(200);
}

static void teardown(void)
{
	watchdog(0);
}

/* ---- One at a time ---- */

/* Threads, and the number of the one that owns the lock; 0 is nobody and 99 is none of them. */
static const struct {
	int threads;
	uint64_t owner;
} crowds[] = {
	{ 1, 0 }, { 1, 1 }, { 2, 0 }, { 2, 1 }, { 2, 99 }, { 16, 0 }, { 16, 1 }, { 16, 99 }
};

START_TEST(only_one_is_inside)
{
	struct guarded guarded;
	int threads = crowds[_i].threads;

	guarded_init(&guarded, crowds[_i].owner, rounds(20000));
	crowd_run(threads, visit_often, &guarded);
	ck_assert_int_eq(guarded.overlaps, 0);
	ck_assert_int_eq(guarded.count, (long)threads * guarded.rounds);
	di__lock_release(&guarded.lock);
}
END_TEST

/*
 * The moment that matters is the one when the second flow comes, and it comes once in a life. Flow
 * 1 owns the lock and visits until the others have come and gone.
 */
struct lives {
	struct guarded guarded;
	pthread_barrier_t born, dead;
	atomic_int gone;
	int count;
	long lost;
};

enum {
	VISITORS = 2,
	VISITS = 3
};

static void be_owner(struct lives *lives)
{
	long visits = 0;

	lives->guarded.count = 0;
	lives->gone = 0;
	di__lock_rebias(&lives->guarded.lock, di__lock_can_bias() ? 1 : 0);
	pthread_barrier_wait(&lives->born);
	for (; lives->gone < VISITORS; visits++)
		visit(&lives->guarded, 1);
	pthread_barrier_wait(&lives->dead);
	lives->lost += visits + VISITORS * VISITS - lives->guarded.count;
}

static void be_visitor(struct lives *lives, uint64_t flow)
{
	int i;

	pthread_barrier_wait(&lives->born);
	for (i = 0; i < VISITS; i++)
		visit(&lives->guarded, flow);
	lives->gone++;
	pthread_barrier_wait(&lives->dead);
}

static void live_often(int number, void *data)
{
	struct lives *lives = data;
	int i;

	for (i = 0; i < lives->count; i++) {
		if (number == 0)
			be_owner(lives);
		else
			be_visitor(lives, (uint64_t)number + 1);
	}
}

/* Whether nothing was lost. */
static int live(int count)
{
	struct lives lives = { .count = count };

	guarded_init(&lives.guarded, 1, 0);
	pthread_barrier_init(&lives.born, NULL, 1 + VISITORS);
	pthread_barrier_init(&lives.dead, NULL, 1 + VISITORS);
	crowd_run(1 + VISITORS, live_often, &lives);
	pthread_barrier_destroy(&lives.born);
	pthread_barrier_destroy(&lives.dead);
	di__lock_release(&lives.guarded.lock);
	return lives.lost == 0 && lives.guarded.overlaps == 0;
}

START_TEST(only_one_is_inside_when_the_bias_is_revoked)
{
	ck_assert(live(rounds(20000)));
}
END_TEST

/* ---- Waiting ---- */

struct comer {
	struct guarded *guarded;
	uint64_t flow, spent_ns;
	struct latch *before;
};

static void *come(void *data)
{
	struct comer *comer = data;
	uint64_t begun;

	latch_open(comer->before);
	begun = thread_cpu_ns();
	visit(comer->guarded, comer->flow);
	comer->spent_ns = thread_cpu_ns() - begun;
	return NULL;
}

/* Held by flow 1 while others come: whoever spins gets its share of the time that this burns. */
static void hold_while_others_come(uint64_t owner)
{
	struct latch before[3] = { LATCH_INIT, LATCH_INIT, LATCH_INIT };
	struct comer comers[3];
	pthread_t threads[3];
	struct guarded guarded;
	uint64_t spent = 0;
	int i;

	guarded_init(&guarded, owner, 0);
	di__lock_take(&guarded.lock, 1);
	for (i = 0; i < 3; i++) {
		comers[i] = (struct comer){ &guarded, (uint64_t)i + 2, 0, &before[i] };
		threads[i] = thread_start(come, &comers[i], 0);
		latch_wait(&before[i]);
	}
	thread_burn(100000000);
	ck_assert_int_eq(guarded.count, 0);
	di__lock_give(&guarded.lock, 1);
	for (i = 0; i < 3; i++) {
		thread_join(threads[i]);
		spent += comers[i].spent_ns;
	}
	ck_assert_int_eq(guarded.count, 3);
	if (!di_check_quick())
		ck_assert_uint_lt(spent, 30000000);
	di__lock_release(&guarded.lock);
}

START_TEST(those_who_wait_are_parked)
{
	hold_while_others_come(0);
}
END_TEST

START_TEST(those_who_wait_for_its_owner_are_parked)
{
	hold_while_others_come(1);
}
END_TEST

START_TEST(its_owner_is_parked_while_another_holds_it)
{
	hold_while_others_come(2);
}
END_TEST

#ifndef DI__LOCK_PLAIN

/* ---- The bias ---- */

START_TEST(its_owner_takes_it_without_touching_the_word)
{
	struct guarded guarded;

	if (!di__lock_can_bias())
		return;
	guarded_init(&guarded, 1, 0);
	di__lock_take(&guarded.lock, 1);
	ck_assert_uint_eq(guarded.lock.held, 1);
	ck_assert_uint_eq(guarded.lock.word, 0);
	di__lock_give(&guarded.lock, 1);
	ck_assert_uint_eq(guarded.lock.held, 0);
	ck_assert_uint_eq(guarded.lock.revoked, 0);
}
END_TEST

START_TEST(the_first_other_flow_ends_the_bias_until_it_is_given_again)
{
	struct guarded guarded;

	if (!di__lock_can_bias())
		return;
	guarded_init(&guarded, 1, 0);
	visit(&guarded, 1);
	visit(&guarded, 2);
	ck_assert_uint_ne(guarded.lock.revoked, 0);
	di__lock_take(&guarded.lock, 1);
	ck_assert_uint_eq(guarded.lock.held, 0);
	ck_assert_uint_eq(guarded.lock.word, 1);
	di__lock_give(&guarded.lock, 1);
	di__lock_rebias(&guarded.lock, 3);
	di__lock_take(&guarded.lock, 3);
	ck_assert_uint_eq(guarded.lock.held, 1);
	di__lock_give(&guarded.lock, 3);
	ck_assert_int_eq(guarded.count, 2);
}
END_TEST

/* The owner may have looked before the bias was ended, and gives it up after. */
START_TEST(who_waits_for_its_owner_goes_on_though_nobody_wakes_it)
{
	struct latch before = LATCH_INIT;
	struct guarded guarded;
	struct comer comer = { &guarded, 2, 0, &before };
	pthread_t thread;

	if (!di__lock_can_bias())
		return;
	guarded_init(&guarded, 1, 0);
	di__lock_take(&guarded.lock, 1);
	thread = thread_start(come, &comer, 0);
	while (!DI__LOAD(guarded.lock.waiting))
		sched_yield();
	DI__STORE(guarded.lock.held, 0);
	thread_join(thread);
	ck_assert_int_eq(guarded.count, 1);
}
END_TEST

/* The registration for the barrier may be lost by fork(). */
START_TEST(a_child_process_can_revoke_too)
{
	int ended = 1;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		watchdog(100);
		_exit(!live(rounds(1000)));
	}
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	ck_assert_int_eq(ended, 0);
}
END_TEST

static void add_bias(Suite *all)
{
	TCase *bias = tcase_create("bias");

	tcase_add_checked_fixture(bias, setup, teardown);
	tcase_add_test(bias, its_owner_takes_it_without_touching_the_word);
	tcase_add_test(bias, the_first_other_flow_ends_the_bias_until_it_is_given_again);
	tcase_add_test(bias, who_waits_for_its_owner_goes_on_though_nobody_wakes_it);
	tcase_add_test(bias, a_child_process_can_revoke_too);
	suite_add_tcase(all, bias);
}

#else

static void add_bias(Suite *all)
{
	(void)all;
}

#endif

static Suite *suite(void)
{
	Suite *all = suite_create("di/lock");
	TCase *tcase = tcase_create("lock");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, only_one_is_inside, 0, sizeof(crowds) / sizeof(crowds[0]));
	tcase_add_test(tcase, only_one_is_inside_when_the_bias_is_revoked);
	tcase_add_test(tcase, those_who_wait_are_parked);
	tcase_add_test(tcase, those_who_wait_for_its_owner_are_parked);
	tcase_add_test(tcase, its_owner_is_parked_while_another_holds_it);
	suite_add_tcase(all, tcase);
	add_bias(all);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
