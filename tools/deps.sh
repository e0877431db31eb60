#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that are missing. Usage: deps.sh PACKAGE...
# PACKAGE is a name or alternatives a|b|...: any of them will do, the first is installed if none is.
# Where nothing is missing no network is needed. On other systems it only says what is wanted.
set -u

is_installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

any_installed()
{
	for name in $(echo "$1" | tr '|' ' '); do
		is_installed "$name" && return 0
	done
	return 1
}

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: this is no Debian system; make sure that these are there: $*"
	exit 0
fi

missing=
for package in "$@"; do
	any_installed "$package" || missing="$missing ${package%%|*}"
done
[ -n "$missing" ] || exit 0

as_root='env'
if [ "$(id -u)" -ne 0 ]; then
	as_root='sudo env'
fi
echo "deps: installing$missing"
# The lists may be stale or absent; what can be installed without them is installed.
$as_root DEBIAN_FRONTEND=noninteractive apt-get -q update || echo "deps: apt-get update failed" >&2
# shellcheck disable=SC2086 # a list of words
if ! $as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing; then
	echo "deps: could not install$missing" >&2
	exit 1
fi
