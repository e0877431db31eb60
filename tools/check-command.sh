#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the di command: what it says of right and wrong files and calls, what it draws, and that what it
# generates compiles and is the same container. Usage: check-command.sh
# DI: the command, "" where it is not built; LIBRARIES: a folder with the archives, without a
# sanitizer; CC, PKG_CONFIG; PACKAGES of the command; NOTES_PACKAGES of the notes sample, "" where that is
# not built; VERSION; RUN: variables that the command is run with.
set -u
export LC_ALL=C
. tools/results.sh

if [ -z "$DI" ]; then
	# shellcheck disable=SC2153 # from outside
	skip "the di command is not built: it needs $PACKAGES"
	finish check-command
fi

tree=$PWD
di=$tree/$DI
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=$tree/tests/tools
# shellcheck disable=SC2086,SC2163 # a list of words
[ -z "$RUN" ] || export $RUN
unset NO_COLOR

# says STATUS PATTERN ARGUMENT...: what both streams of the command have together is like the pattern.
says()
{
	local wanted=$1 pattern=$2 output status
	shift 2
	output=$("$di" "$@" 2>&1)
	status=$?
	# shellcheck disable=SC2053 # a pattern
	if [ $status -eq "$wanted" ] && [[ $output == $pattern ]]; then
		pass
	else
		fail "di $*: status $status, not $wanted, or not like $pattern" "$output"
	fi
}

# exactly STATUS ARGUMENT...: the same for the text on standard input, where ... is anything.
exactly()
{
	local wanted=$1 text output status pattern
	shift
	text=$(cat)
	pattern=$(sed -e 's/[][*?\\]/\\&/g' -e 's/\.\.\./*/g' <<<"$text")
	output=$("$di" "$@" 2>&1)
	status=$?
	# shellcheck disable=SC2053 # a pattern
	if [ $status -eq "$wanted" ] && [[ $output == $pattern ]]; then
		pass
	else
		fail "di $*: status $status, not $wanted, or not what it should say" \
			"$(diff <(echo "$text") <(echo "$output"))"
	fi
}

# equal TEXT FILE FILE
equal()
{
	check "$1" diff "$2" "$3"
}

# --- What it is called with.
says 2 'usage: di COMMAND*di schema*'
says 0 'usage: di COMMAND*It ends with 0*' --help
says 0 "di $VERSION" --version
says 2 "di: there is no command 'chek'; did you mean 'check'?*usage: *" chek
says 2 "di: there is no command ''*" ''
says 2 'di check: something is missing: FILE...*usage: di check *' check
says 2 'di graph: something is missing: FILE*' graph
says 2 'di graph: there is one word too many: b.yaml*' graph a.yaml b.yaml
says 2 'di explain: something is missing: FILE PROVIDER*' explain a.yaml
says 2 'di check: it has no option --sorrow*' check --sorrow a.yaml
says 2 'di check: it has no option -f*' check -f svg a.yaml
says 2 'di graph: nothing follows the option --format*' graph a.yaml --format
says 2 'di graph: png is no format; there are dot, mermaid, json, svg' graph -f png a.yaml
says 2 'di schema: there is one word too many: a.yaml*' schema a.yaml
for command in check graph explain generate schema; do
	says 0 "usage: di $command *-h, --help*" $command --help
done
check "what cannot be printed is told of" bash -c "! '$di' --help >/dev/full 2>'$work/full'"
check "what is printed cannot be written" grep -q 'could not be written' "$work/full"

# --- Faults, all at once.
cd "$work" || exit
cat >wrong.yaml <<'END'
version: 1
container: app
default_scope: request
providers:
  - {name: settings, kind: objct, object: app_settings}
  - {name: store, kind: resource, create: store_open, args: [{ref: setings}, {int: 10abc}], destroy: f}
  - {name: user, kind: state, type: struct user}
  - {name: one, kind: singleton, create: one_new, args: [{ref: two}], destroy: f}
  - {name: two, kind: factory, create: two_new, args: [{ref: user}], destroy: f, colour: red}
  - {name: a, kind: singleton, create: a_new, args: [{ref: b}], destroy: f}
  - {name: b, kind: singleton, create: b_new, args: [{ref: a}], destroy: f}
