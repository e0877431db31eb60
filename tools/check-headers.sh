#!/bin/bash
# SPDX-License-Identifier: MIT
# Compiles each installed header alone, twice in a row, with all warnings: as C11 by gcc and clang, and
# as C++17 by g++ and clang++ unless it is for tables. Usage: check-headers.sh HEADER...
# WARNINGS: our warning flags; INCLUDE: the folder with the installed headers; TABLE_HEADERS.
set -u
. tools/results.sh

# $1: the header, $2...: the compiler with its flags
compile()
{
	local header=$1 output
	shift
	# The header of libuv needs more than ISO C shows.
	case $header in
	integrations/*uv/*) set -- "$@" -D_POSIX_C_SOURCE=200809L ;;
	esac
	# DI_BUILDING shows the warnings of our own headers, which are system headers for users.
	if output=$(printf '#include "%s"\n#include "%s"\ntypedef int di_check_not_empty;\n' \
		"$header" "$header" |
		"$@" -Wall -Wextra -Wpedantic -Werror -DDI_BUILDING "-I$INCLUDE" -c -o /dev/null - 2>&1); then
		pass
	else
		fail "$header alone with $1" "$output"
	fi
}

c=()
cxx=()
! have gcc gcc "headers in C11 with gcc" || c+=(gcc)
! have clang clang "headers in C11 with clang" || c+=(clang)
! have g++ g++ "headers in C++17 with g++" || cxx+=(g++)
! have clang++ clang "headers in C++17 with clang++" || cxx+=(clang++)

for header in "$@"; do
	# shellcheck disable=SC2086 # a list of words
	for compiler in "${c[@]}"; do
		compile "$header" "$compiler" -x c -std=c11 $WARNINGS
	done
	case " $TABLE_HEADERS " in
	*" $header "*) ;;
	*)
		for compiler in "${cxx[@]}"; do
			compile "$header" "$compiler" -x c++ -std=c++17
		done
		;;
	esac
done

finish check-headers
