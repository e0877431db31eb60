#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints what the preprocessor makes of FILE, formatted: of FILE itself and of the headers in its
# folder, and of nothing else that it includes. Usage: expand.sh FILE FLAGS...
# CPPFLAGS: what FILE needs besides, such as -I of its other folders.
set -eu

file=${1-}
if [ ! -f "$file" ]; then
	echo "usage: make expand FILE=path/of/a/source.c [CPPFLAGS=...]; the path is from here, or absolute" >&2
	exit 2
fi
shift
folder=$(dirname "$file")

format=${CLANG_FORMAT:-clang-format}
if ! command -v "$format" >/dev/null; then
	echo "expand: it is not formatted, since there is no $format" >&2
	format='cat'
else
	format="$format --assume-filename=expanded.c"
fi

# Markers such as '# 12 "samples/notes/notes.h" 1' say where the lines after them come from.
# shellcheck disable=SC2086 # lists of words
${CC:-gcc} "$@" "-I$folder" ${CPPFLAGS-} -E "$file" | awk -v folder="$folder" '
	/^# [0-9]+ "/ {
		split($0, part, "\"")
		from = part[2]
		sub(/\/[^\/]*$/, "", from)
		wanted = from == folder
		next
	}
	wanted && !/^#pragma|^[ \t]*$/' | $format
