/* SPDX-License-Identifier: MIT */

/* The same tests, of the service whose parts come from a file. */
#define NOTES_CONFIG "samples/notes/notes.yaml"
#include "tests/samples/test_notes.c"
