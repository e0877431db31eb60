#!/bin/bash
# SPDX-License-Identifier: MIT
# Loads the notes service and the same service written by hand in turns, with wrk, and compares what
# each answered in a second, by the medians, and what processor time an answer took it at best. It prints
# lines of a table and writes JSON objects to the file $BENCH_JSON, as benchmarks do; with BENCH_QUICK it
# takes one round. With BENCH_COUNTS it counts the instructions of an answer by callgrind: what the kernel
# does is in the time only. Usage: NOTES=PROGRAM NOTES_BY_HAND=PROGRAM bench-notes.sh
set -u
export LC_ALL=C

rounds=15
[ -z "${BENCH_QUICK-}" ] || rounds=1

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

# SIDE THREADS COMMAND...: starts it, with the notes that there are.
start()
{
	local side=$1 threads=$2 line
	shift 2
	mkfifo "$work/$side"
	[ ! -e "$work/notes.db" ] || cp "$work/notes.db" "$work/$side.db"
	"$@" --port 0 --db "$work/$side.db" --threads "$threads" --busy-timeout 30000 \
		>"$work/$side" 2>"$work/$side.log" &
	pid[$side]=$!
	read -r -t 60 line <"$work/$side" || complain "$* does not start: $(cat "$work/$side.log")"
	rm "$work/$side"
	port[$side]=${line##*:}
}

# SIDE [FILE]: its database is kept as that file.
stop()
{
	kill -TERM "${pid[$1]}"
	wait "${pid[$1]}" || complain "the service did not end well: $(cat "$work/$1.log")"
	mv "$work/$1.db" "$work/${2-old.db}"
}

# SIDE CONNECTIONS ARGUMENT...: loads it for a second; the last argument is the path.
load()
{
	local side=$1 connections=$2
	shift 2
	wrk -t 1 -c "$connections" -d 1 --timeout 30 "${@:1:$#-1}" \
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
	load "$1" 16 "${@:2}"
	after=$(processor_time "$1")
	awk '/^Requests\/sec:/ { print $2 }' "$work/wrk" >>"$work/$1.speed"
	awk -v spent=$((after - before)) '/ requests in / { print spent / $1 / 1000 }' \
		"$work/wrk" >>"$work/$1.cost"
}

# SIDE PROGRAM ARGUMENT...: prints the instructions of an answer.
count()
{
	local side=$1 program=$2
	shift 2
	start "$side" 1 valgrind --quiet --tool=callgrind --callgrind-out-file="$work/$side.calls" \
		"$program" >&2
	load "$side" 1 "$@"
	callgrind_control -z "${pid[$side]}" >/dev/null 2>&1
	load "$side" 1 "$@"
	callgrind_control -d "${pid[$side]}" >/dev/null 2>&1
	stop "$side"
	awk 'FNR == NR { if (/ requests in /) answers = $1; next }
	     /^(totals|summary):/ { print $2 / answers; exit }' "$work/wrk" "$work/$side.calls.1"
}

# FILE: the least figure and the median.
of()
{
	sort -g "$1" | awk '{ a[NR] = $1 } END { print a[1], a[int((NR + 1) / 2)] }'
}

# NAME UNIT OURS MEDIAN BASELINE MEDIAN GOAL LIMIT [INSTRUCTIONS OF_BASELINE]
tell()
{
	awk -v name="$1" -v unit="$2" -v ours="$3" -v ours_median="$4" -v baseline="$5" \
		-v baseline_median="$6" -v goal="$7" -v limit="$8" -v counted="${9-}" \
		-v counted_baseline="${10-}" -v json="${BENCH_JSON-/dev/null}" '
	BEGIN {
		ratio = ours / baseline
		reached = goal == "ratio" ? ratio <= limit : ratio >= limit
		printf "%-51s %-6s %9.2f %9.2f %9.2f %6.2f %8s %8s  %s %s %g %s\n", name, unit,
			ours, ours_median, baseline, ratio, counted, counted_baseline, goal,
			goal == "ratio" ? "<=" : ">=", limit, reached ? "ok" : "MISSED"
		if (counted != "")
			counted = ", \"instructions\": " counted \
				", \"baseline_instructions\": " counted_baseline
		printf "{\"name\": \"%s\", \"unit\": \"%s\", \"ours\": %g, \"baseline\": %g, " \
			"\"against\": \"by hand\", \"ratio\": %.6g, \"ours_median\": %g, " \
			"\"baseline_median\": %g%s, \"goal\": {\"%s\": %g, \"reached\": %s}}\n",
			name, unit, ours, baseline, ratio, ours_median, baseline_median, counted,
			goal, limit, reached ? "true" : "false" >>json
	}'
}

# NAME ARGUMENT...
compare()
{
	local name=$1 i ours baseline counts=()
	shift
	rm -f "$work"/*.speed "$work"/*.cost
	load ours 16 "$@"
	load baseline 16 "$@"
	# Each goes first as often as the other: what comes in between hits both.
	for ((i = 0; i < rounds; i++)); do
		if ((i % 2)); then
			round baseline "$@"
			round ours "$@"
		else
			round ours "$@"
			round baseline "$@"
		fi
	done
	if [ -n "${BENCH_COUNTS-}" ]; then
		counts=("$(count counted "$NOTES" "$@")" "$(count counted "$NOTES_BY_HAND" "$@")")
		[[ -n ${counts[0]} && -n ${counts[1]} ]] || complain "callgrind cannot count"
	fi
	read -ra ours < <(of "$work/ours.speed")
	read -ra baseline < <(of "$work/baseline.speed")
	tell "notes, $name" "1/s" "${ours[1]}" "${ours[1]}" "${baseline[1]}" "${baseline[1]}" \
		least_ratio 0.95
	read -ra ours < <(of "$work/ours.cost")
	read -ra baseline < <(of "$work/baseline.cost")
	tell "notes, $name, processor" "us" "${ours[0]}" "${ours[1]}" "${baseline[0]}" \
		"${baseline[1]}" ratio 1.05 "${counts[@]}"
}

printf '%-51s %-6s %9s %9s %9s %6s %8s %8s\n' '' unit di '(median)' baseline ratio instr. baseline
start fill 1 "$NOTES_BY_HAND"
load fill 1 -s bench/notes_by_hand/fill.lua /
stop fill notes.db
start ours 2 "$NOTES"
start baseline 2 "$NOTES_BY_HAND"
compare "a note is read" -H "X-User: ada" /notes/1
compare "ten are listed" -H "X-User: ada" "/notes?limit=10"
compare "some are written" -s tests/soak/load.lua /
for side in ours baseline; do
	stop $side
	[ ! -s "$work/$side.log" ] || complain "the service complained: $(cat "$work/$side.log")"
done
