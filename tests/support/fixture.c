/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

struct di_container *container;
struct di_context *root;
struct di_error error;
struct failing_allocator memory;

void container_begin(const struct di_table *table, const struct di_options *options)
{
	struct di_options chosen = { .abi = DI_ABI };

	parts_clear();
	failing_allocator_init(&memory);
	memset(&error, 0, sizeof(error));
	if (options != NULL)
		chosen = *options;
	if (chosen.allocator == NULL)
		chosen.allocator = &memory.allocator;
	container = di_container_new(table, &chosen, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	root = di_container_root(container);
}

void container_end(void)
{
	memory.fail_always = 0;
	di_container_free(container, NULL);
	container = NULL;
	root = NULL;
	parts_clear();
	failing_allocator_check(&memory);
}

void container_free_expect(enum di_status status)
{
	struct di_container *freed = container;

	container = NULL;
	root = NULL;
	if (status == DI_OK)
		expect_ok(di_container_free(freed, &error));
	else
		expect_error(di_container_free(freed, &error), status);
}

struct di_context *open_in(struct di_context *parent, const struct di_scope *scope)
{
	struct di_context *context = di_context_open(parent, scope, &error);

	ck_assert_msg(context != NULL, "%s", error_text());
	return context;
}

void close_as(struct di_context *context, enum di_outcome outcome)
{
	expect_ok(di_context_close(context, outcome, &error));
}

const char *error_text(void)
{
	static char text[1024];

	return di_error_text(&error, text, sizeof(text));
}
