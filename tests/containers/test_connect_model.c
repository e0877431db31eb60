/* SPDX-License-Identifier: MIT */
#include "di/di.h"
#include "tests/support/check_main.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <string.h>

/*
 * The same random rows twice: as one table, and cut into three tables that connect. Whatever is
 * done in contexts of the last of these, and in those of the one table, must have the same effects
 * in the same order.
 */

enum {
	ROWS = 24,
	TABLES = 3,
	PER_TABLE = ROWS / TABLES,
	CONTEXTS = 10,
	STEPS = 250,
	VALUES = 8192,
	TRACE = 65536,
	WHOLE = 0,
	CUT = 1,
	WORLDS = 2
};

struct value {
	int row, alive;
};

struct world {
	struct di_table tables[TABLES];
	struct di_provider providers[ROWS];
	const struct di_provider *listed[ROWS + TABLES];
	const struct di_provider *needs[ROWS][3];
	const struct di_table *connects[TABLES][TABLES];
	struct di_container *containers[TABLES];
	struct di_context *contexts[CONTEXTS]; /* the first is the root of what is asked */
	struct value values[VALUES];
	int values_count, attempts;
	int trace[TRACE], trace_count;
};

static struct world worlds[WORLDS];
static struct world *current;
static struct value fakes[ROWS];

/* What constructors resolve themselves, by row; -1: nothing. */
static int resolves[ROWS];

static void note(int what)
{
	ck_assert_int_lt(current->trace_count, TRACE);
	current->trace[current->trace_count++] = what;
}

/* Fakes are negative; what is made has the number of its creation. */
static int number_of(const void *value)
{
	const struct value *at = value;

	if (at >= fakes && at < fakes + ROWS)
		return -1 - (int)(at - fakes);
	ck_assert_int_eq(at->alive, 1);
	return (int)(at - current->values);
}

static int create(int row, void *const *args, void **out)
{
	int i;

	note(1000 + row);
	if (resolves[row] >= 0) {
		const void *found = di_resolve(args[0], NULL, &current->providers[resolves[row]]);

		note(found != NULL ? number_of(found) : 9999);
	}
	for (i = 1; i < current->providers[row].needs_count; i++)
		note(number_of(args[i]));
	if (++current->attempts % 23 == 0)
		return EIO;
	ck_assert_int_lt(current->values_count, VALUES);
	current->values[current->values_count].row = row;
	current->values[current->values_count].alive = 1;
	note(current->values_count);
	*out = &current->values[current->values_count++];
	return 0;
}

static int destroy(void *ended, enum di_outcome outcome)
{
	struct value *value = ended;

	note(2000 + (int)outcome);
	note(number_of(value));
	value->alive = 0;
	return value->row % 7 == 3 ? EIO : 0;
}

#define CREATE(number_)                                                                            \
	static int create_##number_(void *const *args, void **out)                                 \
	{                                                                                          \
		return create(number_, args, out);                                                 \
	}
/* clang-format off */
#define EACH_ROW(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
	X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23)
/* clang-format on */
#define CREATE_NAME(number_) create_##number_,
EACH_ROW(CREATE)
static di_create_fn *const creates[ROWS] = { EACH_ROW(CREATE_NAME) };

/* ---- Drawing rows ---- */

struct form {
	const struct di_kind *kind;
	const struct di_scope *scope;
	int reach; /* -1: as its needs */
};

static const struct form forms[] = {
	{ &di_singleton, NULL, 0 },
	{ &di_singleton, NULL, 0 },
	{ &di_context_resource, &di_scope_app, 0 },
	{ &di_context_resource, &di_scope_request, 100 },
	{ &di_context_resource, &di_scope_request, 100 },
	{ &di_context_resource, &di_scope_inject, 200 },
	{ &di_context_resource, &di_scope_any, 300 },
	{ &di_factory, NULL, -1 },
};

static int needed[ROWS][2], needed_count[ROWS], ranks[ROWS];
static const struct form *drawn[ROWS];

/* A row above this one that it may hold, or -1. */
static int draw_need(int row, uint64_t *seed)
{
	int reach = drawn[row]->reach >= 0 ? drawn[row]->reach : 300;
	int need = row > 0 ? (int)(random_next(seed) % (uint32_t)row) : -1;

	return need >= 0 && ranks[need] <= reach ? need : -1;
}