END
exactly 1 check wrong.yaml <<'END'
wrong.yaml:5:28: error: 'objct' is no kind; did you mean 'object'? there are: object, singleton, ...dict, lazy [providers[0].kind]
wrong.yaml:6:68: error: store: there is no row setings; did you mean settings? [providers[1].args[0].ref]
wrong.yaml:6:84: error: '10abc' is no whole number [providers[1].args[1].int]
wrong.yaml:8:64: error: one: of scope app, it would outlive user of scope request: user <- two <- one [providers[3].args[0].ref]
wrong.yaml:9:82: error: unknown key 'colour' [providers[4].colour]
wrong.yaml:11:60: error: b: it needs itself: a <- b <- a [providers[6].args[0].ref]
wrong.yaml: 7 providers, 6 errors, 0 warnings; functions and objects are not known
END
"$di" check wrong.yaml >"$work/output" 2>/dev/null
check "the summary is what is printed, the rest is of errors" [ "$(wc -l <"$work/output")" -eq 1 ]
for command in graph generate; do
	says 1 'wrong.yaml:5:28: error: *' $command wrong.yaml -o never
	check "nothing is written of a wrong file" [ ! -e never ]
done
says 1 'wrong.yaml:5:28: error: *' explain wrong.yaml store
says 1 'none.yaml: error: the file cannot be read: No such file or directory*' check none.yaml
says 1 'none.yaml: error: *' graph none.yaml
printf 'a: [b\n' >broken.yaml
says 1 'broken.yaml:*: error: *' check broken.yaml

# --- One constructor, used in different ways.
cat >differ.yaml <<'END'
version: 1
container: app
providers:
  - {name: a, kind: singleton, create: new, destroy: f, type: struct part, args: [{ref: u}, {int: 1}]}
  - {name: b, kind: singleton, create: new, destroy: f, type: struct other, args: [{ref: v}, {int: 1}]}
  - {name: c, kind: singleton, create: new, destroy: f, args: [{ref: b}]}
  - {name: d, kind: selector, type: struct part, select: pick, cases: [{when: x, ref: b}]}
  - {name: e, kind: selector, select: pick, args: [{ref: a}, {ref: b}], cases: [{when: x, ref: a}]}
  - {name: u, kind: state, type: struct user, scope: app}
  - {name: v, kind: state, type: struct vser, scope: app}
END
exactly 1 check -q differ.yaml <<'END'
differ.yaml:5:63: error: b: new makes a struct other here, and a struct part for a, at differ.yaml:4:5 [providers[1].type]
differ.yaml:5:90: error: b: argument 1 of new is a struct vser here, and a struct user for a, at differ.yaml:4:5 [providers[1].args[0].ref]
differ.yaml:6:40: error: c: new is given 1 argument here, and 2 for a, at differ.yaml:4:5 [providers[2].create]
differ.yaml:7:87: error: d: each option is a struct part, and b provides a struct other [providers[3].cases[0].ref]
differ.yaml:8:39: error: e: pick is given 2 arguments here, and 0 for d, at differ.yaml:7:5 [providers[4].select]
END
cat >slow.yaml <<'END'
version: 1
container: app
providers:
  - {name: a, kind: async_singleton, create: new, destroy: f, args: [{ref: b}]}
  - {name: b, kind: async_factory, create: new, destroy: f, args: [{ref: c}]}
  - {name: c, kind: factory, create: new, destroy: f, args: [{int: 5}]}
  - {name: d, kind: async_context_resource, create: d_new, destroy: f}
  - {name: e, kind: async_resource, create: e_new, args: [{ref: d}]}
END
exactly 1 check -q slow.yaml <<'END'
slow.yaml:4:46: error: a: new makes an async_singleton here, and a factory for c, at slow.yaml:6:5: it is asynchronous or not [providers[0].create]
slow.yaml:5:44: error: b: new makes an async_factory here, and a factory for c, at slow.yaml:6:5: it is asynchronous or not [providers[1].create]
slow.yaml:7:5: error: d: it names no scope, and app has no default [providers[3]]
slow.yaml:8:5: error: a row of the kind async_resource needs the key 'destroy' [providers[4]]
END

# --- Who is needed.
cat >needed.yaml <<'END'
version: 1
container: app
default_scope: request
providers:
  - {name: config, kind: object, object: c}
  - {name: store, kind: resource, create: open, args: [{ref: config}], destroy: f}
  - {name: user, kind: state, type: struct user}
  - {name: session, kind: context_resource, create: begin, args: [{ref: fast}], destroy: f}
  - {name: fast, kind: selector, always: x, cases: [{when: x, ref: chosen}]}
  - {name: chosen, kind: singleton, create: new, destroy: f}
  - {name: held, kind: singleton, create: new, destroy: f}
  - {name: all, kind: list, type: struct parts, items: [held]}
  - {name: later, kind: lazy, type: struct later, target: led}
  - {name: led, kind: singleton, create: new, destroy: f}
  - {name: real, kind: singleton, create: new, destroy: f}
  - {name: fake, kind: singleton, create: new, destroy: f}
