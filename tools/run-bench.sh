#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs benchmarks in turn, each of which prints a table and writes JSON to the file $BENCH_JSON, and
# joins what they wrote into one object with a member for each. Usage: run-bench.sh OUTPUT PROGRAM...
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
	separator='{'
	for piece in "$pieces"/*.json; do
		[ -f "$piece" ] || continue
		printf '%s\n"%s": ' "$separator" "$(basename "$piece" .json)"
		cat "$piece"
		separator=','
	done
	[ "$separator" = ',' ] || printf '{'
	printf '}\n'
} >"$output"
echo "written to $output"
