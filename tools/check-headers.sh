#!/bin/bash
# SPDX-License-Identifier: MIT
# Compiles each installed header alone, twice in a row, with all warnings: as C11 by gcc and clang, and
# as C++17 by g++ and clang++ unless it is for tables. Usage: check-headers.sh HEADER...
# WARNINGS: our warning flags; INCLUDE: the folder with the installed headers; TABLE_HEADERS.
set -u

passed=0
failed=0

# $1: the header, $2...: the compiler with its flags
compile()
{
	local header=$1 output
	shift
	# DI_BUILDING shows the warnings of our own headers, which are system headers for users.
	if output=$(printf '#include "%s"\n#include "%s"\ntypedef int di_check_not_empty;\n' \
		"$header" "$header" |
		"$@" -Wall -Wextra -Wpedantic -Werror -DDI_BUILDING "-I$INCLUDE" -c -o /dev/null - 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '  FAIL  %s alone with %s\n%s\n' "$header" "$1" "$output"
	fi
}

for header in "$@"; do
	# shellcheck disable=SC2086 # a list of words
	for compiler in gcc clang; do
		compile "$header" $compiler -x c -std=c11 $WARNINGS
	done
	case " $TABLE_HEADERS " in
	*" $header "*) ;;
	*)
		for compiler in g++ clang++; do
			compile "$header" $compiler -x c++ -std=c++17
		done
		;;
	esac
done

[ $((passed + failed)) -gt 0 ] || failed=1
[ -z "${DI_RESULTS-}" ] || echo "$passed $failed 0 check-headers" >>"$DI_RESULTS"
echo "check-headers: $passed passed, $failed failed"
[ $failed -eq 0 ]