overrides: [{provider: real, with: fake}]
END
said='no row needs it; if the program asks for it, --root'
exactly 0 check needed.yaml <<END
needed.yaml:7:12: warning: user: $said user says so [providers[2].name]
needed.yaml:8:12: warning: session: $said session says so [providers[3].name]
needed.yaml:12:12: warning: all: $said all says so [providers[7].name]
needed.yaml:13:12: warning: later: $said later says so [providers[8].name]
needed.yaml:15:12: warning: real: $said real says so [providers[10].name]
needed.yaml: 12 providers, 0 errors, 5 warnings; functions and objects are not known
END
says 1 '*needed.yaml: 12 providers, 0 errors, 5 warnings*' check -W needed.yaml
says 0 '' check -q needed.yaml
says 1 '' check -q -W needed.yaml
cat >uses.c <<'END'
DI_HANDLER(answer, int, (int), (reply, session, user));
struct parts *parts = all_get(context, NULL);
END
exactly 0 check --used-in uses.c -r later --root=real needed.yaml <<'END'
needed.yaml: 12 providers, 0 errors, 0 warnings; functions and objects are not known
END
says 1 'needed.yaml: error: --used-in none.c: No such file*' check -u none.c needed.yaml
says 1 'needed.yaml: error: --used-in .: Is a directory*' check -u . needed.yaml
says 2 '*di check: --root: no file has a provider usr*' check -r user -r usr needed.yaml
says 1 '*wrong.yaml:5:28: *needed.yaml: 12*' check wrong.yaml needed.yaml

# --- What cannot be known here.
cat >unknown.yaml <<'END'
version: 1
container: app
connects: [storage]
providers:
  - {name: job, kind: state, type: struct job, scope: job}
  - {name: wrong, kind: state, type: struct job, scope: none}
  - {name: a, kind: singleton, create: new, args: [{env: DI_CHECK_UNSET}, {ref: storage_part}], destroy: f}
  - {name: b, kind: resource, create: b_new, args: [{ref: a}, {ref: job}], destroy: f}
END
exactly 1 check -r job -r wrong unknown.yaml <<'END'
unknown.yaml:3:12: warning: the container 'storage' is not known here; --connect shows its file [connects[0]]
unknown.yaml:5:55: warning: job: there is no scope job [providers[0].scope]
unknown.yaml:6:57: error: wrong: none is a scope of contexts, no row lives in it [providers[1].scope]
unknown.yaml:7:58: warning: a: DI_CHECK_UNSET is not set in the environment, and there is no default [providers[2].args[0].env]
unknown.yaml:7:81: warning: a: there is no row storage_part [providers[2].args[1].ref]
unknown.yaml: 4 providers, 1 error, 4 warnings; functions and objects are not known
END
cat >storage.yaml <<'END'
version: 1
container: storage
providers:
  - {name: storage_part, kind: singleton, type: struct part, create: part_new, destroy: f}
  - {name: storage_other, kind: singleton, create: other_new, destroy: f}
  - {name: storage_session, kind: state, type: struct session, scope: request}
END
cat >app.yaml <<'END'
version: 1
container: app
connects: [storage]
providers:
  - {name: a, kind: resource, create: a_new, args: [{ref: storage_part}, {ref: storage_sesion}], destroy: f}
  - {name: b, kind: resource, create: b_new, args: [{ref: storage_session}], destroy: f}
  - {name: c, kind: selector, type: struct other, always: x, cases: [{when: x, ref: storage_part}]}
  - {name: d, kind: selector, type: struct other, always: x, cases: [{when: x, ref: storage_other}]}
END
exactly 1 check -q -c storage.yaml app.yaml <<'END'
app.yaml:5:80: error: a: there is no row storage_sesion; did you mean storage_session? [providers[0].args[1].ref]
app.yaml:6:59: error: b: of scope app, it would outlive storage_session of scope request [providers[1].args[0].ref]
app.yaml:7:85: error: c: each option is a struct other, and storage_part provides a struct part [providers[2].cases[0].ref]
END
says 1 'wrong.yaml:5:28: error: *' check -c wrong.yaml app.yaml

# --- Exports.
libraries=("$tree/$LIBRARIES/libdi-yaml.a" "$tree/$LIBRARIES/libdi.a")
includes=("-I$tree" "-I$files/app")
flags=(-std=c11 -D_POSIX_C_SOURCE=200809L -pthread -Wall -Wextra -Werror)
compile()
{
	"$CC" "${flags[@]}" "${includes[@]}" "$@"
}
check "a shared object with exports" compile -shared -fPIC -o app.so "$files/app/app.c" \
	"$files/app/exports.c" "$tree/$LIBRARIES/libdi.a"
