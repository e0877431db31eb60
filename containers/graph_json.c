/* SPDX-License-Identifier: MIT */
#include "containers/graph_style.h"

/* For programs: one object, a line for each row and edge. */

static const char *escape(char c)
{
	static const char *const control[] = {
		"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006",
		"\\u0007", "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",
		"\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014",
		"\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b",
		"\\u001c", "\\u001d", "\\u001e", "\\u001f",
	};

	if (c == '"')
		return "\\\"";
	if (c == '\\')
		return "\\\\";
	return (unsigned char)c < 0x20 ? control[(unsigned char)c] : NULL;
}

static void string(struct di__graph_out *out, const char *name, const char *text)
{
	di__graph_format(out, "\"%s\": ", name);
	if (text == NULL) {
		di__graph_text(out, "null");
		return;
	}
	di__graph_text(out, "\"");
	di__graph_escape(out, text, escape);
	di__graph_text(out, "\"");
}

static void begin(struct di__graph_out *out, const struct di_table *table)
{
	(void)table;
	di__graph_text(out, "{\n\"tables\": [");
}

static void begin_table(struct di__graph_out *out, uint32_t number, const struct di_table *table)
{
	di__graph_text(out, number > 0 ? ",\n{ " : "\n{ ");
	string(out, "name", table->name);
	di__graph_text(out, ", \"rows\": [");
}

static void row(struct di__graph_out *out, uint32_t id, const struct di_provider *provider,
		int alive, int is_first)
{
	di__graph_format(out, "%s\n\t{ \"id\": %u, ", is_first ? "" : ",", (unsigned)id);
	string(out, "name", provider->name);
	di__graph_text(out, ", ");
	string(out, "kind", provider->kind->name);
	di__graph_text(out, ", ");
	string(out, "type", provider->type->name);
	di__graph_text(out, ", ");
	string(out, "scope", provider->scope != NULL ? provider->scope->name : NULL);
	di__graph_text(out, ", ");
	string(out, "lifetime", di__graph_life(provider).text);
	di__graph_format(out, ", \"rank\": %u, ", (unsigned)provider->life);
	string(out, "constructor", provider->constructor);
	di__graph_text(out, ", ");
	string(out, "destructor", provider->destructor);
	di__graph_format(out, ", \"alive\": %s }", alive ? "true" : "false");
}

static void end_table(struct di__graph_out *out)
{
	di__graph_text(out, "\n] }");
}

static void begin_edges(struct di__graph_out *out)
{
	di__graph_text(out, "\n],\n\"edges\": [");
}

static void edge(struct di__graph_out *out, uint32_t from, uint32_t to, enum di__graph_edge kind,
		 const char *key, int is_first)
{
	static const char *const kinds[] = {
		[DI__EDGE_NEED] = "need",
		[DI__EDGE_OPTION] = "option",
		[DI__EDGE_MEMBER] = "member",
		[DI__EDGE_LAZY] = "lazy",
	};

	di__graph_format(out, "%s\n\t{ \"from\": %u, \"to\": %u, \"kind\": \"%s\"",
			 is_first ? "" : ",", (unsigned)from, (unsigned)to, kinds[kind]);
	if (key != NULL) {
		di__graph_text(out, ", ");
		string(out, "key", key);
	}
	di__graph_text(out, " }");
}

static void end(struct di__graph_out *out)
{
	di__graph_text(out, "\n]\n}\n");
}

const struct di__graph_style di__graph_json = { begin,       begin_table, row, end_table,
						begin_edges, edge,        end };
