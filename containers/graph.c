/* SPDX-License-Identifier: MIT */
#include "containers/graph_style.h"

#include "providers/selector.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * The walk over tables that all formats share.
 */

enum {
	TABLES_MAX = 64
};

struct graph {
	const struct di_table *tables[TABLES_MAX];
	const struct di_container *containers[TABLES_MAX]; /* of each, or NULL */
	uint32_t first[TABLES_MAX];                        /* id of the first row */
	uint32_t count;
};

/* ---- Text. ---- */

static void flush(struct di__graph_out *out)
{
	if (out->used > 0 && out->cause == 0)
		out->cause = out->write(out->buffer, out->used, out->data);
	out->used = 0;
}

static void put(struct di__graph_out *out, const char *text, size_t size)
{
	while (size > 0) {
		size_t room = sizeof(out->buffer) - out->used, part = size < room ? size : room;

		memcpy(out->buffer + out->used, text, part);
		out->used += part;
		text += part;
		size -= part;
		if (out->used == sizeof(out->buffer))
			flush(out);
	}
}

void di__graph_text(struct di__graph_out *out, const char *text)
{
	put(out, text, strlen(text));
}

void di__graph_format(struct di__graph_out *out, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	di__graph_text(out, text);
}

void di__graph_escape(struct di__graph_out *out, const char *text, const char *(*escape)(char))
{
	for (; *text != '\0'; text++) {
		const char *escaped = escape(*text);

		if (escaped != NULL)
			di__graph_text(out, escaped);
		else
			put(out, text, 1);
	}
}

/* ---- Lives. ---- */

struct di__graph_life di__graph_life(const struct di_provider *provider)
{
	static const struct {
		const char *class, *colour;
		int from;
	} lives[] = {
		{ "any", "#f6c3bd", di_scope_any__rank },
		{ "inject", "#fadbb0", di_scope_inject__rank },
		{ "request", "#cfe8c4", di_scope_request__rank },
		{ "between", "#d9ecef", di_scope_app__rank + 1 },
		{ "app", "#cbdcf3", di_scope_app__rank },
	};
	struct di__graph_life life = { 0 };
	size_t i = 0;

	while (lives[i].from > (int)provider->life)
		i++;
	life.class = lives[i].class;
	life.colour = lives[i].colour;
	if (provider->scope != NULL)
		snprintf(life.text, sizeof(life.text), "%s", provider->scope->name);
	else if (lives[i].from == (int)provider->life && strcmp(life.class, "between") != 0)
		snprintf(life.text, sizeof(life.text), "%s", life.class);
	else
		snprintf(life.text, sizeof(life.text), "rank %u", (unsigned)provider->life);
	return life;
}

/* ---- The walk. ---- */

static uint32_t id_of(const struct graph *graph, const struct di_provider *provider)
{
	uint32_t i;

	for (i = 0; i < graph->count; i++) {
		if (graph->tables[i] == provider->table)
			return graph->first[i] + provider->index;
	}
	return UINT32_MAX;
}

static int is_alive(const struct di_container *container, const struct di_provider *provider)
{
	return container != NULL && provider->kind->cached &&
	       DI__LOAD(container->root->lane.own[provider->index]) != NULL;
}

static void write_rows(struct di__graph_out *out, const struct di__graph_style *style,
		       const struct graph *graph, uint32_t number)
{
	const struct di_table *table = graph->tables[number];
	uint32_t i;

	style->table(out, number, table);
	for (i = 0; i < table->count; i++)
		style->row(out, graph->first[number] + i, table->providers[i],
			   is_alive(graph->containers[number], table->providers[i]), i == 0);
	style->table_end(out);
}

/* A row that needs another one twice, by two of its members, has one arrow. */
static int is_again(const struct di_provider *provider, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < number && number < DI_NEEDS_MAX; i++) {
		if (provider->needs[i] == provider->needs[number])
			return 1;
	}
	return 0;
}

static enum di__graph_edge kind_of(const struct di_provider *provider, uint32_t number)
{
	if (number >= provider->needs_count)
		return provider->kind->choose != NULL ? DI__EDGE_OPTION : DI__EDGE_LAZY;
	/* What holds several rows is made of them, and has no constructor of the user's. */
	return provider->constructor[0] == '\0' ? DI__EDGE_MEMBER : DI__EDGE_NEED;
}

static const char *key_of(const struct di_provider *provider, uint32_t number)
{
	const struct di_choice *choice = provider->object;

	if (provider->kind != &di_selector || number < provider->needs_count)
		return NULL;
	return choice->keys[number - provider->needs_count];
}

