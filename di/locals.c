/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <stdlib.h>

enum {
	CELLS_FEW_LOG = 3
};

static size_t size_of(uint32_t shift)
{
	return sizeof(struct di__locals) + (sizeof(struct di__cell) << (32 - shift));
}

static struct di__locals *table_new(uint32_t shift)
{
	struct di__locals *table = calloc(1, size_of(shift));

	if (table != NULL) {
		table->refs = 1;
		table->shift = shift;
	}
	return table;
}

uintptr_t di__locals_values(const struct di_flow *flow, const struct di_local *space)
{
	const struct di__cell *cell = di__locals_find(flow->locals.table, space);

	return cell != NULL ? cell->values : 0;
}

static void release_cell(const struct di__cell *cell)
{
	if (cell->space == NULL)
		return;
	di__trie_release(cell->values, di__space_memory(cell->space));
	di__space_release(cell->space);
}

void di__locals_drop(struct di__locals *table)
{
	uint32_t at;

	if (table == NULL || __atomic_sub_fetch(&table->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	for (at = 0; at <= di__cells_mask(table); at++)
		release_cell(&table->cells[at]);
	free(table);
}

static struct di__cell *insert(struct di__locals *table, const struct di_local *space)
{
	uint32_t at = di__cell_of(table, space);

	while (table->cells[at].space != NULL)
		at = (at + 1) & di__cells_mask(table);
	table->used++;
	table->cells[at].space = space;
	return &table->cells[at];
}

/* Fills an empty table; namespaces that are over are left behind. */
static void copy_into(struct di__locals *table, const struct di__locals *from)
{
	uint32_t at;

	for (at = 0; at <= di__cells_mask(from); at++) {
		const struct di__cell *cell = &from->cells[at];

		if (cell->space == NULL || di__space_is_over(cell->space))
			continue;
		di__space_hold(cell->space);
		insert(table, cell->space)->values = di__trie_hold(cell->values);
	}
}

/* The flow's table is the other one from now on. */
static void replace(struct di__flow_locals *locals, struct di__locals *table)
{
	struct di__locals *before = locals->table;

	if (before != NULL)
		copy_into(table, before);
	locals->table = table;
	di__locals_drop(before);
}

static int has_own(const struct di__flow_locals *locals)
{
	return locals->table != NULL && di__trie_is_ours(&locals->table->refs);
}

static struct di__locals *take_spare(struct di__flow_locals *locals)
{
	struct di__locals *spare = locals->spare;

	locals->spare = NULL;
	return spare;
}

static uint32_t count_alive(const struct di__locals *table)
{
	uint32_t at, count = 0;

	for (at = 0; table != NULL && at <= di__cells_mask(table); at++)
		count += table->cells[at].space != NULL &&
			 !di__space_is_over(table->cells[at].space);
	return count;
}

/* With room for as many again, so that one that loses as many as it gets is seldom copied. */
static uint32_t shift_for(uint32_t count)
{
	uint32_t shift = 32 - CELLS_FEW_LOG;

	while (count >= UINT32_C(1) << (30 - shift))
		shift--;
	return shift;
}

/* Half of the cells stay free. */
static int is_full(const struct di__locals *table)
{
	return table == NULL || table->used >= UINT32_C(1) << (31 - table->shift);
}

static struct di__locals *next_table(struct di__flow_locals *locals, int grows)
{
	struct di__locals *table;

	if (!grows && locals->spare != NULL)
		return take_spare(locals);
	table = table_new(grows ? shift_for(count_alive(locals->table)) : locals->table->shift);
	if (table != NULL)
		free(take_spare(locals)); /* it is of the other size, or there is none */
	return table;
}

/* Makes the table the flow's alone, with room for one more namespace if that is wanted. */
static int own(struct di_flow *flow, int more)
{
	struct di__flow_locals *locals = &flow->locals;
	int grows = more && is_full(locals->table);
	struct di__locals *table;

	if (!locals->ends && !(locals->ends = di__flow_expect_end(flow)))
		return 0;
	if (!grows && has_own(locals))
		return 1;
	table = next_table(locals, grows);
	if (table == NULL)
		return 0;
	replace(locals, table);
	return 1;
}

static enum di_status check_space(const struct di_local *space, struct di_error *err)
{
	if (space == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no namespace");
	if (space->abi != DI_ABI)
		return di__fail(err, DI_EABI, NULL, "the namespace %s", space->name);
	return DI_OK;
}

enum di_status di__locals_cell(struct di_flow *flow, const struct di_local *space,
			       struct di__cell **cell, struct di_error *err)
{
	enum di_status status = check_space(space, err);

	if (status != DI_OK)
		return status;
	*cell = di__locals_find(flow->locals.table, space);
	if (DI__LIKELY(*cell != NULL && has_own(&flow->locals)))
		return DI_OK;
	if (!own(flow, *cell == NULL))
		return di__fail(err, DI_ENOMEM, NULL, "for the namespace %s", space->name);
	*cell = di__locals_find(flow->locals.table, space);
	if (*cell == NULL) {
		*cell = insert(flow->locals.table, space);
		di__space_hold(space);
	}
	return DI_OK;
}

struct di__cell *di__locals_restore(struct di_flow *flow, const struct di_local *space)
{
	if (!has_own(&flow->locals))
		replace(&flow->locals, take_spare(&flow->locals));
	return di__locals_find(flow->locals.table, space);
}

/* Closes the gap that a cell leaves: those behind it that would not be found move up. */
static void close_gap(struct di__locals *table, uint32_t gap)
{
	uint32_t mask = di__cells_mask(table), at = gap;

	for (;;) {
		const struct di_local *space;

		at = (at + 1) & mask;
		space = table->cells[at].space;
		if (space == NULL)
			break;
		if (((at - di__cell_of(table, space)) & mask) < ((at - gap) & mask))
			continue;
		table->cells[gap] = table->cells[at];
		gap = at;
	}
	memset(&table->cells[gap], 0, sizeof(table->cells[gap]));
}

void di__locals_forget(struct di_flow *flow, const struct di_local *space)
{
	struct di__cell *cell = di__locals_find(flow->locals.table, space), taken;

	/* A copy is made without it. Where there is no memory, it goes with the next copy. */
	if (cell == NULL || (!has_own(&flow->locals) && !own(flow, 0)))
		return;
	cell = di__locals_find(flow->locals.table, space);
	if (cell == NULL)
		return;
	taken = *cell;
	flow->locals.table->used--;
	close_gap(flow->locals.table, (uint32_t)(cell - flow->locals.table->cells));
	release_cell(&taken);
}

/* Whether something that is to be restored could find the table shared. */
static int is_pending(struct di_flow *flow)
{
	const struct di__frames *frames = di__frames_of(flow);

	return frames->count > 0 || frames->is_step;
}

int di__locals_share(struct di_flow *flow, struct di__locals **table)
{
	struct di__flow_locals *locals = &flow->locals;

	*table = locals->table;
	if (locals->table == NULL)
		return 1;
	if (is_pending(flow) && locals->spare == NULL) {
		locals->spare = table_new(locals->table->shift);
		if (locals->spare == NULL)
			return 0;
	}
	__atomic_fetch_add(&locals->table->refs, 1, __ATOMIC_RELAXED);
	return 1;
}

void di__locals_end(struct di_flow *flow)
{
	struct di__flow_locals *locals = &flow->locals;
	struct di__locals *table = locals->table;
	struct di__frames frames = locals->own;

	/* What ends may set values again: then the thread's end is noticed once more. */
	locals->table = NULL;
	locals->frames = NULL;
	locals->ends = 0;
	memset(&locals->own, 0, sizeof(locals->own));
	free(take_spare(locals));
	di__frames_drop(&frames);
	di__locals_drop(table);
}