echo 'int nothing;' >silent.c
check "a shared object without" compile -shared -fPIC -o silent.so silent.c
sed -e 's/{int: -5}/{int: -5.5}/' -e 's/ref: counter}, {ref: limit/ref: limit}, {ref: limit/' \
	-e 's/settings.db.retries/settings.db.url/' -e 's/later_session/later/' "$files/app/app.yaml" >types.yaml
says 1 "*is no whole number*argument 2 of store_open is an int, and settings.db.url is a const char *
*argument 1 of memory_open is a struct counter ?, and limit provides a const int *no lazy struct later is exported*" \
	check -q -e app.so types.yaml
says 1 '*is no whole number*' check -q types.yaml
sed -e 's/async_singleton, create: link_share/singleton, create: link_share/' \
	-e 's/async_factory, create: link_share/async_factory, create: query_new/' \
	-e 's/DI_CONTEXT}], destroy: query_free/DI_CONTEXT}], destroy: link_leave/' "$files/app/app.yaml" >times.yaml
says 1 "*query: link_leave ends a struct link, and query_new makes a struct query*
*spare: link_share is asynchronous, and a singleton is not; did you mean async_singleton?*
*own: query_new is not asynchronous, and an async_factory is; did you mean factory?*" check -q -e app.so times.yaml
roots=(-r greeting -r all -r query -r spare -r own)
exactly 0 check "${roots[@]}" -e app.so "$files/app/app.yaml" <<END
$files/app/app.yaml: 18 providers, 0 errors, 0 warnings
END
says 1 'di: --exports: *none.so*' check -e none.so app.yaml
says 1 'di: --exports: silent.so hands over no exports: it has no DI_EXPORTS_ENTRY()' \
	check -e silent.so app.yaml
sed 's/^providers:/plugins: [app.so]\n&/' "$files/app/app.yaml" >plugged.yaml
exactly 0 check -q plugged.yaml </dev/null
says 0 '*plugged.yaml: 18 providers, 0 errors, 0 warnings' check "${roots[@]}" -p plugged.yaml
says 1 'plugged.yaml:5:1: error: the program allows no plug-ins*' check -e app.so plugged.yaml
cp app.so again.so
says 1 'app.yaml: error: --exports again.so: *' check -e app.so -e again.so app.yaml
says 1 "plugged.yaml:5:11: error: the plug-in 'app.so': *" check -e again.so -p plugged.yaml

# --- Colours.
# on_terminal VARIABLE... prints what a terminal is shown.
on_terminal()
{
	env "$@" script -qec "'$di' check -q wrong.yaml" /dev/null </dev/null
}
if have script bsdutils "colours"; then
	check "colours on a terminal" grep -q $'\033\\[1;31merror' <(on_terminal TERM=xterm)
	check "NO_COLOR" [ "$(on_terminal TERM=xterm NO_COLOR=1 | grep -c $'\033')" -eq 0 ]
	check "an empty NO_COLOR" grep -q $'\033' <(on_terminal TERM=xterm NO_COLOR=)
	check "a dumb terminal" [ "$(on_terminal TERM=dumb | grep -c $'\033')" -eq 0 ]
fi
check "no colours elsewhere" [ "$(TERM=xterm "$di" check wrong.yaml 2>&1 | grep -c $'\033')" -eq 0 ]

# --- Graphs.
notes=$tree/samples/notes/notes.yaml
says 0 'digraph "notes" {*n6 -> n5;*}' graph "$notes"
says 0 'digraph "app" {*"x"*' graph --format=dot -c storage.yaml needed.yaml
says 0 'flowchart *notes_store*' graph -f mermaid "$notes"
says 0 '*"name": "notes_store", "kind": "resource"*' graph -f json "$notes"
says 0 '*"name": "session", "kind": "context_resource", "type": "struct session", "scope": "request"*' \
	graph -f json -e app.so "$files/app/app.yaml"
says 0 '*"name": "shared", "kind": "async_context_resource", "type": "struct link", "scope": "request"*' \
	graph -f json -e app.so "$files/app/app.yaml"
says 0 'digraph "app" {*link*async_resource*' graph -e app.so "$files/app/app.yaml"
says 0 '' graph -o notes.dot "$notes"
check "the output is the graph" grep -q '^digraph "notes"' notes.dot
says 3 'di: /none/x cannot be written: No such file or directory' graph -o /none/x "$notes"
says 3 'di: /dev/full cannot be written: No space left on device' graph -o /dev/full "$notes"
if have dot graphviz "the svg"; then
	says 0 '' graph -f svg -o notes.svg "$notes"
	check "a picture" grep -q '<svg ' notes.svg
	check "all is in the picture" [ "$(grep -c 'class="node"' notes.svg)" -eq 7 ]
