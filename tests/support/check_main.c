/* SPDX-License-Identifier: MIT */
#include "tests/support/check_main.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int di_check_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int run, failed;

	srunner_run_all(runner, CK_NORMAL);
	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	/* To Check, a filter that matches nothing is a success. */
	return run > 0 && failed == 0 ? 0 : 1;
}

TCase *di_check_case(Suite *suite, const char *name, SFun setup, SFun teardown)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, teardown);
	suite_add_tcase(suite, tcase);
	return tcase;
}

int di_check_quick(void)
{
	const char *quick = getenv("DI_TEST_QUICK");

	return quick && strcmp(quick, "1") == 0;
}

/* Check makes the function "<test>_fn". */
void di_check_skipped(const char *suite, const char *function, const char *reason)
{
	size_t length = strlen(function);

	if (length > 3 && strcmp(function + length - 3, "_fn") == 0)
		length -= 3;
	printf("SKIPPED: %s: %.*s: %s\n", suite, (int)length, function, reason);
	fflush(stdout);
}

unsigned di_check_number(const char *variable, unsigned otherwise)
{
	const char *text = getenv(variable);
	unsigned long number;
	char *end;

	if (text == NULL)
		return otherwise;
	number = strtoul(text, &end, 10);
	ck_assert_msg(*text >= '0' && *text <= '9' && *end == '\0' && number <= UINT_MAX,
		      "%s=%s is no number", variable, text);
	return (unsigned)number;
}
