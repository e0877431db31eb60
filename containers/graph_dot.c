/* SPDX-License-Identifier: MIT */
#include "containers/graph_style.h"

/* For graphviz. */

static const char *escape(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	default:
		return NULL;
	}
}

static void quote(struct di__graph_out *out, const char *text)
{
	di__graph_text(out, "\"");
	di__graph_escape(out, text, escape);
	di__graph_text(out, "\"");
}

static void begin(struct di__graph_out *out, const struct di_table *table)
{
	di__graph_text(out, "digraph ");
	quote(out, table->name);
	di__graph_text(out, " {\n"
			    "\trankdir=LR;\n"
			    "\tranksep=0.6;\n"
			    "\tnodesep=0.15;\n"
			    "\tlabeljust=l;\n"
			    "\tfontname=\"Helvetica\";\n"
			    "\tnode [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", "
			    "fontsize=10, height=0.3, margin=\"0.1,0.04\", color=\"#555555\"];\n"
			    "\tedge [color=\"#555555\", arrowsize=0.6, fontname=\"Helvetica\", "
			    "fontsize=9];\n");
}

static void begin_table(struct di__graph_out *out, uint32_t number, const struct di_table *table)
{
	di__graph_format(out, "\tsubgraph cluster_%u {\n\t\tlabel=", (unsigned)number);
	quote(out, table->name);
	di__graph_text(out, ";\n\t\tcolor=\"#999999\";\n");
}

static void row(struct di__graph_out *out, uint32_t id, const struct di_provider *provider,
		int alive, int is_first)
{
	struct di__graph_life life = di__graph_life(provider);

	(void)is_first;
	di__graph_format(out, "\t\tn%u [label=\"", (unsigned)id);
	di__graph_escape(out, provider->name, escape);
	di__graph_text(out, "\\n");
	di__graph_escape(out, provider->kind->name, escape);
	if (provider->scope != NULL) {
		di__graph_text(out, ", ");
		di__graph_escape(out, provider->scope->name, escape);
	}
	di__graph_text(out, "\\n");
	di__graph_escape(out, provider->type->name, escape);
	di__graph_format(out, "\", fillcolor=\"%s\"%s];\n", life.colour,
			 alive ? ", penwidth=2.5" : "");
}

static void end_table(struct di__graph_out *out)
{
	di__graph_text(out, "\t}\n");
}

static void begin_edges(struct di__graph_out *out)
{
	(void)out;
}

static void edge(struct di__graph_out *out, uint32_t from, uint32_t to, enum di__graph_edge kind,
		 const char *key, int is_first)
{
	static const char *const styles[] = {
		[DI__EDGE_NEED] = "",
		[DI__EDGE_OPTION] = "style=dashed",
		[DI__EDGE_MEMBER] = "arrowtail=dot, dir=both",
		[DI__EDGE_LAZY] = "style=dotted, constraint=false",
	};

	(void)is_first;
	di__graph_format(out, "\tn%u -> n%u", (unsigned)from, (unsigned)to);
	if (styles[kind][0] != '\0') {
		di__graph_format(out, " [%s", styles[kind]);
		if (key != NULL) {
			di__graph_text(out, ", label=");
			quote(out, key);
		}
		di__graph_text(out, "]");
	}
	di__graph_text(out, ";\n");
}

static void end(struct di__graph_out *out)
{
	di__graph_text(out, "}\n");
}

const struct di__graph_style di__graph_dot = { begin,       begin_table, row, end_table,
					       begin_edges, edge,        end };