fi
mkdir empty
PATH=$work/empty says 3 'di graph: svg is made by dot, which is not there (Debian: graphviz)' \
	graph -f svg "$notes"
printf '#!/bin/sh\nexit 1\n' >empty/dot
chmod +x empty/dot
PATH=$work/empty:$PATH says 3 'di graph: dot, which makes svg, has failed' graph -f svg "$notes"

# --- One provider.
cp "$notes" "$files/app/app.yaml" .
exactly 0 explain notes.yaml notes_session <<'END'
notes_session: context_resource of a type that is not known here
  at        notes.yaml:24:5
  made by   session_begin(notes_store, notes_intent)
  ended by  session_end
  lives     as long as a context of the scope request, rank 100
  needs     notes_store              resource           notes.yaml:12:5
            notes_intent             state              notes.yaml:22:5
  needed by notes_query              factory            notes.yaml:30:5
END
exactly 0 explain -e app.so app.yaml query <<'END'
query: factory of struct query
  at        app.yaml:28:5
  made by   query_new(session, later, DI_CONTEXT)
  ended by  query_free
  lives     as long as what it is made for; not longer than the scope batch
  needs     session                  strict context_resource app.yaml:25:5
            later                    lazy               app.yaml:27:5
            DI_CONTEXT               the context that it is made in
  needed by no other row
END
exactly 0 explain -e app.so app.yaml shared <<'END'
shared: strict async_context_resource of struct link
  at        app.yaml:33:5
  made by   link_share(link)
  ended by  link_leave
  lives     as long as a context of the scope request, rank 100
  needs     link                     async_resource     app.yaml:30:5
  needed by own                      async_factory      app.yaml:35:5
END
says 0 'link: async_resource*made by   link_open(settings.db.url, 3)
*lives     as long as the container, from its start*' explain app.yaml link
exactly 0 explain -e app.so app.yaml store <<'END'
store: selector of struct store
  at        app.yaml:18:5
  chosen by pick_store(settings)
  lives     as long as what is chosen; not longer than the scope app
  needs     settings                 object             app.yaml:8:5
            file                     resource           app.yaml:11:5, as "file"
            memory                   singleton          app.yaml:16:5, as "memory"
  needed by session                  strict context_resource app.yaml:25:5
END
says 0 'file: resource*made by   store_open(settings.db.url, settings.db.retries, 0.5, true, "a "file"")
*lives     as long as the container, from its start
*settings *, its db.url*needed by store *all *by_name *' explain -e app.so app.yaml file
says 0 'settings: object of const struct settings
*override  in app.yaml:37:5
*is        test_settings
*needs     nothing*' explain -e app.so app.yaml settings
says 0 'later: lazy of const struct later_session*, when it is asked for*' explain app.yaml later
says 0 'all: list of const struct stores*as long as all that it holds*' explain -e app.so app.yaml all
says 0 'fast: selector*chosen is "m", always*' explain app.yaml fast
says 0 'counter: *ended by  nothing: di_keep*' explain app.yaml counter
sed '/name: wrong/d' unknown.yaml >known.yaml
# shellcheck disable=SC2016 # not a variable
says 0 'a: singleton*made by   new($DI_CHECK_UNSET, storage_part)*storage_part *not known here*' \
	explain known.yaml a
says 1 "di explain: notes.yaml has no provider 'notes_sesion'; did you mean 'notes_session'?" \
	explain notes.yaml notes_sesion

cat >lives.yaml <<'END'
version: 1
container: lives
connects: [storage]
providers:
  - {name: each, kind: thread_singleton, create: each_new, destroy: di_keep}
  - {name: either, kind: selector, always: a, cases: [{when: a, ref: storage_session}]}
  - {name: level, kind: object, type: const int, value: {env: DI_CHECK_UNSET}}
END
cat >storage_lives.yaml <<'END'
version: 1
container: storage
providers:
  - {name: storage_session, kind: context_resource, scope: request, create: s_new, destroy: di_keep}
END
says 0 'each: thread_singleton*lives     as long as the thread that asks, one for each*' \
	explain lives.yaml each
says 0 'either: selector*what is chosen; not longer than the scope request*' \
	explain -c storage_lives.yaml lives.yaml either
says 0 '*lives.yaml:7:*: warning: level: DI_CHECK_UNSET is not set in the environment*' \
	check -c storage_lives.yaml lives.yaml

# --- Very many faults.
{
	printf 'version: 1\ncontainer: many\nproviders:\n'
	for ((i = 0; i < 1100; i++)); do
		echo "- {name: a$i, kind: nothing, create: f, destroy: di_keep}"
	done
} >many.yaml
says 1 '*many.yaml: 100 more errors are not shown*many.yaml: 1100 providers, 1100 errors*' \
	check many.yaml
