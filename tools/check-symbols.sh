#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares what shared libraries export with what their public headers declare: all of it and nothing
# else, with our symbol version, and documented. Archives define external names of ours only.
# Usage: check-symbols.sh LIBRARY...
# LIBRARIES: the folder with the libraries; INCLUDE: one with the headers as installed.
set -u
export LC_ALL=C
. tools/results.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# empty TEXT LINES: there must be no lines.
empty()
{
	if [ -z "$2" ]; then
		pass
	else
		fail "$1:" "        ${2//$'\n'/$'\n'        }"
	fi
}

headers_of()
{
	case $1 in
	libdi) (cd "$INCLUDE" && ls di/*.h providers/*.h containers/*.h) ;;
	libdi-*) (cd "$INCLUDE" && ls {integrations,containers}/"${1#libdi-}"/*.h 2>/dev/null) ;;
	esac
}

# Writes the names that the headers $@ declare, functions as gcc sees them, and variables.
declared()
{
	printf '#include "%s"\n' "$@" >"$work/all.c"
	gcc -std=c11 -D_POSIX_C_SOURCE=200809L "-I$INCLUDE" -fsyntax-only \
		-aux-info "$work/all.txt" "$work/all.c" || return
	for header in "$@"; do
		# "/* path:line:NC */ extern type name (parameters);"
		grep -F "/$header:" "$work/all.txt" |
			sed -nE 's/^[^*]*\*[^*]*\*\/ extern ([^(]*[ *])?([A-Za-z0-9_]+) \(.*/\2/p'
		sed -nE 's/^(DI_API )?extern ([^"(]*[ *])?([A-Za-z0-9_]+)(\[.*\])?;.*/\3/p' "$INCLUDE/$header"
	done | sort -u
}

# Of the functions $1, those that no paragraph of the headers $2... with a doc comment declares.
undocumented()
{
	local names=$1
	shift
	for header in "$@"; do
		awk -v RS= '/\/\*\*/' "$INCLUDE/$header"
	done | grep -vE '^[ \t]*(\/\*|\*)' | grep -oE '\bdi_[a-z0-9_]+' | sort -u >"$work/documented"
	# di__ is for our macros.
	grep -v '^di__' <<<"$names" | comm -23 - "$work/documented"
}

for library in "$@"; do
	mapfile -t headers < <(headers_of "$library")
	declared "${headers[@]}" >"$work/declared" || exit
	# The version's own name is a symbol too.
	nm -D --defined-only "$LIBRARIES/$library.so" | awk '$2 != "A" { print $3 }' | sort >"$work/exported"
	sed 's/@.*//' "$work/exported" | sort >"$work/names"
	functions=$(nm -D --defined-only "$LIBRARIES/$library.so" |
		awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort)

	empty "$library.so exports nothing" "$([ -s "$work/names" ] || echo "no symbol")"
	empty "$library.so exports without a version of ours" \
		"$(grep -vE '^[A-Za-z0-9_]+@@DI_[0-9]+(\.[0-9]+)+$' "$work/exported")"
	empty "$library.so exports names that are not di_..." "$(grep -v '^di_' "$work/names")"
	empty "$library.so exports what no public header declares" \
		"$(comm -23 "$work/names" "$work/declared")"
	empty "$library.so does not export what a public header declares (DI_API)" \
		"$(comm -13 "$work/names" "$work/declared")"
	empty "public headers do not document" "$(undocumented "$functions" "${headers[@]}")"
	empty "$library.a defines names that are not di_..." \
		"$(nm --defined-only --extern-only "$LIBRARIES/$library.a" |
			awk 'NF == 3 && $3 !~ /^(di_|_\.stapsdt\.)/ { print $3 }')"
	empty "$library.so looks for libraries in" \
		"$(readelf -d "$LIBRARIES/$library.so" | grep -E '\((RPATH|RUNPATH)\)')"
	[ "$library" != libdi ] || empty "libdi.so needs more than libc" \
		"$(readelf -d "$LIBRARIES/libdi.so" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' |
			grep -vE '^(libc|libpthread|ld-linux[a-z0-9_-]*)\.so\.')"
done

finish check-symbols
