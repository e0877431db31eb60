/* SPDX-License-Identifier: MIT */
#ifndef DI_PROVIDER_H
#define DI_PROVIDER_H

/**
 * Descriptors: what a table compiles to.
 *
 * A provider is one row of a table, a table is the array of its providers, and a kind says how its
 * providers' values live. All are constant, stand in read-only memory and may be used by any number
 * of containers and threads. The macros of containers/table.h write them; a program may read them.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/observer.h"
#include "di/scope.h"
#include "di/type.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;
struct di_provider;
struct di_table;

enum {
	/** Number of the layout of descriptors, options and the inline part of a context. */
	DI_ABI = 1,
	/** Most needs that one constructor or handler may have. */
	DI_NEEDS_MAX = 8
};

/** Where the values of a kind live. */
enum di_home {
	DI_HOME_ROOT,  /**< in the root context */
	DI_HOME_SCOPE, /**< in the innermost context of the row's scope */
	DI_HOME_ASKED, /**< where they are asked for, or with the value they are made for */
	DI_HOME_NEEDS, /**< in the innermost home of what they need */
	DI_HOME_THREAD /**< with the thread that asks, below the root */
};

/** How the values of a kind come to be and live: everything the engine asks of a kind. */
struct di_kind {
	const char *name;
	enum di_home home;
	/** 1: made once per home and kept; 0: made anew each time. */
	int cached;
	/** 1: di_container_start() makes it. */
	int eager;
	/** 1: it resolves only where the innermost context has exactly the row's scope. */
	int strict;
	/**
	 * For kinds that are given and not made, else NULL: returns the value that the row itself
	 * carries, or NULL where it must be put into a context first. Called under a lock.
	 */
	const void *(*given)(const struct di_provider *provider);
	/**
	 * For kinds that choose between other rows, else NULL: returns the row chosen, which is one
	 * of its options, or NULL with err filled. args are the values of its needs. Under no lock.
	 */
	const struct di_provider *(*choose)(const struct di_provider *provider, void *const *args,
					    struct di_error *err);
	/** 1: its rows lead to a struct di_async by `object`, and have no create. */
	int async;
};

/**
 * Where a constructor puts a value: it is stored as a pointer of the value's own type, and read as
 * one of none.
 */
typedef void *di__made DI__MAY_ALIAS;

/**
 * Makes a value: a generated trampoline around the user's constructor.
 *
 * args are the values of the needs in order. out leads to a di__made. *out is the storage of a
 * DI_INIT row, which is zeroed, and else of no meaning; it is set to the value, and of no meaning
 * after a failure. Returns 0, or what the user's function returned (for DI_RETURNS errno).
 */
typedef int di_create_fn(void *const *args, void **out);

/** Ends a value: a generated trampoline around the user's destructor. Returns 0 or its result. */
typedef int di_destroy_fn(void *value, enum di_outcome outcome);

/** One row of a table. */
struct di_provider {
	const char *name;
	const struct di_table *table;
	const struct di_kind *kind;
	const struct di_type *type;
	uint32_t index; /**< of the row in its table */
	uint16_t needs_count;
	uint16_t life; /**< rank of the shortest life it depends on */
	/** Where in struct di__lane the array is in which its value stands. */
	uint32_t lane;
	/** Rows behind the needs: those a selector chooses from, or the one a lazy leads to. */
	uint32_t options_count;
	const struct di_provider *const *needs; /**< in the order of the constructor's arguments */
	di_create_fn *create;   /**< NULL for kinds that are given, choose or are asynchronous */
	di_destroy_fn *destroy; /**< NULL where nothing ends it */
	const struct di_scope *scope; /**< NULL where the kind has none */
	/**
	 * The value of an `object` row, the struct di_choice of a `selector`, the struct di_async
	 * of an asynchronous row, or NULL.
	 */
	const void *object;
	size_t storage_size; /**< of a DI_INIT row in bytes, else 0 */
	size_t storage_align;
	const char *constructor; /**< name of the user's function, or "" */
	const char *destructor;
};

/** A table: the rows of a container in order. A row needs only rows above it. */
struct di_table {
	uint32_t abi;           /**< DI_ABI of the headers it was compiled with */
	uint32_t provider_size; /**< sizeof(struct di_provider) there */
	const char *name;
	const struct di_provider *const *providers;
	uint32_t count;
	uint32_t connects_count;
	const struct di_table *const *connects; /**< the tables whose rows its rows may need too */
	uint32_t threads;                       /**< 1: some of its rows are one per thread */
	/** Of a table built at run time how many containers and tables use it; NULL of others. */
	uint32_t *users;
};

/**
 * The provider of that name in the table, or NULL, also where one of them is NULL. Linear in the
 * table. Any thread may call it.
 */
DI_API const struct di_provider *di_table_find(const struct di_table *table, const char *name);

/** The need that stands for the context a value is made in; write it DI_CONTEXT. */
DI_API extern const struct di_provider di__context;
/** The last need of a row that chooses: the value of what it chose. */
DI_API extern const struct di_provider di__choice;

/** The destructor of what is not ours to free. */
DI_API void di_keep(const void *value);

#ifdef __cplusplus
}
#endif

#endif
