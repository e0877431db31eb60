#!/bin/bash
# SPDX-License-Identifier: MIT
# Compiles and runs what stands in documents. Usage: check-docs.sh DOCUMENT...
# RUN_MAKE: make for this tree; CC and VARIANT: which library it installs, for the documents to use.
#
# Each document gets an empty home folder with a link to these sources, ~/di, and its blocks are taken
# in order. The words after the language, which GitHub does not show, say what a block is:
#
#     ```c file=main.c             a file, in the folder where the last command has left us
#     ```c file=main.c part=rows   a part of it: replaces the part of that name, or goes to the end
#     ```sh                        commands, which must succeed; cd and export hold from then on
#     ```sh fails                  commands that must fail
#     ```text output               what the commands right before have printed; ... is anything
#
# `<!-- c file=main.c` up to `-->`, on lines of their own, is such a block that readers do not see.
# Files of other languages are written too. A block of C passes when a command has compiled it. Commands
# that begin with clang are skipped where there is none. The last line says "N passed, N failed".
set -u
export LC_ALL=C
. tools/results.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Cuts $1 into files $2/1, $2/2 and so on, and prints "number|line|language|words" for each; a block that
# cannot be checked has the language "?" and words that say why.
cut_blocks()
{
	awk -v folder="$2" '
	function begin(text) {
		sub(/^ +/, "", text)
		language = text
		sub(/ .*/, "", language)
		sub(/^[^ ]* */, "", text)
		print ++count "|" NR "|" language "|" text
		printf "" >(folder "/" count)
	}
	function fault(text) { print ++count "|" NR "|?|" text }
	end == "" && /^[ \t]+(```|~~~) *(c|sh)( |$)/ { fault("an indented block is not checked"); next }
	end == "" && /^(````|~~~)/ { fault("blocks are fenced by three backquotes"); next }
	end == "" && /^``` *(C|h|bash|shell|console|zsh)( |$)/ { fault("the language is c or sh"); next }
	end == "" && /^```/ { end = "```"; begin(substr($0, 4)); next }
	end == "" && /^<!-- (c|sh|make|text)( |$)/ { end = "-->"; begin(substr($0, 6)); next }
	end != "" && $0 == end { end = ""; close(folder "/" count); next }
	end != "" { print >(folder "/" count) }
	END { if (end != "") fault("the last block does not end") }' "$1"
}

# A command that stands for compiler $2 by the name $1, and notes which files it has read.
make_compiler()
{
	cat >"$work/bin/$1" <<-END
		#!/bin/bash
		words=()
		skip=
		for word; do
			case \$skip\$word in
			-o) skip=1 ;;
			1*) skip= ;;
			-M*) ;;
			*) words+=("\$word") ;;
			esac
		done
		$2 -E "\${words[@]}" 2>/dev/null | sed -nE 's/^# [0-9]+ "([^<"]+)".*/\1/p' | sort -u |
			xargs -r -d '\n' realpath -q >>"\$DI_DOCS_READ"
		exec $2 "\$@"
	END
	chmod +x "$work/bin/$1"
}

# ---- One document. $state holds home; files/FILE/NN-PART and .lines, what each file consists of and
# where that stands in the document; waiting, "first line|last line|file|part" of C that nothing has
# compiled; exports and folder, what the next commands begin with; read, which files were compiled. ----

passed()
{
	echo "$1" >>"$state/passed"
}

# $1: the line, $2: what is wrong
failed()
{
	echo "$1" >>"$state/failed"
	printf '  FAIL  %s:%d: %s\n' "$document" "$1" "$2"
}

# The value of word $1= among the words $2, or "".
word()
{
	sed -nE "s/^(.* )?$1=([^ ]+)( .*)?\$/\2/p" <<<"$2"
}

# C of file $1, and of part $2 if given, is about to be replaced.
give_up_waiting()
{
	local line last file part
	while IFS='|' read -r line last file part; do
		if [ "$file" = "$1" ] && [ "$part" = "${2:-$part}" ]; then
			failed "$line" "no command has compiled it before it is replaced"
		else
			echo "$line|$last|$file|$part" >>"$state/still"
		fi
	done <"$state/waiting"
	take_still
}

take_still()
{
	touch "$state/still"
	mv "$state/still" "$state/waiting"
}

# $1: the block, $2: its line, $3: its language, $4: its words
write_file()
{
	local file part parts=() folder
	file=$(word file "$4")
	part=$(word part "$4")
	if [ -z "$file" ]; then
		[ "$3" != c ] || failed "$2" "no word file= says what it is"
		return
	fi
	file=$(cat "$state/folder")/$file
	folder=$state/files/${file//\//%}
	give_up_waiting "$file" "$part"
	[ -n "$part" ] || rm -rf "$folder"
	mkdir -p "$folder" "${file%/*}"
	parts=("$folder"/??-"$part")
	[ -e "${parts[0]}" ] ||
		parts=("$folder/$(printf '%02d' "$(find "$folder" -name '*.lines' | wc -l)")-$part")
	cp "$1" "${parts[0]}"
	awk -v first="$2" '{ print first + NR }' "$1" >"${parts[0]}.lines"
	find "$folder" -type f ! -name '*.lines' | sort | xargs cat >"$file"
	find "$folder" -type f -name '*.lines' | sort | xargs cat >"$folder.lines"
	[ "$3" != c ] ||
		echo "$2|$(($2 + $(wc -l <"$1")))|$file|$part" >>"$state/waiting"
}

# Lines of our files in what a compiler says become lines of the document.
translate()
{
	local file lines
	for lines in "$state"/files/*.lines; do
		[ -e "$lines" ] || continue
		file=${lines%.lines}
		printf '%s|%s\n' "${file##*%}" "$lines"
	done | awk -v document="$document" '
		NR == FNR {
			split($0, part, "|")
			while ((getline at <part[2]) > 0)
				line[part[1] ":" ++count[part[1]]] = at
			next
		}
		match($0, /^[A-Za-z0-9_.\/-]+:[0-9]+:/) {
			place = substr($0, 1, RLENGTH - 1)
			sub(/.*\//, "", place)
			if (place in line)
				$0 = document ":" line[place] substr($0, RLENGTH)
		}
		{ print "        " $0 }' - "$1"
}

# What the commands have compiled waits no more. $1: what they printed if they failed and should not.
take_compiled()
{
	local line last file part
	while IFS='|' read -r line last file part; do
		if ! grep -qxF "$file" "$state/read"; then
			echo "$line|$last|$file|$part" >>"$state/still"
		elif [ -n "$1" ] && has_error "$line" "$last" <<<"$1"; then
			failed "$line" "it does not compile"
		else
			passed "$line"
		fi
	done <"$state/waiting"
	take_still
}

# Whether an error of a compiler is on a line of the document from $1 to $2.
has_error()
{
	awk -v document="$document" -v first="$1" -v last="$2" -F: '
		{ sub(/^ */, "") }
		$1 == document && $2 >= first && $2 <= last && / error: / { found = 1 }
		END { exit !found }'
}

