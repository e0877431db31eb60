#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs each fuzz target for its share of the time. Usage: fuzz.sh PROGRAM...
# SECONDS_ALL: for all of them together; SEEDS: files and folders to begin with; CORPUS: a folder for what
# is worth keeping. An input that crashes, leaks, takes more than a second or 64 MiB more than the
# sanitizer itself is a failure, and stays below CORPUS.
set -u
. tools/results.sh

: "${SECONDS_ALL:?}" "${SEEDS:?}" "${CORPUS:?}"

# The sanitizer keeps a quarantine and shadows, which is not the program's memory.
export ASAN_OPTIONS=quarantine_size_mb=8:detect_leaks=1

run_one()
{
	local name corpus seeds log executions
	name=$(basename "$1")
	corpus=$CORPUS/$name
	seeds=$CORPUS/seeds
	log=$CORPUS/$name.log
	mkdir -p "$corpus" "$seeds" "$CORPUS/found"
	# shellcheck disable=SC2086 # a list of words
	find $SEEDS -type f -exec cp -t "$seeds" {} +
	if "$1" -max_total_time=$((SECONDS_ALL / share)) -max_len=4096 -timeout=10 -rss_limit_mb=512 \
		-malloc_limit_mb=64 -dict=tests/fuzz/yaml.dict -artifact_prefix="$CORPUS/found/$name-" \
		-print_final_stats=1 "$corpus" "$seeds" >"$log" 2>&1; then
		executions=$(sed -nE 's/^stat::number_of_executed_units: //p' "$log")
		if [ "${executions:-0}" -gt 0 ]; then
			pass "$name: $executions executions"
		else
			fail "$name ran nothing" "$(tail -20 "$log")"
		fi
	else
		fail "$name" "$(tail -40 "$log")"
	fi
}

share=$#
if [ "$share" -eq 0 ]; then
	skip "fuzzing: there is no target that can be built here"
fi
for program in "$@"; do
	run_one "$program"
done

finish fuzz
