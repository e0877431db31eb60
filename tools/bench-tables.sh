#!/bin/bash
# SPDX-License-Identifier: MIT
# Fills the tables of a document with what build/bench.json says: what stands between the lines
# "<!-- bench GROUP -->" and "<!-- end -->" becomes the table of that group. A group that was not run is
# left as it is. Usage: bench-tables.sh BENCH_JSON DOCUMENT
set -eu
export LC_ALL=C

new=$(mktemp)
trap 'rm -f "$new"' EXIT
awk -f tools/bench.awk -f - "$1" "$2" >"$new" <<'AWK'
# With three digits, or as many as there are before the point; whole numbers as they are.
function number(value)
{
	if (value == "")
		return ""
	value += 0
	if (value == int(value))
		return value
	return sprintf(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
}

function wanted(object, unit, goal, text)
{
	goal = goal_of(object)
	text = ""
	if (field(goal, "most") != "")
		text = text ", " field(goal, "most") " " unit
	if (field(goal, "ratio") != "")
		text = text ", " field(goal, "ratio") " ×"
	if (field(goal, "least_ratio") != "")
		text = text ", at least " field(goal, "least_ratio") " ×"
	if (field(goal, "instructions") != "")
		text = text ", " field(goal, "instructions") " instr."
	if (field(goal, "more_instructions") != "")
		text = text ", " field(goal, "more_instructions") " instr. more"
	if (text == "")
		return ""
	return substr(text, 3) ": " (field(goal, "reached") == "true" ? "yes" : "no")
}

function row(object, unit)
{
	unit = field(object, "unit")
	return "| " field(object, "name") " | " number(field(object, "ours")) " " unit " | " \
		number(field(object, "baseline")) " " unit " | " field(object, "against") " | " \
		number(field(object, "ratio")) " | " number(field(object, "instructions")) " | " \
		number(field(object, "baseline_instructions")) " | " wanted(object, unit) " |\n"
}

FNR == NR {
	if (field($0, "name") != "")
		rows[field($0, "group")] = rows[field($0, "group")] row($0)
	next
}

/^<!-- bench [a-z_]+ -->$/ {
	print
	filling = $3 in rows
	if (filling) {
		print "| operation | di | baseline | which is | ratio | di, instr. | baseline | goal |"
		print "|---|---|---|---|---|---|---|---|"
		printf "%s", rows[$3]
	}
	next
}

/^<!-- end -->$/ { filling = 0 }
!filling
AWK
cat "$new" >"$2"
