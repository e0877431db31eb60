/* SPDX-License-Identifier: MIT */
#include "tests/providers/selector_app.h"
#include "tests/support/fill.h"

/* Choosing without memory. */

/* Asks for all that selectors take part in, with the next allocation failing after pieces. */
static int try_with(unsigned pieces, struct di_context *context, const struct di_provider *provider)
{
	int made;

	fill(context, pieces);
	failing_allocator_fail(&memory, 1);
	made = di_resolve(context, &error, provider) != NULL;
	failing_allocator_fail(&memory, 0);
	return made;
}

static void sweep(const struct di_provider *provider)
{
	unsigned pieces, failed = 0;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		teardown();
		setup_root();
		parts_clear();
		if (try_with(pieces, root, provider))
			continue;
		failed++;
		ck_assert(error.status == DI_ENOMEM || error.cause == EIO);
		ck_assert_int_eq(parts_alive("fresh") + parts_alive("hint") + parts_alive("user"),
				 0);
		ck_assert_ptr_nonnull(di_resolve(root, &error, provider));
	}
	ck_assert_uint_gt(failed, 4);
}

START_TEST(a_failed_allocation_leaves_nothing_and_the_next_try_succeeds)
{
	mixed_key = "fresh";
	sweep(&app_user);
	sweep(&app_pair);
	sweep(&app_asker);
	sweep(&app_mixed);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("providers/selector/memory");
	TCase *failing = di_check_case(all, "memory", setup, teardown);

	tcase_add_test(failing, a_failed_allocation_leaves_nothing_and_the_next_try_succeeds);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
