/* expect-gcc: error: conversion from 'long int' to 'int' may change value */
/* expect-clang: error: implicit conversion loses integer precision: 'const long' to 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int cut(int limit);

DI_HANDLER(notes_cut, int, (), (cut, DI_FIELD(notes_config, db.limit)));
