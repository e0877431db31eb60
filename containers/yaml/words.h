/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_WORDS_H
#define DI_YAML_WORDS_H

/* private */

/**
 * Scalars as they have to be written, and words that were meant.
 */

#include <stddef.h>
#include <stdint.h>

/**
 * Reads a whole number in decimal: an optional sign and digits, without zeros in front. Returns 1,
 * or 0 where it is none or does not fit.
 */
int di__yaml_integer(const char *text, int64_t *value);
/** The same for what is not below zero. */
int di__yaml_natural(const char *text, uint64_t *value);
/** Reads a decimal fraction with an optional exponent: 1, -0.5, 6.02e23. Whatever the locale. */
int di__yaml_real(const char *text, double *value);
/** Reads true or false. */
int di__yaml_boolean(const char *text, int *value);

/** Whether it is a name as in C: letters, digits and _, and no digit first. */
int di__yaml_is_word(const char *text);
/** Which of two words is nearer to text, where one is so near that it may have been meant. */
const char *di__yaml_nearer(const char *text, const char *best, const char *word);
/** Writes "; did you mean 'word'?", or nothing for NULL, and returns buffer. */
char *di__yaml_meant(const char *word, char *buffer, size_t size);

#endif
