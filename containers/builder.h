/* SPDX-License-Identifier: MIT */
#ifndef DI_BUILDER_H
#define DI_BUILDER_H

/**
 * Tables built at run time: the descriptors that the macros of containers/table.h write, by calls.
 *
 *     struct di_argument config = { .kind = DI_ARGUMENT_OBJECT, .text = "default_config" };
 *     struct di_argument path[] = { { .kind = DI_ARGUMENT_NEED, .text = "app_config.db.path" } };
 *     struct di_row rows[] = {
 *             { .name = "app_store", .kind_name = "resource", .constructor = "store_open",
 *               .arguments = path, .arguments_count = 1, .destructor = "store_close" },
 *             { .name = "app_config", .kind_name = "object", .value = &config },
 *     };
 *     struct di_builder *builder = di_builder_new("app", NULL, &err);
 *
 *     di_builder_export(builder, &app_exports, &err);
 *     di_builder_row(builder, &rows[0], &err);
 *     di_builder_row(builder, &rows[1], &err);
 *     table = di_builder_build(builder, &err);
 *     di_builder_free(builder);
 *
 * Functions and objects of C are named, and come with their types from tables of exports, see
 * containers/exports.h. Rows may be added in any order, and name rows that are not there yet: in
 * the table each stands below those that it needs, and otherwise as added. What the compiler says
 * of a table of macros, the builder says of its rows, all of it at once: see di_builder_check().
 *
 * A builder has one user at a time. It copies what it is given, but for tables, exports and scopes,
 * which it borrows. The table that it builds is its caller's, and does not need the builder.
 */

#include "di/allocator.h"
#include "di/compiler.h"
#include "di/error.h"
#include "di/provider.h"
#include "di/scope.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_builder;
struct di_exports;

/** How an argument of a constructor or chooser, or an object, is written. */
enum di_argument_kind {
	/**
	 * text names a row, or a member of what it provides, "config.db.path", which is passed by
	 * value; or it is "DI_CONTEXT", the context that the value is made in.
	 */
	DI_ARGUMENT_NEED,
	/**
	 * text is a value, without quotes where it was written: a number, true or false, or a
	 * string, as the parameter's type says. Integers are decimal, with no blanks, no sign but
	 * '-' and no zeros in front, or 0x and hexadecimal digits.
	 */
	DI_ARGUMENT_PLAIN,
	/** text is a string: for parameters of type const char * alone. */
	DI_ARGUMENT_STRING,
	/**
	 * text names a variable of the environment, whose value when the table is built is taken as
	 * a plain one; fallback, if not NULL, where it is not set.
	 */
	DI_ARGUMENT_ENVIRONMENT,
	/** text names an exported object. */
	DI_ARGUMENT_OBJECT
};

struct di_argument {
	enum di_argument_kind kind;
	const char *text;
	const char *fallback; /**< or NULL */
	const void *at;       /**< the caller's own: comes back in faults */
};

/** Another row that a row names without a constructor's argument. */
struct di_member {
	const char *key;      /**< of an option or an entry of a dict, else NULL */
	const char *provider; /**< name of the row */
	const void *at;       /**< the caller's own: comes back in faults */
};

/**
 * One row. Zero it, and set what its kind takes, as its row in a table of macros does: see
 * providers/<kind>.h. What a kind does not take is a fault.
 *
 *     object                               value; type where it is no exported object
 *     state                                type, scope
 *     singleton, resource, factory         constructor, arguments, destructor
 *     thread_singleton
 *     context_resource                     the same and scope, strict
 *     selector                             constructor and arguments, or always; members with keys
 *     list                                 type, members
 *     dict                                 type, members with keys
 *     lazy                                 type, scope, one member
 *
 * The asynchronous kinds take what those without `async_` in front do: their constructors, and no
 * others, are exported by DI_ASYNC(). Kinds of a program's own take what theirs of the same home
 * takes.
 */
