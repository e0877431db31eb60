/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

/* Without memory: each allocation fails in its turn, nothing is lost, and it says so. */

PART(pool)
PART_OF_1(store)
PART_FAKE(config)

static int named_new(struct part **out, const char *name, int number)
{
	*out = name != NULL && number != 0 ? &config : NULL;
	return 0;
}

static int slow_new(struct di_call *call, const char *name, struct part *need);
DI_COMPLETE_DECLARE(slow_new, struct part);
static int slow_new(struct di_call *call, const char *name, struct part *need)
{
	return slow_new_complete(call, 0, name != NULL ? need : NULL) == DI_OK ? DI_PENDING : 1;
}

static const char *choose(const char *key)
{
	return key;
}

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(stores, struct part);
DI_LAZY_TYPE(later, struct part);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct part, (pool_new)) \
	X(constructor, struct part, (store_new, struct part *)) \
	X(constructor, struct part, (named_new, const char *, int)) \
	X(constructor, struct part, DI_ASYNC(slow_new, const char *, struct part *)) \
	X(destructor,  struct part, pool_end) \
	X(destructor,  struct part, store_end) \
	X(chooser,     (choose, const char *)) \
	X(object,      the_config, struct part, &config) \
	X(list,        parts, struct part) \
	X(dict,        stores, struct part) \
	X(lazy,        later, struct part)

#define BASE(X) \
	X(singleton, base_pool, struct part, (pool_new), pool_end)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
DI_CONTAINER_DECLARE(base, BASE);
DI_CONTAINER_DEFINE(base, BASE);

static const struct di_row *rows(size_t *count)
{
	/* clang-format off */
	static const struct di_argument need_pool[] = { NEED("pool") };
	static const struct di_argument need_base[] = { NEED("base_pool") };
	static const struct di_argument named[] = { STRING("a name that is copied into the table"),
						    ENVIRONMENT("DI_TEST_NOT_SET", "12") };
	static const struct di_argument slow[] = { STRING("another"), NEED("store") };
	static const struct di_argument key[] = { PLAIN("a") };
	static const struct di_argument number[] = { PLAIN("17") };
	static const struct di_argument object[] = { OBJECT("the_config") };
	static const struct di_member keyed[] = { KEYED("a", "store"), KEYED("b", "pool") };
	static const struct di_member lead[] = { MEMBER("view") };
	static const struct di_row all[] = {
		{ .name = "store", .kind_name = "singleton", .constructor = "store_new",
		  .destructor = "store_end", .arguments = need_pool, .arguments_count = 1 },
		{ .name = "view", .kind_name = "factory", .constructor = "store_new",
		  .destructor = "store_end", .arguments = need_base, .arguments_count = 1 },
		{ .name = "named", .kind_name = "singleton", .constructor = "named_new",
		  .destructor = "di_keep", .arguments = named, .arguments_count = 2 },
		{ .name = "slow", .kind_name = "async_singleton", .constructor = "slow_new",
		  .destructor = "store_end", .arguments = slow, .arguments_count = 2 },
		{ .name = "pool", .kind_name = "resource", .constructor = "pool_new",
		  .destructor = "pool_end" },
		{ .name = "user", .kind_name = "state", .type = "const struct part", .scope = "job" },
		{ .name = "number", .kind_name = "object", .type = "const int", .value = number },
		{ .name = "given", .kind_name = "object", .value = object },
		{ .name = "one", .kind_name = "selector", .constructor = "choose",
		  .arguments = key, .arguments_count = 1, .members = keyed, .members_count = 2 },
		{ .name = "always", .kind_name = "selector", .always = "b", .members = keyed,
		  .members_count = 2 },
		{ .name = "dict", .kind_name = "dict", .type = "struct stores", .members = keyed,
		  .members_count = 2 },
		{ .name = "lazy", .kind_name = "lazy", .type = "struct later", .scope = "app",
		  .members = lead, .members_count = 1 },
	};
	/* clang-format on */

	*count = sizeof(all) / sizeof(all[0]);
	return all;
}

/* The first error, or DI_OK with a table. */
static enum di_status try_build(const char *name, const struct di_table **table)
{
	static const struct di_scope job = { "job", 120 };
	struct di_builder_options options = { .abi = DI_ABI,
					      .allocator = &memory.allocator,
					      .default_scope = "request" };
	struct di_builder *made = di_builder_new(name, &options, &error);
	enum di_status status;
	size_t i, count;
	const struct di_row *all = rows(&count);

	if (made == NULL)
		return error.status;
	status = di_builder_export(made, &exports, &error);
	if (status == DI_OK)
		status = di_builder_connect(made, &base, &error);
	if (status == DI_OK)
		status = di_builder_scope(made, &job, &error);
	if (status == DI_OK)
		status = di_builder_new_scope(made, "task", 12, NULL, &error);
	for (i = 0; i < count && status == DI_OK; i++)
		status = di_builder_row(made, &all[i], &error);
	if (status == DI_OK)
		status = di_builder_check(made, &error);
	if (status == DI_OK) {
		*table = di_builder_build(made, &error);
		status = *table != NULL ? DI_OK : error.status;
	}
	di_builder_free(made);
	return status;
}

/* Returns how many blocks it took, each of which has failed in its turn. */
static unsigned long sweep(const char *name)
{
	const struct di_table *table = NULL;
	enum di_status status = DI_ENOMEM;
	unsigned long n;

	failing_allocator_init(&memory);
	for (n = 1; status != DI_OK; n++) {
		failing_allocator_fail(&memory, n);
		error = (struct di_error){ 0 };
		status = try_build(name, &table);
		ck_assert_msg(status == DI_OK || status == DI_ENOMEM, "%lu: %s", n, error_text());
		ck_assert_int_eq(error.status, status);
		if (status == DI_ENOMEM)
			ck_assert_uint_eq(memory.live, 0);
	}
	ck_assert_uint_eq(table->count, 12);
	expect_ok(di_table_free(table, &error));
	failing_allocator_check(&memory);
	return n - 2;
}

/*
 * Pieces are cut from blocks that are larger. With a name that grows, each piece comes to be the
 * one for which a block is needed.
 */
START_TEST(each_piece_of_memory_that_is_missing_is_told_and_loses_nothing)
{
	static char name[4200];
	size_t step = di_check_quick() ? 512 : 16;

	for (size_t length = 0; length < sizeof(name) - 1; length += step) {
		memset(name, 'x', length);
		ck_assert_uint_gt(sweep(name), 4);
	}
}
END_TEST

START_TEST(a_builder_and_its_table_take_few_blocks)
{
	ck_assert_uint_lt(sweep("app"), 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("containers/builder_memory");
	TCase *tcase = tcase_create("memory");

	tcase_add_test(tcase, each_piece_of_memory_that_is_missing_is_told_and_loses_nothing);
	tcase_add_test(tcase, a_builder_and_its_table_take_few_blocks);
	suite_add_tcase(suite, tcase);
	return di_check_run(suite);
}
