/* SPDX-License-Identifier: MIT */
#include "tests/support/graph.h"

#include "providers/context_resource.h"
#include "providers/factory.h"
#include "providers/object.h"
#include "providers/resource.h"
#include "providers/singleton.h"
#include "providers/state.h"

#include <stdlib.h>
#include <string.h>

const struct di_scope graph_scope_job = { "job", 150 };

static graph_create_fn *create;
static graph_destroy_fn *destroy;

/* A constructor is not told its row: each row has one of its own. */
#define EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13)

#define CREATE(number_)                                                                            \
	static int create_##number_(void *const *args, void **out)                                 \
	{                                                                                          \
		return create(number_, args, out);                                                 \
	}
EACH_ROW(CREATE)

#define CREATE_NAME(number_) create_##number_,
static di_create_fn *const creates[GRAPH_ROWS] = { EACH_ROW(CREATE_NAME) };

#define ROW_NAME(number_) "r" #number_,
static const char *const names[GRAPH_ROWS] = { EACH_ROW(ROW_NAME) };

static struct di_table table;
static struct di_provider providers[GRAPH_ROWS];
static const struct di_provider *listed[GRAPH_ROWS];
static const struct di_provider *needs[GRAPH_ROWS][GRAPH_NEEDS];
static const struct di_type type = { 16, "struct value", 0 };

int graph_random(unsigned *seed, int limit)
{
	/* Numerical Recipes' quick one: the same everywhere. */
	*seed = *seed * 1664525u + 1013904223u;
	return (int)((*seed >> 8) % (unsigned)limit);
}

/* ---- Drawing ---- */

static int reach_of(const struct graph_row *row)
{
	return row->kind == GRAPH_FACTORY ? di_scope_any.rank
	       : row->scope != NULL       ? row->scope->rank
					  : 0;
}

static const struct di_scope *draw_scope(unsigned *seed)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_request,
							 &graph_scope_job,  &di_scope_inject,
							 &di_scope_app,     &di_scope_any };

	return scopes[graph_random(seed, 6)];
}

static void draw_kind(struct graph_row *row, unsigned *seed)
{
	static const enum graph_kind kinds[] = {
		GRAPH_OBJECT,           GRAPH_STATE,
		GRAPH_SINGLETON,        GRAPH_SINGLETON,
		GRAPH_RESOURCE,         GRAPH_FACTORY,
		GRAPH_FACTORY,          GRAPH_CONTEXT_RESOURCE,
		GRAPH_SINGLETON,        GRAPH_CONTEXT_RESOURCE,
		GRAPH_CONTEXT_RESOURCE, GRAPH_CONTEXT_RESOURCE,
	};

	row->kind = kinds[graph_random(seed, 12)];
	if (row->kind == GRAPH_STATE || row->kind == GRAPH_CONTEXT_RESOURCE)
		row->scope = draw_scope(seed);
	row->strict = row->kind == GRAPH_CONTEXT_RESOURCE && row->scope != &di_scope_any &&
		      graph_random(seed, 6) == 0;
	row->storage = graph_random(seed, 4) == 0;
}

/* A row above that this one may hold, or GRAPH_NONE. */
static int draw_need(const struct graph *graph, int row, unsigned *seed)
{
	int tries, need;

	for (tries = 0; row > 0 && tries < 4; tries++) {
		need = graph_random(seed, row);
		if (graph->rows[need].rank <= reach_of(&graph->rows[row]))
			return need;
	}
	return GRAPH_NONE;
}

/* Mostly a row that it could need as well. */
static void draw_ask(const struct graph *graph, int number, struct graph_row *row, unsigned *seed)
{
	struct graph_ask *ask = &row->asks[row->asks_count];
	int where = graph_random(seed, 8);

	ask->where = where == 0 ? GRAPH_OUTSIDE : where == 1 ? GRAPH_INSIDE : GRAPH_HERE;
	ask->row = graph_random(seed, 3) == 0 ? graph_random(seed, graph->count)
					      : draw_need(graph, number, seed);
	if (ask->row != GRAPH_NONE)
		row->asks_count++;
}

