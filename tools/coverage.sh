#!/bin/bash
# SPDX-License-Identifier: MIT
# Reports which lines the tests reached, and fails where it is less than MINIMUM percent of a folder's.
# Usage: coverage.sh FOLDER...; OBJECTS: the folder with what the instrumented programs wrote.
set -u
. tools/results.sh

have gcovr gcovr "what the tests reach" || finish coverage
data=$(mktemp)
trap 'rm -f "$data"' EXIT

filters=("${@/%/\/}")
gcovr --root . --object-directory "$OBJECTS" "${filters[@]/#/--filter=}" --json "$data" || {
	fail "gcovr cannot read what the programs wrote"
	finish coverage
}
gcovr --root . --add-tracefile "$data" --print-summary

for folder in "$@"; do
	summary=$(gcovr --root . --add-tracefile "$data" --filter "$folder/" --print-summary \
		--fail-under-line "$MINIMUM" 2>&1)
	status=$?
	lines=$(sed -n 's/^lines: //p' <<<"$summary")
	if [ $status -eq 0 ] && [ -n "$lines" ]; then
		pass "$folder/: $lines"
	else
		fail "$folder/: ${lines:-no lines}, which is below $MINIMUM %"
	fi
done

finish coverage
