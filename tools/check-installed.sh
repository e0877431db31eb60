#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs to temporary prefixes and checks what a user gets: the pkg-config modules, the exported
# symbols, and programs of tests/installed, built by pkg-config alone, in C11, C17 and C++17, with the
# shared and with the static library; then that uninstall leaves nothing.
# Usage: check-installed.sh; RUN_MAKE, PKG_CONFIG, VERSION, SOVERSION, INTEGRATIONS (names).
set -u

passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig

# check TEXT COMMAND...: the command must succeed; its output is shown if it does not.
check()
{
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '  FAIL  %s: %s\n%s\n' "$text" "$*" "$output"
	fi
}

# make from the checkout, whatever variant is asked for
install_with()
{
	# shellcheck disable=SC2086 # a command with its arguments
	$RUN_MAKE "$@"
}

files_in()
{
	find "$1" \( -type f -o -type l \) -printf '%P\n' | sort
}

# --- A staged installation: DESTDIR is nowhere in what is installed.
staged=$work/stage
check "install to DESTDIR" install_with install DESTDIR="$staged" PREFIX=/opt/di
check "everything is below DESTDIR and PREFIX" \
	[ "$(files_in "$staged")" = "$(files_in "$staged/opt/di" | sed 's,^,opt/di/,')" ]
check "di.pc names PREFIX" grep -qx 'prefix=/opt/di' "$staged/opt/di/lib/pkgconfig/di.pc"
check "no module names DESTDIR" bash -c "! grep -rF '$staged' '$staged/opt/di/lib/pkgconfig'"
check "no private header is installed" bash -c "! grep -rlx '/[*] private [*]/' '$staged/opt/di/include'"
check "uninstall" install_with uninstall DESTDIR="$staged" PREFIX=/opt/di
check "uninstall leaves nothing" [ -z "$(files_in "$staged")" ]
check "uninstall leaves no folder of ours" [ ! -e "$staged/opt/di/include/di" ]

# --- An installation after one with another prefix.
check "install to PREFIX" install_with install PREFIX="$prefix"
library=$prefix/lib/libdi.so
check "di.pc is valid" "$PKG_CONFIG" --validate di
check "the version" [ "$("$PKG_CONFIG" --modversion di)" = "$VERSION" ]
check "the soname" bash -c "readelf -d '$library' | grep -qF '[libdi.so.$SOVERSION]'"
check "di_container_new is exported with its version" \
	bash -c "nm -D '$library' | grep -q ' T di_container_new@@DI_0.1'"
check "only di_ names are exported" \
	bash -c "! nm -D --defined-only '$library' | grep -vE ' (A DI_0\.1|[A-Z] di_[a-z0-9_]+@@DI_0\.1)\$'"
check "the archive defines only di_ names" \
	bash -c "! nm --defined-only --extern-only '$prefix/lib/libdi.a' | grep -E ' [A-Z] ' | grep -v -e ' di_' -e ' _\.stapsdt\.'"

# --- Programs. $1: the program's name, $2: compiler, $3: standard of main, $4: pkg-config's --static or ""
build_and_run()
{
	local program=$work/$1 compiler=$2 standard=$3 static=$4 include flags libraries
	include=$("$PKG_CONFIG" --cflags-only-I di) || return
	flags=$("$PKG_CONFIG" --cflags di) || return
	libraries=$("$PKG_CONFIG" ${static:+"$static"} --libs di) || return
	# shellcheck disable=SC2086 # lists of words
	if [ "${standard#c++}" != "$standard" ]; then
		# The advised warnings are C's.
		$compiler -std="$standard" -Wall -Wextra -Wpedantic -Werror -x c++ -c \
			-o "$program-main.o" tests/installed/main.c $include &&
			gcc -std=c11 -c -o "$program-app.o" tests/installed/app.c $flags &&
			$compiler ${static:+-static} -o "$program" "$program-main.o" "$program-app.o" $libraries
	else
		$compiler -std="$standard" -Wall -Wextra -Wpedantic -Werror ${static:+-static} \
			-o "$program" tests/installed/main.c tests/installed/app.c $flags $libraries
	fi || return
	[ "$(LD_LIBRARY_PATH=$prefix/lib "$program")" = 'counted to 42' ]
}

for static in '' --static; do
	for standard in c11 c17; do
		check "a program" build_and_run "gcc-$standard$static" gcc $standard "$static"
	done
	check "a program" build_and_run "clang-c11$static" clang c11 "$static"
	check "a program" build_and_run "g++-c++17$static" g++ c++17 "$static"
done

for integration in $INTEGRATIONS; do
	check "di-$integration.pc is valid" "$PKG_CONFIG" --validate "di-$integration"
	# shellcheck disable=SC2046 # a list of words
	check "a program with di-$integration" gcc -std=c11 -o "$work/$integration" tests/installed/main.c \
		tests/installed/app.c $("$PKG_CONFIG" --cflags --libs "di-$integration")
done

check "uninstall from PREFIX" install_with uninstall PREFIX="$prefix"
check "uninstall leaves nothing in PREFIX" [ -z "$(files_in "$prefix")" ]

[ -z "${DI_RESULTS-}" ] || echo "$passed $failed 0 check-installed" >>"$DI_RESULTS"
echo "check-installed: $passed passed, $failed failed"
[ $failed -eq 0 ]
