/* SPDX-License-Identifier: MIT */
#include "di/ring.h"

#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/last_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * Random fibers, of one thread or of two, that resolve, await, close, spawn and join each other,
 * inside and outside of constructors and finalizers. All of them end: whoever would wait for
 * himself is refused. And nobody is, where all that waits does so for what stands below it.
 */

enum {
	ROWS = 14,
	RANKED_ROWS = 7, /* the first ones, none of which waits for another flow in a step */
	CONTEXTS = 3,
	FIBERS = 12,
	PENDING = 64,
	DEEP = 4
};

PART_FAKE(made)
static int ranked;

static void act_as(int rank, int inside);
static int act_and_make(int rank, struct part **out);
static int begin(struct di_call *call, int row);

#define SYNC_NEW(name_, rank_, ...)                                                                \
	static int name_##_new(__VA_ARGS__)                                                        \
	{                                                                                          \
		return act_and_make(rank_, out);                                                   \
	}
#define ASYNC_NEW(name_, row_, ...)                                                                \
	static int name_##_new(__VA_ARGS__)                                                        \
	{                                                                                          \
		return begin(call, row_);                                                          \
	}
#define NEED(name_) struct part *name_ __attribute__((unused))

/* clang-format off */
ASYNC_NEW(a, 0, struct di_call *call)
ASYNC_NEW(b, 1, struct di_call *call, NEED(a))
ASYNC_NEW(page, 2, struct di_call *call, NEED(b))
SYNC_NEW(s, 3, struct part **out)
SYNC_NEW(t, 4, struct part **out, NEED(s))
SYNC_NEW(u, 5, struct part **out)
SYNC_NEW(v, 6, struct part **out, NEED(t))
ASYNC_NEW(m, 7, struct di_call *call, NEED(s))
ASYNC_NEW(n, 8, struct di_call *call, NEED(m), NEED(u))
SYNC_NEW(own, 9, struct part **out, NEED(a))
SYNC_NEW(further, 10, struct part **out, NEED(m))
SYNC_NEW(c, 11, struct part **out, NEED(t))
ASYNC_NEW(p, 12, struct di_call *call, NEED(u))
ASYNC_NEW(q, 13, struct di_call *call, NEED(m))

static void end(struct part *part)
{
	(void)part;
	act_as(ranked ? 0 : ROWS, 1);
}

#define APP(X) \
	X(async_singleton,        app_a,       struct part, (a_new),               di_keep) \
	X(async_singleton,        app_b,       struct part, (b_new, app_a),        di_keep) \
	X(async_context_resource, app_page,    struct part, (page_new, app_b),     end, request) \
	X(singleton,              app_s,       struct part, (s_new),               di_keep) \
	X(singleton,              app_t,       struct part, (t_new, app_s),        di_keep) \
	X(singleton,              app_u,       struct part, (u_new),               di_keep) \
	X(singleton,              app_v,       struct part, (v_new, app_t),        di_keep) \
	X(async_singleton,        app_m,       struct part, (m_new, app_s),        di_keep) \
	X(async_singleton,        app_n,       struct part, (n_new, app_m, app_u), di_keep) \
	X(thread_singleton,       app_own,     struct part, (own_new, app_a),      di_keep) \
	X(thread_singleton,       app_further, struct part, (further_new, app_m),  di_keep) \
	X(context_resource,       app_c,       struct part, (c_new, app_t),        end, request) \
	X(async_context_resource, app_p,       struct part, (p_new, app_u),        end, request) \
	X(async_context_resource, app_q,       struct part, (q_new, app_m),        end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static const struct di_provider *const rows[ROWS] = {
	&app_a, &app_b, &app_page, &app_s,       &app_t, &app_u, &app_v,
	&app_m, &app_n, &app_own,  &app_further, &app_c, &app_p, &app_q,
};

/* ---- What there is. ---- */

struct place {
	struct di_context *context; /* NULL: none is open */
	int users;                  /* that have not pinned it */
	int closing;
};

struct worker {
	struct di_fiber *fiber; /* NULL: none */
	int rank, depth, over, joining;
	const char *doing;
};

/* One thread with its scheduler. Only its own fibers use it. */
struct side {
	uint64_t seed;
	struct di_fiber_scheduler *scheduler;
	struct place places[CONTEXTS];
	struct worker workers[FIBERS];
	int depth, spawned;
	int thread_acts; /* 1: so does the thread outside of its fibers */
};

static _Thread_local struct side *side;
static struct side sides[2];
static unsigned sides_count;

static pthread_mutex_t pending_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	struct di_call *call;
	int row;
} pending[PENDING];
static unsigned pending_count;
static uint64_t moves, refused, waited;
static int left; /* that have not ended; atomic */

