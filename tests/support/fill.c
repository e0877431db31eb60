/* SPDX-License-Identifier: MIT */
#include "tests/support/fill.h"

#include "di/key.h"

#include <check.h>
#include <stdio.h>

static const struct di_type type = { 1, "const char", 1 };
static struct di_key keys[FILL_MOST];

void fill(struct di_context *context, unsigned pieces)
{
	static char names[FILL_MOST][4];
	struct di_error error = { 0 };
	unsigned i;

	ck_assert_uint_le(pieces, FILL_MOST);
	for (i = 0; i < pieces; i++) {
		snprintf(names[i], sizeof(names[i]), "%03u", i % 1000);
		keys[i].name = names[i];
		keys[i].type = type;
		ck_assert_int_eq(di_context_put(context, &keys[i], "", &error), DI_OK);
	}
}
