#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints what the preprocessor makes of FILE, formatted: of FILE itself and of the headers in its
# folder, and of nothing else that it includes. Usage: expand.sh FILE FLAGS...
set -eu

file=${1-}
if [ ! -f "$file" ]; then
	echo "usage: make expand FILE=path/of/a/source.c" >&2
	exit 2
fi
shift
folder=$(dirname "$file")

# Markers such as '# 12 "samples/notes/notes.h" 1' say where the lines after them come from.
${CC:-gcc} "$@" "-I$folder" -E "$file" | awk -v folder="$folder" '
	/^# [0-9]+ "/ {
		split($0, part, "\"")
		from = part[2]
		sub(/\/[^\/]*$/, "", from)
		wanted = from == folder
		next
	}
	wanted && !/^#pragma|^[ \t]*$/' | ${CLANG_FORMAT:-clang-format} --assume-filename=expanded.c
