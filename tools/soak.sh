#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the notes service under wrk and under clients that misbehave, both at once, and watches what
# it holds; then stops it in the middle of that. Usage: soak.sh -s SECONDS [-w WRAPPER] LABEL NOTES GARBAGE
#
# The database, what the programs said and the samples stay in $DI_BUILD_DIR/soak. Without wrk or
# sqlite3 the checks that need them are skipped, by name. The last line says "N passed, N failed".
set -u
export LC_ALL=C
. tools/results.sh
tell_passed=yes

# By how much the median of the memory may be larger in the last quarter than in the second: see
# docs/testing.md.
memory_tolerance_kb=2048
# The service gives requests under way 10 s to end, which is more than any client here takes, and
# disconnects who says nothing for 30 s.
stop_limit=15
idle_limit=45
threads=4

duration=
wrapper=
while getopts s:w: option; do
	case $option in
	s) duration=$OPTARG ;;
	w) wrapper=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
label=$1 notes=$2 garbage=$3

work=${DI_BUILD_DIR:?}/soak
rm -rf "$work"
mkdir -p "$work"

# The number that FILE has on its line "NAME number"; 0 where there is none.
figure()
{
	awk -v name="$2" '$1 == name { n = $2 } END { print n + 0 }' "$work/$1"
}

# Whether FILE's figure NAME is there, and compares to NUMBER: FILE NAME -eq NUMBER
figure_is()
{
	grep -q "^$2 " "$work/$1" && test "$(figure "$1" "$2")" "$3" "$4"
}

# --- The service ----------------------------------------------------------------------------------

# Its standard output is a pipe that we hold: its end is the service's end.
start_service()
{
	mkfifo "$work/greeting"
	# shellcheck disable=SC2086 # a command with its arguments
	$wrapper "$notes" --port 0 --db "$work/notes.db" --threads $threads --busy-timeout 30000 \
		--summary >"$work/greeting" 2>"$work/service.log" &
	service=$!
	exec 3<"$work/greeting"
	read -r -t 60 -u 3 line || line=
	port=${line##*:}
	[ -n "$port" ]
}

# Sets status and took (ms). A service that does not end in time is killed: 137.
stop_service()
{
	local begun=${EPOCHREALTIME/./}
	kill -TERM $service
	read -r -t $stop_limit -u 3 _
	[ $? -le 128 ] || kill -KILL $service
	took=$(((${EPOCHREALTIME/./} - begun) / 1000))
	wait $service
	status=$?
}

memory_kb()
{
	awk '/^VmRSS:/ { print $2 }' /proc/$service/status 2>/dev/null
}

descriptors()
{
	find /proc/$service/fd -type l "$@" 2>/dev/null | wc -l
}

database_descriptors()
{
	descriptors -lname "$work/notes.db*"
}

other_descriptors()
{
	descriptors ! -lname "$work/notes.db*"
}

# A line "seconds memory descriptors" each second, while the service lives.
sample_for()
{
	local begun=$SECONDS kb
	while [ $((SECONDS - begun)) -lt "$1" ] && kb=$(memory_kb) && [ -n "$kb" ]; do
		echo "$((SECONDS - begun)) $kb $(descriptors)" >>"$work/samples"
		sleep 1
	done
}

# The median of the samples' memory between two parts of the run, as fractions of it.
median_kb()
{
	local lines
	lines=$(wc -l <"$work/samples")
	awk -v n="$lines" -v from="$1" -v to="$2" 'NR > n * from && NR <= n * to { print $2 }' \
		"$work/samples" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] + 0 }'
}

# --- Its database ---------------------------------------------------------------------------------

have_sqlite()
{
	command -v sqlite3 >/dev/null
}

query()
{
	sqlite3 "$work/notes.db" "$1"
}

rows_of()
{
	query "SELECT count(*) FROM note WHERE $1"
}

# --- Its clients ----------------------------------------------------------------------------------

have_wrk()
{
	command -v wrk >/dev/null
}

# $1: the round, $2: seconds
start_clients()
{
	mkfifo "$work/begun-$1"
	"$garbage" "$port" "$1" >"$work/begun-$1" 2>"$work/garbage-$1.log" &
	bad=$!
	exec 4<"$work/begun-$1"
	load=
	if have_wrk; then
		wrk -t 2 -c 16 -d "$2" --timeout 30 -s tests/soak/load.lua \
			"http://127.0.0.1:$port" >"$work/wrk-$1" 2>&1 &
		load=$!
	fi
}

# Until the bad clients have got some right answers.
await_clients()
{
	read -r -t 60 -u 4 line && [ "$line" = "under way" ]
}

# $1: the round
end_clients()
{
	[ -z "$load" ] || wait $load
	kill -TERM $bad 2>/dev/null
	cat <&4 >"$work/garbage-$1"
	wait $bad
}

cleanup()
{
	# shellcheck disable=SC2046 # a list of words
	kill -KILL $(jobs -rp) 2>/dev/null
}
trap cleanup EXIT

