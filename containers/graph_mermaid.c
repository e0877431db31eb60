/* SPDX-License-Identifier: MIT */
#include "containers/graph_style.h"

/* For Mermaid. Labels stand in quotes, and what it would take for its own has a name there. */

static const char *escape(char c)
{
	switch (c) {
	case '"':
		return "#quot;";
	case '#':
		return "#35;";
	case '&':
		return "#amp;";
	case '<':
		return "#lt;";
	case '>':
		return "#gt;";
	case '\\':
		return "#92;";
	case '`': /* what stands between two is Markdown */
		return "#96;";
	case '\n':
		return "<br/>";
	default:
		return NULL;
	}
}

static void begin(struct di__graph_out *out, const struct di_table *table)
{
	(void)table;
	di__graph_text(out, "flowchart LR\n"
			    "\tclassDef app fill:#cbdcf3,stroke:#555555,color:#000000\n"
			    "\tclassDef between fill:#d9ecef,stroke:#555555,color:#000000\n"
			    "\tclassDef request fill:#cfe8c4,stroke:#555555,color:#000000\n"
			    "\tclassDef inject fill:#fadbb0,stroke:#555555,color:#000000\n"
			    "\tclassDef any fill:#f6c3bd,stroke:#555555,color:#000000\n"
			    "\tclassDef alive stroke-width:3px\n");
}

static void begin_table(struct di__graph_out *out, uint32_t number, const struct di_table *table)
{
	di__graph_format(out, "\tsubgraph c%u[\"", (unsigned)number);
	di__graph_escape(out, table->name, escape);
	di__graph_text(out, "\"]\n");
}

static void row(struct di__graph_out *out, uint32_t id, const struct di_provider *provider,
		int alive, int is_first)
{
	(void)is_first;
	di__graph_format(out, "\t\tn%u[\"", (unsigned)id);
	di__graph_escape(out, provider->name, escape);
	di__graph_text(out, "<br/>");
	di__graph_escape(out, provider->kind->name, escape);
	if (provider->scope != NULL) {
		di__graph_text(out, ", ");
		di__graph_escape(out, provider->scope->name, escape);
	}
	di__graph_text(out, "<br/>");
	di__graph_escape(out, provider->type->name, escape);
	di__graph_format(out, "\"]\n\t\tclass n%u %s\n", (unsigned)id,
			 di__graph_life(provider).class);
	if (alive)
		di__graph_format(out, "\t\tclass n%u alive\n", (unsigned)id);
}

static void end_table(struct di__graph_out *out)
{
	di__graph_text(out, "\tend\n");
}

static void begin_edges(struct di__graph_out *out)
{
	(void)out;
}

static void edge(struct di__graph_out *out, uint32_t from, uint32_t to, enum di__graph_edge kind,
		 const char *key, int is_first)
{
	static const char *const arrows[] = {
		[DI__EDGE_NEED] = "-->",
		[DI__EDGE_OPTION] = "-.->",
		[DI__EDGE_MEMBER] = "==>",
		[DI__EDGE_LAZY] = "-. later .->",
	};

	(void)is_first;
	di__graph_format(out, "\tn%u %s", (unsigned)from, arrows[kind]);
	if (key != NULL) {
		di__graph_text(out, "|\"");
		di__graph_escape(out, key, escape);
		di__graph_text(out, "\"|");
	}
	di__graph_format(out, " n%u\n", (unsigned)to);
}

static void end(struct di__graph_out *out)
{
	(void)out;
}

const struct di__graph_style di__graph_mermaid = { begin,       begin_table, row, end_table,
						   begin_edges, edge,        end };
