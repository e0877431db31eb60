/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_LAST_WORDS_H
#define DI_TESTS_LAST_WORDS_H

/**
 * What a test that crashes or hangs says of the case it was at, on standard error: "what number".
 *
 * A seed, so that the case can be run again. A sanitizer's own report comes besides.
 */

/** Sets what will be said, and ends the program with SIGALRM after so many seconds, as a hang. */
void last_words_begin(const char *what, unsigned seconds);
/** Sets the number; cheap. */
void last_words_number(unsigned number);
/** Calls all off. */
void last_words_end(void);

#endif
