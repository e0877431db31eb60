/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_CHECK_MAIN_H
#define DI_TESTS_CHECK_MAIN_H

/**
 * The main function of a test program, without the function:
 *
 *     int main(void)
 *     {
 *             return di_check_run(suite());
 *     }
 */

#include <check.h>

/**
 * Runs a suite, which is freed, and returns the exit status for main: 0 if tests ran and all
 * passed, else 1. Forks for each test unless the environment says CK_FORK=no.
 */
int di_check_run(Suite *suite);

/** A new case of the suite, with what is run before and after each of its tests. */
TCase *di_check_case(Suite *suite, const char *name, SFun setup, SFun teardown);

/** Whether loops should be short, because the program runs under valgrind: DI_TEST_QUICK=1. */
int di_check_quick(void);

/**
 * Says why the test that calls it cannot run here, so that tools/run-tests.sh counts it as skipped.
 * It must return then.
 */
#define di_check_skip(suite_, reason_) di_check_skipped(suite_, __func__, reason_)
void di_check_skipped(const char *suite, const char *function, const char *reason);

/** The number in that variable of the environment, or otherwise; fails the test if it is none. */
unsigned di_check_number(const char *variable, unsigned otherwise);

#endif
