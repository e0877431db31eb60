#!/bin/bash
# SPDX-License-Identifier: MIT
# Draws what build/bench.json says as pictures, GROUP.svg for each group of benchmarks: a bar for each
# ratio to the baseline, to the right where di is dearer. The scale is logarithmic, 1 to 16 each way.
# Usage: bench-plot.sh BENCH_JSON FOLDER
set -eu
export LC_ALL=C

mkdir -p "$2"
rm -f "$2"/*.svg
awk -v folder="$2" -f tools/bench.awk -f - "$1" <<'AWK'
function text(x, y, anchor, content)
{
	gsub(/&/, "\\&amp;", content)
	gsub(/</, "\\&lt;", content)
	return sprintf("<text x=\"%g\" y=\"%g\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, content)
}

# Where a ratio stands; what is off the scale stands at its end.
function place(ratio, logarithm)
{
	logarithm = log(ratio) / log(2)
	if (logarithm > 4)
		logarithm = 4
	if (logarithm < -4)
		logarithm = -4
	return middle + logarithm * step
}

function bar(at, ratio, dearer, x)
{
	x = place(ratio)
	return sprintf("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>\n",
		       x < middle ? x : middle, at + 4, x < middle ? middle - x : x - middle,
		       dearer ? "#d08770" : "#5e9e6e")
}

BEGIN {
	names = 380
	step = 50
	middle = names + 4 * step + 10
	right = middle + 4 * step + 10
	width = right + 260
}

field($0, "ratio") != "" {
	group = field($0, "group")
	at = 40 + 22 * count[group]++
	ratio = field($0, "ratio") + 0
	dearer = is_speed(field($0, "unit")) ? ratio < 1 : ratio > 1
	drawn[group] = drawn[group] text(names, at + 16, "end", field($0, "name")) \
		bar(at, ratio, dearer) text(right, at + 16, "start", sprintf("%.2f × %s", ratio, \
		field($0, "against")))
}

END {
	for (group in drawn) {
		file = folder "/" group ".svg"
		bottom = 44 + 22 * count[group]
		printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" " \
			"font-family=\"sans-serif\" font-size=\"13\">\n" \
			"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n", width, bottom + 30 >file
		printf "%s", text(10, 22, "start", group ": di as a multiple of what it is compared with") >file
		for (i = -4; i <= 4; i++) {
			x = middle + i * step
			printf "<path d=\"M%d 36V%d\" stroke=\"%s\"/>\n%s", x, bottom, \
				i == 0 ? "black" : "#dddddd", \
				text(x, bottom + 18, "middle", i < 0 ? "1/" 2 ^ -i : 2 ^ i) >file
		}
		printf "%s</svg>\n", drawn[group] >file
		print "written to " file
	}
}
AWK
