# SPDX-License-Identifier: MIT
#
# Builds, tests and installs di. `make help` lists what there is to ask for.
#
#   make VARIANT=asan CC=clang ...   another kind of build, in a folder of its own below build/
#   make Q= ...                      shows the commands
#
# New source files, tests, samples and integrations are found by themselves. What needs a package
# of the system says so in "Packages".

VERSION := 0.1.0
SOVERSION := 0

# --- What the caller may set ----------------------------------------------------------------------

VARIANT ?= debug
WERROR ?=
Q ?= @
PORT ?= 8080
DB ?= build/notes.db
FILE ?=
COVERAGE_MIN ?= 95
TEST_TIMEOUT ?= 300
SOAK_SECONDS ?= 600
FUZZ_SECONDS ?= 600

PREFIX ?= /usr/local
DESTDIR ?=
includedir ?= $(PREFIX)/include
libdir ?= $(PREFIX)/lib
pkgconfigdir ?= $(libdir)/pkgconfig
bindir ?= $(PREFIX)/bin
mandir ?= $(PREFIX)/share/man
completionsdir ?= $(PREFIX)/share/bash-completion/completions

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy
JOBS ?= $(shell nproc 2>/dev/null || echo 1)

# --- Packages -------------------------------------------------------------------------------------

# pkg-config names of what a sample or an integration needs; it is skipped where they are absent.
PKGS.containers/yaml := libcyaml yaml-0.1
PKGS.tools/di := libcyaml yaml-0.1
PKGS.integrations/microhttpd := libmicrohttpd
PKGS.integrations/microhttpd_uv := libmicrohttpd libuv
PKGS.integrations/uv := libuv
PKGS.samples/feed := libcurl libuv
PKGS.samples/notes := libcyaml yaml-0.1 libmicrohttpd sqlite3 jansson

# The same of benchmarks: of those that compare with another library, and of the notes service.
PKGS.bench/container_yaml := $(PKGS.containers/yaml)
PKGS.bench/contention_glib := glib-2.0
PKGS.bench/notes_by_hand := $(PKGS.samples/notes)
PKGS.bench/once_glib := glib-2.0
PKGS.bench/scope_apr := apr-1
PKGS.bench/scope_talloc := talloc
PKGS.bench/yaml := libcyaml yaml-0.1

# The integrations that another one, a sample, a benchmark or the command links.
USES.integrations/microhttpd_uv := microhttpd uv fiber
USES.integrations/uv := fiber
USES.samples/feed := uv fiber
USES.samples/notes := yaml microhttpd
USES.tools/di := yaml
USES.bench/container_yaml := yaml
USES.bench/fiber := fiber
USES.bench/yaml := yaml

# Debian packages by purpose; a|b means that either will do, and a is installed if none is there.
DEBS_RUN := gcc libc6-dev make pkg-config|pkgconf libcyaml-dev libmicrohttpd-dev libuv1-dev \
	libsqlite3-dev libjansson-dev
DEBS_TEST := $(DEBS_RUN) check graphviz groff-base python3-jsonschema python3-yaml \
	libcurl4-openssl-dev|libcurl4-gnutls-dev|libcurl4-nss-dev clang \
	libclang-rt-dev|libclang-rt-14-dev clang-format
DEBS_CI := $(DEBS_TEST) g++ valgrind clang-tidy cppcheck gcovr abigail-tools shellcheck binutils \
	git wrk sqlite3
# What make bench compares with, and what it uses besides. It does without what cannot be installed.
DEBS_BENCH := $(DEBS_RUN) libtalloc-dev libapr1-dev libglib2.0-dev wrk sqlite3 valgrind clang

# --- Flags ----------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2 -Wswitch-enum

# What plain C only warns about although it is always wrong. di.pc advises the same to users.
STRICT := -Werror=incompatible-pointer-types -Werror=int-conversion \
	-Werror=implicit-function-declaration

VARIANT.debug := -Og -g -DDI_DEBUG
VARIANT.release := -O2 -g -DNDEBUG
VARIANT.asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
VARIANT.tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
VARIANT.coverage := -O0 -g --coverage
VARIANT.fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=all
ifeq ($(VARIANT.$(VARIANT)),)
$(error VARIANT is one of debug, release, asan, tsan, coverage, fuzz, not "$(VARIANT)")
endif

# Valgrind 3.19 cannot read the DWARF 5 of clang 14.
IS_CLANG := $(findstring clang,$(CC))
DWARF := $(if $(IS_CLANG),-gdwarf-4)

BASE_FLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -I. -pthread $(WARNINGS) $(STRICT) \
	$(if $(filter 1,$(WERROR)),-Werror) $(VARIANT.$(VARIANT)) $(DWARF) $(CPPFLAGS) $(CFLAGS)
LINK_FLAGS = -pthread $(filter -fsanitize% --coverage,$(VARIANT.$(VARIANT))) $(CFLAGS) $(LDFLAGS)

# One set of objects serves both libraries. Without -fno-semantic-interposition gcc would not inline
# our own exported functions into each other.
LIBRARY_FLAGS := -fPIC -fvisibility=hidden -fno-semantic-interposition \
	-DDI_BUILDING -DDI_BUILDING_LIBRARY