sed -i 's/kind: nothing/kind: singleton/' many.yaml
says 0 '*many.yaml: 100 more warnings are not shown*1100 providers, 0 errors, 1100 warnings*' \
	check many.yaml

# --- Tables of macros.
check "a table" "$di" generate -e app.so -I app.h -o table.h app.yaml
# shellcheck disable=SC2086 # a list of words
packages=$("$PKG_CONFIG" --cflags --libs $PACKAGES)
# shellcheck disable=SC2086 # lists of words
check "it compiles" compile -I. -o app "$files"/app/*.c "${libraries[@]}" $packages
./app >generated
./app app.yaml >loaded
check "the generated container works" grep -q '^session of ada with memory' generated
check "what takes time works" grep -qx 'own link: 5' generated
check "what takes time ends" grep -qx 'leave test.db, 5, done' generated
says 0 '*X(async_resource, link, struct link, (link_open, DI_FIELD(settings, db.url), DI_FIELD(*), link_close)*
*X(async_singleton, spare, struct link, (link_share, link), di_keep)*
*X(async_context_resource, shared, struct link, (link_share, link), link_leave, DI_STRICT(request))*
*X(async_factory, own, struct link, (link_share, shared), link_leave)*' generate -e app.so app.yaml
equal "it is the one that is loaded" generated loaded
says 0 '*define APP(X)*X(state, user, const struct user, request)*DI_CONTAINER_DECLARE(app, APP);*' \
	generate -e app.so app.yaml
says 0 '' generate -e app.so -I a.h -I '<b.h>' -o 9-rows.h app.yaml
check "the guard is of the file's name" grep -qx '#ifndef N_ROWS_H' 9-rows.h
check "includes" [ "$(grep '#include' 9-rows.h | tr '\n' ' ')" = \
	'#include <di/di.h> #include "a.h" #include <b.h> ' ]
cat >forms.yaml <<'END'
version: 1
container: forms
providers:
  - {name: forms_values, kind: singleton, type: struct f, create: f_new, destroy: di_keep,
     args: [{int: 5}, {int: 5000000000}, {int: 18446744073709551615}, {float: 2.5}, {bool: true}, {str: "a"}]}
END
says 0 '*struct forms_values2 {*int forms_values_1;*long long forms_values_2;*unsigned long long forms_values_3;*double forms_values_4;*_Bool forms_values_5;*const char \*forms_values_6;*' \
	generate forms.yaml
mkdir -p 'odd*'
cp forms.yaml 'odd*/forms.yaml'
says 0 "/\* Generated from odd\?/forms.yaml by di $VERSION: *" generate 'odd*/forms.yaml'
cat >words.yaml <<'END'
version: 1
container: words
providers:
  - {name: while, kind: state, type: struct user, scope: request}
  - {name: hile, kind: state, type: struct user, scope: request}
  - {name: words, kind: state, type: struct user, scope: request}
END
exactly 1 generate words.yaml <<'END'
words.yaml:4:12: error: while: that is a word of C; in a table of macros a row needs another name [providers[0].name]
words.yaml:6:12: error: words: that is the name of the table; in a table of macros a row needs another name [providers[2].name]
END
says 1 '*notes.yaml:8:5: error: notes_config: its type is not known; the key '"'type'"' says it, or exports do that --exports names*' \
	generate notes.yaml
cat >rows.yaml <<'END'
version: 1
container: APP
providers:
  - {name: a, kind: singleton, type: struct a, create: a_new, destroy: free}
  - {name: b, kind: singleton, type: struct b, create: b_init, args: [{int: 3000000000}, {str: x}], destroy: di_keep}
END
says 0 '*long long b_1;*const char \*b_2;*define APP_ROWS(X)*DI_RETURNS(a_new), free)*DI_INIT(b_init, DI_FIELD(APP_values, b_1), *DI_CONTAINER_DECLARE(APP, APP_ROWS);*' \
	generate --returns a_new --init b_init rows.yaml
cat >later.yaml <<'END'
version: 1
container: later
providers:
  - {name: a, kind: async_singleton, type: struct a, create: a_new, destroy: free}
  - {name: b, kind: async_factory, type: struct b, create: b_init, args: [{ref: a}], destroy: di_keep}
END
says 0 '*X(async_singleton, a, struct a, (a_new), free)*X(async_factory, b, struct b, (b_init, a), di_keep)*' \
	generate later.yaml
