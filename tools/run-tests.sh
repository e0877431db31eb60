#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs test programs in parallel and counts what they report.
# Usage: run-tests.sh [-j JOBS] [-t SECONDS] [-w WRAPPER] LABEL PROGRAM...
#
# A program closes with a line of Check ("100%: Checks: 5, Failures: 0, Errors: 0"). One that ran no
# test, ended badly or took too long counts as a failed test. A test that cannot run here prints
# "SKIPPED: <name>: <reason>" and returns; it is counted as skipped and not as passed. The whole
# output of a program is shown when it failed, and kept in $DI_BUILD_DIR/logs.
#
# The names of the tests that passed, "di/test_close the_name" a line, are in the file ran beside the
# logs, and in the file skipped those of programs that skipped something.
#
# The last line says "N passed, N failed"; "passed failed skipped label" is appended to $DI_RESULTS.
set -u
. tools/results.sh

jobs=1
limit=300
wrapper=
while getopts j:t:w: option; do
	case $option in
	j) jobs=$OPTARG ;;
	t) limit=$OPTARG ;;
	w) wrapper=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
label=$1
shift

logs=${DI_BUILD_DIR:?}/logs/${label// /-}
rm -rf "$logs"
mkdir -p "$logs"
# Check gives a forked test 4 seconds, which is little on a busy machine.
export CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-60}

# Sets passed, failed and skipped from the log $1 and the exit status $2 of a program.
count()
{
	read -r checks failures errors < <(sed -nE \
		's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+)$/\1 \2 \3/p' "$1" |
		awk '{ c += $1; f += $2; e += $3 } END { print c + 0, f + 0, e + 0 }')
	skipped=$(grep -c '^SKIPPED: ' "$1")
	failed=$((failures + errors))
	passed=$((checks - failed - skipped))
	[ $passed -ge 0 ] || passed=0
	if [ "$failed" -eq 0 ] && { [ "$2" -ne 0 ] || [ $((checks + skipped)) -eq 0 ]; }; then
		failed=1
	fi
}

# Prints "di/test_close the_name" for each test that passed in program $1, from Check's log $2.
names()
{
	sed -nE "s|^ok [0-9]+ - .*:([A-Za-z_0-9]+): Passed\$|${1##*/tests/} \1|p" "$2" 2>/dev/null |
		sort -u
}

run_one()
{
	local log=$logs/${1//\//-}.log status list
	# The outer redirection is for what the shell says of a program that was killed.
	# shellcheck disable=SC2086 # a command with its arguments
	{ CK_TAP_LOG_FILE_NAME=${log%.log}.tap timeout -k 10 "$limit" $wrapper "$1" >"$log" 2>&1 \
		</dev/null; } 2>/dev/null
	status=$?
	count "$log" $status
	if [ "$failed" -eq 0 ]; then
		echo "  ok    $1 ($passed)"
		grep '^SKIPPED: ' "$log" | sed 's/^/        /'
	else
		[ $status -ne 124 ] || echo "took longer than $limit s" >>"$log"
		printf '  FAIL  %s (exit status %d)\n%s\n' "$1" $status "$(sed 's/^/        /' "$log")"
	fi
	list=ran
	[ "$skipped" -eq 0 ] || list=skipped
	names "$1" "${log%.log}.tap" >"$log.$list"
	echo "$passed $failed $skipped" >"$log.count"
}

for program in "$@"; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	run_one "$program" &
done
wait

for list in ran skipped; do
	find "$logs" -name "*.log.$list" -print0 | sort -z | xargs -0r cat >"$logs/$list"
done

read -r passed failed skipped < <(cat "$logs"/*.count 2>/dev/null |
	awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
# Each program leaves its counts, so that a run that lost one cannot look complete.
lost=$(($# - $(find "$logs" -name '*.count' | wc -l)))
failed=$((failed + lost))
if [ $((passed + failed)) -eq 0 ]; then
	echo "$label: no test ran"
	failed=1
fi
finish "$label"