# $1: the block, $2: its line, $4: its words
run_commands()
{
	local status wanted=0 said=
	: >"$state/read"
	rm -f "$state/printed" "$state/skipping"
	if grep -q '^clang ' "$1" && ! command -v clang >/dev/null; then
		echo "SKIPPED: $document:$2: clang is not installed (Debian: clang)"
		echo "$2" | tee "$state/skipping" >>"$state/skipped"
		return
	fi
	{
		cat "$state/exports"
		printf 'cd "%s"\n' "$(cat "$state/folder")"
		printf 'trap "export -p >%q; pwd >%q" EXIT\nset -e\n' "$state/exports" "$state/folder"
		cat "$1"
	} >"$state/script"
	timeout 120 sh "$state/script" >"$state/printed" 2>&1 </dev/null
	status=$?
	[ "$4" != fails ] || wanted=1
	if [ $((status != 0)) -eq $wanted ]; then
		passed "$2"
	else
		failed "$2" "exit status $status${4:+, and the block says: $4}"
		said=$(translate "$state/printed")
		echo "$said"
	fi
	take_compiled "$said"
}

# $1: the block, $2: its line, $4: its words
compare_output()
{
	local expected pattern
	[ "$4" = output ] && [ ! -e "$state/skipping" ] || return 0
	if [ ! -e "$state/printed" ]; then
		failed "$2" "no commands stand right before"
		return
	fi
	expected=$(cat "$1")
	pattern=$(sed -e 's/[][*?\\]/\\&/g' -e 's/\.\.\./*/g' "$1")
	# shellcheck disable=SC2053 # a pattern
	if [ -n "$expected" ] && [[ $(cat "$state/printed") == $pattern ]]; then
		passed "$2"
	else
		failed "$2" "printed was"
		sed 's/^/        /' "$state/printed"
	fi
}

check_document()
{
	local number line language words
	mkdir -p "$state/home" "$state/blocks" "$state/files"
	ln -s "$PWD" "$state/home/di"
	echo "$state/home" >"$state/folder"
	touch "$state/waiting" "$state/passed" "$state/failed" "$state/exports"
	export HOME=$state/home DI_DOCS_READ=$state/read
	cut_blocks "$document" "$state/blocks" >"$state/list"
	while IFS='|' read -r number line language words; do
		case $language in
		sh) run_commands "$state/blocks/$number" "$line" "$language" "$words" ;;
		text) compare_output "$state/blocks/$number" "$line" "$language" "$words" ;;
		'?') failed "$line" "$words" ;;
		*) write_file "$state/blocks/$number" "$line" "$language" "$words" ;;
		esac
		[ "$language" = sh ] || rm -f "$state/printed" "$state/skipping"
	done <"$state/list"
	while IFS='|' read -r line _; do
		failed "$line" "no command has compiled it"
	done <"$state/waiting"
	[ -s "$state/failed" ] || [ ! -s "$state/passed" ] ||
		echo "  ok    $document ($(wc -l <"$state/passed"))"
	touch "$state/complete"
}

mkdir "$work/bin"
for compiler in gcc clang; do
	! real=$(command -v $compiler) || make_compiler $compiler "$real"
done
CC=${CC:-gcc}
make_compiler cc "$(command -v "$CC" || echo "$CC")"

# A make of a document is not a part of the one that runs us.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
prefix=$work/installed
# shellcheck disable=SC2086 # a command with its arguments
if ! $RUN_MAKE install PREFIX="$prefix" >"$work/log" 2>&1; then
	fail "di cannot be installed" "$(cat "$work/log")"
	finish check-docs
fi
export PATH=$work/bin:$prefix/bin:$PATH PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib CC VARIANT

count=0
for document in "$@"; do
	state=$work/$((count += 1))
	mkdir "$state"
	check_document >"$state/report" 2>&1 &
done
wait
for number in $(seq $count); do
	cat "$work/$number/report"
	[ -e "$work/$number/complete" ] || echo 0 >>"$work/$number/failed"
done

passed=$(cat "$work"/*/passed 2>/dev/null | wc -l)
failed=$(cat "$work"/*/failed 2>/dev/null | wc -l)
skipped=$(cat "$work"/*/skipped 2>/dev/null | wc -l)
if [ $((passed + failed)) -eq 0 ]; then
	echo "check-docs: no block was checked"
	failed=1
fi
finish check-docs