static uint32_t draw(uint32_t limit)
{
	return random_next(&side->seed) % limit;
}

static void count_status(enum di_status status)
{
	__atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
	if (status != DI_ECYCLE)
		return;
	__atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
	if (ranked) {
		fputs("refused, though nothing waits for what stands above it\n", stderr);
		abort();
	}
}

/* ---- Creations that take time. ---- */

static void complete(struct di_call *call, int row)
{
	int status = draw(8) == 0 ? EIO : 0;

	di__call_complete(call, rows[row], status, status == 0 ? &made : NULL);
}

static int complete_one(void)
{
	struct di_call *call = NULL;
	unsigned at;
	int row = 0;

	pthread_mutex_lock(&pending_lock);
	if (pending_count > 0) {
		at = draw(pending_count);
		call = pending[at].call;
		row = pending[at].row;
		pending[at] = pending[--pending_count];
	}
	pthread_mutex_unlock(&pending_lock);
	if (call == NULL)
		return 0;
	__atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
	complete(call, row);
	return 1;
}

static void got(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	if (value == NULL)
		count_status(failure->status);
	if (!ranked && draw(4) == 0)
		act_as(ROWS, 1);
}

static void ask_by_call(struct di_call *call, int row)
{
	struct di_error err = { 0 };
	const struct di_provider *provider = rows[ranked ? draw((uint32_t)row + 1) : draw(9)];

	if (ranked && row == 0)
		return;
	if (di_call_get_async(call, provider, got, NULL, &err).number == 0)
		count_status(err.status);
}

static int begin(struct di_call *call, int row)
{
	if (!ranked)
		act_as(row, 1);
	if (!ranked && draw(4) == 0)
		ask_by_call(call, row);
	if (draw(3) == 0) {
		complete(call, row);
		return DI_PENDING;
	}
	if (draw(8) == 0)
		return EAGAIN;
	pthread_mutex_lock(&pending_lock);
	if (pending_count < PENDING) {
		pending[pending_count].call = call;
		pending[pending_count++].row = row;
		call = NULL;
	}
	pthread_mutex_unlock(&pending_lock);
	return call != NULL ? ENOBUFS : DI_PENDING;
}

static int act_and_make(int rank, struct part **out)
{
	act_as(rank, 1);
	if (draw(8) == 0)
		return ENOMEM;
	*out = &made;
	return 0;
}

/* ---- What fibers do. ---- */

static struct worker *self(void)
{
	const struct di_fiber *fiber = di_fiber_current();
	int i;

	for (i = 0; i < FIBERS; i++) {
		if (side->workers[i].fiber != NULL && side->workers[i].fiber == fiber)
			return &side->workers[i];
	}
	return NULL;
}

static void say(const char *what)
{
	struct worker *worker = self();

	if (worker != NULL)
		worker->doing = what;
}

static struct place *any_open(void)
{
	struct place *place = &side->places[draw(CONTEXTS)];

	return place->context != NULL && !place->closing ? place : NULL;
}

/* The row is below the rank, where that matters. */
static const struct di_provider *any_row(int rank)
{
	return rows[draw((uint32_t)(!ranked ? ROWS : rank > 0 ? rank : 1))];
}

/* Nobody closes what it is awaited in, as where it is resolved. */
static int is_plain(const struct di_provider *provider)
{
	return provider == &app_s || provider == &app_t || provider == &app_u ||
	       provider == &app_v || provider == &app_c;
}

static void ask(int rank, int awaits, int inside)
{
	struct place *place = any_open();
	const struct di_provider *provider = any_row(rank);
	struct di_context *context = place != NULL ? place->context : root;
	struct di_error err = { 0 };
	int uses = place != NULL && (!awaits || inside || is_plain(provider));

	if (ranked && rank == 0)
		return;
	say(provider->name);
	if (uses)
		place->users++;
	if ((awaits ? di_await(context, provider, &err) : di_resolve(context, &err, provider)) ==
	    NULL)
		count_status(err.status);
	if (uses)
		place->users--;
}

static void take(void *data, void *value, const struct di_error *failure)
{
	got(data, value, failure);
}

