/* expect-gcc: error: conversion from 'long int' to 'int' may change value */
/* expect-gcc: In function 'notes_cache__create' */
/* expect-clang: error: implicit conversion loses integer precision: 'const long' to 'int' */
/* expect-clang: DI_FIELD\(notes_config, db\.limit\) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_config, db.limit)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
