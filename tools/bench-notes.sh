#!/bin/bash
# SPDX-License-Identifier: MIT
# Loads the notes service and the same service written by hand in turns, with wrk, and compares what
# each answered in a second, and what processor time an answer took it. It prints lines of a table and
# writes JSON objects to the file $BENCH_JSON, as benchmarks do; with BENCH_QUICK it takes one short
# round. Usage: NOTES=PROGRAM NOTES_BY_HAND=PROGRAM bench-notes.sh
set -u
export LC_ALL=C

rounds=7 seconds=2
[ -z "${BENCH_QUICK-}" ] || rounds=1 seconds=1
threads=2

if ! command -v wrk >/dev/null; then
	echo "left out: wrk is not installed (Debian: wrk)"
	exit 0
fi
work=$(mktemp -d)
declare -A pid port

cleanup()
{
	# shellcheck disable=SC2046 # a list of words
	kill -KILL $(jobs -rp) 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

complain()
{
	echo "bench-notes: $1" >&2
	exit 1
}

# SIDE PROGRAM
start()
{
	local line
	mkfifo "$work/$1"
	"$2" --port 0 --db "$work/$1.db" --threads $threads --busy-timeout 30000 \
		>"$work/$1" 2>"$work/$1.log" &
	pid[$1]=$!
	read -r -t 60 line <"$work/$1" || complain "$2 does not start: $(cat "$work/$1.log")"
	port[$1]=${line##*:}
}

# SIDE ARGUMENT...: loads it; the last argument begins with a slash.
load()
{
	local side=$1
	shift
	wrk -t 1 -c 16 -d "$seconds" --timeout 30 "${@:1:$#-1}" \
		"http://127.0.0.1:${port[$side]}${*: -1}" >"$work/wrk" 2>&1 ||
		complain "wrk: $(cat "$work/wrk")"
	! grep -E 'Non-2xx|Socket errors' "$work/wrk" || complain "$side has not answered all"
}

# SIDE: the processor time that it has taken, in ns.
processor_time()
{
	cat "/proc/${pid[$1]}"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# SIDE ARGUMENT...: one round, to the files of that side.
round()
{
	local before after
	before=$(processor_time "$1")
	load "$@"
	after=$(processor_time "$1")
	awk '/^Requests\/sec:/ { print $2 }' "$work/wrk" >>"$work/$1.speed"
	awk -v spent=$((after - before)) '/ requests in / { print spent / $1 / 1000 }' \
		"$work/wrk" >>"$work/$1.cost"
}

# FILE: the least figure, the median and the greatest.
of()
{
	sort -g "$1" | awk '{ a[NR] = $1 } END { print a[1], a[int((NR + 1) / 2)], a[NR] }'
}

# NAME UNIT OURS MEDIAN BASELINE MEDIAN GOAL LIMIT
tell()
{
	awk -v name="$1" -v unit="$2" -v ours="$3" -v ours_median="$4" -v baseline="$5" \
		-v baseline_median="$6" -v goal="$7" -v limit="$8" -v json="${BENCH_JSON-/dev/null}" '
	BEGIN {
		ratio = ours / baseline
		reached = goal == "ratio" ? ratio <= limit : ratio >= limit
		printf "%-51s %-6s %9.2f %9.2f %9.2f %6.2f  %s %s %g %s\n", name, unit, ours,
			ours_median, baseline, ratio, goal, goal == "ratio" ? "<=" : ">=", limit,
			reached ? "ok" : "MISSED"
		printf "{\"name\": \"%s\", \"unit\": \"%s\", \"ours\": %g, \"baseline\": %g, " \
			"\"against\": \"by hand\", \"ratio\": %.6g, \"ours_median\": %g, " \
			"\"baseline_median\": %g, \"goal\": {\"%s\": %g, \"reached\": %s}}\n",
			name, unit, ours, baseline, ratio, ours_median, baseline_median, goal,
			limit, reached ? "true" : "false" >>json
	}'
}

# NAME ARGUMENT...
compare()
{
	local name=$1 i ours baseline
	shift
	rm -f "$work"/*.speed "$work"/*.cost
	load ours "$@"
	load baseline "$@"
	for ((i = 0; i < rounds; i++)); do
		round ours "$@"
		round baseline "$@"
	done
	read -ra ours < <(of "$work/ours.speed")
	read -ra baseline < <(of "$work/baseline.speed")
	tell "notes, $name" "1/s" "${ours[2]}" "${ours[1]}" "${baseline[2]}" "${baseline[1]}" \
		least_ratio 0.95
	read -ra ours < <(of "$work/ours.cost")
	read -ra baseline < <(of "$work/baseline.cost")
	tell "notes, $name, processor" "us" "${ours[0]}" "${ours[1]}" "${baseline[0]}" \
		"${baseline[1]}" ratio 1.05
}

# A note for them to read.
seed()
{
	wrk -t 1 -c 1 -d 1 -s tests/soak/load.lua "http://127.0.0.1:${port[$1]}" >"$work/wrk" 2>&1 ||
		complain "wrk: $(cat "$work/wrk")"
}

printf '%-51s %-6s %9s %9s %9s %6s\n' '' unit di '(median)' baseline ratio
start ours "$NOTES"
start baseline "$NOTES_BY_HAND"
seed ours
seed baseline
compare "a note is read" -H "X-User: load1" /notes/1
compare "ten are listed" -H "X-User: load1" "/notes?limit=10"
compare "some are written" -s tests/soak/load.lua /
for side in ours baseline; do
	kill -TERM "${pid[$side]}"
	wait "${pid[$side]}" || complain "the service did not end well: $(cat "$work/$side.log")"
	[ ! -s "$work/$side.log" ] || complain "the service complained: $(cat "$work/$side.log")"
done