struct di_row {
	const char *name;           /**< as in C: letters, digits and _ */
	const struct di_kind *kind; /**< NULL: the kind of that name */
	const char *kind_name;
	/**
	 * As in the row of a table: "const struct user". NULL where the constructor, the object or
	 * the first option says it; if not, it must be the same. Of a list, dict or lazy the
	 * exported type, with or without const.
	 */
	const char *type;
	const char *constructor; /**< an exported constructor; of a selector an exported chooser */
	const struct di_argument *arguments; /**< in the order of the constructor's parameters */
	size_t arguments_count;
	const char *destructor;          /**< an exported destructor, or "di_keep" */
	const char *scope;               /**< NULL: the builder's default */
	int strict;                      /**< 1: as DI_STRICT(scope) */
	const struct di_argument *value; /**< of an object: plain, string, environment or object */
	const struct di_member *members; /**< options of a selector, members of a list or dict, or
					  what a lazy leads to */
	size_t members_count;
	const char *always; /**< of a selector without a chooser: the key that it chooses */
	const void *at;     /**< the caller's own: comes back in faults */
};

/** Every kind of fault with its text: X(name, text). */
#define DI_FAULT_MAP(X)                                                                            \
	X(DI_FAULT_NAME, "a name that is none")                                                    \
	X(DI_FAULT_DUPLICATE, "a name used twice")                                                 \
	X(DI_FAULT_KIND, "an unknown kind, or not what the kind takes")                            \
	X(DI_FAULT_UNKNOWN, "a name of no exported function, object or type")                      \
	X(DI_FAULT_MISSING, "a need that is no row")                                               \
	X(DI_FAULT_TYPE, "a wrong type")                                                           \
	X(DI_FAULT_ARGUMENTS, "a wrong number of arguments")                                       \
	X(DI_FAULT_VALUE, "a value that its type does not have")                                   \
	X(DI_FAULT_FIELD, "a member that is not exported")                                         \
	X(DI_FAULT_KEY, "a wrong key")                                                             \
	X(DI_FAULT_SCOPE, "a wrong scope")                                                         \
	X(DI_FAULT_CYCLE, "rows that need each other")                                             \
	X(DI_FAULT_CAPTIVE, "a row that would outlive what it needs")                              \
	X(DI_FAULT_LIMIT, "more than there may be")

enum di_fault_kind {
#define DI__FAULT_NAME(name_, text_) name_,
	DI_FAULT_MAP(DI__FAULT_NAME)
#undef DI__FAULT_NAME
};

/** Which part of a row a fault is about. */
enum di_row_part {
	DI_PART_ROW, /**< all of it, or what it lacks */
	DI_PART_NAME,
	DI_PART_KIND,
	DI_PART_TYPE,
	DI_PART_CONSTRUCTOR,
	DI_PART_ARGUMENT, /**< the one of that number */
	DI_PART_DESTRUCTOR,
	DI_PART_SCOPE,
	DI_PART_VALUE,  /**< of an object */
	DI_PART_MEMBER, /**< the one of that number */
	DI_PART_ALWAYS
};

/** One fault. Valid during the report alone. */
struct di_fault {
	enum di_fault_kind kind;
	enum di_row_part part;
	uint32_t number;      /**< of the argument or member, from 0 */
	const char *provider; /**< name of the row, or "" where it is about none */
	const char *text;     /**< a sentence without the row's name, a capital or a full stop */
	const void *row_at;   /**< `at` of the row, or of the scope that it is about */
	const void *at;       /**< `at` of the argument or member, else that of the row */
};

/** Is told of each fault. It must not call the builder. */
typedef void di_report_fn(const struct di_fault *fault, void *data);

/** How a builder works. Zero it, set abi to DI_ABI and what is wanted. */
struct di_builder_options {
	uint32_t abi; /**< DI_ABI */
	/** NULL: malloc; borrowed until the builder and its tables are freed. */
	const struct di_allocator *allocator;
	/** The scope of rows that leave theirs out, by name; NULL: they must not. Copied. */
	const char *default_scope;
	di_report_fn *report; /**< or NULL */
	void *data;           /**< handed to report; borrowed */
};

/**
 * Makes an empty builder for a table of that name, which is copied.
 *
 * options may be NULL and are copied. Returns the builder, owned by the caller and ended by
 * di_builder_free(), or NULL: DI_EINVAL (no name), DI_EABI, DI_ENOMEM.
 */
DI_API struct di_builder *di_builder_new(const char *name, const struct di_builder_options *options,
					 struct di_error *err);

/** Ends a builder. NULL is legal. The tables that it built remain. */
DI_API void di_builder_free(struct di_builder *builder);