static void draw_row(int row, uint64_t *seed)
{
	int i, need;

	drawn[row] = &forms[random_next(seed) % (sizeof(forms) / sizeof(forms[0]))];
	ranks[row] = drawn[row]->reach > 0 ? drawn[row]->reach : 0;
	needed_count[row] = 0;
	for (i = 0; i < 2; i++) {
		need = draw_need(row, seed);
		if (need >= 0)
			needed[row][needed_count[row]++] = need;
		if (need >= 0 && drawn[row]->reach < 0 && ranks[need] > ranks[row])
			ranks[row] = ranks[need];
	}
	resolves[row] = -1;
	if (drawn[row]->reach >= 0 && random_next(seed) % 3 == 0)
		resolves[row] = draw_need(row, seed);
}

static void build_row(struct world *world, int row, const struct di_table *table, uint32_t index)
{
	static const struct di_type type = { 0, "struct value", 0 };
	struct di_provider *provider = &world->providers[row];
	int i, is_root = drawn[row]->kind == &di_singleton;

	world->needs[row][0] = &di__context;
	for (i = 0; i < needed_count[row]; i++)
		world->needs[row][i + 1] = &world->providers[needed[row][i]];
	memset(provider, 0, sizeof(*provider));
	provider->name = "row";
	provider->table = table;
	provider->kind = drawn[row]->kind;
	provider->type = &type;
	provider->index = index;
	provider->needs_count = (uint16_t)(1 + needed_count[row]);
	provider->life = (uint16_t)ranks[row];
	provider->lane = (uint32_t)(is_root ? offsetof(struct di__lane, root)
					    : offsetof(struct di__lane, own));
	provider->needs = world->needs[row];
	provider->create = creates[row];
	provider->destroy = destroy;
	provider->scope = drawn[row]->scope;
	provider->constructor = provider->destructor = "";
}

static void begin(struct world *world, int tables)
{
	int table, row, i, per_table = ROWS / tables;

	memset(world, 0, sizeof(*world));
	for (table = 0; table < tables; table++) {
		struct di_options options = { .abi = DI_ABI,
					      .connected = world->containers,
					      .connected_count = (size_t)table };

		for (i = 0; i < per_table; i++) {
			row = table * per_table + i;
			build_row(world, row, &world->tables[table], (uint32_t)i);
			world->listed[row] = &world->providers[row];
		}
		for (i = 0; i < table; i++)
			world->connects[table][i] = &world->tables[i];
		world->tables[table] =
			(struct di_table){ .abi = DI_ABI,
					   .provider_size = sizeof(struct di_provider),
					   .name = "table",
					   .providers = &world->listed[table * per_table],
					   .count = (uint32_t)per_table,
					   .connects_count = (uint32_t)table,
					   .connects = world->connects[table] };
		world->containers[table] = di_container_new(&world->tables[table], &options, NULL);
		ck_assert_ptr_nonnull(world->containers[table]);
	}
	world->contexts[0] = di_container_root(world->containers[tables - 1]);
}

static void end(struct world *world, int tables)
{
	current = world;
	while (tables-- > 0)
		ck_assert_int_ne(di_container_free(world->containers[tables], NULL), DI_EBUSY);
}

/* ---- Steps ---- */

struct step {
	int what, context, other, row;
	const struct di_scope *scope;
};

enum what {
	GET,
	GET_AGAIN,
	GET_TOO,
	OPEN,
	OPEN_AFRESH,
	CLOSE,
	OVERRIDE,
	RESET,
	WHATS
};

static void get(const struct step *step)
{
	struct di_error error = { 0 };
	const void *value = di_resolve(current->contexts[step->context], &error,
				       &current->providers[step->row]);

	note(value != NULL ? number_of(value) : 3000 + (int)error.status);
}

static void open_context(const struct step *step)
{
	const struct di_provider *afresh[] = { &current->providers[step->row] };
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = step->scope,
					      .afresh = afresh,
					      .afresh_count = step->what == OPEN_AFRESH };

	current->contexts[step->other] =
		di_context_open_with(current->contexts[step->context], &options, NULL);
	ck_assert_ptr_nonnull(current->contexts[step->other]);
}

static void take(const struct step *step)
{
	struct di_context *context = current->contexts[step->context];
	const struct di_provider *provider = &current->providers[step->row];
	struct di_error error = { 0 };

	switch (step->what) {
	case OPEN:
	case OPEN_AFRESH:
		open_context(step);
		break;
	case CLOSE:
		note(4000 + (int)di_context_close(context, DI_FAILED, &error));
		note((int)error.more);
		current->contexts[step->context] = NULL;
		break;
	case OVERRIDE:
		note(5000 + (int)di_override(context, provider, &fakes[step->row], &error));
		break;
	case RESET:
		note(6000 + (int)di_reset(context, provider, &error));
		note((int)error.more);
		break;
	default:
		get(step);
		break;
	}
}

