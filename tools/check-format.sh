#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares sources with what clang-format makes of them, and finds lines of more than 100 columns, with
# tabs of 8, which clang-format leaves in comments; tables between clang-format off and on may be wider.
# Usage: check-format.sh FILE...; CLANG_FORMAT.
set -u
export LC_ALL=C
. tools/results.sh

formatted()
{
	"$CLANG_FORMAT" "$1" | diff -u "$1" -
}

not_too_wide()
{
	expand -t 8 "$1" | awk -v file="$1" '
		/clang-format off/ { table = 1 }
		/clang-format on/ { table = 0 }
		!table && length > 100 { print file ":" NR ": " length " columns"; status = 1 }
		END { exit status }'
}

if have "$CLANG_FORMAT" clang-format "the format of sources"; then
	for file in "$@"; do
		check "$file" formatted "$file"
	done
fi
for file in "$@"; do
	check "$file" not_too_wide "$file"
done
finish check-format
