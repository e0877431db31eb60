/* SPDX-License-Identifier: MIT */
#ifndef DI_NAMES_H
#define DI_NAMES_H

/* private */

/**
 * The names that a builder knows: each text stands there once, with everything that has that name.
 */

#include "containers/pool.h"

#include <stdint.h>

struct di__built_row;
struct di__exported;
struct di_kind;
struct di_provider;
struct di_scope;

/** One name, of anything, or one type without its const. */
struct di__name {
	struct di__name *next;  /* in its bucket */
	struct di__name *older; /* among all */
	uint32_t length, hash;
	struct di__built_row *row; /* the first row of that name; of a key the last one */
	union {
		struct {
			const struct di_provider *connected;    /* the row of a connected table */
			const struct di_provider *connected_by; /* another one of another table */
			struct di__exported *exported; /* whatever is exported under it, linked */
			const struct di_kind *kind;    /* of the kinds that tables write */
			const struct di_scope *scope;
		};
		struct {                              /* of a type */
			struct di__exported *holder;  /* the list, dict or lazy that it is */
			const struct di_export *uses; /* an export that has it */
		};
		uint32_t seen; /* of a key: in which check the row had it */
	};
	uint8_t is_identifier;
	char text[];
};

struct di__names {
	struct di__pool *pool;
	struct di__name **buckets;
	uint32_t buckets_count; /* a power of two */
	uint32_t count;
	uint64_t secret; /* so that no file can be written whose names have one hash */
	struct di__name *newest;
};

/** Makes an empty set. It takes memory from the pool with its first name. */
void di__names_init(struct di__names *names, struct di__pool *pool);
/** The name with that text, made where there is none; NULL without memory. */
struct di__name *di__names_enter(struct di__names *names, const char *text, size_t length);

/** Whether a name is one that could have been meant. */
typedef int di__fits_fn(const struct di__name *name, const void *data);

/**
 * The name most like text, near enough to have been meant, for which fits says 1; or NULL.
 *
 * *budget is how many names may still be compared; it goes down, and at 0 nothing is found.
 */
const struct di__name *di__names_nearest(const struct di__names *names, const char *text,
					 di__fits_fn *fits, const void *data, size_t *budget);
/** How many letters lie between two texts, one more than limit where it is more than that. */
uint32_t di__distance(const char *a, const char *b, uint32_t limit);
/** How many letters may lie between a name and what was meant. */
uint32_t di__distance_limit(const char *text);

#endif