static void get(int rank)
{
	struct place *place = any_open();
	struct di_error err = { 0 };

	if (ranked && rank == 0)
		return;
	say("get");
	if (di_get_async(place != NULL ? place->context : root, any_row(rank), take, NULL, &err)
		    .number == 0)
		count_status(err.status);
}

static void open_or_close(int rank)
{
	struct place *place = &side->places[draw(CONTEXTS)];
	struct di_error err = { 0 };
	enum di_status status;

	if (place->closing || place->users > 0 || (ranked && rank <= 2))
		return;
	if (place->context == NULL) {
		place->context = di_context_open(root, &di_scope_request, &err);
		return;
	}
	say("close");
	place->closing = 1;
	status = di_await_close(place->context, DI_DONE, &err);
	count_status(status);
	if (status == DI_OK)
		place->context = NULL;
	place->closing = 0;
}

static void join_one(int rank)
{
	struct worker *worker = &side->workers[draw(FIBERS)];
	enum di_status status;
	struct di_error err = { 0 };

	if (worker->fiber == NULL || worker->joining || worker == self() ||
	    (ranked && worker->rank >= rank))
		return;
	say("join");
	worker->joining = 1;
	status = di_fiber_join(worker->fiber, NULL, &err);
	worker->joining = 0;
	count_status(status);
	if (status == DI_OK) {
		worker->fiber = NULL;
		__atomic_add_fetch(&waited, 1, __ATOMIC_RELAXED);
	}
}

static void *live(void *data)
{
	struct worker *worker = data;
	int i, count = 1 + (int)draw(6);

	for (i = 0; i < count; i++)
		act_as(worker->rank, 0);
	worker->over = 1;
	__atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void spawn_one(void)
{
	int i;

	for (i = 0; i < FIBERS && side->workers[i].fiber != NULL; i++)
		continue;
	if (i == FIBERS)
		return;
	side->workers[i] = (struct worker){ .doing = "new" };
	side->workers[i].rank = (int)draw((uint32_t)(ranked ? RANKED_ROWS + 1 : ROWS));
	side->workers[i].fiber =
		di_fiber_spawn(side->scheduler, live, &side->workers[i], NULL, NULL);
	__atomic_add_fetch(&left, 1, __ATOMIC_RELAXED);
	side->spawned++;
}

static void cancel_or_complete(int inside)
{
	const struct worker *worker = &side->workers[draw(FIBERS)];

	if (draw(4) == 0 && worker->fiber != NULL && !worker->over)
		di_fiber_cancel(worker->fiber);
	else if (!ranked || !inside)
		complete_one();
}

static void do_one(int rank, int inside)
{
	__atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
	switch (draw(12)) {
	case 0:
	case 1:
		say("yield");
		di_fiber_yield();
		break;
	case 2:
	case 3:
		ask(rank, 0, inside);
		break;
	case 4:
	case 5:
		ask(rank, 1, inside);
		break;
	case 6:
		get(rank);
		break;
	case 7:
		open_or_close(rank);
		break;
	case 8:
	case 9:
		join_one(rank);
		break;
	case 10:
		cancel_or_complete(inside);
		break;
	default:
		if (side->spawned < 20)
			spawn_one();
	}
	say("acting");
}

/* None where others act further out, and where nothing can wait. */
static void act_as(int rank, int inside)
{
	struct worker *worker = self();
	int count = (int)draw(4);
	int *depth = worker != NULL ? &worker->depth : &side->depth;

	if ((di_fiber_current() == NULL && (side == NULL || !side->thread_acts)) || *depth >= DEEP)
		return;
	++*depth;
	while (count-- > 0)
		do_one(rank, inside);
	--*depth;
}

/* ---- Cases. ---- */

static void hung(void)
{
	int i, j;

	for (j = 0; j < (int)sides_count; j++) {
		for (i = 0; i < FIBERS; i++) {
			const struct worker *worker = &sides[j].workers[i];

			if (worker->fiber != NULL && !worker->over)
				fprintf(stderr, "side %d fiber %d rank %d: %s\n", j, i,
					worker->rank, worker->doing);
		}
	}
	abort();
}

static int pending_left(void)
{
	int some;

	pthread_mutex_lock(&pending_lock);
	some = pending_count > 0;
	pthread_mutex_unlock(&pending_lock);
	return some;
}

static void join_ended(void)
{
	int i;

	for (i = 0; i < FIBERS; i++) {
		struct worker *worker = &side->workers[i];

		if (worker->fiber != NULL && worker->over && !worker->joining) {
			di_fiber_join(worker->fiber, NULL, NULL);
			worker->fiber = NULL;
		}
	}
}

/* What the other thread does may let ours go on. */
static void see_whether_all_stands(uint64_t *seen, int *idle)
{
	const struct timespec pause = { 0, 200000 };
	uint64_t now = __atomic_load_n(&moves, __ATOMIC_RELAXED);

	if (now != *seen)
		*idle = 0;
	*seen = now;
	if (++*idle > (sides_count == 1 ? 100 : 50000))
		hung();
	if (sides_count > 1 && *idle > 100)
		nanosleep(&pause, NULL);
}

/* Completes what there is; each in a fiber of its own, as that may come to wait for others. */
static void *complete_all(void *data)
{
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };
	uint64_t seen = 0;
	int idle = 0;

	while (__atomic_load_n(&left, __ATOMIC_RELAXED) > 0) {
		if (pending_left()) {
			di_fiber_spawn(NULL, complete_all, data, &detached, NULL);
			__atomic_add_fetch(&left, 1, __ATOMIC_RELAXED);
			complete_one();
			__atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED);
			return data;
		}
		see_whether_all_stands(&seen, &idle);
		di_fiber_yield();
	}
	return data;
}

