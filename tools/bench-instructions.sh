#!/bin/sh
# SPDX-License-Identifier: MIT
# Counts the instructions of both sides of each benchmark by callgrind: two loop lengths, subtracted. It
# writes lines of name, ours and baseline, with tabs between, for the harness to show.
# Usage: bench-instructions.sh OUTPUT PROGRAM...; JOBS runs at once.
set -eu

short=500
long=2500

if [ "$1" = --one ]; then # PROGRAM NAME EACH: one line
	collected() {
		valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" "$2" "$3" "$4" 2>&1 |
			sed -n 's/.*Collected : *//p'
	}
	each_of() {
		echo $(($(collected "$1" "$2" "$4" $long) - $(collected "$1" "$2" "$4" $short))) |
			awk '{ printf "%.1f", $1 / '$(((long - short) * $3))' }'
	}
	printf '%s\t%s\t%s\n' "$3" "$(each_of "$2" "$3" "$4" ours)" "$(each_of "$2" "$3" "$4" baseline)"
	exit
fi

if ! command -v valgrind >/dev/null; then
	echo "valgrind is not installed" >&2
	exit 1
fi
output=$1
shift
mkdir -p "$(dirname "$output")"
for program in "$@"; do
	"$program" --list | awk -F '\t' -v program="$program" '{ print program; print $1; print $2 }'
done | tr '\n' '\0' | xargs -0 -r -n 3 -P "${JOBS:-1}" "$0" --one >"$output.new"
mv "$output.new" "$output"
