/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_YAML_APP_H
#define DI_TESTS_YAML_APP_H

/**
 * A program that exports something of everything, for files of tests to name.
 */

#include "di/di.h"

#include "containers/exports.h"

struct settings {
	struct {
		const char *url;
		int retries;
	} db;
	double ratio;
	_Bool verbose;
	char label[8];
};

/** All parts are of one shape: what they were made from is written into them. */
struct part {
	char text[120];
	int number;
	struct part *from;
	struct part *next, **link; /**< among all that are alive and were not made in place */
};

struct user {
	const char *name;
};

DI_LIST_TYPE(parts, struct part);
DI_DICT_TYPE(parts_by_name, struct part);
DI_LAZY_TYPE(later_part, struct part);

DI_SCOPE_DECLARE(job, 150);

extern const struct di_exports app_exports;

/** The texts of what has ended, in order, with a blank behind each. */
extern char app_ended[1024];

/** 1: what takes time waits for app_turn(); 0: it completes at once. */
extern int app_waits;

/** Completes what was begun before; returns how much that was. */
int app_turn(void);

/** Frees parts that nobody did, because a file let them be kept. */
void app_free_kept(void);

/* A container that is compiled, for files to connect. */
#define STORAGE(X)                                                                                 \
	X(singleton, storage_part, struct part, (storage_part_new), app_part_free)                 \
	X(context_resource, storage_session, struct part, (storage_part_new), app_part_free,       \
	  request)
int storage_part_new(struct part **out);
void app_part_free(struct part *part);
DI_CONTAINER_DECLARE(storage, STORAGE);

#endif
