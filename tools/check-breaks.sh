#!/bin/bash
# SPDX-License-Identifier: MIT
# Breaks a copy of the libraries in ways that check-symbols and check-abi are there to notice, one at
# a time, and looks at what they say. Usage: RUN_MAKE=make check-breaks.sh
set -u
export LC_ALL=C
. tools/results.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy

# Makes target $1 in the copy. What is broken may well draw a warning.
make_copy()
{
	# shellcheck disable=SC2086 # a command with its arguments
	$RUN_MAKE -C "$copy" WERROR= "$1" 2>&1
}

# accepts TEXT CHECK PATTERN: the copy as it is passes, and the check says PATTERN.
accepts()
{
	local output
	if ! output=$(make_copy "$2"); then
		fail "$1: $2 fails" "$output"
	elif ! grep -qE -e "$3" <<<"$output"; then
		fail "$1: no \"$3\"" "$output"
	else
		pass
	fi
}

# notices TEXT CHECK PATTERN SED FILE...: after this change to the files the check fails and says PATTERN.
notices()
{
	local text=$1 check=$2 pattern=$3 script=$4 file output unchanged=
	shift 4
	for file in "$@"; do
		cp "$copy/$file" "$work/${file//\//-}"
		sed -i -E "$script" "$copy/$file"
		! cmp -s "$copy/$file" "$work/${file//\//-}" || unchanged+=" $file"
	done
	if [ -n "$unchanged" ]; then
		fail "$text: it changes nothing in$unchanged"
	elif output=$(make_copy "$check"); then
		fail "$text: $check passes" "$output"
	elif ! grep -qE -e "$pattern" <<<"$output"; then
		fail "$text: no \"$pattern\"" "$output"
	else
		pass
	fi
	for file in "$@"; do
		cp "$work/${file//\//-}" "$copy/$file"
	done
}

mkdir "$copy"
cp -R Makefile di.map di providers containers integrations tools "$copy"
make_copy abi >"$work/log" || fail "the record of the copy: make abi fails" "$(cat "$work/log")"

function='di_added(void);\nint di_added(void)\n{\n\treturn 0;\n}'
accepts "an interface that is as recorded" check-abi '^check-abi: [1-9].* 0 failed$'
notices "a member more in a struct of users" check-abi "'int added'" \
	's/^struct di_error \{/&\n\tint added;/' di/error.h
notices "a member more where nothing but inline code looks" check-abi "'int added'" \
	's/^struct di__lane \{/&\n\tint added;/' di/inline.h
notices "a member of another type" check-abi "struct di_type" \
	'/^struct di_type \{/,/^\}/s/\bsize_t\b/short/' di/type.h
[ ! -e "$copy/abi/libdi-microhttpd.abi" ] ||
	notices "a member more in a struct of an integration" check-abi "'int added'" \
		's/^struct di_mhd_options \{/&\n\tint added;/' integrations/microhttpd/microhttpd.h
[ ! -e "$copy/abi/libdi-uv.abi" ] ||
	notices "a member more in a struct of uv" check-abi "'int added'" \
		's/^struct di_uv_options \{/&\n\tint added;/' integrations/uv/uv.h
[ ! -e "$copy/abi/libdi-yaml.abi" ] ||
	notices "a member more in a struct of containers/yaml" check-abi "'int added'" \
		's/^struct di_yaml_options \{/&\n\tint added;/' containers/yaml/yaml.h
notices "an enumerator more" check-abi "DI_ADDED" \
	's/^\tDI_CANCELLED$/&,\n\tDI_ADDED/' di/observer.h
notices "a parameter more" check-abi "di_outcome_text.*has some" \
	's/(\bdi_outcome_text\([^)]*)\)/\1, int added)/' di/observer.h di/observe.c
notices "a function that is gone" check-abi "1 Removed" \
	's/^DI_API (.* \*di_outcome_text\()/\1/' di/observer.h
notices "a function more" check-abi "1 Added" \
	"\$a DI_API int $function" di/scope.c
sed -i "1s/architecture='[^']*'/architecture='another'/" "$copy"/abi/*.abi
accepts "a record for another architecture" check-abi '^check-abi: 0 passed, 0 failed, [1-9]'
make_copy abi >"$work/log"
mv "$copy/abi" "$work/abi"
if output=$(make_copy check-abi); then
	fail "a record that is missing: check-abi passes" "$output"
else
	pass
fi
mv "$work/abi" "$copy/abi"
accepts "the interface when all is as it was" check-abi '^check-abi: [1-9].* 0 failed$'

accepts "symbols that are as declared" check-symbols '^check-symbols: [1-9].* 0 failed'
notices "a function that is hidden" check-symbols "di_outcome_text" \
	's/^DI_API (.* \*di_outcome_text\()/\1/' di/observer.h
notices "a function that no header declares" check-symbols "di_added" \
	"\$a DI_API int $function" di/scope.c
notices "a name that is not ours" check-symbols "added" \
	"\$a int ${function//di_/}" di/scope.c
notices "symbols without a version" check-symbols "without a version" 's/^DI_[0-9.]+ //' di.map
notices "a function without a comment" check-symbols "di_outcome_text" \
	's/^DI_API (.* \*di_outcome_text\()/\n&/' di/observer.h
notices "a library more that is needed" check-symbols "needs more than libc" \
	's/^(\t\$\(call link_shared)\)/\1,-Xlinker --no-as-needed -lm)/' Makefile

finish check-breaks
