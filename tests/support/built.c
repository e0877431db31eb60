/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

#include <stdio.h>

struct di_builder *builder;
const struct di_table *built;
char faults[16384];
int faults_count;

static int positions[65536];
static size_t rows_count;

static const char *part_text(const struct di_fault *fault, char *buffer, size_t size)
{
	static const char *const parts[] = {
		[DI_PART_ROW] = "row",
		[DI_PART_NAME] = "name",
		[DI_PART_KIND] = "kind",
		[DI_PART_TYPE] = "type",
		[DI_PART_CONSTRUCTOR] = "constructor",
		[DI_PART_ARGUMENT] = "argument",
		[DI_PART_DESTRUCTOR] = "destructor",
		[DI_PART_SCOPE] = "scope",
		[DI_PART_VALUE] = "value",
		[DI_PART_MEMBER] = "member",
		[DI_PART_ALWAYS] = "always",
	};
	int is_numbered = fault->part == DI_PART_ARGUMENT || fault->part == DI_PART_MEMBER;

	if (is_numbered)
		snprintf(buffer, size, "%s %u", parts[fault->part], (unsigned)fault->number);
	else
		snprintf(buffer, size, "%s", parts[fault->part]);
	return buffer;
}

static void report(const struct di_fault *fault, void *data)
{
	size_t used = strlen(faults);
	const int *at = fault->row_at;
	char part[32], row[16] = "";

	ck_assert_ptr_eq(data, faults);
	if (at != NULL)
		snprintf(row, sizeof(row), "(%d)", (int)(at - positions));
	snprintf(faults + used, sizeof(faults) - used, "%s%s %s %s: %s\n", fault->provider, row,
		 di_fault_name(fault->kind) + strlen("DI_FAULT_"),
		 part_text(fault, part, sizeof(part)), fault->text);
	faults_count++;
}

void built_begin(const char *name, const struct di_exports *exports, const char *default_scope)
{
	struct di_builder_options options = { .abi = DI_ABI,
					      .allocator = &memory.allocator,
					      .default_scope = default_scope,
					      .report = report,
					      .data = faults };

	parts_clear();
	failing_allocator_init(&memory);
	memset(&error, 0, sizeof(error));
	faults[0] = '\0';
	faults_count = 0;
	rows_count = 0;
	built = NULL;
	container = NULL;
	builder = di_builder_new(name, &options, &error);
	ck_assert_msg(builder != NULL, "%s", error_text());
	if (exports != NULL)
		expect_ok(di_builder_export(builder, exports, &error));
}

void built_end(void)
{
	if (container != NULL)
		container_free_expect(DI_OK);
	di_builder_free(builder);
	builder = NULL;
	expect_ok(di_table_free(built, &error));
	built = NULL;
	failing_allocator_check(&memory);
}

void built_row(struct di_row row)
{
	if (row.at == NULL)
		row.at = &positions[rows_count++];
	expect_ok(di_builder_row(builder, &row, &error));
}

void built_build(void)
{
	built = di_builder_build(builder, &error);
	ck_assert_msg(built != NULL, "%s\n%s", error_text(), faults);
	di_builder_free(builder);
	builder = NULL;
}

void built_container(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };

	built_build();
	container = di_container_new(built, &options, &error);
	ck_assert_msg(container != NULL, "%s", error_text());
	root = di_container_root(container);
}

void built_expect(const char *lines)
{
	enum di_status status = di_builder_check(builder, &error);
	const char *text = strstr(faults, ": ");
	size_t length;

	ck_assert_str_eq(faults, lines);
	ck_assert_int_eq(status, faults_count > 0 ? DI_EINVAL : DI_OK);
	if (faults_count == 0)
		return;
	ck_assert_uint_eq(error.more, (unsigned)faults_count - 1);
	length = strcspn(text + 2, "\n");
	length = length < DI_DETAIL_SIZE ? length : DI_DETAIL_SIZE - 1;
	ck_assert(strncmp(error.detail, text + 2, length) == 0);
}

const struct di_provider *row_named(const char *name)
{
	const struct di_provider *provider = di_table_find(built, name);

	ck_assert_msg(provider != NULL, "there is no %s", name);
	return provider;
}

void *get(struct di_context *context, const char *name)
{
	void *value = di_resolve(context, &error, row_named(name));

	ck_assert_msg(value != NULL, "%s", error_text());
	return value;
}