/* What is known of the contexts, the same in both worlds. */
static int parents[CONTEXTS], overridden[CONTEXTS];
static const struct di_scope *scopes[CONTEXTS];

static int has_children(int context)
{
	int i;

	for (i = 1; i < CONTEXTS; i++) {
		if (scopes[i] != NULL && parents[i] == context)
			return 1;
	}
	return 0;
}

static int is_overridden(int context)
{
	for (; context > 0; context = parents[context]) {
		if (overridden[context])
			return 1;
	}
	return 0;
}

/* Mistakes of a program are no steps: they abort in debug builds. */
static int is_sound(const struct step *step)
{
	const struct form *form = drawn[step->row];

	if (scopes[step->context] == NULL)
		return 0;
	switch (step->what) {
	case OPEN_AFRESH:
		return scopes[step->other] == NULL && form->kind == &di_context_resource;
	case OPEN:
		return scopes[step->other] == NULL;
	case CLOSE:
		return step->context > 0 && !has_children(step->context);
	case OVERRIDE:
		return step->context > 0;
	case RESET:
		return step->context > 0 && !is_overridden(step->context) &&
		       form->scope == scopes[step->context];
	default:
		return 1;
	}
}

static void remember(const struct step *step)
{
	if (step->what == OPEN || step->what == OPEN_AFRESH) {
		scopes[step->other] = step->scope;
		parents[step->other] = step->context;
		overridden[step->other] = 0;
	} else if (step->what == CLOSE) {
		scopes[step->context] = NULL;
	} else if (step->what == OVERRIDE) {
		overridden[step->context] = 1;
	}
}

static void draw_step(struct step *step, uint64_t *seed)
{
	static const struct di_scope *const opened[] = { &di_scope_request, &di_scope_request,
							 &di_scope_inject, &di_scope_app };

	do {
		step->what = (int)(random_next(seed) % WHATS);
		step->context = (int)(random_next(seed) % CONTEXTS);
		step->other = (int)(random_next(seed) % CONTEXTS);
		step->row = (int)(random_next(seed) % ROWS);
		step->scope = opened[random_next(seed) % 4];
	} while (!is_sound(step));
}

static void compare(int loop, int step)
{
	const struct world *whole = &worlds[WHOLE], *cut = &worlds[CUT];
	int i;

	ck_assert_msg(whole->trace_count == cut->trace_count, "seed %d, step %d: %d, cut %d", loop,
		      step, whole->trace_count, cut->trace_count);
	for (i = 0; i < whole->trace_count; i++)
		ck_assert_msg(whole->trace[i] == cut->trace[i], "seed %d, step %d: %d, cut %d",
			      loop, step, whole->trace[i], cut->trace[i]);
	worlds[WHOLE].trace_count = worlds[CUT].trace_count = 0;
}

START_TEST(three_tables_that_connect_behave_as_the_one_that_they_make_up)
{
	uint64_t seed = 0x9e3779b97f4a7c15u * (uint64_t)(_i + 1);
	struct step step;
	int i, row;

	for (row = 0; row < ROWS; row++) {
		draw_row(row, &seed);
		fakes[row] = (struct value){ row, 1 };
	}
	begin(&worlds[WHOLE], 1);
	begin(&worlds[CUT], TABLES);
	memset(scopes, 0, sizeof(scopes));
	memset(overridden, 0, sizeof(overridden));
	scopes[0] = &di_scope_app;
	for (i = 0; i < STEPS; i++) {
		draw_step(&step, &seed);
		for (current = worlds; current < worlds + WORLDS; current++)
			take(&step);
		remember(&step);
		compare(_i, i);
	}
	end(&worlds[WHOLE], 1);
	end(&worlds[CUT], TABLES);
	ck_assert_int_eq(worlds[WHOLE].values_count, worlds[CUT].values_count);
	for (i = 0; i < worlds[CUT].values_count; i++)
		ck_assert_int_eq(worlds[CUT].values[i].alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/connect_model");
	TCase *tcase = tcase_create("connect_model");

	tcase_add_loop_test(tcase, three_tables_that_connect_behave_as_the_one_that_they_make_up, 0,
			    di_check_quick() ? 10 : 200);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
