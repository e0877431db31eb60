/* SPDX-License-Identifier: MIT */
#include "containers/yaml/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The second pass: libcyaml reads what has passed the check. What it still has to say comes in
 * lines: a message, and the way to the place from the inside out. That is followed in the index.
 */

enum {
	STEPS_MAX = 64,
	STEP_SIZE = 96,
	MESSAGE_SIZE = 192
};

/* What libcyaml said of one load. */
struct capture {
	char message[MESSAGE_SIZE];
	char steps[STEPS_MAX][STEP_SIZE];
	size_t count;
};

/* ---- Memory. ---- */

/* In front of each block, as large as what malloc() aligns to. */
union header {
	size_t size;
	max_align_t align;
};

static void *resize(void *ctx, void *memory, size_t size)
{
	struct di__yaml_budget *budget = ctx;
	union header *block = memory != NULL ? (union header *)memory - 1 : NULL, *grown;
	size_t before = block != NULL ? block->size : 0;

	if (size == 0) {
		budget->used -= before;
		free(block);
		return NULL;
	}
	if (size > budget->most || budget->used - before > budget->most - size) {
		budget->is_exceeded = 1;
		return NULL;
	}
	grown = realloc(block, sizeof(*grown) + size);
	if (grown == NULL)
		return NULL;
	budget->used += size - before;
	grown->size = size;
	return grown + 1;
}

/* ---- What is said. ---- */

static void DI__PRINTF(3, 0)
	take(cyaml_log_t level, void *ctx, const char *format, va_list arguments)
{
	struct capture *capture = ctx;
	char line[MESSAGE_SIZE];

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "  in ", 5) == 0) {
		if (capture->count < STEPS_MAX)
			snprintf(capture->steps[capture->count++], STEP_SIZE, "%.95s", line + 5);
	} else if (capture->message[0] == '\0' && strncmp(line, "Load: ", 6) == 0) {
		snprintf(capture->message, MESSAGE_SIZE, "%s", line + 6);
	}
}

/* One step further: "mapping field 'name' (...)" or "sequence entry '2' (...)". */
static uint32_t follow(const struct di__yaml_index *index, uint32_t node, const char *step)
{
	const char *word = strchr(step, '\'');
	const char *end = word != NULL ? strchr(word + 1, '\'') : NULL;
	char name[STEP_SIZE];
	unsigned long number;

	if (end == NULL)
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(end - word - 1), word + 1);
	if (strncmp(step, "mapping", 7) == 0)
		return di__yaml_index_find(index, node, name);
	/* It counts entries as they begin, and names the one that has. */
	number = strtoul(name, NULL, 10);
	return di__yaml_index_item(index, node, number > 0 ? number - 1 : 0);
}

static uint32_t place_of(const struct capture *capture, const struct di__yaml_index *index)
{
	size_t i = capture->count;
	uint32_t node = 0;

	while (i > 0) {
		uint32_t next = follow(index, node, capture->steps[--i]);

		if (next == 0)
			break;
		node = next;
	}
	return node;
}

/* What libyaml has read once it can read again, but for want of memory. */
static int is_without_memory(cyaml_err_t err)
{
	return err == CYAML_ERR_OOM || err == CYAML_ERR_LIBYAML_PARSER_INIT ||
	       err == CYAML_ERR_LIBYAML_EVENT_INIT || err == CYAML_ERR_LIBYAML_PARSER;
}

static void report(const struct capture *capture, cyaml_err_t err,
		   const struct di__yaml_index *index, const struct di__yaml_budget *budget,
		   struct di__yaml_faults *faults)
{
	uint32_t node = place_of(capture, index);

	if (is_without_memory(err) && !budget->is_exceeded)
		faults->no_memory = 1;
	else if (is_without_memory(err))
		di__yaml_fault(faults, (struct di__yaml_place){ index->file, 0, 0 }, "",
			       "the file takes too much memory");
	else
		di__yaml_fault(faults, di__yaml_at(index, node), DI__YAML_PATH(index, node), "%s",
			       capture->message[0] != '\0' ? capture->message
							   : cyaml_strerror(err));
}

/* ---- Reading. ---- */

static cyaml_config_t config_of(struct di__yaml_budget *budget, struct capture *capture)
{
	return (cyaml_config_t){
		.log_fn = capture != NULL ? take : NULL,
		.log_ctx = capture,
		.mem_fn = resize,
		.mem_ctx = budget,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS | CYAML_CFG_IGNORE_UNKNOWN_KEYS,
	};
}

void *di__yaml_read_by(const cyaml_schema_value_t *schema, const char *text, size_t size,
		       const struct di__yaml_index *index, struct di__yaml_budget *budget,
		       struct di__yaml_faults *faults)
{
	struct capture capture = { .count = 0 };
	cyaml_config_t config = config_of(budget, &capture);
	cyaml_data_t *data = NULL;
	cyaml_err_t err =
		cyaml_load_data((const uint8_t *)text, size, &config, schema, &data, NULL);

	if (err == CYAML_OK && data != NULL)
		return data;
	report(&capture, err == CYAML_OK ? CYAML_ERR_BAD_PARAM_NULL_DATA : err, index, budget,
	       faults);
	return NULL;
}

struct di__yaml_document *di__yaml_read(const char *text, size_t size,
					const struct di__yaml_index *index,
					struct di__yaml_budget *budget,
					struct di__yaml_faults *faults)
{
	return di__yaml_read_by(&di__yaml_schema, text, size, index, budget, faults);
}

void di__yaml_document_free(struct di__yaml_document *document, struct di__yaml_budget *budget)
{
	cyaml_config_t config = config_of(budget, NULL);

	if (document != NULL)
		cyaml_free(&config, &di__yaml_schema, document, 0);
}
