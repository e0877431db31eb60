#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs benchmarks in turn, each of which prints a table and writes one JSON object a line to the file
# $BENCH_JSON, and joins what they wrote into one list. Usage: run-bench.sh OUTPUT PROGRAM...
set -eu

output=$1
shift
if [ $# -eq 0 ]; then
	echo "no benchmarks" >&2
	exit 1
fi
pieces=$(dirname "$output")/bench.d
rm -rf "$pieces"
mkdir -p "$pieces"

for program in "$@"; do
	name=$(basename "$program")
	echo "== $name"
	BENCH_JSON=$pieces/$name.json "$program"
done

{
	printf '['
	cat "$pieces"/*.json | sed '$!s/$/,/'
	printf ']\n'
} >"$output"
echo "written to $output"
