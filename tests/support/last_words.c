/* SPDX-License-Identifier: MIT */
#include "tests/support/last_words.h"

#include "tests/support/threads.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const char *what;
static volatile unsigned of_case;

static void say(void)
{
	char line[128];
	int length = snprintf(line, sizeof(line), "\n%s%u\n", what, of_case);

	if (what != NULL && write(STDERR_FILENO, line, (size_t)length) < 0)
		_exit(1);
}

/* The address sanitizer calls it, where it is there. */
void __asan_on_error(void);
void __asan_on_error(void)
{
	say();
}

static void die_of(int number)
{
	say();
	signal(number, SIG_DFL);
	raise(number);
}

/*
 * A sanitizer may have a handler of its own; and Check one for SIGALRM, which would end us unheard.
 */
static void say_at(int number)
{
	void (*before)(int) = signal(number, die_of);

	if (number != SIGALRM && before != SIG_DFL && before != die_of)
		signal(number, before);
}

void last_words_begin(const char *what_, unsigned seconds)
{
	static const int ends[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM };
	size_t i;

	what = what_;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		say_at(ends[i]);
	watchdog(seconds);
}

void last_words_number(unsigned number)
{
	of_case = number;
}

void last_words_end(void)
{
	watchdog(0);
	what = NULL;
}
