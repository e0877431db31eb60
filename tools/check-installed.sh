#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs to temporary prefixes and checks what a user gets there: the pkg-config modules, and programs
# built with them alone, away from this tree, in C11, C17 and C++17, with the shared and the static
# library; then that uninstall leaves nothing.
# Usage: check-installed.sh; RUN_MAKE, PKG_CONFIG, VERSION, SOVERSION, INTEGRATIONS (names),
# TABLE_HEADERS (not for C++), ADVISED (the flags that di.pc advises).
set -u
. tools/results.sh

tree=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R tests/installed "$work/source"
cp -R tests/rejects tests/accepts "$work"

refuse()
{
	! "$@"
}

# make from the checkout, whatever variant is asked for
make_with()
(
	cd "$tree" || exit
	# shellcheck disable=SC2086 # a command with its arguments
	$RUN_MAKE "$@"
)

files_in()
{
	find "$1" \( -type f -o -type l \) -printf '%P\n' | sort
}

# run COMMAND FLAGS: the flags are as pkg-config prints them, quoted for the shell.
run()
{
	eval "$1 $2"
}

cd "$work/source" || exit

# --- Any PREFIX and DESTDIR. $1: where its files must be, below $root; $2: folder of the modules, $3...:
# arguments of make. A program is built there, and uninstall leaves nothing.
root=$work/root
prefix_works()
{
	local here=$1 modules=$2 flags
	shift 2
	make_with install "$@" || return
	if files_in "$root" | grep -v "^$here"; then
		echo "these are not below $here"
		return 1
	fi
	# Below DESTDIR nothing is a folder of the system.
	export PKG_CONFIG_PATH=$modules PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
	"$PKG_CONFIG" --validate di && flags=$("$PKG_CONFIG" --static --cflags --libs di) &&
		run "gcc -std=c11 -static -o '$work/prefixed' main.c app.c" "$flags" &&
		[ "$("$work/prefixed")" = 'counted to 42' ] || return
	grep -qE '^prefix=(/.*[^/])?$' "$modules/di.pc" || return
	# Who moves it all needs to say but one path.
	case "$*" in
	*libdir=*) ;;
	*) [ "$(PKG_CONFIG_SYSROOT_DIR='' "$PKG_CONFIG" --define-variable=prefix=/moved --variable=libdir \
		di)" = /moved/lib ] || return ;;
	esac
	make_with uninstall "$@" || return
	if [ -n "$(files_in "$root")" ] || find "$root" -type d -name di | grep .; then
		echo "left: $(files_in "$root")"
		return 1
	fi
}

# The same with DESTDIR=$root, whose name must be in no module.
staged_works()
{
	local here=$1 modules=$2
	shift 2
	make_with install "$@" DESTDIR="$root" || return
	! grep -rF "$root" "$root" --include=*.pc --include=*.h || return
	PKG_CONFIG_SYSROOT_DIR=$root prefix_works "$here" "$modules" "$@" DESTDIR="$root"
}

# check after what an earlier one may have left
check_prefix()
{
	rm -rf "$root"
	check "$@"
}

usual=lib/pkgconfig
top='\(bin\|include\|lib\|share\)/'
check_prefix "a prefix" prefix_works opt/parts/ "$root/opt/parts/$usual" PREFIX="$root/opt/parts"
check_prefix "a prefix with a slash at its end" \
	prefix_works opt/parts/ "$root/opt/parts/$usual" PREFIX="$root/opt/parts/"
check_prefix "a prefix with spaces" \
	prefix_works 'a  b c/' "$root/a  b c/$usual" PREFIX="$root/a  b c"
check_prefix "a prefix with signs" \
	prefix_works 'a+b,c=d~1@2%3/' "$root/a+b,c=d~1@2%3/$usual" PREFIX="$root/a+b,c=d~1@2%3"
check_prefix "a relative prefix" prefix_works relative/ "$root/relative/$usual" \
	PREFIX="$(realpath --relative-to="$tree" "$work")/root/relative"
check_prefix "folders of one's own" prefix_works '\(p\|l\|i\)/' "$root/l/pc" \
	PREFIX="$root/p" libdir="$root/l" includedir="$root/i" pkgconfigdir="$root/l/pc"
check_prefix "PREFIX=/opt/parts, staged" \
	staged_works opt/parts/ "$root/opt/parts/$usual" PREFIX=/opt/parts
