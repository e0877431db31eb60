#!/bin/bash
# SPDX-License-Identifier: MIT
# Counts the instructions of both sides of each benchmark by callgrind: two loop lengths, subtracted.
# It writes lines of name, ours and baseline, with tabs between, for the harness to show.
# Usage: bench-instructions.sh OUTPUT PROGRAM...; JOBS runs at once.
# bench-instructions.sh --one PROGRAM NAME EACH prints the line of one benchmark.
set -euo pipefail
shopt -s inherit_errexit

# How often it is done, by whether it takes less than a few microseconds each time, or more than a
# twentieth of a millisecond. The more often, the less counts what differs from run to run besides.
quickest=(500 20500)
quick=(500 2500)
slow=(2 12)

# PROGRAM NAME SIDE COUNT: the instructions of all of it.
collected()
{
	local output count
	if ! output=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1) ||
		! count=$(grep -oE 'Collected : [0-9]+$' <<<"$output"); then
		printf 'callgrind cannot count %s:\n%s\n' "$*" "$output" >&2
		return 1
	fi
	echo "${count##* }"
}

# PROGRAM NAME SIDE COUNT: the microseconds of all of it.
microseconds()
{
	local begun=${EPOCHREALTIME/[.,]/}
	"$@"
	echo $((${EPOCHREALTIME/[.,]/} - begun))
}

# COUNT MICROSECONDS PROGRAM NAME SIDE: whether each takes less. What else runs may slow a try or two.
takes_less()
{
	local count=$1 each=$2 once
	shift 2
	for _ in 1 2 3 4; do
		once=$(microseconds "$@" 1)
		[ "$(microseconds "$@" "$count")" -ge $((once + (count - 1) * each)) ] || return 0
	done
	return 1
}

# PROGRAM NAME SIDE EACH: the instructions of one operation.
each_of()
{
	local few many counts=("${quick[@]}")
	if ! takes_less 50 50 "$1" "$2" "$3"; then
		counts=("${slow[@]}")
	elif takes_less 2000 4 "$1" "$2" "$3"; then
		counts=("${quickest[@]}")
	fi
	few=$(collected "$1" "$2" "$3" "${counts[0]}")
	many=$(collected "$1" "$2" "$3" "${counts[1]}")
	awk -v all=$((many - few)) -v count=$(((counts[1] - counts[0]) * $4)) \
		'BEGIN { printf "%.1f", all / count }'
}

if ! command -v valgrind >/dev/null; then
	echo "bench-instructions: valgrind is not installed (Debian: valgrind)" >&2
	exit 1
fi

if [ "$1" = --one ]; then
	ours=$(each_of "$2" "$3" ours "$4")
	baseline=$(each_of "$2" "$3" baseline "$4")
	printf '%s\t%s\t%s\n' "$3" "$ours" "$baseline"
	exit
fi

output=$1
shift
mkdir -p "$(dirname "$output")"
for program in "$@"; do
	"$program" --list |
		awk -F '\t' -v program="$program" '{ print program; print $1; print $2 }'
done | tr '\n' '\0' | xargs -0 -r -n 3 -P "${JOBS:-1}" "$0" --one >"$output.new"
mv "$output.new" "$output"
