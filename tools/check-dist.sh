#!/bin/bash
# SPDX-License-Identifier: MIT
# Packs what make dist would pack if all files were committed, unpacks it outside of any checkout, and
# builds, tests and installs it there. Usage: RUN_MAKE=make VERSION=x check-dist.sh
set -u
. tools/results.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Whoever owns the checkout.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$PWD
if ! objects=$(git rev-parse --git-path objects 2>/dev/null); then
	skip "what make dist packs: this is no git checkout"
	finish check-dist
fi
# The files as they are go to an index and objects of our own; the checkout stays as it is.
GIT_ALTERNATE_OBJECT_DIRECTORIES=$(realpath "$objects")
export GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_INDEX_FILE=$work/index GIT_OBJECT_DIRECTORY=$work/objects
mkdir "$work/objects"

pack()
{
	local tree
	git add --all && tree=$(git write-tree) &&
		make_with dist DIST_OF="$tree" DIST="$work/di.tar.gz"
}

make_with()
{
	# shellcheck disable=SC2086 # a command with its arguments
	$RUN_MAKE "$@"
}

# make in the unpacked copy, which cannot reach the checkout's git
there()
(
	unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
	export GIT_CEILING_DIRECTORIES=$work
	make_with -C "$copy" "$@"
)

tests='tests/di/test_context tests/di/test_threads tests/providers/test_factory'
tests+=' tests/containers/test_table tests/integrations/test_microhttpd tests/samples/test_notes'
tests+=' tests/integrations/uv/test_loop'

check "make dist" pack
mkdir "$work/a folder"
copy="$work/a folder/di-$VERSION"
check "unpacking" tar -xzf "$work/di.tar.gz" -C "$work/a folder"
check "all is in one folder" [ "$(ls "$work/a folder")" = "di-$VERSION" ]
for file in README.md LICENSE CHANGELOG.md docs abi tests/installed; do
	check "it is packed" [ -e "$copy/$file" ]
done
check "no build is packed" [ ! -e "$copy/build" ]
check "the libraries and samples" there VARIANT=release all
check "some tests" there ALL_TESTS="$tests" run-tests
check "some tests with the shared library" there ALL_TESTS="$tests" run-shared-tests
check "installing" there install DESTDIR="$work/stage" PREFIX=/usr
check "what is installed" [ -e "$work/stage/usr/lib/pkgconfig/di.pc" ]

finish check-dist
