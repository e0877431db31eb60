/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_SCOPES_H
#define BENCH_SUPPORT_SCOPES_H

/**
 * Contexts that come and go, to be compared with several others. Each is a side of a benchmark,
 * whose data begins with a struct di_context *: an open context of the container `bench`, the
 * parent.
 */

#include "bench/support/app.h"
#include "bench/support/harness.h"

enum {
	SCOPE_MANY = 100
};

bench_fn scope_empty;           /**< nothing is resolved in it */
bench_fn scope_of_three;        /**< three resources, each of the one before, in place */
bench_fn scope_of_three_malloc; /**< the same with constructors that malloc */
bench_fn scope_of_many;         /**< SCOPE_MANY products in place */

#endif
