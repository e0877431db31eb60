#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs all benchmarks, a few times around each, so that none is broken, and counts the instructions of
# some, which do not depend on the machine or on what else it does. Usage: check-bench.sh PROGRAM...
# WHOLE: those of the programs that have no list of cases; NOTES_BY_HAND: the service written by hand, or
# nothing, and NOTES_TESTS: the tests of the sample, which it must pass too; NOTES; JOBS.
set -u
export LC_ALL=C
. tools/results.sh

# The most that one operation may take, its loop included, as gcc 12 compiles it: the goals that are
# reached, and where the goal is a time, a tenth more than was counted.
most='cached singleton|10
cached context resource|10
cached singleton by library call|24
handler with 3 cached needs|38
context open and close|95
context with 3 resources, DI_INIT|500
product that comes at once, made and dropped|826
product that comes and ends at once, made and dropped|838
context with a value that comes at once|730'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Checks both sides of all cases of program $1, and writes "program name each" of each to $work/cases.
run_cases()
{
	local name each side
	if ! "$1" --list >"$work/list" || ! [ -s "$work/list" ]; then
		fail "$1 has no list of cases"
		return
	fi
	while IFS=$'\t' read -r name each; do
		for side in ours baseline; do
			check "$name, $side" timeout 60 "$1" "$name" $side 10
		done
		printf '%s\t%s\t%s\n' "$1" "$name" "$each" >>"$work/cases"
	done <"$work/list"
}

# $1: the name of a case, $2: the most instructions of ours
check_count()
{
	local program each counted
	IFS=$'\t' read -r program each < <(awk -F '\t' -v OFS='\t' -v name="$1" \
		'$2 == name { print $1, $3 }' "$work/cases")
	if [ -z "$program" ]; then
		fail "there is no benchmark '$1'"
	elif ! counted=$(tools/bench-instructions.sh --one "$program" "$1" "$each" 2>&1); then
		fail "$1" "$counted"
	else
		counted=$(cut -f 2 <<<"$counted")
		# A start may differ by some, which is less than one in each operation.
		counted=$(printf '%.0f' "$counted")
		check_most "$1: $counted instructions, at most $2" "$counted" "$2"
	fi
}

check_most()
{
	if awk -v counted="$2" -v most="$3" 'BEGIN { exit !(counted > 0 && counted <= most) }'; then
		pass "$1"
	else
		fail "$1"
	fi
}

# What has been run must make a list, tables and pictures: its first object is checked for its fields.
check_written()
{
	local fields='{"group": "[^"]+", "name": "[^"]+", "unit": "[^"]+", "ours": [0-9.e+-]+,'
	fields+=' "baseline": [0-9.e+-]+, "against": "[^"]+", "ratio": [0-9.e+-]+[,}].*'
	check "run-bench.sh" env BENCH_QUICK=1 tools/run-bench.sh "$work/bench.json" "$@"
	check "bench.json is a list" grep -qxE "\\[$fields" "$work/bench.json"
	check "each has its fields" [ "$(grep -cxE "\\[?$fields" "$work/bench.json")" -eq \
		"$(grep -c '^\[*{' "$work/bench.json")" ]
	check "the list ends" grep -qx ']' "$work/bench.json"
	printf '<!-- bench memory -->\n<!-- end -->\n' >"$work/document.md"
	check "bench-tables.sh" tools/bench-tables.sh "$work/bench.json" "$work/document.md"
	check "a table is filled" grep -q '^| instance of 10 rows | [0-9]* bytes |' "$work/document.md"
	check "bench-plot.sh" tools/bench-plot.sh "$work/bench.json" "$work/plot"
	check "a picture is drawn" grep -q '<rect .*height="14"' "$work/plot/memory.svg"
}

# The service written by hand does what the sample does, and both can be measured.
check_notes()
{
	local test
	for test in $NOTES_TESTS; do
		check "the notes by hand, ${test##*/}" env DI_TEST_QUICK=1 CK_DEFAULT_TIMEOUT=60 \
			NOTES_PROGRAM="$NOTES_BY_HAND" timeout 120 "$test"
	done
	if have wrk wrk "notes by hand and not"; then
		check bench-notes.sh timeout 120 env BENCH_QUICK=1 tools/bench-notes.sh
	fi
}

touch "$work/cases"
for program in "$@"; do
	case " ${WHOLE-} " in
	*" $program "*) ;;
	*) run_cases "$program" ;;
	esac
done
read -ra whole <<<"${WHOLE-}"
check_written "${whole[@]}"
if [ -n "${NOTES_BY_HAND-}" ]; then
	check_notes
else
	skip "the notes by hand: what they need is not installed"
fi
if have valgrind valgrind "instructions of benchmarks"; then
	while IFS='|' read -r name limit; do
		check_count "$name" "$limit"
	done <<<"$most"
fi
finish check-bench
