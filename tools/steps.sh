#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs make with each argument in turn ("CC=clang run-tests"), whatever became of the one before,
# and sums up what they counted and how long they took. Usage: RUN_MAKE=make steps.sh STEP...
#
# A step that counts appends "passed failed skipped label" to $DI_RESULTS; one that does not counts as
# one test. The last line says "N passed, N failed" and nothing else; a caller with a $DI_RESULTS of its
# own gets the sum.
set -u

outer=${DI_RESULTS-}
DI_RESULTS=$(mktemp)
export DI_RESULTS
trap 'rm -f "$DI_RESULTS"' EXIT

# The sums of the results after line $1: passed failed skipped.
sum()
{
	tail -n "+$(($1 + 1))" "$DI_RESULTS" |
		awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }'
}

# row PASSED FAILED SKIPPED SECONDS NAME: a line of the table.
row()
{
	printf '%5d passed, %d failed, %d skipped  %4d s  %s\n' "$@"
}

report=
for step in "$@"; do
	[ $# -eq 1 ] || echo "== $step"
	before=$(wc -l <"$DI_RESULTS")
	started=$SECONDS
	# shellcheck disable=SC2086 # lists of words
	$RUN_MAKE $step
	status=$?
	read -r passed failed skipped < <(sum "$before")
	if [ $status -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "0 1 0 $step" >>"$DI_RESULTS"
	elif [ $status -eq 0 ] && [ $((passed + failed + skipped)) -eq 0 ]; then
		echo "1 0 0 $step" >>"$DI_RESULTS"
	fi
	read -r passed failed skipped < <(sum "$before")
	report+=$(row "$passed" "$failed" "$skipped" $((SECONDS - started)) "$step")$'\n'
done

read -r passed failed skipped < <(sum 0)
[ $# -eq 1 ] ||
	printf '\n%s%s\n' "$report" "$(row "$passed" "$failed" "$skipped" $SECONDS "all steps")"
echo "$passed passed, $failed failed"
[ -z "$outer" ] || echo "$passed $failed $skipped steps" >>"$outer"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
