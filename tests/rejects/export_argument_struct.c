/* expect-gcc: error: conversion to non-scalar type requested */
/* expect-clang: error: used type 'struct config' where arithmetic or pointer type is required */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct config config);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, (cache_of, struct config))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