/**
 * Lets rows name what a table of exports has. It is borrowed until the builder and its tables are
 * freed. One that is there already is no error.
 *
 * DI_EINVAL, nothing changed: NULL, or it exports a name that another table does. DI_EABI: it was
 * compiled against other headers. DI_ENOMEM.
 */
DI_API enum di_status di_builder_export(struct di_builder *builder,
					const struct di_exports *exports, struct di_error *err);

/**
 * Lets rows need those of another table, compiled or built, as DI_CONTAINER_DECLARE(app, APP,
 * table) does: the containers of the built table then connect one of that. It is borrowed, and a
 * built one is not freed while the tables live.
 *
 * DI_EINVAL, nothing changed: NULL, or it is there already. DI_EABI: it was compiled against other
 * headers. DI_ENOMEM.
 */
DI_API enum di_status di_builder_connect(struct di_builder *builder, const struct di_table *table,
					 struct di_error *err);

/**
 * Lets rows name a scope of the program's, declared with DI_SCOPE_DECLARE. It is borrowed until the
 * builder and its tables are freed. app, request, inject and any are there, and those that exports
 * have. One that is there already is no error.
 *
 * DI_EINVAL, nothing changed: NULL, another scope of that name is there, or a rank not from 2 to
 * 299. DI_ENOMEM.
 */
DI_API enum di_status di_builder_scope(struct di_builder *builder, const struct di_scope *scope,
				       struct di_error *err);

/**
 * Makes a scope that exists in the built table alone: di_table_scope() finds it there. at comes
 * back in faults: a name that is none or is used twice, and a rank not from 2 to 299, are faults.
 *
 * DI_EINVAL, nothing changed: no name. DI_ENOMEM.
 */
DI_API enum di_status di_builder_new_scope(struct di_builder *builder, const char *name, int rank,
					   const void *at, struct di_error *err);

/**
 * Adds a row, of which everything is copied. What is wrong with it di_builder_check() tells.
 *
 * DI_EINVAL, nothing changed: NULL, or a text that its kind of argument or member must have is
 * NULL. DI_ENOMEM, nothing changed.
 */
DI_API enum di_status di_builder_row(struct di_builder *builder, const struct di_row *row,
				     struct di_error *err);

/** How many rows have been added. */
DI_API size_t di_builder_count(const struct di_builder *builder);

/**
 * Looks for everything that is wrong, reports each fault once, and returns DI_OK if there is none.
 *
 * Faults of scopes come first, then those of single rows in the order in which rows were added,
 * then cycles, then rows that would outlive what they need. One fault hides those that only follow
 * from it: what a row whose type is unknown is given to is no wrong type. For each cycle that is
 * found one of its needs is left out to find the next. It takes time linear in the rows and what
 * they name, and a bounded amount of stack.
 *
 * DI_EINVAL: there are faults; err has the first, and in `more` the number of the others.
 * DI_ENOMEM.
 */
DI_API enum di_status di_builder_check(struct di_builder *builder, struct di_error *err);

/**
 * Builds a table of the rows so far, after a check as di_builder_check() unless the last one still
 * holds.
 *
 * Returns the table, owned by the caller and ended by di_table_free(): it is like one of macros,
 * and any number of containers and threads may use it. NULL, with the errors of di_builder_check().
 * The builder may go on.
 */
DI_API const struct di_table *di_builder_build(struct di_builder *builder, struct di_error *err);

/**
 * Ends a table that a builder has built. NULL is legal.
 *
 * DI_EBUSY, nothing changed: a container of it lives, or a built table that connects it. DI_EINVAL,
 * nothing changed: it was not built but compiled. Any thread may call it.
 */
DI_API enum di_status di_table_free(const struct di_table *table, struct di_error *err);

/**
 * The scope of that name that a row of the table has, or one of the builder's that it was built
 * with; NULL if there is none, also where an argument is NULL. To open contexts of scopes that
 * di_builder_new_scope() made. Borrowed from the table. Any thread may call it.
 */
DI_API const struct di_scope *di_table_scope(const struct di_table *table, const char *name);

/** The kind that a table writes so: "singleton"; NULL if there is none. Any thread may call it. */
DI_API const struct di_kind *di_kind_find(const char *name);

/** The name of a kind of fault as it is written in C; "DI_FAULT_?" for an unknown number. */
DI_API const char *di_fault_name(enum di_fault_kind kind);

#ifdef __cplusplus
}
#endif

#endif
