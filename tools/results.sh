# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How scripts that check something count, what they print, and how they end: `. tools/results.sh`.
#
# They close with finish, whose line says "LABEL: N passed, N failed", and ", N skipped" where it is so;
# "passed failed skipped label" is appended to the file $DI_RESULTS, for tools/steps.sh. Who has checked
# nothing has failed.

passed=0
failed=0
skipped=0
# Whether passed checks are named, too.
tell_passed=
# What a script runs in its turn is not to count there.
results=${DI_RESULTS-}
unset DI_RESULTS

# pass [TEXT]
pass()
{
	passed=$((passed + 1))
	[ -z "${1-}" ] || echo "  ok    $1"
}

# fail TEXT [OUTPUT]
fail()
{
	failed=$((failed + 1))
	echo "  FAIL  $1"
	[ -z "${2-}" ] || printf '%s\n' "$2"
}

skip()
{
	skipped=$((skipped + 1))
	echo "SKIPPED: $1"
}

# check TEXT COMMAND...: the command must succeed; its output is shown if it does not.
check()
{
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		pass "${tell_passed:+$text}"
	else
		fail "$text: $*" "$output"
	fi
}

# have TOOL PACKAGE TEXT: whether there is the tool, which the Debian package has; without it TEXT is skipped.
have()
{
	command -v "$1" >/dev/null || {
		skip "$3: $1 is not installed (Debian: $2)"
		return 1
	}
}

# finish LABEL: the end of the script.
finish()
{
	local summary
	if [ $((passed + failed + skipped)) -eq 0 ]; then
		echo "$1: nothing was checked"
		failed=1
	fi
	[ -z "$results" ] || echo "$passed $failed $skipped $1" >>"$results"
	summary="$1: $passed passed, $failed failed"
	[ "$skipped" -eq 0 ] || summary+=", $skipped skipped"
	echo "$summary"
	[ "$failed" -eq 0 ]
	exit
}