/* Where it blocks its thread, what waits has nothing to do with what stands above it. */
static void act_outside(void)
{
	int i, count = (int)draw(6);

	if (ranked && sides_count > 1)
		return;
	side->thread_acts = 1;
	for (i = 0; i < count; i++) {
		di_fiber_run_ready(side->scheduler);
		act_as(ranked ? RANKED_ROWS : ROWS, 1);
	}
	side->thread_acts = 0;
}

static void begin_side(struct side *own)
{
	const struct di_fiber_scheduler_options large = { .abi = DI_ABI, .stack_size = 512 * 1024 };
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };
	int i;

	side = own;
	side->scheduler = di_fiber_scheduler_new(&large, NULL);
	for (i = 0; i < CONTEXTS; i++)
		side->places[i].context = di_context_open(root, &di_scope_request, NULL);
	for (i = 0; i < 6; i++)
		spawn_one();
	di_fiber_spawn(side->scheduler, complete_all, NULL, &detached, NULL);
}

static void *run_side(void *own)
{
	begin_side(own);
	act_outside();
	__atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED);
	di_fiber_run(side->scheduler, NULL);
	join_ended();
	if (di_fiber_scheduler_free(side->scheduler, NULL) != DI_OK)
		abort();
	return NULL;
}

static void close_places(const struct side *of)
{
	int i;

	for (i = 0; i < CONTEXTS; i++) {
		if (of->places[i].context != NULL)
			close_as(of->places[i].context, DI_DONE);
	}
}

static void run_case(unsigned number)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	pthread_t other = pthread_self();
	unsigned i;

	memset(sides, 0, sizeof(sides));
	left = 2;
	sides_count = 1 + (number / 2 % 2);
	ranked = number % 2;
	container_begin(&app, &options);
	for (i = 0; i < 2; i++)
		sides[i].seed = number * 2 + i;
	if (sides_count > 1)
		other = thread_start(run_side, &sides[1], 0);
	else
		left = 1;
	run_side(&sides[0]);
	if (sides_count > 1)
		thread_join(other);
	while (complete_one())
		continue;
	for (i = 0; i < sides_count; i++)
		close_places(&sides[i]);
	container_end();
	ck_assert_int_eq(di__rings_possible, 0);
	ck_assert_int_eq(di__closes_awaited, 0);
}

START_TEST(whatever_they_wait_for_all_fibers_end)
{
	unsigned number, first = di_check_number("DI_MODEL_SEED", 1);
	unsigned count = di_check_number("DI_MODEL_CASES", di_check_quick() ? 200 : 2000);

	last_words_begin("seed ", 600);
	for (number = first; number < first + count; number++) {
		last_words_number(number);
		run_case(number);
	}
	last_words_end();
	ck_assert_uint_gt(refused, 0);
	ck_assert_uint_gt(waited, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/ring_model");
	TCase *model = tcase_create("model");

	tcase_set_timeout(model, 600);
	tcase_add_test(model, whatever_they_wait_for_all_fibers_end);
	suite_add_tcase(all, model);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