static void write_edges_of(struct di__graph_out *out, const struct di__graph_style *style,
			   const struct graph *graph, const struct di_provider *provider,
			   int *is_first)
{
	uint32_t i, from = id_of(graph, provider);

	for (i = 0; i < di__leads_count(provider) && out->cause == 0; i++) {
		enum di__graph_edge kind = kind_of(provider, i);

		if (!di__is_row(provider->needs[i]) ||
		    (kind == DI__EDGE_NEED && is_again(provider, i)))
			continue;
		style->edge(out, from, id_of(graph, provider->needs[i]), kind, key_of(provider, i),
			    *is_first);
		*is_first = 0;
	}
}

static enum di_status write_graph(const struct graph *graph, enum di_graph_format format,
				  di_write_fn *write, void *data, struct di_error *err)
{
	static const struct di__graph_style *const styles[] = {
		[DI_GRAPH_DOT] = &di__graph_dot,
		[DI_GRAPH_MERMAID] = &di__graph_mermaid,
		[DI_GRAPH_JSON] = &di__graph_json,
	};
	struct di__graph_out out = { .write = write, .data = data };
	const struct di__graph_style *style = styles[format];
	int is_first = 1;
	uint32_t i, k;

	style->begin(&out, graph->tables[0]);
	for (i = 0; i < graph->count && out.cause == 0; i++)
		write_rows(&out, style, graph, i);
	style->edges(&out);
	for (i = 0; i < graph->count; i++) {
		for (k = 0; k < graph->tables[i]->count && out.cause == 0; k++)
			write_edges_of(&out, style, graph, graph->tables[i]->providers[k],
				       &is_first);
	}
	style->end(&out);
	flush(&out);
	if (out.cause == 0)
		return DI_OK;
	di__fail(err, DI_EINVAL, NULL, "the graph was not written to its end");
	if (err != NULL)
		err->cause = out.cause;
	return DI_EINVAL;
}

static int add_table(struct graph *graph, const struct di_table *table,
		     const struct di_container *container)
{
	uint32_t i, count = graph->count;

	for (i = 0; i < count; i++) {
		if (graph->tables[i] == table)
			return 1;
	}
	if (count == TABLES_MAX)
		return 0;
	graph->first[count] =
		count > 0 ? graph->first[count - 1] + graph->tables[count - 1]->count : 0;
	graph->tables[count] = table;
	graph->containers[count] = container;
	graph->count++;
	return 1;
}

static enum di_status check(const void *of, enum di_graph_format format, di_write_fn *write,
			    struct di_error *err)
{
	if (of == NULL || write == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is nothing to %s",
				  of == NULL ? "make a graph of" : "write the graph with");
	if ((unsigned)format > DI_GRAPH_JSON)
		return di__misuse(err, DI_EINVAL, NULL, "%d is no format of graphs", (int)format);
	return DI_OK;
}

static enum di_status too_many(struct di_error *err)
{
	return di__fail(err, DI_EINVAL, NULL, "a graph has at most %d tables", TABLES_MAX);
}

enum di_status di_table_graph(const struct di_table *table, enum di_graph_format format,
			      di_write_fn *write, void *data, struct di_error *err)
{
	enum di_status status = check(table, format, write, err);
	struct graph graph = { .count = 0 };
	uint32_t i, k;

	if (status != DI_OK)
		return status;
	add_table(&graph, table, NULL);
	/* What has been added is looked at in its turn. */
	for (i = 0; i < graph.count; i++) {
		for (k = 0; k < graph.tables[i]->connects_count; k++) {
			if (!add_table(&graph, graph.tables[i]->connects[k], NULL))
				return too_many(err);
		}
	}
	return write_graph(&graph, format, write, data, err);
}

enum di_status di_container_graph(struct di_container *container, enum di_graph_format format,
				  di_write_fn *write, void *data, struct di_error *err)
{
	enum di_status status = check(container, format, write, err);
	struct graph graph = { .count = 0 };
	uint32_t i;

	if (status != DI_OK)
		return status;
	add_table(&graph, container->table, container);
	for (i = 0; i < container->parts_count; i++) {
		const struct di_container *part = container->parts[i].container;

		if (!add_table(&graph, part->table, part))
			return too_many(err);
	}
	return write_graph(&graph, format, write, data, err);
}

int di_graph_format_find(const char *name)
{
	static const char *const names[] = {
		[DI_GRAPH_DOT] = "dot",
		[DI_GRAPH_MERMAID] = "mermaid",
		[DI_GRAPH_JSON] = "json",
	};
	int i;

	for (i = 0; name != NULL && i <= DI_GRAPH_JSON; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}
