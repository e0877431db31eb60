#!/bin/bash
# SPDX-License-Identifier: MIT
# Compiles tests/rejects/*.c, which must not compile, and tests/accepts/*.c, which must do so without
# a word, with gcc and clang, in the ways users compile. Usage: check-rejects.sh [FILE...]
# WARNINGS: our warning flags; ADVISED: those that di.pc advises; SYSTEM_INCLUDE: a folder with the
# headers as installed; JOBS.
#
# A program of rejects says in its first lines what the compiler has to say, as extended regular
# expressions, all of which must match: /* expect: ... */, /* expect-gcc: ... */, /* expect-clang: ... */.
# user_*.c is user code about which plain C only warns: it is compiled with the flags that di.pc
# advises. Those that passed are listed in $DI_BUILD_DIR/logs/check-rejects/ran.
#
# The last line says "N passed, N failed", a program counting once for all its ways.
set -u
export LC_ALL=C
. tools/results.sh

# The ways to compile: the first word is the name of the way.
bare='bare -std=c11 -I.'
bare_c17='c17 -std=c17 -I.'
all_warnings="warnings -std=c11 -I. $WARNINGS"
system="system -std=c11 -isystem $SYSTEM_INCLUDE"

# Prints the expectations of file $1 for compiler $2, a line each.
expectations()
{
	sed -nE "/^\/\* expect/!q; s/^\/\* expect(-$2)?: (.*) \*\/\$/\2/p" "$1"
}

# Prints what is wrong with file $1 compiled with $2 and the flags $3...
reject_fault()
{
	local file=$1 compiler=$2 output pattern patterns
	shift 2
	patterns=$(expectations "$file" "$compiler")
	if [ -z "$patterns" ]; then
		echo "it does not begin with /* expect: ... */"
		return
	fi
	if output=$($compiler "$@" -c -o /dev/null "$file" 2>&1); then
		printf 'it compiles\n%s\n' "$output"
		return
	fi
	while IFS= read -r pattern; do
		grep -qE -e "$pattern" <<<"$output" ||
			printf 'no "%s" in:\n%s\n' "$pattern" "$output"
	done <<<"$patterns"
}

accept_fault()
{
	local file=$1 compiler=$2 output
	shift 2
	if ! output=$($compiler "$@" -c -o /dev/null "$file" 2>&1); then
		printf 'it does not compile\n%s\n' "$output"
	elif [ -n "$output" ]; then
		printf 'it compiles with warnings\n%s\n' "$output"
	fi
}

check_file()
{
	local file=$1 compiler check way ways fault faults=
	ways=("$bare" "$all_warnings" "$system")
	case $file in
	*/accepts/*)
		check=accept_fault
		ways=("$bare" "$all_warnings" "$system $WARNINGS" "$bare_c17")
		;;
	*/user_*)
		check=reject_fault
		ways=("${ways[@]/%/ $ADVISED}")
		;;
	*)
		check=reject_fault
		;;
	esac
	for compiler in $compilers; do
		for way in "${ways[@]}"; do
			# shellcheck disable=SC2086 # a list of words
			fault=$($check "$file" "$compiler" ${way#* })
			[ -z "$fault" ] || faults+="    $compiler, ${way%% *}: $fault"$'\n'
		done
	done
	if [ -n "$faults" ]; then
		printf '  FAIL  %s\n%s' "$file" "$faults"
		return 1
	fi
}

if [ $# -eq 0 ]; then
	shopt -s nullglob
	set -- tests/rejects/*.c tests/accepts/*.c
fi
compilers=
for compiler in gcc clang; do
	! have $compiler $compiler "what $compiler rejects" || compilers+="$compiler "
done

verdicts=$(mktemp -d)
trap 'rm -rf "$verdicts"' EXIT
for file in "$@"; do
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-1}" ]; do
		wait -n
	done
	# A temporary file for each keeps the reports of parallel jobs apart.
	{
		check_file "$file" >"$verdicts/${file//\//-}" && echo "$file" >>"$verdicts/passed"
	} &
done
wait

find "$verdicts" -type f ! -name passed -size +0 | sort | xargs -r cat
touch "$verdicts/passed"
passed=$(wc -l <"$verdicts/passed")
logs=${DI_BUILD_DIR:?}/logs/check-rejects
mkdir -p "$logs"
sed 's|^tests/||' "$verdicts/passed" | sort >"$logs/ran"
failed=$(($# - passed))
if [ $# -eq 0 ] || [ -z "$compilers" ]; then
	echo "check-rejects: nothing was compiled"
	failed=1
fi
finish check-rejects