await_clients_gone()
{
	local deadline=$((SECONDS + idle_limit))
	while [ "$(other_descriptors)" -gt "$1" ]; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

# After this nothing else is worth asking.
give_up()
{
	[ -z "$(memory_kb)" ] || kill -ABRT $service
	wait $service
	echo "  the service ended with exit status $?; it said:"
	tail -n 50 "$work/service.log"
	finish "soak $label"
}

# --- The first round: all of it, for as long as was asked ------------------------------------------

echo "soak $label: ${duration} s"
if ! start_service; then
	fail "the service does not start" "$(cat "$work/service.log")"
	finish "soak $label"
fi
idle_kb=$(memory_kb)
idle_descriptors=$(other_descriptors)
start_clients 1 "$duration"
check "well-behaved clients get answers among others" await_clients
[ $failed -eq 0 ] || give_up
sample_for "$duration"
check "the service is still there" [ -n "$(memory_kb)" ]
[ $failed -eq 0 ] || give_up
end_clients 1

if have_wrk; then
	check "wrk gets no error" figure_is wrk-1 refused -eq 0
	check "wrk loses no connection" figure_is wrk-1 lost -eq 0
else
	skip "soak with wrk: it is not installed (Debian: wrk)"
fi
check "every valid request among garbage gets its answer" figure_is garbage-1 answers -gt 100
check "no answer is wrong" figure_is garbage-1 wrong -eq 0
check "no answer is late" figure_is garbage-1 late -eq 0
check "no answer is lost" figure_is garbage-1 lost -eq 0

# --- What it holds --------------------------------------------------------------------------------

check "once the clients are gone, so are their descriptors" await_clients_gone "$idle_descriptors"
# Each thread has at most one session, and each session a connection: two files, and one for all.
check "there are no more database connections than threads" \
	[ "$(database_descriptors)" -le $((2 * threads + 1)) ]
second_kb=$(median_kb 0.25 0.5)
last_kb=$(median_kb 0.75 1)
case $label in
*asan* | *tsan*) skip "memory stays flat: the sanitizer keeps what is freed" ;;
*) check "memory stays flat" [ "$last_kb" -le $((second_kb + memory_tolerance_kb)) ] ;;
esac
# Nobody writes now, and each request has got its answer: the service must agree with its clients.
! have_sqlite || check "what was acknowledged is there, and nothing else" \
	figure_is garbage-1 kept_least -eq "$(rows_of "owner = 'sound'")"
printf '  memory, KiB: %d idle, %d in the second quarter, %d in the last, %d at most, %d after\n' \
	"$idle_kb" "$second_kb" "$last_kb" "$(sort -nk2 "$work/samples" | tail -n 1 | cut -d' ' -f2)" \
	"$(memory_kb)"
printf '  descriptors: %d idle, %d at most, %d after, %d of them for the database\n' \
	"$idle_descriptors" "$(sort -nk3 "$work/samples" | tail -n 1 | cut -d' ' -f3)" \
	"$(descriptors)" "$(database_descriptors)"

# --- The second round: it is stopped in the middle ------------------------------------------------

start_clients 2 60
check "clients come back" await_clients
stop_service
[ -z "$load" ] || kill -INT "$load"
end_clients 2
printf '  stopped under load in %d ms, with exit status %d\n' $took $status
check "it ends well, and in time" [ $status -eq 0 ]
check "until then no answer is wrong" figure_is garbage-2 wrong -eq 0
check "until then no answer is late" figure_is garbage-2 late -eq 0
! have_wrk || check "until then wrk gets no error" figure_is wrk-2 refused -eq 0

# All that it says is its summary.
summary='contexts opened ([0-9]+), closed ([0-9]+)'
says_no_more()
{
	! grep -vxE "$summary" "$work/service.log"
}

requests=0
for round in 1 2; do
	for file in "wrk-$round requests" "garbage-$round answers"; do
		# shellcheck disable=SC2086 # two words
		[ ! -e "$work/${file% *}" ] || requests=$((requests + $(figure $file)))
	done
done
read -r opened closed < <(sed -nE "s/^$summary\$/\1 \2/p" "$work/service.log")
echo "  contexts: ${opened:-not told how many} opened, ${closed:-not told how many} closed;" \
	"requests answered: $requests"
echo "  connections of clients among which most misbehave:" \
	$(($(figure garbage-1 connections) + $(figure garbage-2 connections)))
check "as many contexts are closed as were opened" [ "${opened:-0}" = "${closed:-unknown}" ]
check "each request had a context" [ "${opened:-0}" -gt $requests ]
check "it complained of nothing" says_no_more

# --- What it leaves -------------------------------------------------------------------------------

if have_sqlite; then
	check "the database is sound" [ "$(query 'PRAGMA integrity_check')" = ok ]
	least=$(($(figure garbage-1 kept_least) + $(figure garbage-2 kept_least)))
	most=$(($(figure garbage-1 kept_most) + $(figure garbage-2 kept_most)))
	rows=$(rows_of "owner = 'sound'")
	echo "  notes: $rows are there, $least to $most were acknowledged, $(rows_of true) in all"
	check "what was acknowledged is there, also when it is stopped" [ "$rows" -ge $least ]
	check "nothing is there that was not asked for" [ "$rows" -le $most ]
	check "requests that were cut left nothing" [ "$(rows_of "owner = 'half'")" -eq 0 ]
	# Of users whose names no client garbles.
	ours="(owner IN ('sound', 'deaf') OR owner GLOB 'load?')"
	check "no note is half-done" \
		[ "$(rows_of "$ours AND text <> 'about ' || title")" -eq 0 ]
else
	skip "soak with a look into the database: sqlite3 is not installed (Debian: sqlite3)"
fi
grep -h . "$work"/garbage-?.log
finish "soak $label"
