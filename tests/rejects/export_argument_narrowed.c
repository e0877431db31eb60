/* expect-gcc: error: conversion from 'long( int)?' to 'int' may change value */
/* expect-clang: error: implicit conversion loses integer precision: 'long' to 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, (cache_new, long))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
