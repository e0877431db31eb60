/* expect-gcc: error: conversion from 'double' to 'int' may change value */
/* expect-gcc: In function 'notes_cache__create' */
/* expect-clang: error: implicit conversion turns floating-point number into integer: 'const double' to 'int' */
/* expect-clang: DI_FIELD\(notes_config, ratio\) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_config, ratio)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
