/* SPDX-License-Identifier: MIT */
#include "samples/notes/notes.h"

DI_CONTAINER_DEFINE(notes, NOTES);
