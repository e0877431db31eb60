#!/bin/bash
# SPDX-License-Identifier: MIT
# Checks a table that compares di with another container. Usage: check-parity.sh DOCUMENT NUMBERS...
# NUMBERS: which rows there must be, once each: 1-109 110a-b 111.
# LOGS: the folder of logs of the build; LABEL: what its tests ran as; NOT_BUILT: tests/FOLDER/TEST of
# those that cannot be built here.
#
#     | number | what the other does | answer | what di does | tests |
#
# The answer is "same", "better", "not applicable" or "not yet". What di does ends with "not yet: part" or
# "not yet: part, part" where something is still to come: in each row that is not yet, and in others that
# hold without it. A test is named by its file below tests/ in backquotes and its name behind it,
# `di/test_close.c` a_name another_name; a file of rejects/ or accepts/ is a test by itself. Each has to be
# there, and to have passed in the last run of the tests. Rows that are the same or better name one.
#
# A row that is answered counts as one. The last line says "N passed, N failed".
set -u
export LC_ALL=C

document=$1
shift

# The numbers of a range: 7-9 are 7 8 9, 5a-c are 5a 5b 5c.
numbers()
{
	local first=${1%-*} last=${1#*-} letter
	if [[ $1 == *[a-z]-[a-z] ]]; then
		for letter in {a..z}; do
			[[ $letter < ${first: -1} || $letter > $last ]] || echo "${first%[a-z]}$letter"
		done
	else
		seq "$first" "$last"
	fi
}

# "WORD KEY" a line: what the rows are compared with.
facts()
{
	local range
	for range; do
		numbers "$range" | sed 's/^/number /'
	done
	cat "$LOGS/$LABEL/ran" "$LOGS/check-rejects/ran" 2>/dev/null | sed 's/^/ran /'
	sed 's/^/skipped /' "$LOGS/$LABEL/skipped" 2>/dev/null
	printf '%s\n' "$NOT_BUILT" | tr ' ' '\n' | sed -n 's|^tests/|not-built |p'
	find tests -name '*.c' -exec grep -oE '^START_TEST\(\w+\)' {} + |
		sed -E 's|^tests/(.*):START_TEST\((.*)\)$|has \1 \2|'
	find tests/rejects tests/accepts -name '*.c' | sed -E 's|^tests/(.*)|has \1|'
}

# shellcheck disable=SC2016 # the program is awk's
facts "$@" | awk -v document="$document" -v results="${DI_RESULTS-}" '
	function fault(text) {
		printf "  FAIL  %s:%d: %s\n", document, FNR, text
		faults++
	}

	# A test by its file and name, or a file that is a test by itself.
	function check_test(file, name,   program, key) {
		program = file
		sub(/\.c$/, "", program)
		key = name == "" ? file : program " " name
		tests++
		if (!(("has " file (name == "" ? "" : " " name)) in fact))
			fault("tests/" file " has no test " name)
		else if (("skipped " key) in fact || ("not-built " program) in fact)
			skips++
		else if (!(("ran " key) in fact))
			fault("not among what has passed in the last run: " key)
	}

	function check_tests(cell,   words, count, i, file) {
		count = split(cell, words, " ")
		for (i = 1; i <= count; i++) {
			if (words[i] !~ /^`.*`$/) {
				check_test(file, words[i])
				continue
			}
			file = substr(words[i], 2, length(words[i]) - 2)
			if (file ~ /^(rejects|accepts)\//)
				check_test(file, "")
		}
	}

	# Counts the parts that cell says are not yet there, and returns how many.
	function count_parts(cell, counts,   parts, count, i) {
		if (!sub(/^(.*[^a-z])?not yet: /, "", cell))
			return 0
		count = split(cell, parts, /, */)
		for (i = 1; i <= count; i++)
			counts[parts[i]]++
		return count
	}

	function check_row(number, what, answer, how, cell) {
		faults = skips = tests = 0
		if (!(("number " number) in fact))
			fault("there is no number " number)
		if (number in seen)
			fault("there is another row " number)
		seen[number] = 1
		if (what == "" || (how == "" && answer != "same"))
			fault("row " number " says too little")
		check_tests(cell)
		if (answer == "same" || answer == "better") {
			count_parts(how, in_part)
			if (tests == 0)
				fault("row " number " names no test")
		} else if (answer == "not yet") {
			if (count_parts(how, not_yet) == 0)
				fault("row " number " does not say which part is not yet there")
		} else if (answer != "not applicable") {
			fault("\"" answer "\" is no answer")
		}
		answers[answer]++
		if (faults > 0)
			failed++
		else if (skips > 0)
			skipped++
		else if (answer != "not yet")
			passed++
	}

	function list(label, counts,   key, text, sort) {
		sort = "sort | paste -sd, | sed \"s/,/, /g\""
		for (key in counts)
			text = text counts[key] " " key "\n"
		if (text == "")
			return
		printf "%s", label
		fflush()
		printf "%s", text | sort
		close(sort)
	}

	FNR == NR {
		fact[$0] = 1
		ran += /^ran /
		if (/^number /)
			wanted[$2] = 1
		next
	}
	/^[|] *[0-9]/ {
		if (split($0, cells, / *[|] */) == 7)
			check_row(cells[2], cells[3], cells[4], cells[5], cells[6])
		else {
			fault("a row has five cells")
			failed++
		}
	}
	END {
		for (number in wanted) {
			if (!(number in seen)) {
				printf "  FAIL  %s: there is no row %s\n", document, number
				failed++
			}
		}
		if (!ran)
			print "check-parity: no test has passed: make run-tests check-rejects comes first"
		list((failed ? "" : "  ok  ") "  " document ": ", answers)
		list("        not yet: ", not_yet)
		list("        not yet, in rows that hold without: ", in_part)
		summary = sprintf("%d passed, %d failed", passed, failed)
		if (skipped)
			summary = summary sprintf(", %d skipped", skipped)
		if (results != "")
			print passed + 0, failed + 0, skipped + 0, "check-parity" >>results
		print "check-parity: " summary
		exit failed > 0 || passed == 0
	}' - "$document"
