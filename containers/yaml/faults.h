/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_FAULTS_H
#define DI_YAML_FAULTS_H

/* private */

/**
 * What is wrong with the files of one load: collected, and told in the order of the files.
 */

#include "containers/yaml/yaml.h"
#include "di/compiler.h"

#include <stddef.h>
#include <stdint.h>

enum {
	/** More than so many are counted and not kept. */
	DI__YAML_FAULTS_MAX = 1000,
	DI__YAML_TEXT_SIZE = 512,
	DI__YAML_PATH_SIZE = 160
};

/** Where something stands; line 0: in the file as a whole. */
struct di__yaml_place {
	uint32_t file; /**< number of the file, in the order in which they were read */
	uint32_t line, column;
};

struct di__yaml_fault {
	struct di__yaml_place place;
	uint32_t number; /**< of those of one place, the first found comes first */
	char *text;      /**< with the path behind it in the same block */
	const char *path;
};

struct di__yaml_faults {
	struct di__yaml_fault *items;
	size_t count, room;
	size_t left_out;
	int no_memory; /**< 1: something could not be allocated, and the load ends */
};

/** Adds a fault; path may be "". */
void di__yaml_fault(struct di__yaml_faults *faults, struct di__yaml_place place, const char *path,
		    const char *format, ...) DI__PRINTF(4, 5);
/** Whether further ones are only counted. */
static inline int di__yaml_faults_full(const struct di__yaml_faults *faults)
{
	return faults->count >= DI__YAML_FAULTS_MAX;
}
/** How many there were, those left out included; memory that is missing is one. */
size_t di__yaml_faults_count(const struct di__yaml_faults *faults);
/** Tells report of each in order; files are the names by number. */
void di__yaml_faults_report(struct di__yaml_faults *faults, const char *const *files,
			    di_yaml_report_fn *report, void *data);
void di__yaml_faults_release(struct di__yaml_faults *faults);

/**
 * Writes at most size - 1 bytes of text, with what is not printable escaped, in quotes; for words
 * of the user in messages. Returns buffer.
 */
char *di__yaml_quote(char *buffer, size_t size, const char *text);

/** A word in quotes for one message. */
#define DI__YAML_QUOTED(text_) di__yaml_quote((char[96]){ 0 }, 96, text_)

#endif
