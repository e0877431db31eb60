/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_LOCAL_BLOCKS_H
#define DI_TESTS_LOCAL_BLOCKS_H

/** Blocks that may not fail, for tests of context-local values. */

#include "tests/di/local_app.h"

DI__UNUSED static struct di_local_block begin(const struct di_local *space)
{
	struct di_local_block block;

	ck_assert_int_eq(di_local_begin(space, &block, &error), DI_OK);
	return block;
}

DI__UNUSED static void end(struct di_local_block *block)
{
	ck_assert_msg(di_local_end(block, &error) == DI_OK, "%s", error_text());
}

DI__UNUSED static enum di_status end_it(void *data, struct di_error *err)
{
	return di_local_end(data, err);
}

#endif