exactly 1 generate --returns a_new --init b_init later.yaml <<'END'
later.yaml:4:62: error: a: --returns a_new: an async_singleton is made by a function that completes a call; it has no DI_RETURNS() [providers[0].create]
later.yaml:5:60: error: b: --init b_init: an async_factory is made by a function that completes a call; it has no DI_INIT() [providers[1].create]
END
says 1 'app.yaml:*: error: *: --init link_open: an async_resource is made by a function that completes a call; *' \
	generate -e app.so --init link_open app.yaml
says 1 'app.yaml:*: error: query: --returns query_new: exports have it without DI_RETURNS() \[providers*.create\]' \
	generate -e app.so --returns query_new app.yaml
cat >connected.yaml <<'END'
version: 1
container: app
connects: [storage]
providers:
  - {name: a, kind: singleton, type: struct a, create: a_new, args: [{ref: storage_part}], destroy: free}
END
says 0 '*, (a_new, storage_part), free)*DI_CONTAINER_DECLARE(app, APP, storage);*' \
	generate -c storage.yaml connected.yaml
says 0 'digraph "app"*label="storage"*n0 -> n1*' graph -c storage.yaml connected.yaml
says 0 '*storage_part *singleton *of the container storage*' explain -c storage.yaml connected.yaml a
cat >refused.yaml <<'END'
version: 1
container: app
providers:
  - {name: a_new, kind: singleton, type: struct a, create: a_new, args: [{env: HOME}], destroy: free}
  - {name: m, kind: object, type: const int, value: {env: M, default: '1'}}
END
exactly 1 generate refused.yaml <<'END'
refused.yaml:4:12: error: a_new: the program has a function or object of that name, which a_new is made of; in a table of macros a row needs another name [providers[0].name]
refused.yaml:4:80: error: a_new: a table of macros is complete before the environment is read; env has no place there [providers[0].args[0].env]
refused.yaml:5:53: error: m: a table of macros is complete before the environment is read; env has no place there [providers[1].value]
END

# --- The notes sample with a generated table: the same descriptors, and the tests of its handlers.
# in_tree COMMAND...
in_tree()
(
	cd "$tree" && "$@"
)

# notes_program NAME FOLDER FILE... links a program with the sample; headers are looked for in the folder
# first.
notes_program()
{
	local name=$1 folder=$2
	shift 2
	# shellcheck disable=SC2086 # lists of words
	in_tree "$CC" "${flags[@]}" -I"$folder" -I. -DBUILD_DIR="\"$LIBRARIES\"" -o "$work/$name" "$@" \
		$notes_sources "$LIBRARIES"/lib{di-microhttpd,di-yaml,di}.a $notes_flags
}

if [ -n "$NOTES_PACKAGES" ]; then
	notes_sources=$(cd "$tree" && printf '%s ' samples/notes/[!m]*.c)
	# shellcheck disable=SC2086 # a list of words
	notes_flags=$("$PKG_CONFIG" --cflags --libs $NOTES_PACKAGES libcurl check)
	cat >entry.c <<-'END'
		#include "samples/notes/exports.h"
		DI_EXPORTS_ENTRY(notes_exports);
	END
	cat >rows.c <<-'END'
		#include "containers/graph.h"
		#include "samples/notes/notes.h"
		#include <stdio.h>
		static int print(const char *text, size_t size, void *data)
		{
			return fwrite(text, 1, size, data) != size;
		}
		int main(void)
		{
			return di_table_graph(&notes, DI_GRAPH_JSON, print, stdout, NULL) != DI_OK;
		}
	END
	check "exports of the sample" notes_program notes.so . -shared -fPIC "$work/entry.c"
	headers=()
	for header in clock config query session store; do
		headers+=(--include "samples/notes/$header.h")
	done
	mkdir -p made/samples/notes
	check "the sample's file is right" "$di" check --werror --exports notes.so --used-in \
		"$tree/samples/notes/handlers.c" --used-in "$tree/samples/notes/http.c" notes.yaml
	check "a table of the sample's file" "$di" generate --exports notes.so "${headers[@]}" \
		--output made/samples/notes/notes.h notes.yaml
	check "the sample with its own table" notes_program by_hand . "$work/rows.c"
	check "the sample with the generated table" notes_program by_di "$work/made" "$work/rows.c"
	check "it is the generated one" grep -q made/samples/notes/notes.h \
		<(in_tree "$CC" -M -I"$work/made" -I. "$work/rows.c")
	./by_hand >by_hand.json
	./by_di >by_di.json
	check "there are rows" grep -q '"name": "notes_query"' by_hand.json
	equal "all rows are the same" by_hand.json by_di.json
	check "the tests of handlers with the generated table" \
		notes_program test_handlers "$work/made" tests/samples/test_notes_handlers.c \
		"$LIBRARIES/libsupport.a"
	check "they pass" in_tree "$work/test_handlers"
