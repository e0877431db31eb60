/* SPDX-License-Identifier: MIT */
#include "containers/yaml/index.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

/*
 * The first pass: libyaml's events become an index, and what YAML has and a container does not need
 * is refused: anchors and aliases, tags, merge keys, keys that are no scalars, several documents.
 * libyaml takes quadratic time in the depth of a document, so the depth is what is looked at first.
 */

struct scan {
	struct di__yaml_index *index;
	const struct di__yaml_limits *limits;
	struct di__yaml_faults *faults;
	yaml_parser_t parser;
	uint32_t container; /* the collection whose entries come, in the index */
	uint32_t key;       /* the entry whose value comes, or 0 */
	uint32_t depth;
	uint32_t skipped; /* open collections that are left out of the index */
	uint32_t values;  /* counted, the left out ones too */
	int skips_value;  /* the value of a key that was refused comes */
	uint32_t documents;
	int is_over;
};

static struct di__yaml_place place_of(const struct scan *scan, yaml_mark_t mark)
{
	return (struct di__yaml_place){ scan->index->file, (uint32_t)mark.line + 1,
					(uint32_t)mark.column + 1 };
}

static const char *path_here(const struct scan *scan, char *buffer)
{
	buffer[0] = '\0';
	if (scan->index->count == 0)
		return buffer;
	return di__yaml_path(scan->index, scan->key != 0 ? scan->key : scan->container, buffer,
			     DI__YAML_PATH_SIZE);
}

static void refuse(struct scan *scan, yaml_mark_t mark, const char *text)
{
	char path[DI__YAML_PATH_SIZE];

	di__yaml_fault(scan->faults, place_of(scan, mark), path_here(scan, path), "%s", text);
}

static void stop_without_memory(struct scan *scan)
{
	scan->faults->no_memory = 1;
	scan->is_over = 1;
}

/* ---- The text as bytes. ---- */

static struct di__yaml_place place_of_byte(const struct di__yaml_index *index, const char *text,
					   size_t offset)
{
	struct di__yaml_place place = { index->file, 1, 1 };
	size_t i;

	for (i = 0; i < offset; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '\n') {
			place.line++;
			place.column = 1;
		} else if ((byte & 0xc0) != 0x80) {
			place.column++;
		}
	}
	return place;
}

static int check_bytes(const struct di__yaml_index *index, const char *text, size_t size,
		       const struct di__yaml_limits *limits, struct di__yaml_faults *faults)
{
	const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;

	if (size > limits->bytes) {
		di__yaml_fault(faults, (struct di__yaml_place){ index->file, 0, 0 }, "",
			       "the file has more than %zu bytes", limits->bytes_most);
		return 0;
	}
	if (nul == NULL)
		return 1;
	di__yaml_fault(faults, place_of_byte(index, text, (size_t)(nul - text)), "",
		       "a NUL byte stands in the file");
	return 0;
}

/* libyaml says where a problem is, but for bytes that are no text. */
static void report_problem(struct scan *scan, const char *text, size_t size)
{
	const yaml_parser_t *parser = &scan->parser;
	struct di__yaml_place place = place_of(scan, parser->problem_mark);
	char path[DI__YAML_PATH_SIZE];
	size_t offset;

	switch (parser->error) {
	case YAML_MEMORY_ERROR:
		stop_without_memory(scan);
		return;
	case YAML_READER_ERROR:
		offset = parser->problem_offset < size ? parser->problem_offset : size;
		di__yaml_fault(scan->faults, place_of_byte(scan->index, text, offset), "",
			       "the file is no UTF-8 text: %s", parser->problem);
		return;
	case YAML_NO_ERROR:
	case YAML_SCANNER_ERROR:
	case YAML_PARSER_ERROR:
	case YAML_COMPOSER_ERROR:
	case YAML_WRITER_ERROR:
	case YAML_EMITTER_ERROR:
	default:
		di__yaml_fault(scan->faults, place, path_here(scan, path), "syntax error: %s%s%s",
			       parser->problem != NULL ? parser->problem : "unknown",
			       parser->context != NULL ? " " : "",
			       parser->context != NULL ? parser->context : "");
	}
}

/* ---- Values. ---- */

