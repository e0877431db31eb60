#!/bin/bash
# SPDX-License-Identifier: MIT
# Reports which lines the tests reached, and fails where it is less than MINIMUM percent of a folder's.
# Usage: coverage.sh FOLDER...; OBJECTS: the folder with what the instrumented programs wrote.
set -u

passed=0
failed=0
data=$(mktemp)
trap 'rm -f "$data"' EXIT

filters=("${@/%/\/}")
gcovr --root . --object-directory "$OBJECTS" "${filters[@]/#/--filter=}" --json "$data" || exit
gcovr --root . --add-tracefile "$data" --print-summary

for folder in "$@"; do
	summary=$(gcovr --root . --add-tracefile "$data" --filter "$folder/" --print-summary \
		--fail-under-line "$MINIMUM" 2>&1)
	status=$?
	lines=$(sed -n 's/^lines: //p' <<<"$summary")
	if [ $status -eq 0 ] && [ -n "$lines" ]; then
		passed=$((passed + 1))
		echo "  ok    $folder/: $lines"
	else
		failed=$((failed + 1))
		echo "  FAIL  $folder/: ${lines:-no lines}, which is below $MINIMUM %"
	fi
done

[ $((passed + failed)) -gt 0 ] || failed=1
[ -z "${DI_RESULTS-}" ] || echo "$passed $failed 0 coverage" >>"$DI_RESULTS"
echo "coverage: $passed passed, $failed failed"
[ $failed -eq 0 ]
