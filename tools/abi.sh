#!/bin/bash
# SPDX-License-Identifier: MIT
# Records the binary interface of shared libraries in abi/, or compares them with that record.
# Usage: abi.sh record|check LIBRARY...
# LIBRARIES: the folder with the libraries, built by gcc; INCLUDE: one with the headers as installed.
#
# Of each library two files: NAME.abi has what it exports, with all types that this reaches, and
# NAME-headers.abi has the types of its public headers, which are compiled into users' programs
# whether or not an exported function takes them. They hold for one architecture.
set -u
export LC_ALL=C
. tools/results.sh

record=abi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

# The folders of the public headers of library $1, below INCLUDE.
folders()
{
	case $1 in
	libdi) echo di providers containers ;;
	libdi-*) (cd "$INCLUDE" && ls -d {integrations,containers}/"${1#libdi-}" 2>/dev/null) ;;
	esac
}

# Prints the interface of ELF file $2, without what is private to library $1.
dump()
{
	local folder options=()
	for folder in $(folders "$1"); do
		options+=(--headers-dir "$INCLUDE/$folder")
	done
	abidw "${options[@]}" --drop-private-types --exported-interfaces-only --no-corpus-path \
		--no-comp-dir-path --no-show-locs --no-elf-needed --no-parameter-names \
		--no-write-default-sizes --type-id-style hash "$2"
}

# Makes $2, an object with a variable for each type that the public headers of library $1 define, and
# one besides: of an object without any nothing could be told.
compile_headers()
{
	local folder
	{
		for folder in $(folders "$1"); do
			(cd "$INCLUDE" && printf '#include "%s"\n' "$folder"/*.h)
		done
		for folder in $(folders "$1"); do
			cat "$INCLUDE/$folder"/*.h
		done | sed -nE 's/^(struct|enum|union) (di_[a-z0-9_]+) \{$/extern \1 \2 *see_\2; \1 \2 *see_\2;/p
			$s/.*/extern int see_the_end; int see_the_end;/p'
	} | gcc -x c -std=c11 -D_POSIX_C_SOURCE=200809L "-I$INCLUDE" -g -fPIC -shared -o "$2" -
}

# Writes both files of library $1 to folder $2.
describe()
{
	dump "$1" "$LIBRARIES/$1.so" >"$2/$1.abi" &&
		compile_headers "$1" "$fresh/headers.so" && dump "$1" "$fresh/headers.so" >"$2/$1-headers.abi"
}

architecture()
{
	sed -nE "1s/.* architecture='([^']*)'.*/\1/p" "$1"
}

# Compares file $1 with its record.
compare()
{
	local text ours
	ours=$(architecture "$fresh/$1")
	if [ ! -f "$record/$1" ]; then
		fail "$record/$1 is missing: make abi writes it"
	elif [ "$(architecture "$record/$1")" != "$ours" ]; then
		skip "$record/$1 is for $(architecture "$record/$1"), and this is $ours"
	elif text=$(abidiff --harmless "$record/$1" "$fresh/$1" 2>&1); then
		pass "$record/$1"
	else
		fail "$record/$1: make abi records what is meant to change" "$text"
	fi
}

# $1: record or check, $2...: libraries
main()
{
	local action=$1 name
	shift
	for name in "$@"; do
		if ! describe "$name" "$fresh"; then
			fail "the interface of $name cannot be read"
		elif [ "$action" = record ]; then
			mkdir -p "$record"
			cp "$fresh/$name.abi" "$fresh/$name-headers.abi" "$record" &&
				echo "recorded: $record/$name.abi, $record/$name-headers.abi"
		else
			compare "$name.abi"
			compare "$name-headers.abi"
		fi
	done
}

! have abidw abigail-tools "the binary interface" || main "$@"
if [ "$1" = record ]; then
	[ $failed -eq 0 ] && [ $skipped -eq 0 ]
	exit
fi
finish check-abi
