/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_BUILT_H
#define DI_TESTS_BUILT_H

/**
 * A builder, the table that it builds, and the faults that it reports as lines of text.
 *
 *     built_begin("app", &app_exports, NULL);
 *     ROW("singleton", "app_store", .constructor = "store_new", NEEDS("app_pool"),
 *         .destructor = "store_end");
 *     built_expect("app_store(0) MISSING argument 0: there is no row app_pool\n");
 */

#include "tests/support/fixture.h"

extern struct di_builder *builder;
extern const struct di_table *built;
/** What was reported, a line for each fault. */
extern char faults[];
extern int faults_count;

/** Makes a builder with the counting allocator, `memory`; a default scope may be NULL. */
void built_begin(const char *name, const struct di_exports *exports, const char *default_scope);
/** Frees the builder and the table, if the test has not, and checks that all was given back. */
void built_end(void);
/** Adds a row, which may not fail. Its `at` is its number among those of the test. */
void built_row(struct di_row row);
/** Builds the table, which may not fail, and frees the builder. */
void built_build(void);
/** The same, and makes a container of it. */
void built_container(void);
/** Fails the test unless the check reports these lines, and the error has the first. */
void built_expect(const char *lines);
/** The row of that name of the built table. */
const struct di_provider *row_named(const char *name);
/** Resolves it in that context, which may not fail. */
void *get(struct di_context *context, const char *name);

/* clang-format off */
#define ROW(kind_, name_, ...) \
	built_row((struct di_row){ .name = (name_), .kind_name = (kind_), __VA_ARGS__ })
/* In a row. */
#define ARGUMENTS(...) \
	.arguments = (const struct di_argument[]){ __VA_ARGS__ }, \
	.arguments_count = sizeof((const struct di_argument[]){ __VA_ARGS__ }) / sizeof(struct di_argument)
#define MEMBERS(...) \
	.members = (const struct di_member[]){ __VA_ARGS__ }, \
	.members_count = sizeof((const struct di_member[]){ __VA_ARGS__ }) / sizeof(struct di_member)
#define VALUE(...) .value = (const struct di_argument[]){ __VA_ARGS__ }
#define NEED(name_) { .kind = DI_ARGUMENT_NEED, .text = (name_) }
#define PLAIN(text_) { .kind = DI_ARGUMENT_PLAIN, .text = (text_) }
#define STRING(text_) { .kind = DI_ARGUMENT_STRING, .text = (text_) }
#define ENVIRONMENT(name_, default_) \
	{ .kind = DI_ARGUMENT_ENVIRONMENT, .text = (name_), .fallback = (default_) }
#define OBJECT(name_) { .kind = DI_ARGUMENT_OBJECT, .text = (name_) }
#define MEMBER(name_) { .provider = (name_) }
#define KEYED(key_, name_) { .key = (key_), .provider = (name_) }
/* clang-format on */

#endif