static int is_in_mapping(const struct scan *scan)
{
	return scan->index->count > 0 && scan->depth > 0 &&
	       scan->index->nodes[scan->container].kind == DI__YAML_MAPPING;
}

/* The node of a value that begins here: of its key, a further item, or the document's. */
static uint32_t begin_node(struct scan *scan, yaml_mark_t mark, enum di__yaml_kind kind)
{
	uint32_t node = scan->key;
	struct di__yaml_place place = place_of(scan, mark);

	if (node == 0) {
		int is_first = scan->index->count == 0;

		node = di__yaml_index_add(scan->index, scan->container);
		if (node == 0 && !is_first) {
			stop_without_memory(scan);
			return 0;
		}
		if (scan->index->count == 0) {
			stop_without_memory(scan);
			return 0;
		}
	}
	scan->index->nodes[node].kind = (uint8_t)kind;
	scan->index->nodes[node].line = place.line;
	scan->index->nodes[node].column = place.column;
	scan->key = 0;
	return node;
}

static uint32_t keep(struct scan *scan, const void *text, size_t length)
{
	uint32_t offset = di__yaml_index_keep(scan->index, text, length);

	if (offset != UINT32_MAX)
		return offset;
	stop_without_memory(scan);
	return 0;
}

static void begin_entry(struct scan *scan, const yaml_event_t *event)
{
	struct di__yaml_place place = place_of(scan, event->start_mark);
	uint32_t text = keep(scan, event->data.scalar.value, event->data.scalar.length);
	uint32_t node;

	if (scan->is_over)
		return;
	node = di__yaml_index_add(scan->index, scan->container);
	if (node == 0) {
		stop_without_memory(scan);
		return;
	}
	scan->index->nodes[node].is_entry = 1;
	scan->index->nodes[node].key = text;
	scan->index->nodes[node].key_line = scan->index->nodes[node].line = place.line;
	scan->index->nodes[node].key_column = scan->index->nodes[node].column = place.column;
	scan->key = node;
	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL)
		refuse(scan, event->start_mark, "a NUL stands in the text");
	if (strcmp((const char *)event->data.scalar.value, "<<") == 0)
		refuse(scan, event->start_mark, "merge keys are not supported");
}

static void add_scalar(struct scan *scan, const yaml_event_t *event)
{
	uint32_t node, text;

	text = keep(scan, event->data.scalar.value, event->data.scalar.length);
	if (scan->is_over)
		return;
	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL) {
		if (scan->key == 0)
			refuse(scan, event->start_mark, "a NUL stands in the text of an item");
		else
			refuse(scan, event->start_mark, "a NUL stands in the text");
	}
	node = begin_node(scan, event->start_mark, DI__YAML_SCALAR);
	if (scan->is_over)
		return;
	scan->index->nodes[node].text = text;
	scan->index->nodes[node].is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void begin_collection(struct scan *scan, yaml_mark_t mark, enum di__yaml_kind kind)
{
	uint32_t node = begin_node(scan, mark, kind);

	if (!scan->is_over)
		scan->container = node;
}

static void end_collection(struct scan *scan)
{
	scan->container = scan->index->nodes[scan->container].parent;
	scan->key = 0;
}

/* ---- Events. ---- */

static void check_properties(struct scan *scan, yaml_mark_t mark, const yaml_char_t *anchor,
			     const yaml_char_t *tag)
{
	if (anchor != NULL)
		refuse(scan, mark, "anchors are not supported");
	if (tag != NULL)
		refuse(scan, mark, "tags are not supported");
}

static void check_depth(struct scan *scan, yaml_mark_t mark)
{
	char text[64];

	if (++scan->depth <= scan->limits->depth)
		return;
	snprintf(text, sizeof(text), "the document is deeper than %u levels",
		 (unsigned)scan->limits->depth);
	refuse(scan, mark, text);
	scan->is_over = 1;
}

static void check_values(struct scan *scan, yaml_mark_t mark)
{
	char text[64];

	if (++scan->values <= scan->limits->nodes)
		return;
	snprintf(text, sizeof(text), "there are more than %u values",
		 (unsigned)scan->limits->nodes_most);
	refuse(scan, mark, text);
	scan->is_over = 1;
}

