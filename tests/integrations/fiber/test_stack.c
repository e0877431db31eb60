/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/fiber.h"
#include "integrations/fiber/stack.h"
#include "tests/support/check_main.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct di__fiber_stacks stacks;

static void teardown(void)
{
	di__fiber_stacks_release(&stacks);
}

START_TEST(a_stack_has_whole_pages_and_at_least_what_was_asked_for)
{
	struct di__fiber_stack *stack;

	di__fiber_stacks_init(&stacks, 1, 1);
	ck_assert_uint_ge(stacks.size, 16 * 1024);
	di__fiber_stacks_init(&stacks, 100 * 1000, 1);
	ck_assert_uint_ge(stacks.size, 100 * 1000);
	ck_assert_uint_eq(stacks.size % (size_t)sysconf(_SC_PAGESIZE), 0);
	di__fiber_stacks_init(&stacks, 0, 1);
	ck_assert_uint_eq(stacks.size, DI_FIBER_STACK_SIZE);
	stack = di__fiber_stack_take(&stacks);
	ck_assert_ptr_nonnull(stack);
	ck_assert_uint_eq(((uintptr_t)stack->memory + stack->size) % 64, 0);
	memset(stack->memory, 1, stack->size);
	di__fiber_stack_give(&stacks, stack);
}
END_TEST

START_TEST(free_stacks_are_kept_up_to_a_number)
{
	struct di__fiber_stack *one, *two, *three;

	di__fiber_stacks_init(&stacks, 0, 2);
	one = di__fiber_stack_take(&stacks);
	two = di__fiber_stack_take(&stacks);
	three = di__fiber_stack_take(&stacks);
	di__fiber_stack_give(&stacks, one);
	di__fiber_stack_give(&stacks, two);
	ck_assert_uint_eq(stacks.count, 2);
	di__fiber_stack_give(&stacks, three);
	ck_assert_uint_eq(stacks.count, 2);
	ck_assert_ptr_eq(di__fiber_stack_take(&stacks), two);
	di__fiber_stack_give(&stacks, two);
}
END_TEST

START_TEST(what_cannot_be_mapped_is_NULL)
{
	di__fiber_stacks_init(&stacks, SIZE_MAX, 1);
	ck_assert_ptr_null(di__fiber_stack_take(&stacks));
	di__fiber_stacks_init(&stacks, SIZE_MAX / 2, 1);
	ck_assert_ptr_null(di__fiber_stack_take(&stacks));
}
END_TEST

/* Nothing that a compiler would make a loop of. */
static int recurse(volatile char *before, int depth)
{
	volatile char here[512];

	here[0] = before[0];
	return depth == 0 ? here[0] : recurse(here, depth - 1) + here[0];
}

static void *overflow(void *data)
{
	volatile char begin[1] = { 0 };

	return recurse(begin, *(int *)data) != 0 ? data : NULL;
}

/* How a child process ends in which a fiber goes so deep. */
static int end_of_child(int depth)
{
	pid_t child = fork();
	int status = 0;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		const struct rlimit none = { 0, 0 };
		struct di_fiber_scheduler *fibers = di_fiber_scheduler_new(NULL, NULL);
		struct di_fiber *fiber = di_fiber_spawn(fibers, overflow, &depth, NULL, NULL);

		setrlimit(RLIMIT_CORE, &none);
		/* A sanitizer would write a report. */
		signal(SIGSEGV, SIG_DFL);
		status = di_fiber_join(fiber, NULL, NULL) != DI_OK ||
			 di_fiber_scheduler_free(fibers, NULL) != DI_OK;
		_exit(status);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

START_TEST(overflow_is_a_clean_end_by_signal)
{
	int status = end_of_child(100000);

	ck_assert_int_eq(end_of_child(10), 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/stack");
	TCase *sizes = tcase_create("sizes"), *guard = tcase_create("guard");

	tcase_add_checked_fixture(sizes, NULL, teardown);
	tcase_add_test(sizes, a_stack_has_whole_pages_and_at_least_what_was_asked_for);
	tcase_add_test(sizes, free_stacks_are_kept_up_to_a_number);
	tcase_add_test(sizes, what_cannot_be_mapped_is_NULL);
	suite_add_tcase(all, sizes);
	tcase_add_test(guard, overflow_is_a_clean_end_by_signal);
	suite_add_tcase(all, guard);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
