#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs clang-tidy and cppcheck over source files. Usage: lint.sh FILE...
# FLAGS: how they are compiled; CLANG_TIDY, JOBS.
set -u

passed=0
failed=0

# $1: the tool, $2: its exit status
record()
{
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "  FAIL  $1"
	fi
}

# shellcheck disable=SC2086 # a list of words
printf '%s\n' "$@" | xargs -r -P "$JOBS" -I{} "$CLANG_TIDY" --quiet {} -- $FLAGS 2>&1 |
	grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed |^Use -header-filter'
record clang-tidy "${PIPESTATUS[1]}"

# A thread that waits stands in a list with a node on its own stack: autoVariables.
cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j "$JOBS" -I. \
	--enable=warning,performance,portability --suppress=missingIncludeSystem --suppress=autoVariables \
	-DDI_BUILDING -D__GNUC__ "$@"
record cppcheck $?

[ -z "${DI_RESULTS-}" ] || echo "$passed $failed 0 lint" >>"$DI_RESULTS"
echo "lint: $passed passed, $failed failed"
[ $failed -eq 0 ]