static void take_scalar(struct scan *scan, const yaml_event_t *event)
{
	check_properties(scan, event->start_mark, event->data.scalar.anchor,
			 event->data.scalar.tag);
	check_values(scan, event->start_mark);
	if (scan->is_over || scan->skipped > 0)
		return;
	if (scan->skips_value)
		scan->skips_value = 0;
	else if (is_in_mapping(scan) && scan->key == 0)
		begin_entry(scan, event);
	else
		add_scalar(scan, event);
}

static void take_alias(struct scan *scan, const yaml_event_t *event)
{
	refuse(scan, event->start_mark, "aliases are not supported");
	check_values(scan, event->start_mark);
	if (scan->is_over || scan->skipped > 0)
		return;
	if (scan->skips_value)
		scan->skips_value = 0;
	else if (is_in_mapping(scan) && scan->key == 0)
		scan->skips_value = 1;
	else
		begin_node(scan, event->start_mark, DI__YAML_NOTHING);
}

static void take_start(struct scan *scan, const yaml_event_t *event, enum di__yaml_kind kind)
{
	check_values(scan, event->start_mark);
	if (!scan->is_over)
		check_depth(scan, event->start_mark);
	if (scan->is_over)
		return;
	if (scan->skipped > 0) {
		scan->skipped++;
	} else if (scan->skips_value) {
		scan->skipped = 1;
	} else if (is_in_mapping(scan) && scan->key == 0 && scan->depth > 1) {
		refuse(scan, event->start_mark, "a key is a word, and not a list or a mapping");
		scan->skipped = 1;
	} else {
		begin_collection(scan, event->start_mark, kind);
	}
}

static void take_end(struct scan *scan)
{
	scan->depth--;
	if (scan->skipped == 0) {
		end_collection(scan);
	} else if (--scan->skipped == 0) {
		/* After the key that was refused its value comes, which is left out too. */
		scan->skips_value = !scan->skips_value;
	}
}

static void take_document(struct scan *scan, const yaml_event_t *event)
{
	if (++scan->documents == 1)
		return;
	scan->container = scan->key = 0;
	di__yaml_fault(scan->faults, place_of(scan, event->start_mark), "",
		       "only one document per file is supported");
	scan->is_over = 1;
}

static void take(struct scan *scan, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		take_document(scan, event);
		break;
	case YAML_SCALAR_EVENT:
		take_scalar(scan, event);
		break;
	case YAML_ALIAS_EVENT:
		take_alias(scan, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		check_properties(scan, event->start_mark, event->data.sequence_start.anchor,
				 event->data.sequence_start.tag);
		take_start(scan, event, DI__YAML_SEQUENCE);
		break;
	case YAML_MAPPING_START_EVENT:
		check_properties(scan, event->start_mark, event->data.mapping_start.anchor,
				 event->data.mapping_start.tag);
		take_start(scan, event, DI__YAML_MAPPING);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		take_end(scan);
		break;
	case YAML_STREAM_END_EVENT:
		scan->is_over = 1;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	default:
		break;
	}
}

static void take_all(struct scan *scan, const char *text, size_t size)
{
	yaml_event_t event;

	while (!scan->is_over) {
		if (!yaml_parser_parse(&scan->parser, &event)) {
			report_problem(scan, text, size);
			return;
		}
		take(scan, &event);
		yaml_event_delete(&event);
	}
}

int di__yaml_scan(struct di__yaml_index *index, const char *text, size_t size,
		  const struct di__yaml_limits *limits, struct di__yaml_faults *faults)
{
	size_t before = di__yaml_faults_count(faults);
	struct scan scan = { .index = index, .limits = limits, .faults = faults };

	if (!check_bytes(index, text, size, limits, faults))
		return 0;
	if (!yaml_parser_initialize(&scan.parser)) {
		faults->no_memory = 1;
		return 0;
	}
	yaml_parser_set_encoding(&scan.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&scan.parser, (const unsigned char *)text, size);
	take_all(&scan, text, size);
	yaml_parser_delete(&scan.parser);
	if (scan.documents == 0 && di__yaml_faults_count(faults) == before)
		di__yaml_fault(faults, (struct di__yaml_place){ index->file, 1, 1 }, "",
			       "the file is empty");
	if (index->count > 0 && !faults->no_memory)
		di__yaml_index_sort(index, faults);
	return di__yaml_faults_count(faults) == before;
}
