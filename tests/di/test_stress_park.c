/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Threads open and close contexts below parents that they share, hand them on to be closed
 * elsewhere, and all the time override, reset, close and open anew those parents. An override that
 * took hold while no child was open is seen in every context opened afterwards, and all that is
 * made ends once. Each era has its own seed, so that a failure can be run again.
 */
enum {
	THREADS = 6,
	STEPS = 600,
	TRIES = 20, /* until no child is open */
	PARENTS = 3,
	VERSIONS = 16384
};

/* What is overridden, by which each later one has a larger number. */
struct config {
	int version;
};

struct cell {
	const struct config *config;
	const struct cell *need;
	atomic_int alive;
};

static atomic_int made, ended, faults, overrides;

static int cell_make(struct cell **out, const struct config *config, const struct cell *need)
{
	struct cell *cell = malloc(sizeof(*cell));

	if (cell == NULL)
		return ENOMEM;
	*cell = (struct cell){ .config = config, .need = need };
	cell->alive = 1;
	made++;
	*out = cell;
	return 0;
}

static int cell_new(struct cell **out, const struct config *config)
{
	return cell_make(out, config, NULL);
}

static int user_new(struct cell **out, const struct config *config, const struct cell *need)
{
	return cell_make(out, config, need);
}

static int plain_new(struct cell **out)
{
	return cell_make(out, NULL, NULL);
}

static void cell_end(struct cell *cell)
{
	faults += cell->need != NULL && !cell->need->alive;
	faults += atomic_exchange(&cell->alive, 0) != 1;
	ended++;
	free(cell);
}

static const struct config first_config;

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define APP(X) \
	X(object,           app_config, const struct config, &first_config) \
	X(singleton,        app_pool,   struct cell, (plain_new),                      cell_end) \
	X(singleton,        app_cache,  struct cell, (plain_new),                      cell_end) \
	X(context_resource, app_batch,  struct cell, (cell_new, app_config),           cell_end, job) \
	X(context_resource, app_side,   struct cell, (plain_new),                      cell_end, job) \
	X(context_resource, app_work,   struct cell, (user_new, app_config, app_pool), cell_end, request) \
	X(factory,          app_query,  struct cell, (user_new, app_config, app_work), cell_end) \
	X(context_resource, app_call,   struct cell, (user_new, app_config, app_query), cell_end, inject)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

/* The root alone, or jobs below it. */
static struct parent {
	struct di_context *context;
	pthread_rwlock_t use;     /* for writing: it is being closed and opened anew */
	pthread_mutex_t changing; /* by one at a time, so that versions are in order */
	atomic_int version;       /* that took hold last, since it was opened */
	_Atomic(struct di_context *) handed;
} parents[PARENTS];
static uint32_t parents_count;

static struct config versions[VERSIONS];
static atomic_int versions_count;
static _Thread_local uint64_t seed;

static uint32_t below(uint32_t limit)
{
	return random_next(&seed) % limit;
}

static void expect(int holds)
{
	faults += !holds;
}

/* All that is seen in a context is of one version. */
static void use(struct di_context *context, int least)
{
	const struct config *config = app_config_get(context, NULL);
	const struct cell *work = app_work_get(context, NULL);
	const struct cell *query = app_query_get(context, NULL);

	expect(config != NULL && work != NULL && query != NULL);
	if (config == NULL || work == NULL || query == NULL)
		return;
	expect(config->version >= least);
	expect(work->config == config && query->config == config && query->need == work);
	expect(app_work_get(context, NULL) == work && work->alive);
	if (below(4) == 0)
		expect(app_cache_get(context, NULL)->alive);
	if (below(4) == 0 && di_context_scope(di_context_parent(context)) == &di_scope_job)
		expect(app_side_get(context, NULL)->alive &&
		       app_batch_get(context, NULL)->config == config);
}

static void use_below(struct di_context *context, int least)
{
	struct di_context *inner = di_context_open(context, &di_scope_inject, NULL);
	const struct cell *call;

	expect(inner != NULL);
	if (inner == NULL)
		return;
	if (below(4) == 0) {
		int own = atomic_fetch_add(&versions_count, 1) + 1;

		if (own < VERSIONS && app_config_override(inner, &versions[own], NULL) == DI_OK)
			least = own;
	}
	call = app_call_get(inner, NULL);
	expect(call != NULL && call->config == app_config_get(inner, NULL) &&
	       call->config->version >= least);
	expect(di_context_close(inner, DI_DONE, NULL) == DI_OK);
}

static void close_handed(struct parent *parent, struct di_context *next)
{
	struct di_context *context = atomic_exchange(&parent->handed, next);

	if (context != NULL)
		expect(di_context_close(context, DI_DONE, NULL) == DI_OK);
}

