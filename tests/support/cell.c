/* SPDX-License-Identifier: MIT */
#include "tests/support/cell.h"

#include "tests/support/check_main.h"
#include "tests/support/last_words.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdlib.h>

enum {
	ERAS = 50
};

struct cell_counts cells;
_Thread_local struct cell_ends cell_ends;

static unsigned era;
static const struct cell_rules *rules;
static _Thread_local uint64_t seed;
static atomic_int faults;
static const char *_Atomic last_fault;

int cells_eras(void)
{
	return di_check_quick() || getenv("DI_STRESS_ERA") != NULL ? 1 : ERAS;
}

unsigned cells_era(int loop)
{
	return di_check_number("DI_STRESS_ERA", (unsigned)loop + 1);
}

void cells_begin(unsigned era_, const struct cell_rules *rules_)
{
	era = era_;
	rules = rules_;
	last_words_number(era);
	faults = 0;
	cells.noisy = cells.made = cells.ended = cells.deferred = cells.ran = 0;
	cells.failures = cells.cycles = 0;
}

void cells_join(int thread)
{
	seed = (uint64_t)era * 1000003 + (uint64_t)thread + 1;
}

uint32_t cell_below(uint32_t limit)
{
	return random_next(&seed) % limit;
}

/* ---- Judging ---- */

void cell_expect(int holds, const char *fault)
{
	if (holds)
		return;
	faults++;
	last_fault = fault;
}

void cells_check_faults(void)
{
	ck_assert_msg(faults == 0, "DI_STRESS_ERA=%u: %d faults, the last: %s", era, faults,
		      last_fault);
}

void cells_check(void)
{
	cells_check_faults();
	ck_assert_msg(cells.made == cells.ended, "DI_STRESS_ERA=%u: %d made, %d ended", era,
		      cells.made, cells.ended);
	ck_assert_msg(cells.deferred == cells.ran, "DI_STRESS_ERA=%u: %d deferred, %d run", era,
		      cells.deferred, cells.ran);
}

void cell_judge_failure(const struct di_error *err)
{
	cells.failures++;
	cells.cycles += err->status == DI_ECYCLE;
	cell_expect(err->status == DI_ECREATE || err->status == DI_ECYCLE,
		    "an error that nothing explains");
}

unsigned cell_judge_end(enum di_status status, const struct di_error *err, struct cell_ends before)
{
	unsigned failed = status == DI_EFINALIZE ? 1 + err->more : 0;
	unsigned ended = cell_ends.all - before.all;

	cell_expect(status == DI_OK || status == DI_EBUSY || status == DI_EFINALIZE,
		    "an error at an end that nothing explains");
	cell_expect(failed == cell_ends.bad - before.bad, "failed finalizers are not counted");
	cell_expect(status != DI_EBUSY || ended == 0, "something has ended, though it was busy");
	return ended;
}

/* ---- Deferred calls ---- */

static int count_run(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	cells.ran++;
	return 0;
}

enum di_status cell_defer(struct di_context *context)
{
	enum di_status status = di_context_defer(context, count_run, NULL, NULL);

	cells.deferred += status == DI_OK;
	return status;
}

/* ---- Constructors and finalizers ---- */

static struct cell *allocate(int row, struct cell_place *place, const struct cell *a,
			     const struct cell *b)
{
	struct cell *cell = malloc(sizeof(*cell));

	if (cell == NULL)
		abort();
	*cell = (struct cell){ .row = row, .place = place, .needs = { a, b } };
	cell->alive = 1;
	cells.made++;
	return cell;
}

int cell_new(struct cell **out, int row, const struct cell *a, const struct cell *b)
{
	struct cell_place *place = rules->place != NULL ? rules->place(row) : NULL;
	int cause;

	cell_expect((a == NULL || a->alive) && (b == NULL || b->alive), "made from what has ended");
	if (place != NULL)
		cell_expect(place->making[row]++ == 0, "two threads make one value");
	cause = cells.noisy && cell_below(12) == 0 ? EIO : rules->act(row);
	if (cause == 0) {
		if (place != NULL)
			cell_expect(place->alive[row]++ == 0, "a value is made twice");
		*out = allocate(row, place, a, b);
	}
	if (place != NULL)
		place->making[row]--;
	return cause;
}

int cell_end(struct cell *cell)
{
	int i, bad = cells.noisy && cell_below(16) == 0;

	for (i = 0; i < 2; i++)
		cell_expect(cell->needs[i] == NULL || cell->needs[i]->alive,
			    "ended after what it was built from");
	cell_expect(atomic_exchange(&cell->alive, 0) == 1, "ended twice");
	if (cell->place != NULL)
		cell->place->alive[cell->row]--;
	cells.ended++;
	cell_ends.all++;
	cell_ends.bad += (unsigned)bad;
	free(cell);
	return bad ? EIO : 0;
}