check_prefix "PREFIX=/, staged" staged_works "$top" "$root/$usual" PREFIX=/
check_prefix "no PREFIX, staged" staged_works "$top" "$root/$usual" PREFIX=
check_prefix "the default, staged" staged_works usr/local/ "$root/usr/local/$usual"
check_prefix "libdir as Debian has it, staged" \
	staged_works usr/ "$root/usr/lib/x86_64-linux-gnu/pkgconfig" \
	PREFIX=/usr libdir=/usr/lib/x86_64-linux-gnu
root="$work/a root" check_prefix "a DESTDIR with spaces" \
	staged_works opt/parts/ "$work/a root/opt/parts/$usual" PREFIX=/opt/parts

# --- What stays installed from here on.
prefix=$work/prefix
export PKG_CONFIG_PATH=$prefix/$usual
check "install" make_with install PREFIX="$prefix"
library=$prefix/lib/libdi.so
flags=$("$PKG_CONFIG" --cflags di)
includes=$("$PKG_CONFIG" --cflags-only-I di)
check "di.pc names the prefix" grep -qxF "prefix=$prefix" "$prefix/$usual/di.pc"
check "the version" [ "$("$PKG_CONFIG" --modversion di)" = "$VERSION" ]
check "the soname" bash -c "readelf -d '$library' | grep -qF '[libdi.so.$SOVERSION]'"
check "the soname leads to the library" [ "$(readlink -f "$prefix/lib/libdi.so.$SOVERSION")" = \
	"$library.$VERSION" ]
check "no private header is installed" refuse grep -rlx '/[*] private [*]/' "$prefix/include"
check "the flags are those that we advise" [ "${flags% }" = "${includes% } $ADVISED" ]

# --- Programs. $1: the program's name, $2: compiler, $3: standard, $4: pkg-config's --static or ""
warnings='-Wall -Wextra -Wpedantic -Werror'
build_and_run()
{
	local program=$work/$1 compiler=$2 standard=$3 static=$4 libraries
	libraries=$("$PKG_CONFIG" ${static:+"$static"} --libs di) || return
	if [ "${standard#c++}" != "$standard" ]; then
		# The advised warnings are C's.
		run "$compiler -std=$standard $warnings -x c++ -c -o '$program-main.o' main.c" "$includes" &&
			run "gcc -std=c11 -c -o '$program-app.o' app.c" "$flags" &&
			run "$compiler ${static:+-static} -o '$program' '$program-main.o' '$program-app.o'" \
				"$libraries"
	else
		run "$compiler -std=$standard $warnings ${static:+-static} -o '$program' main.c app.c" \
			"$flags $libraries"
	fi || return
	[ "$(LD_LIBRARY_PATH=$prefix/lib "$program")" = 'counted to 42' ] || return
	if [ -n "$static" ]; then
		! readelf -d "$program" | grep -F libdi
		return
	fi
	readelf -d "$program" | grep -qF "[libdi.so.$SOVERSION]" &&
		nm -D "$program" | grep -q ' U di_container_new@DI_'
}

for static in '' --static; do
	for compiler in gcc clang; do
		for standard in c11 c17; do
			check "a program" build_and_run "$compiler-$standard$static" $compiler $standard "$static"
		done
	done
	for compiler in g++ clang++; do
		check "a program" build_and_run "$compiler$static" $compiler c++17 "$static"
	done
done

# --- All headers that are not for tables in one unit of C++.
(cd "$prefix/include/di" && find di providers containers -name '*.h') | sort | while read -r header; do
	case " $TABLE_HEADERS " in
	*" $header "*) ;;
	*) echo "#include <$header>" ;;
	esac
done >all.cc
check "there are headers for C++" grep -q '<di/context.h>' all.cc
for compiler in g++ clang++; do
	check "headers in C++17" run "$compiler -std=c++17 $warnings -c -o all.o all.cc" "$includes"
done

