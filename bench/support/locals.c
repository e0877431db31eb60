/* SPDX-License-Identifier: MIT */
#include "bench/support/locals.h"

DI_LOCAL_DEFINE(locals, BENCH_LOCALS);

const int locals_numbers[2] = { 1, 2 };
_Thread_local const int *volatile locals_by_hand;

void locals_begin(void)
{
	bench_must(local_a_set(&locals_numbers[0], NULL) == DI_OK, "a value could not be set");
	locals_by_hand = &locals_numbers[0];
}

void locals_get(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(local_a_get());
}

void locals_get_by_hand(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(locals_by_hand);
}

void locals_block(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_local_block it;

		di_local_begin(&locals, &it, NULL);
		di_local_end(&it, NULL);
	}
}

void locals_block_by_hand(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		const int *before = locals_by_hand;

		locals_by_hand = &locals_numbers[count % 2];
		locals_by_hand = before;
	}
}
