/* SPDX-License-Identifier: MIT */
#include "tests/support/check_main.h"

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

int di_check_quick(void)
{
	const char *quick = getenv("DI_TEST_QUICK");

	return quick && strcmp(quick, "1") == 0;
}