/* Under the parent's use. */
static void live(struct parent *parent)
{
	int least = parent->version;
	struct di_context *context = di_context_open(parent->context, &di_scope_request, NULL);

	/* While the parent is overridden or reset. */
	if (context == NULL)
		return;
	use(context, least);
	if (below(3) == 0)
		use_below(context, least);
	if (below(4) == 0)
		use_below(context, least);
	if (below(8) == 0)
		close_handed(parent, context);
	else
		expect(di_context_close(context, DI_DONE, NULL) == DI_OK);
}

static void override(struct parent *parent)
{
	enum di_status status = DI_EBUSY;
	int version, tries;

	pthread_mutex_lock(&parent->changing);
	version = atomic_fetch_add(&versions_count, 1) + 1;
	for (tries = 0; version < VERSIONS && status == DI_EBUSY && tries < TRIES; tries++) {
		close_handed(parent, NULL);
		status = app_config_override(parent->context, &versions[version], NULL);
		expect(status == DI_OK || status == DI_EBUSY);
		sched_yield();
	}
	if (status == DI_OK) {
		parent->version = version;
		overrides++;
	}
	pthread_mutex_unlock(&parent->changing);
}

static void reset(struct parent *parent)
{
	static const struct di_provider *const rows[] = { &app_side, &app_batch };
	const struct di_provider *row = parent->context == root ? &app_cache : rows[below(2)];
	enum di_status status = DI_EBUSY;
	int tries;

	for (tries = 0; status == DI_EBUSY && tries < TRIES; tries++) {
		close_handed(parent, NULL);
		status = di_reset(parent->context, row, NULL);
		expect(status == DI_OK || status == DI_EBUSY);
		sched_yield();
	}
}

static void renew(struct parent *parent)
{
	if (parents_count == 1 || pthread_rwlock_trywrlock(&parent->use) != 0)
		return;
	close_handed(parent, NULL);
	expect(di_context_close(parent->context, DI_DONE, NULL) == DI_OK);
	parent->version = 0;
	parent->context = di_context_open(root, &di_scope_job, NULL);
	expect(parent->context != NULL);
	pthread_rwlock_unlock(&parent->use);
}

static void step(struct parent *parent)
{
	char text[512];
	uint32_t i;

	switch (below(16)) {
	case 0:
	case 1:
		override(parent);
		break;
	case 2:
		reset(parent);
		break;
	case 3:
		di_container_describe(container, text, sizeof(text));
		break;
	default:
		for (i = below(5); i > 0; i--)
			live(parent);
		break;
	}
}

static void go_on(int number, void *data)
{
	int i;

	seed = *(const uint64_t *)data * 1000003 + (uint64_t)number + 1;
	for (i = 0; i < STEPS; i++) {
		struct parent *parent = &parents[below(parents_count)];

		if (below(16) == 0) {
			renew(parent);
			continue;
		}
		pthread_rwlock_rdlock(&parent->use);
		step(parent);
		pthread_rwlock_unlock(&parent->use);
	}
}

/* ---- Eras ---- */

static void begin_parents(uint32_t count)
{
	uint32_t i;

	parents_count = count;
	for (i = 0; i < count; i++) {
		parents[i].context = count == 1 ? root : open_in(root, &di_scope_job);
		parents[i].version = 0;
		pthread_rwlock_init(&parents[i].use, NULL);
		pthread_mutex_init(&parents[i].changing, NULL);
	}
}

static void end_parents(void)
{
	uint32_t i;

	for (i = 0; i < parents_count; i++) {
		close_handed(&parents[i], NULL);
		if (parents[i].context != root)
			close_as(parents[i].context, DI_DONE);
		pthread_rwlock_destroy(&parents[i].use);
		pthread_mutex_destroy(&parents[i].changing);
	}
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	watchdog(280);
	made = ended = faults = overrides = versions_count = 0;
	for (i = 0; i < VERSIONS; i++)
		versions[i].version = i;
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

START_TEST(whatever_threads_do_overrides_are_seen_and_all_ends_once)
{
	uint64_t era = (uint64_t)_i + 1;

	begin_parents(_i % 2 == 0 ? 1 : PARENTS);
	crowd_run(THREADS, go_on, &era);
	end_parents();
	container_free_expect(DI_OK);
	ck_assert_int_eq(faults, 0);
	ck_assert_int_gt(made, 0);
	ck_assert_int_eq(made, ended);
	ck_assert_int_gt(overrides, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_park");
	TCase *tcase = tcase_create("eras");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, whatever_threads_do_overrides_are_seen_and_all_ends_once, 0,
			    di_check_quick() ? 1 : 20);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