# --- Wrong wiring. The programs of accepts show that nothing else is wrong.
for compiler in gcc clang; do
	for file in ../accepts/*.c; do
		check "right wiring" run "$compiler -std=c11 $warnings -c -o out.o $file" "$flags"
	done
	for file in ../rejects/constructor_*.c ../rejects/user_*.c; do
		check "wrong wiring is an error" refuse run "$compiler -std=c11 -c -o out.o $file" "$flags"
	done
	for file in ../rejects/user_*.c; do
		check "it is the flags that make it one" run "$compiler -std=c11 -c -o out.o $file" "$includes"
	done
done

# --- Integrations.

# Whether each word of $1 is among those of $2: pkg-config sorts them.
have_all()
{
	local word
	for word in $1; do
		[[ " $2 " == *" $word "* ]] || return
	done
}

for integration in $INTEGRATIONS; do
	check "di-$integration.pc is valid" "$PKG_CONFIG" --validate "di-$integration"
	check "the version" [ "$("$PKG_CONFIG" --modversion "di-$integration")" = "$VERSION" ]
	check "the soname" bash -c \
		"readelf -d '$prefix/lib/libdi-$integration.so' | grep -qF '[libdi-$integration.so.$SOVERSION]'"
	check "its flags have those of di" have_all "$flags" \
		"$("$PKG_CONFIG" --cflags "di-$integration")"
done

# $1: the compiler, $2: the standard, $3: what replaces -l for our own libraries, $4: the integration, $5:
# what the program says, $6...: its sources
build_with()
{
	local compiler=$1 standard=$2 how=$3 module=di-$4 says=$5 libraries
	shift 5
	libraries=$("$PKG_CONFIG" --libs "$module" | sed -E "s/-l(di(-[a-z_]+)?)\b/$how/g") &&
		run "$compiler -std=$standard -D_POSIX_C_SOURCE=200809L $warnings -o '$work/with' $*" \
			"$("$PKG_CONFIG" --cflags "$module") $libraries" || return
	[ "$(LD_LIBRARY_PATH=$prefix/lib "$work/with")" = "$says" ]
}

# $1: the integration, $2...: its headers
include_in_cpp()
{
	local module=di-$1
	shift
	printf '#include <%s>\n' "$@" >header.cc
	run "g++ -std=c++17 $warnings -c -o out.o header.cc" "$("$PKG_CONFIG" --cflags-only-I "$module")"
}

# $1: the integration, $2: its headers, with blanks between, $3...: see build_with; nothing: no program
check_integration()
{
	local integration=$1 headers=$2 compiler standard
	shift 2
	case " $INTEGRATIONS " in
	*" $integration "*) ;;
	*) return ;;
	esac
	# shellcheck disable=SC2086 # a list of words
	check "headers of $integration in C++17" include_in_cpp "$integration" $headers
	[ $# -gt 0 ] || return
	for compiler in gcc clang; do
		for standard in c11 c17; do
			check "with $integration" build_with $compiler $standard '-l\1' "$integration" "$@"
			check "with $integration, static" \
				build_with $compiler $standard '-l:lib\1.a' "$integration" "$@"
		done
	done
}

check_integration microhttpd integrations/microhttpd/microhttpd.h 'GET /here counted to 42' serve.c app.c
check_integration fiber integrations/fiber/fiber.h 'a fiber counted to 42' spawn.c app.c
check_integration uv 'integrations/uv/uv.h integrations/uv/fibers.h' 'the loop counted to 42' loop.c app.c
check_integration microhttpd_uv integrations/microhttpd_uv/microhttpd_uv.h
check_integration yaml containers/yaml/yaml.h 'counter 42' load.c

# --- The command.
has_man_page()
{
	grep -qF "di $VERSION" "$prefix/share/man/man1/di.1" && ! grep -F @ "$prefix/share/man/man1/di.1"
}
case " $INTEGRATIONS " in
*' yaml '*)
	printf 'version: 1\ncontainer: app\nproviders: []\n' >app.yaml
	check "the version of the command" [ "$("$prefix/bin/di" --version)" = "di $VERSION" ]
	check "it needs no library of ours" refuse bash -c "readelf -d '$prefix/bin/di' | grep -F libdi"
	check "it checks a file" "$prefix/bin/di" check app.yaml
	check "its man page" has_man_page
	check "its completion" bash -c ". '$prefix/share/bash-completion/completions/di' && complete -p di"
	;;
esac

touch "$prefix/include/di/di/not_ours.h"
check "uninstall" make_with uninstall PREFIX="$prefix"
check "uninstall leaves what is not ours, and nothing else" \
	[ "$(files_in "$prefix")" = include/di/di/not_ours.h ]

finish check-installed