else
	skip "the notes sample with a generated table: the sample is not built"
fi

# --- The schema.
# fits FILE: whether the file is as the schema has it.
fits()
{
	"$python" - "$1" <<-'END'
		import json, jsonschema, sys, yaml
		with open("schema.json") as file:
		    schema = json.load(file)
		with open(sys.argv[1]) as file:
		    document = yaml.safe_load(file)
		jsonschema.Draft202012Validator.check_schema(schema)
		jsonschema.Draft202012Validator(schema).validate(document)
	END
}
misfits()
{
	! fits "$1" 2>error && grep -q ValidationError error
}
# misfit TEXT: a row that does not fit
misfit()
{
	printf 'version: 1\nproviders: [%s]\n' "$1" >misfit.yaml
	check "the schema refuses $1" misfits misfit.yaml
}

all_described()
{
	"$python" - <<-'END'
		import json
		def check(schema):
		    for key, value in schema.get("properties", {}).items():
		        assert len(value["description"]) > 5, key
		        check(value)
		        check(value.get("items", {}))
		check(json.load(open("schema.json")))
	END
}

python=
for candidate in python3 /usr/bin/python3; do
	! "$candidate" -c 'import jsonschema, yaml; jsonschema.Draft202012Validator' 2>/dev/null ||
		python=$candidate
done
says 0 '' schema -o schema.json
if [ -z "$python" ]; then
	skip "the schema: there is no validator (Debian: python3-jsonschema, python3-yaml)"
else
	for file in "$tree"/samples/*/*.yaml "$tree/tests/fuzz/seeds/"{app,includes,kinds}.yaml app.yaml \
		needed.yaml unknown.yaml differ.yaml rows.yaml refused.yaml storage.yaml; do
		check "the schema" fits "$file"
	done
	check "the schema refuses" misfits wrong.yaml
	misfit '{name: a, kind: state}'
	misfit '{name: 1a, kind: state, type: struct a}'
	misfit '{name: a, kind: state, type: struct a, create: b}'
	misfit '{name: a, kind: object, value: {int: 1, str: b}}'
	misfit '{name: a, kind: object, value: {int: 010b}}'
	misfit '{name: a, kind: object, value: {float: 1x}}'
	misfit '{name: a, kind: object, value: {str: b, default: c}}'
	misfit '{name: a, kind: object, value: {bool: flase}}'
	misfit '{name: a, kind: list, type: struct a, items: [{ref: b}]}'
	misfit '{name: a, kind: dict, type: struct a, entries: [{key: b}]}'
	misfit '{name: a, kind: singleton, create: b}'
	misfit '{name: a, kind: object, object:}'
	printf 'version: 2\n' >misfit.yaml
	check "the schema refuses a version" misfits misfit.yaml
	printf 'version: 1\nscopes: [{name: a, rank: 300}]\n' >misfit.yaml
	check "the schema refuses a rank" misfits misfit.yaml
	printf 'version: 1\noverrides: [{provider: a, with: b, object: c}]\n' >misfit.yaml
	check "the schema refuses two replacements" misfits misfit.yaml
	check "each key is described" all_described
fi

# --- Man page and completion.
if have groff groff-base "the man page"; then
	check "the man page has no faults" [ -z "$(groff -man -ww -z "$tree/tools/di/di.1" 2>&1)" ]
fi
for command in check graph explain generate schema; do
	check "the man page has $command" grep -qx ".B $command" "$tree/tools/di/di.1"
	for option in $("$di" $command --help | sed -nE 's/^  -., --([a-z-]+).*/\1/p'); do
		check "the man page has --$option" grep -qF -- "\\-\\-${option//-/\\-}" "$tree/tools/di/di.1"
	done
done

# completes WANTED WORD...: what is proposed for the last word, "" for none
completes()
{
	local wanted=$1
	shift
	PATH=$work/bin:$PATH bash -c '
		. "$1"
		shift
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_di
		echo "${COMPREPLY[*]}"' - "$tree/tools/di/di.bash" "$@" >proposed
	[ "$(cat proposed)" = "$wanted" ] || {
		cat proposed
		return 1
	}
}
mkdir bin
ln -s "$di" bin/di
check "completion of commands" completes 'generate' di ge
check "completion of all commands" completes \
	'check graph explain generate schema --help --version' di ''
check "completion of options" completes '--plugins' di check --pl
check "completion of options of others" completes '' di schema --pl
check "completion of formats" completes 'mermaid' di graph -f m
check "completion of files" completes 'notes.yaml' di check notes.y
check "completion of providers" completes 'notes_store' di explain notes.yaml notes_st

finish check-command
