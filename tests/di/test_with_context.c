/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) X(context_resource, app_local, struct part, (local_new), local_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(local)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(falling_off_the_end_is_done)
{
	int ran = 0;

	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		ck_assert_ptr_eq(di_context_parent(block), root);
		ck_assert_ptr_eq(di_context_scope(block), &di_scope_request);
		app_local_get(block, &error);
		ran++;
	}
	ck_assert_int_eq(ran, 1);
	journal_expect("created local", "ended local done");
}
END_TEST

static int return_early(void)
{
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		app_local_get(block, &error);
		return 1;
	}
	return 0;
}

START_TEST(a_return_is_failed)
{
	ck_assert_int_eq(return_early(), 1);
	journal_expect("created local", "ended local failed");
}
END_TEST

START_TEST(a_break_is_failed)
{
	int after = 0;

	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		app_local_get(block, &error);
		if (after == 0)
			break;
		after++;
	}
	ck_assert_int_eq(after, 0);
	journal_expect("created local", "ended local failed");
}
END_TEST

START_TEST(a_goto_out_is_failed)
{
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		app_local_get(block, &error);
		goto out;
	}
out:
	journal_expect("created local", "ended local failed");
}
END_TEST

START_TEST(blocks_nest)
{
	DI_WITH_CONTEXT (outer, root, &di_scope_request) {
		app_local_get(outer, &error);
		DI_WITH_CONTEXT (inner, outer, &di_scope_inject) {
			app_local_get(inner, &error);
			break;
		}
	}
	journal_expect("created local", "created local", "ended local failed", "ended local done");
}
END_TEST

START_TEST(a_mark_counts)
{
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		app_local_get(block, &error);
		expect_ok(di_context_mark(block, DI_CANCELLED, &error));
	}
	journal_expect("created local", "ended local cancelled");
}
END_TEST

static void write_failures(void *data, const struct di_event *event)
{
	(void)data;
	if (event->kind == DI_EVENT_FAILED)
		journal_write("%s in %s", di_status_name(event->error->status), event->scope);
}

START_TEST(where_the_context_cannot_be_opened_the_block_does_not_run)
{
	struct di_options options = { .abi = DI_ABI, .observer = { write_failures, NULL } };

	container_end();
	options.allocator = &memory.allocator;
	container_begin(&app, &options);
	memory.fail_always = 1;
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		ck_abort_msg("the block has run in %p", (void *)block);
	}
	memory.fail_always = 0;
	journal_expect("DI_ENOMEM in app");
}
END_TEST

START_TEST(errors_of_the_end_go_to_the_observer)
{
	struct di_options options = { .abi = DI_ABI, .observer = { write_failures, NULL } };

	container_end();
	container_begin(&app, &options);
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		app_local_get(block, &error);
		parts_fail_end("local", EIO, 1);
		journal_clear();
	}
	journal_expect("ended badly local", "DI_EFINALIZE in request");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/with_context");
	TCase *tcase = tcase_create("with_context");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, falling_off_the_end_is_done);
	tcase_add_test(tcase, a_return_is_failed);
	tcase_add_test(tcase, a_break_is_failed);
	tcase_add_test(tcase, a_goto_out_is_failed);
	tcase_add_test(tcase, blocks_nest);
	tcase_add_test(tcase, a_mark_counts);
	tcase_add_test(tcase, where_the_context_cannot_be_opened_the_block_does_not_run);
	tcase_add_test(tcase, errors_of_the_end_go_to_the_observer);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
