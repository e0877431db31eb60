#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs benchmarks in turn, each of which prints a table and writes one JSON object a line to the file
# $BENCH_JSON, and joins what they wrote into one list, each with the name of its program as its group.
# Usage: run-bench.sh OUTPUT PROGRAM...
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
	group=$(basename "$program" .sh)
	group=${group#bench-}
	echo "== $group"
	BENCH_JSON=$pieces/$group "$program"
	[ ! -e "$pieces/$group" ] ||
		sed "s/^{/{\"group\": \"$group\", /" "$pieces/$group" >>"$pieces/all.json"
done

{
	printf '['
	sed '$!s/$/,/' "$pieces/all.json"
	printf ']\n'
} >"$output"
echo "written to $output"