FLAGS.di := $(LIBRARY_FLAGS)
FLAGS.providers := $(LIBRARY_FLAGS)
FLAGS.containers := $(LIBRARY_FLAGS)
FLAGS.integrations := $(LIBRARY_FLAGS)
FLAGS.tools := -DDI_VERSION=$(VERSION)
FLAGS.tests = -DBUILD_DIR='"$B"'
FLAGS.bench = $(FLAGS.tests)

# The sanitizers' own functions come from the program and not from the shared library.
SHARED_FLAGS := -shared -Wl,--version-script=di.map \
	$(if $(filter asan tsan fuzz,$(VARIANT)),,-Wl,-z,defs)

# --- Files ----------------------------------------------------------------------------------------

# gcc and clang, debug and release do not mix.
empty :=
space := $(empty) $(empty)
B := build/$(subst $(space),-,$(notdir $(CC)))-$(VARIANT)

objects = $(patsubst %.c,$B/obj/%.o,$1)
sources_in = $(sort $(wildcard $1/*.c))
folders_in = $(patsubst %/,%,$(sort $(dir $(wildcard $1/*/*.c))))
packages_exist = $(if $1,$(shell $(PKG_CONFIG) --exists $1 2>/dev/null && echo yes),yes)

LIBRARY_SOURCES := $(call sources_in,di) $(call sources_in,providers) $(call sources_in,containers)
LIBRARY_HEADERS := $(sort $(wildcard di/*.h providers/*.h containers/*.h))
INSTALLED_HEADERS = $(LIBRARY_HEADERS) $(sort $(wildcard $(addsuffix /*.h,$(INTEGRATIONS))))
# Headers that say so near their top are not for users.
private_headers = $(if $1,$(shell grep -l '^/\* private \*/' $1))
public_headers = $(filter-out $(call private_headers,$1),$1)

# Libraries of their own, each built where its packages are: containers/yaml is libdi-yaml.
ALL_INTEGRATIONS := $(call folders_in,containers) $(call folders_in,integrations)
folder_of = $(filter %/$1,$(ALL_INTEGRATIONS))
BUILDABLE := $(foreach i,$(ALL_INTEGRATIONS),$(if $(call packages_exist,$(PKGS.$i)),$i))
INTEGRATIONS := $(foreach i,$(BUILDABLE),$(if $(filter-out $(BUILDABLE),$(foreach u,$(USES.$i),$(call \
	folder_of,$u))),,$i))

ALL_SAMPLES := $(call folders_in,samples)
SAMPLES := $(foreach s,$(ALL_SAMPLES),$(if $(call packages_exist,$(PKGS.$s)),$(if $(filter-out \
	$(INTEGRATIONS),$(foreach u,$(USES.$s),$(call folder_of,$u))),,$s)))

SKIPPED := $(filter-out $(INTEGRATIONS) $(SAMPLES),$(ALL_INTEGRATIONS) $(ALL_SAMPLES))

STATIC_LIBRARIES := $B/libdi.a $(patsubst %,$B/libdi-%.a,$(notdir $(INTEGRATIONS)))
SHARED_LIBRARIES := $(STATIC_LIBRARIES:.a=.so)
# The di command, where containers come from YAML.
COMMAND := $(if $(filter containers/yaml,$(INTEGRATIONS)),$B/di)
SAMPLE_PROGRAMS := $(addprefix $B/,$(SAMPLES))

# What a test is about: tests/samples/test_notes_handlers.c is about samples/notes, and all below
# tests/containers/yaml about containers/yaml, tests/tools/di about the command.
subject = $(strip $(foreach s,$(ALL_INTEGRATIONS) $(ALL_SAMPLES) tools/di,$(if $(filter \
	tests/$(dir $s)test_$(notdir $s) tests/$(dir $s)test_$(notdir $s)_% tests/$s/%,$1),$s)))

NO_TESTS := tests/support/% tests/fuzz/% tests/rejects/% tests/accepts/% tests/installed/%
ALL_TESTS := $(patsubst %.c,%,$(filter-out $(NO_TESTS),$(sort \
	$(wildcard tests/*/test_*.c tests/*/*/test_*.c))))
TESTS := $(foreach t,$(ALL_TESTS),$(if $(filter $(SKIPPED) $(if $(COMMAND),,tools/di),$(call \
	subject,$t)),,$t))
TEST_PROGRAMS := $(addprefix $B/,$(TESTS))
# Tests of private functions, and of the command, can be linked with the archive only.
SHARED_TESTS = $(filter-out tests/tools/% $(patsubst %.c,%,$(shell grep -lE \
	'^#include "($(subst $(space),|,$(strip $(call private_headers,$(INSTALLED_HEADERS)) -)))"' \
	/dev/null $(addsuffix .c,$(TESTS)))),$(TESTS))
ALL_BENCHES := $(patsubst %.c,%,$(call sources_in,bench))
BENCHES := $(addprefix $B/,$(foreach b,$(ALL_BENCHES),$(if $(call packages_exist,$(PKGS.$b)),$b)))
NOTES_BY_HAND := $(if $(filter samples/notes,$(SAMPLES)),$B/bench/notes_by_hand)

# What a sample, an integration or a test is compiled and linked with, beyond libdi.
uses = $(if $(filter $(ALL_INTEGRATIONS),$1),$(notdir $1)) $(USES.$1)
packages_of = $(PKGS.$1) $(foreach u,$(USES.$1),$(PKGS.$(call folder_of,$u)))
test_packages = check $(if $(filter tests/samples/% tests/integrations/%,$1),libcurl) \
	$(call packages_of,$(call subject,$1))
packages_for = $(if $(filter tests/%,$1),$(call test_packages,$1),$(PKGS.$1) $(call \
	packages_of,$(patsubst %/,%,$(dir $1))))
pkg_config = $(if $(strip $2),$(shell $(PKG_CONFIG) $1 $(sort $2)))

# --- Targets for everyone -------------------------------------------------------------------------

.DEFAULT_GOAL := all
.SECONDEXPANSION:
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# For recursive calls: all cores, unless the caller has said how many.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
export DI_BUILD_DIR := $(CURDIR)/$B

.PHONY: all lib samples command test check run deps bench
all: lib samples command ## the libraries, the samples and the command (default)

lib: $(STATIC_LIBRARIES) $(SHARED_LIBRARIES) skipped ## the static and the shared library

command: $(COMMAND) skipped ## the di command

samples: $(SAMPLE_PROGRAMS) skipped ## the sample programs

test: deps ## installs what is missing, builds, runs all tests of VARIANT
	@RUN_MAKE='$(MAKE) $(PARALLEL)' tools/steps.sh run-tests check-rejects check-command \
		check-docs check-parity

check: test ## the same as test

run: deps-run ## installs what is missing, builds and starts the notes sample (PORT=8080 DB=file)
	@$(MAKE) $(PARALLEL) $B/samples/notes
	@mkdir -p $(dir $(DB))
	$B/samples/notes --port $(PORT) --db $(DB)

deps: ## installs the Debian packages that are missing for test and run
	@tools/deps.sh $(foreach d,$(DEBS_TEST),'$d')

bench: deps-bench ## runs the benchmarks; they write build/bench.json too
	@$(MAKE) $(PARALLEL) VARIANT=release run-bench

bench-instructions: deps-bench ## the same, with instructions counted by callgrind
	@$(MAKE) $(PARALLEL) VARIANT=release run-bench-instructions

bench-plot: ## draws what build/bench.json has, build/bench-plot/GROUP.svg for each group
	@tools/bench-plot.sh build/bench.json build/bench-plot

bench-tables: ## fills the tables of docs/performance.md with what build/bench.json has
	@tools/bench-tables.sh build/bench.json docs/performance.md

.PHONY: bench-plot bench-tables deps-bench
.PHONY: bench-instructions benches deps-run deps-ci skipped run-bench run-bench-instructions
.PHONY: check-bench run-check-bench
deps-run:
	@tools/deps.sh $(foreach d,$(DEBS_RUN),'$d')

deps-bench:
	@tools/deps.sh $(foreach d,$(DEBS_BENCH),'$d') || echo 'what needs them is left out'

deps-ci:
	@tools/deps.sh $(foreach d,$(DEBS_CI),'$d')

skipped:
	@: $(foreach s,$(SKIPPED),; echo 'skipped: $s needs $(sort $(call packages_of,$s))')

benches: $(BENCHES) $(NOTES_BY_HAND) $(if $(NOTES_BY_HAND),$B/samples/notes)
	@: $(foreach b,$(filter-out $(BENCHES),$(addprefix $B/,$(ALL_BENCHES))),; \
		echo 'left out: $(b:$B/%=%) needs $(PKGS.$(b:$B/%=%))')
	@: $(if $(NOTES_BY_HAND),,; echo 'left out: notes by hand needs $(PKGS.samples/notes)')

# One program for a question; the script asks the services.
ALL_BENCH = $(BENCHES) $(if $(NOTES_BY_HAND),tools/bench-notes.sh)
BENCH_ENV = NOTES='$B/samples/notes' NOTES_BY_HAND='$(NOTES_BY_HAND)'
run-bench: benches
	@$(BENCH_ENV) tools/run-bench.sh build/bench.json $(ALL_BENCH)

# These have no loop to count.
WHOLE_BENCHES := $(addprefix $B/bench/,compile contention contention_glib memory start \
	threads)
COUNTED = $(filter-out $(WHOLE_BENCHES),$(BENCHES))

run-bench-instructions: benches
	@JOBS=$(JOBS) tools/bench-instructions.sh $B/bench/instructions $(COUNTED)
	@$(BENCH_ENV) BENCH_COUNTS=$B/bench/instructions tools/run-bench.sh build/bench.json \
		$(ALL_BENCH)

# What is counted is what gcc makes.
check-bench: ## runs all benchmarks briefly, and counts the instructions of those with a limit
	@$(MAKE) $(PARALLEL) CC=gcc VARIANT=release run-check-bench

NOTES_TESTS := $(if $(NOTES_BY_HAND),$(addprefix $B/tests/samples/,test_notes test_notes_service))
run-check-bench: benches $(NOTES_TESTS)
	@$(BENCH_ENV) NOTES_TESTS='$(NOTES_TESTS)' WHOLE='$(WHOLE_BENCHES)' \
		tools/check-bench.sh $(BENCHES)

# --- Tests ----------------------------------------------------------------------------------------

# Check forks for each test, except where a tool would lose sight of the children.
ENV.asan := CK_FORK=no ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
	UBSAN_OPTIONS=print_stacktrace=1
ENV.tsan := CK_FORK=no TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
VALGRIND := valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect \
	--show-leak-kinds=definite,indirect --fair-sched=yes --error-exitcode=99
# The memory layout that the thread sanitizer of gcc 12 asks for is not the one of newer kernels.
WRAPPER.tsan = $(shell setarch -R true 2>/dev/null && echo setarch -R)
RUN_TESTS = tools/run-tests.sh -j $(JOBS) -t $(TEST_TIMEOUT)

.PHONY: run-tests run-shared-tests tests
tests: $(TEST_PROGRAMS) samples $$(PLUGINS) ## builds the tests without running them

PLUGINS := $(if $(filter containers/yaml,$(SKIPPED)),,$(patsubst \
	tests/containers/yaml/plugins/%.c,$B/plugins/%.so,$(wildcard tests/containers/yaml/plugins/*.c)))

run-tests: tests
	@$(ENV.$(VARIANT)) $(RUN_TESTS) -w '$(WRAPPER.$(VARIANT))' '$(notdir $B)' $(TEST_PROGRAMS)

run-shared-tests: samples $(PLUGINS) $$(addprefix $$B/shared/,$$(SHARED_TESTS))
	@for t in $(filter-out $(SHARED_TESTS),$(TESTS)); do \
		echo "not for the shared library: $$t uses private headers"; done
	@LD_LIBRARY_PATH='$(CURDIR)/$B' $(ENV.$(VARIANT)) $(RUN_TESTS) -w '$(WRAPPER.$(VARIANT))' \
		'$(notdir $B) shared' $(addprefix $B/shared/,$(SHARED_TESTS))

.PHONY: check-shared check-asan check-tsan check-valgrind check-rejects check-headers
.PHONY: check-installed
check-shared: ## all tests with the shared library
	@$(MAKE) $(PARALLEL) run-shared-tests

check-asan: ## all tests under the address and undefined behaviour sanitizers
	@$(MAKE) $(PARALLEL) VARIANT=asan run-tests

check-tsan: ## all tests under the thread sanitizer
	@$(MAKE) $(PARALLEL) VARIANT=tsan run-tests

check-valgrind: tests ## all tests, with shorter loops, under valgrind
	@command -v valgrind >/dev/null || \
		{ echo 'check-valgrind: valgrind is not installed (Debian: valgrind)'; exit 1; }
	@CK_FORK=no DI_TEST_QUICK=1 $(RUN_TESTS) -w '$(VALGRIND)' '$(notdir $B) valgrind' \
		$(TEST_PROGRAMS)

check-rejects: build/include ## programs that must not compile, and some that must
	@WARNINGS='$(WARNINGS)' ADVISED='$(STRICT)' SYSTEM_INCLUDE=build/include/di JOBS=$(JOBS) \
		tools/check-rejects.sh

# Tables are written in C only; their headers are not for C++.
TABLE_HEADERS := containers/table.h containers/exports.h $(wildcard providers/*.h) di/handler.h di/row.h \
	di/preprocessor.h

check-headers: build/include ## every installed header alone, in C11 and C++17
	@WARNINGS='$(WARNINGS)' INCLUDE=build/include/di TABLE_HEADERS='$(TABLE_HEADERS)' \
		tools/check-headers.sh $(call public_headers,$(INSTALLED_HEADERS))

check-installed: ## installs to temporary prefixes, and builds and runs programs with what is there
	@RUN_MAKE='$(MAKE) $(PARALLEL) VARIANT=release' PKG_CONFIG='$(PKG_CONFIG)' \
		VERSION=$(VERSION) SOVERSION=$(SOVERSION) INTEGRATIONS='$(notdir $(INTEGRATIONS))' \
		TABLE_HEADERS='$(TABLE_HEADERS)' ADVISED='$(STRICT)' tools/check-installed.sh

# The binary interface, as gcc's release build has it. abi/ holds its record.
RELEASE := build/gcc-release
ABI = LIBRARIES=$(RELEASE) INCLUDE=build/include/di tools/abi.sh
SHARED_NAMES = $(patsubst $B/%.so,%,$(SHARED_LIBRARIES))

.PHONY: check-symbols check-abi abi check-breaks check-dist check-scripts release-lib
release-lib: build/include
	@$(MAKE) $(PARALLEL) CC=gcc VARIANT=release lib

check-symbols: release-lib ## what the libraries export is what the public headers declare
	@LIBRARIES=$(RELEASE) INCLUDE=build/include/di tools/check-symbols.sh $(SHARED_NAMES)

check-abi: release-lib ## compares the binary interface with its record in abi/
	@$(ABI) check $(SHARED_NAMES)

abi: release-lib ## records the binary interface in abi/
	@$(ABI) record $(SHARED_NAMES)

check-breaks: ## whether check-symbols and check-abi notice what they are for, in copies
	@RUN_MAKE='$(MAKE) $(PARALLEL)' tools/check-breaks.sh

check-dist: ## builds and tests what make dist would pack of these files
	@RUN_MAKE='$(MAKE) $(PARALLEL)' VERSION=$(VERSION) tools/check-dist.sh

check-scripts: ## shellcheck
	@command -v shellcheck >/dev/null || \
		{ echo 'check-scripts: shellcheck is not installed (Debian: shellcheck)'; exit 1; }
	@shellcheck --external-sources --exclude=SC2317 tools/*.sh tools/di/di.bash .ci/run

# Documents link the library without a sanitizer's flags.
.PHONY: check-docs
DOCS_VARIANT = $(if $(filter debug release,$(VARIANT)),$(VARIANT),debug)
check-docs: ## every block of code in README.md and docs/
	@RUN_MAKE='$(MAKE) $(PARALLEL) VARIANT=$(DOCS_VARIANT)' VARIANT=$(DOCS_VARIANT) CC='$(CC)' \
		tools/check-docs.sh README.md $(wildcard docs/*.md)

# What it generates is compiled with the library without a sanitizer's flags.
.PHONY: check-command
check-command: ## the di command: what it says, draws, and generates
	@$(if $(COMMAND),$(MAKE) $(PARALLEL) VARIANT=$(DOCS_VARIANT) lib \
		'$(B:%$(VARIANT)=%$(DOCS_VARIANT))/libsupport.a',: nothing to build)
	@$(MAKE) $(PARALLEL) command
	@DI='$(COMMAND)' LIBRARIES='$(B:%$(VARIANT)=%$(DOCS_VARIANT))' CC='$(CC)' \
		PKG_CONFIG='$(PKG_CONFIG)' VERSION=$(VERSION) RUN='$(ENV.$(VARIANT))' \
		NOTES_PACKAGES='$(if $(filter samples/notes,$(SAMPLES)),$(call packages_of,samples/notes))' \
		PACKAGES='$(PKGS.tools/di)' tools/check-command.sh

# What it looks up are the tests that the last run-tests and check-rejects of this variant have run.
.PHONY: check-parity
PARITY.that-depends := 1-109 110a-b 111-134 135a-d 136-228
PARITY.extracontext := 1-49
check-parity: ## whether the tests that docs/parity/ names exist and have run
	@status=0; export LOGS='$B/logs' LABEL='$(notdir $B)' \
		NOT_BUILT='$(filter-out $(TESTS),$(ALL_TESTS))'; \
	$(foreach p,that-depends extracontext,tools/check-parity.sh docs/parity/$p.md $(PARITY.$p) || \
		status=1;) exit $$status

# What a soak says is about what is optimized, unless the caller has asked for another variant.
GARBAGE := $B/tests/soak/garbage
.PHONY: soak check-soak run-soak
soak: ## the notes service under load and garbage for SOAK_SECONDS=600
	@$(MAKE) $(PARALLEL) VARIANT=$(INSTALLED_VARIANT) run-soak

check-soak: ## the same for 15 seconds
	@$(MAKE) $(PARALLEL) VARIANT=$(INSTALLED_VARIANT) SOAK_SECONDS=15 run-soak

run-soak: $B/samples/notes $(GARBAGE)
	@$(ENV.$(VARIANT)) tools/soak.sh -s $(SOAK_SECONDS) -w '$(WRAPPER.$(VARIANT))' '$(notdir $B)' $^

# Each target of tests/fuzz by itself for its share of FUZZ_SECONDS; what it finds interesting is kept
# for the next time, below build/.
FUZZ_TARGETS := $(patsubst %.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZED := $(if $(filter $(SKIPPED),containers/yaml),,$(FUZZ_TARGETS))
FUZZ_SEEDS := $(wildcard tests/fuzz/seeds samples/*/*.yaml)

.PHONY: fuzz check-fuzz run-fuzz
fuzz: ## fuzzes what reads files for FUZZ_SECONDS=600
	@$(MAKE) $(PARALLEL) CC=clang VARIANT=fuzz run-fuzz

check-fuzz: ## the same for a minute
	@$(MAKE) $(PARALLEL) CC=clang VARIANT=fuzz FUZZ_SECONDS=60 run-fuzz

run-fuzz: $(addprefix $B/,$(FUZZED)) skipped
	@SECONDS_ALL=$(FUZZ_SECONDS) SEEDS='$(FUZZ_SEEDS)' CORPUS=build/corpus tools/fuzz.sh \
		$(addprefix $B/,$(FUZZED))

# The headers as they will be installed, for checks; made anew each time, so that none is stale.
.PHONY: build/include
build/include:
	@rm -rf $@
	@$(MAKE) install-headers PREFIX=/ includedir=/include DESTDIR=build

# --- Analysis and format --------------------------------------------------------------------------

FORMATTED = $(shell find . -name build -prune -o -path ./tests/rejects -prune -o \
	\( -name '*.[ch]' -o -name '*.cc' \) -print | sort)
ANALYZED := $(LIBRARY_SOURCES) $(foreach d,$(INTEGRATIONS) $(SAMPLES) \
	$(if $(COMMAND),tools/di),$(call sources_in,$d))
ANALYSIS_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -I. -pthread -DDI_BUILDING -DDI_DEBUG \
	-DDI_VERSION=$(VERSION)

# gcc 12 does not follow what a thread-local struct, or an array that has grown, keeps.
ANALYSIS.containers/yaml/faults.c := -Wno-analyzer-malloc-leak
ANALYSIS.di/current.c := -Wno-analyzer-malloc-leak
ANALYSIS.di/frames.c := -Wno-analyzer-malloc-leak
ANALYSIS.di/handler.c := -Wno-analyzer-malloc-leak
ANALYSIS.di/thread.c := -Wno-analyzer-malloc-leak

.PHONY: lint analyze format check-format coverage expand
lint: ## clang-tidy and cppcheck
	@CLANG_TIDY='$(CLANG_TIDY)' JOBS=$(JOBS) FLAGS='$(ANALYSIS_FLAGS)' tools/lint.sh $(ANALYZED)

analyze: ## the static analyzer of gcc
	@printf '%s\n' $(foreach f,$(ANALYZED),'$(strip $f $(ANALYSIS.$f))') | \
		xargs -P $(JOBS) -L 1 gcc $(ANALYSIS_FLAGS) -O1 -fanalyzer -Werror -c -o /dev/null

format: ## formats all sources
	$(Q)$(CLANG_FORMAT) -i $(FORMATTED)

check-format: ## whether all sources are formatted, with at most 100 columns
	@CLANG_FORMAT='$(CLANG_FORMAT)' tools/check-format.sh $(FORMATTED)

coverage: ## what the tests reach; fails where a folder is below COVERAGE_MIN percent of lines
	@find build -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) $(PARALLEL) CC=gcc VARIANT=coverage run-tests
	@$(MAKE) $(PARALLEL) CC=gcc VARIANT=coverage check-command
	@OBJECTS=build/gcc-coverage/obj MINIMUM=$(COVERAGE_MIN) tools/coverage.sh \
		di providers containers $(if $(INTEGRATIONS),integrations) $(if $(COMMAND),tools/di)

expand: ## what the tables in FILE=x.c turn into, formatted
	@CC='$(CC)' CLANG_FORMAT='$(CLANG_FORMAT)' tools/expand.sh '$(FILE)' $(ANALYSIS_FLAGS)

# --- Everything -----------------------------------------------------------------------------------

.PHONY: ci clean help dist
ci: deps-ci ## all that continuous integration runs
	@WERROR=1 RUN_MAKE='$(MAKE) $(PARALLEL)' tools/steps.sh \
		test \
		check-format \
		check-scripts \
		'CC=clang run-tests' \
		'CC=gcc VARIANT=release run-tests' \
		'CC=clang VARIANT=release run-tests' \
		'CC=gcc VARIANT=asan run-tests' \
		'CC=clang VARIANT=asan run-tests' \
		'CC=gcc VARIANT=tsan run-tests' \
		'CC=clang VARIANT=tsan run-tests' \
		'CC=gcc check-valgrind' \
		'CC=clang VARIANT=asan check-command' \
		check-headers \
		'CC=gcc check-shared' \
		check-symbols \
		check-abi \
		check-breaks \
		check-installed \
		check-dist \
		check-bench \
		'CC=gcc check-soak' \
		check-fuzz \
		coverage \
		analyze \
		lint

DIST_OF ?= HEAD
DIST ?= build/di-$(VERSION).tar.gz
dist: ## build/di-VERSION.tar.gz of the last commit
	@mkdir -p '$(dir $(DIST))'
	$(Q)git archive --format=tar.gz --prefix=di-$(VERSION)/ -o '$(DIST)' $(DIST_OF)

clean: ## removes build/
	$(Q)rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

# --- Installation ---------------------------------------------------------------------------------

# What is installed is optimized, unless the caller has asked for another variant.
INSTALLED_VARIANT = $(if $(filter file default undefined,$(origin VARIANT)),release,$(VARIANT))
HEADERS_DIR = $(DESTDIR)$(includedir)/di
LIBRARIES_DIR = $(DESTDIR)$(libdir)
PC_DIR = $(DESTDIR)$(pkgconfigdir)
BIN_DIR = $(DESTDIR)$(bindir)
MAN_DIR = $(DESTDIR)$(mandir)/man1
COMPLETIONS_DIR = $(DESTDIR)$(completionsdir)

# PREFIX becomes an absolute path without a slash at its end; only / itself becomes empty. Make's
# functions go by words and patterns, so spaces and % hide while they are at work.
hide = $(subst %,|p|,$(subst $(space),|_|,$1))
show = $(subst |p|,%,$(subst |_|,$(space),$1))
absolute = $(patsubst %/,%,$(if $(filter-out /%,$1),$(CURDIR)/)$1)
override PREFIX := $(call show,$(call absolute,$(call hide,$(PREFIX))))

# Paths below the prefix are written relative to it.
in_prefix = $(call show,$(patsubst $(call hide,$(PREFIX))/%,$${prefix}/%,$(call hide,$1)))

define PC.di
prefix=$(PREFIX)
includedir=$(call in_prefix,$(includedir))
libdir=$(call in_prefix,$(libdir))

Name: di
Description: Dependency injection for C
Version: $(VERSION)
Cflags: -I"$${includedir}/di" $(STRICT)
Libs: -L"$${libdir}" -ldi
Libs.private: -pthread
endef

DESCRIPTION.yaml := containers from YAML
DESCRIPTION.fiber := fibers
DESCRIPTION.microhttpd := integration of microhttpd
DESCRIPTION.microhttpd_uv := HTTP requests on a loop of libuv, in fibers
DESCRIPTION.uv := parts on a loop of libuv
# $1: the integration
required_libraries = $(foreach u,$(USES.$(call folder_of,$1)),, di-$u = $(VERSION))
define PC.integration
prefix=$(PREFIX)
libdir=$(call in_prefix,$(libdir))

Name: di-$1
Description: Dependency injection for C: $(DESCRIPTION.$1)
Version: $(VERSION)
Requires: di = $(VERSION)$(required_libraries)$(foreach p,$(PKGS.$(call folder_of,$1)),, $p)
Libs: -L"$${libdir}" -ldi-$1
endef

# $1: the library's name without lib
define install_library
	$(Q)install -m 644 $B/lib$1.a '$(LIBRARIES_DIR)'
	$(Q)install -m 755 $B/lib$1.so.$(VERSION) '$(LIBRARIES_DIR)'
	$(Q)ln -sf lib$1.so.$(VERSION) '$(LIBRARIES_DIR)/lib$1.so.$(SOVERSION)'
	$(Q)ln -sf lib$1.so.$(SOVERSION) '$(LIBRARIES_DIR)/lib$1.so'

endef

# $1: the module, $2: its text; each line becomes an argument of printf
define install_pc
	$(Q)printf '%s\n' '$(subst $(newline),' ',$2)' > '$(PC_DIR)/$1.pc'

endef
# The command is linked with the archives, so that it runs wherever it is put.
define install_command
	$(Q)install -d '$(BIN_DIR)' '$(MAN_DIR)' '$(COMPLETIONS_DIR)'
	$(Q)install -m 755 $(COMMAND) '$(BIN_DIR)/di'
	$(Q)sed 's/@VERSION@/$(VERSION)/' tools/di/di.1 > '$(MAN_DIR)/di.1'
	$(Q)install -m 644 tools/di/di.bash '$(COMPLETIONS_DIR)/di'

endef
define newline


endef

.PHONY: install install-headers install-built uninstall
install: ## installs the release build to PREFIX, below DESTDIR
	@$(MAKE) $(PARALLEL) VARIANT=$(INSTALLED_VARIANT) lib command
	@$(MAKE) VARIANT=$(INSTALLED_VARIANT) install-headers install-built

install-headers:
	$(Q)for h in $(call public_headers,$(INSTALLED_HEADERS)); do \
		install -D -m 644 "$$h" "$(HEADERS_DIR)/$$h" || exit 1; done

# The modules are written here and not at build time: PREFIX may differ in each call.
install-built:
	$(Q)install -d '$(LIBRARIES_DIR)' '$(PC_DIR)'
	$(call install_library,di)
	$(foreach i,$(notdir $(INTEGRATIONS)),$(call install_library,di-$i))
	$(call install_pc,di,$(PC.di))
	$(foreach i,$(notdir $(INTEGRATIONS)),$(call install_pc,di-$i,$(call PC.integration,$i)))
	$(if $(COMMAND),$(install_command))

# Integrations that are not built now may have been when it was installed.
UNINSTALLED_HEADERS = $(LIBRARY_HEADERS) $(wildcard $(addsuffix /*.h,$(ALL_INTEGRATIONS)))
uninstall: ## removes what install has installed to PREFIX
	$(Q)for h in $(call public_headers,$(UNINSTALLED_HEADERS)); do \
		rm -f "$(HEADERS_DIR)/$$h"; done
	$(Q)[ ! -d '$(HEADERS_DIR)' ] || find '$(HEADERS_DIR)' -depth -type d -empty -delete
	$(Q)for n in di $(addprefix di-,$(notdir $(ALL_INTEGRATIONS))); do \
		rm -f "$(PC_DIR)/$$n.pc" "$(LIBRARIES_DIR)/lib$$n.a" "$(LIBRARIES_DIR)/lib$$n.so" \
			"$(LIBRARIES_DIR)/lib$$n.so.$(SOVERSION)" \
			"$(LIBRARIES_DIR)/lib$$n.so.$(VERSION)"; done
	$(Q)rm -f '$(BIN_DIR)/di' '$(MAN_DIR)/di.1' '$(COMPLETIONS_DIR)/di'

# --- Rules ----------------------------------------------------------------------------------------

say = @printf '  %-5s %s\n'

# $1: a text; the target is rewritten only where its text has changed, and with it what depends on
# it.
define stamp
	@mkdir -p $(@D)
	@printf '%s\n' '$1' | cmp -s - $@ || printf '%s\n' '$1' > $@
endef

.PHONY: force
$B/flags: force
	$(call stamp,$(CC) $(BASE_FLAGS) $(LIBRARY_FLAGS) $(LINK_FLAGS) $(SHARED_FLAGS))
$B/members: force
	$(call stamp,$(LIBRARY_SOURCES) $(foreach i,$(INTEGRATIONS),$(call sources_in,$i)))

$B/obj/%.o: %.c $B/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(BASE_FLAGS) $(FLAGS.$(firstword $(subst /, ,$*))) \
		$(call pkg_config,--cflags,$(call packages_for,$*)) -MD -MP -c -o $@ $<

define archive
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
endef

# $1: what else to link
define link_shared
	$(say) LD $@.$(VERSION)
	$(Q)$(CC) $(SHARED_FLAGS) -Wl,-soname,$(@F).$(SOVERSION) -o $@.$(VERSION) $(filter %.o,$^) \
		$(LINK_FLAGS) $1
	$(Q)ln -sf $(@F).$(VERSION) $@.$(SOVERSION)
	$(Q)ln -sf $(@F).$(SOVERSION) $@
endef

# $1: libraries
define link_program
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LINK_FLAGS) $1
endef

$B/libdi.a: $(call objects,$(LIBRARY_SOURCES)) $B/members
	$(archive)

$B/libdi.so: $(call objects,$(LIBRARY_SOURCES)) $B/members di.map
	$(call link_shared)

$B/libdi-%.a: $$(call objects,$$(call sources_in,$$(call folder_of,$$*))) $B/members
	$(archive)

shared_for = $(patsubst %,$B/libdi-%.so,$(USES.$(call folder_of,$1)))

$B/libdi-%.so: $$(call objects,$$(call sources_in,$$(call folder_of,$$*))) $B/libdi.so \
		$$(call shared_for,$$*) $B/members di.map
	$(call link_shared,-L$B $(patsubst %,-ldi-%,$(USES.$(call folder_of,$*))) -ldi \
		$(call pkg_config,--libs,$(PKGS.$(call folder_of,$*))))

$B/libsupport.a: $(call objects,$(call sources_in,tests/support)) $B/flags
	$(archive)

archives_of = $(patsubst %,$B/libdi-%.a,$(call uses,$1)) $B/libdi.a

$B/samples/%: $$(call objects,$$(call sources_in,samples/$$*)) $$(call archives_of,samples/$$*)
	$(call link_program,$(call pkg_config,--libs,$(call packages_of,samples/$*)))

$B/di: $(call objects,$(call sources_in,tools/di)) $B/libdi-yaml.a $B/libdi.a
	$(call link_program,$(call pkg_config,--libs,$(PKGS.tools/di)))

$B/bench/%: $B/obj/bench/%.o $(call objects,$(call sources_in,bench/support)) \
		$$(call archives_of,bench/$$*)
	$(call link_program,-lm $(call pkg_config,--libs,$(PKGS.bench/$*)))

# The sample's files that know nothing of di, and no libdi.
PLAIN_NOTES := $(addprefix samples/notes/,clock.c config.c connection.c json.c note.c notes_db.c \
	query.c session.c store.c)
$B/bench/notes_by_hand: $(call objects,$(call sources_in,bench/notes_by_hand) $(PLAIN_NOTES))
	$(call link_program,$(call pkg_config,--libs,$(PKGS.bench/notes_by_hand)))

# The large tables of benchmarks are generated.
ROWS := $(patsubst %,$B/bench/tables/rows_%.o,10 100 200 1000)
$B/bench/container $B/bench/memory $B/bench/compile: $(ROWS)
$B/bench/cold: $(patsubst %,$B/bench/tables/cold_%.o,10 100 1000)
$B/bench/graph: $B/bench/tables/graph.o

$B/bench/tables/%.c: tools/bench-table.sh
	@mkdir -p $(@D)
	$(Q)tools/bench-table.sh $(subst _, ,$*) > $@

$B/bench/tables/%.o: $B/bench/tables/%.c $B/flags
	$(say) CC $<
	$(Q)$(CC) $(BASE_FLAGS) -Wno-unused-parameter -DBODIES -MD -MP -c -o $@ $<

# Shared objects that tests load. They are not counted in, and what counts allocates when they go.
$B/plugins/%.so: tests/containers/yaml/plugins/%.c $B/flags
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(filter-out --coverage,$(BASE_FLAGS) -fPIC -shared -MD -MP -MF $(@:.so=.d) \
		-o $@ $< $(LINK_FLAGS))

# One of them calls di, which is in the program where that is linked with the archives.
$B/tests/containers/yaml/test_plugins: private LINK_FLAGS += -rdynamic

# The targets of the fuzzer bring no main function.
$B/tests/fuzz/fuzz_%: $B/obj/tests/fuzz/fuzz_%.o $(call objects,tests/containers/yaml/app.c) \
		$B/libdi-yaml.a $B/libdi.a
	$(call link_program,-fsanitize=fuzzer $(call pkg_config,--libs,$(PKGS.containers/yaml)))

# A program of several files.
$(GARBAGE): $(call objects,$(call sources_in,tests/soak))

# A test of a sample or of the command is linked with its objects, but not with its main function.
subject_objects = $(if $(filter samples/% tools/%,$1),$(filter-out %/main.o,$(call objects,$(call \
	sources_in,$1))))

# What stands beside a test and is none is linked with it.
companions = $(call objects,$(filter-out $(dir $1)test_%.c,$(wildcard $(dir $1)*.c)))

$B/tests/%: $B/obj/tests/%.o $$(call subject_objects,$$(call subject,tests/$$*)) \
		$$(call companions,tests/$$*) $B/libsupport.a \
		$$(call archives_of,$$(call subject,tests/$$*))
	$(call link_program,$(call pkg_config,--libs,$(call packages_for,tests/$*)))

$B/shared/tests/%: $B/obj/tests/%.o $$(call subject_objects,$$(call subject,tests/$$*)) \
		$$(call companions,tests/$$*) $B/libsupport.a $(SHARED_LIBRARIES)
	$(call link_program,-L$B $(patsubst %,-ldi-%,$(call uses,$(call subject,tests/$*))) -ldi \
		$(call pkg_config,--libs,$(call packages_for,tests/$*)))

-include $(wildcard $B/obj/*/*.d $B/obj/*/*/*.d $B/obj/*/*/*/*.d $B/bench/tables/*.d \
	$B/plugins/*.d)
