/* SPDX-License-Identifier: MIT */
#ifndef DI_SPREAD_H
#define DI_SPREAD_H

/* private */

/**
 * One call, written in several places.
 *
 * A processor foresees where a call through a pointer leads mostly by where it led last, from that
 * place. Where rows take turns, one place is wrong each time, at ten times the price of the call.
 * So each row gets a place, as far as there are places: it is found by branches, which the
 * processor foresees by what came before.
 */

#include "di/compiler.h"

/** A different one behind each copy keeps the compiler from making one of them. */
#define DI__APART(number_) __asm__ volatile("# " #number_)

/**
 * Does it in one of 16 places, by the lowest bits of which_, a variable. What is forgotten is that
 * the bits could be worked out beforehand.
 */
#define DI__SPREAD(which_, ...)                                                                    \
	do {                                                                                       \
		DI__FORGET(which_);                                                                \
		if (((which_)&8) != 0)                                                             \
			DI__SPREAD_8(which_, 1, __VA_ARGS__);                                      \
		else                                                                               \
			DI__SPREAD_8(which_, 0, __VA_ARGS__);                                      \
	} while (0)
#define DI__SPREAD_8(which_, to_, ...)                                                             \
	do {                                                                                       \
		DI__FORGET(which_);                                                                \
		if (((which_)&4) != 0)                                                             \
			DI__SPREAD_4(which_, to_##1, __VA_ARGS__);                                 \
		else                                                                               \
			DI__SPREAD_4(which_, to_##0, __VA_ARGS__);                                 \
	} while (0)
#define DI__SPREAD_4(which_, to_, ...)                                                             \
	do {                                                                                       \
		DI__FORGET(which_);                                                                \
		if (((which_)&2) != 0)                                                             \
			DI__SPREAD_2(which_, to_##1, __VA_ARGS__);                                 \
		else                                                                               \
			DI__SPREAD_2(which_, to_##0, __VA_ARGS__);                                 \
	} while (0)
#define DI__SPREAD_2(which_, to_, ...)                                                             \
	do {                                                                                       \
		DI__FORGET(which_);                                                                \
		if (((which_)&1) != 0) {                                                           \
			__VA_ARGS__;                                                               \
			DI__APART(to_##1);                                                         \
		} else {                                                                           \
			__VA_ARGS__;                                                               \
			DI__APART(to_##0);                                                         \
		}                                                                                  \
	} while (0)

#endif