static void draw_row(struct graph *graph, int number, unsigned *seed)
{
	struct graph_row *row = &graph->rows[number];
	int i, wanted = graph_random(seed, GRAPH_NEEDS + 1);

	memset(row, 0, sizeof(*row));
	draw_kind(row, seed);
	row->rank = row->kind == GRAPH_FACTORY ? 0 : reach_of(row);
	if (row->kind == GRAPH_OBJECT || row->kind == GRAPH_STATE)
		return;
	for (i = 0; i < wanted; i++) {
		int need =
			graph_random(seed, 8) == 0 ? GRAPH_CONTEXT : draw_need(graph, number, seed);

		if (need == GRAPH_NONE)
			continue;
		row->needs[row->needs_count++] = need;
		if (need >= 0 && row->kind == GRAPH_FACTORY && graph->rows[need].rank > row->rank)
			row->rank = graph->rows[need].rank;
	}
	for (i = 0; i < GRAPH_ASKS; i++) {
		if (graph_random(seed, 4) == 0)
			draw_ask(graph, number, row, seed);
	}
}

void graph_draw(struct graph *graph, unsigned *seed)
{
	int row;

	graph->count = 3 + graph_random(seed, GRAPH_ROWS - 2);
	for (row = 0; row < graph->count; row++)
		draw_row(graph, row, seed);
}

/* ---- Building ---- */

static const struct di_kind *kind_of(const struct graph_row *row)
{
	static const struct di_kind *const kinds[] = {
		[GRAPH_OBJECT] = &di_object,
		[GRAPH_STATE] = &di_state,
		[GRAPH_SINGLETON] = &di_singleton,
		[GRAPH_RESOURCE] = &di_resource,
		[GRAPH_CONTEXT_RESOURCE] = &di_context_resource,
		[GRAPH_FACTORY] = &di_factory,
	};

	return row->strict ? &di_strict_context_resource : kinds[row->kind];
}

static void build_row(const struct graph_row *row, uint32_t number, const void *object)
{
	struct di_provider *provider = &providers[number];
	int i;

	memset(provider, 0, sizeof(*provider));
	for (i = 0; i < row->needs_count; i++)
		needs[number][i] =
			row->needs[i] == GRAPH_CONTEXT ? &di__context : &providers[row->needs[i]];
	provider->name = names[number];
	provider->table = &table;
	provider->kind = kind_of(row);
	provider->type = &type;
	provider->index = number;
	provider->needs_count = (uint16_t)row->needs_count;
	provider->life = (uint16_t)row->rank;
	provider->lane = provider->kind->home == DI_HOME_ROOT ? offsetof(struct di__lane, root)
							      : offsetof(struct di__lane, own);
	provider->needs = needs[number];
	provider->scope = row->scope;
	provider->object = row->kind == GRAPH_OBJECT ? object : NULL;
	provider->constructor = provider->destructor = "";
	listed[number] = provider;
	if (row->kind == GRAPH_OBJECT || row->kind == GRAPH_STATE)
		return;
	provider->create = creates[number];
	provider->destroy = destroy;
	provider->storage_size = row->storage ? 16 + 40 * number : 0;
	provider->storage_align = row->storage ? 16 : 0;
}

const struct di_table *graph_table(const struct graph *graph, void *const *objects,
				   graph_create_fn *create_, graph_destroy_fn *destroy_)
{
	uint32_t row;

	create = create_;
	destroy = destroy_;
	table = (struct di_table){ .abi = DI_ABI,
				   .provider_size = sizeof(struct di_provider),
				   .name = "graph",
				   .providers = listed,
				   .count = (uint32_t)graph->count };
	for (row = 0; row < table.count; row++)
		build_row(&graph->rows[row], row, objects[row]);
	return &table;
}
