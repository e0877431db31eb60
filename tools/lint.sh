#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs clang-tidy and cppcheck over source files. Usage: lint.sh FILE...
# FLAGS: how they are compiled; CLANG_TIDY, JOBS.
set -u
. tools/results.sh

# $1: the tool, $2: its exit status
record()
{
	if [ "$2" -eq 0 ]; then
		pass
	else
		fail "$1"
	fi
}

if have "$CLANG_TIDY" clang-tidy "clang-tidy"; then
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' "$@" | xargs -r -P "$JOBS" -I{} "$CLANG_TIDY" --quiet {} -- $FLAGS 2>&1 |
		grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed |^Use -header-filter'
	record clang-tidy "${PIPESTATUS[1]}"
fi

if have cppcheck cppcheck cppcheck; then
	# A thread that waits stands in a list with a node on its own stack: autoVariables.
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j "$JOBS" -I. \
		--enable=warning,performance,portability --suppress=missingIncludeSystem \
		--suppress=autoVariables -DDI_BUILDING -D__GNUC__ "$@"
	record cppcheck $?
fi
finish lint
