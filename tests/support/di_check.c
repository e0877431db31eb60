/* SPDX-License-Identifier: MIT */
#include "di_check.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Memory. ---- */

/* Stands in front of every block. */
struct header {
	alignas(max_align_t) uint64_t magic;
	size_t size;
};

static const uint64_t MAGIC = UINT64_C(0x600dc0de600dc0de);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether the request is granted. */
static int count(struct di_check_memory *memory, size_t size)
{
	memory->allocations++;
	memory->faults += size == 0;
	if (size > memory->largest)
		memory->largest = size;
	if (memory->fail_always || memory->allocations == memory->fail_at) {
		memory->failures++;
		return 0;
	}
	memory->live++;
	memory->live_bytes += size;
	return 1;
}

static void *allocate(size_t size, void *data)
{
	struct header *header;
	int granted;

	pthread_mutex_lock(&lock);
	granted = count(data, size);
	pthread_mutex_unlock(&lock);
	if (!granted)
		return NULL;
	header = malloc(sizeof(*header) + size);
	if (header == NULL)
		abort();
	header->magic = MAGIC;
	header->size = size;
	return memset(header + 1, 0xa5, size);
}

static void release(void *block, size_t size, void *data)
{
	struct di_check_memory *memory = data;
	struct header *header = (struct header *)block - 1;
	int known = block != NULL && header->magic == MAGIC && header->size == size;

	pthread_mutex_lock(&lock);
	memory->faults += !known;
	memory->live -= (unsigned long)known;
	memory->live_bytes -= known ? size : 0;
	pthread_mutex_unlock(&lock);
	if (!known)
		return;
	memset(header, 0xdd, sizeof(*header) + size);
	free(header);
}

void di_check_memory_init(struct di_check_memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	memory->allocator = (struct di_allocator){ allocate, release, memory };
}

void di_check_memory_fail(struct di_check_memory *memory, unsigned long n)
{
	memory->fail_at = n == 0 ? 0 : memory->allocations + n;
}

void di_check_memory_check(const struct di_check_memory *memory)
{
	ck_assert_msg(memory->faults == 0, "%lu wrong sizes or pointers", memory->faults);
	ck_assert_msg(memory->live == 0, "%lu blocks, %zu bytes were not given back", memory->live,
		      memory->live_bytes);
}

/* ---- A container for a test. ---- */

void di_check_begin_with(struct di_check *check, const struct di_table *table,
			 const struct di_options *options, const struct di_scope *scope)
{
	struct di_options chosen = { .abi = DI_ABI };

	memset(check, 0, sizeof(*check));
	di_check_memory_init(&check->memory);
	if (options != NULL)
		chosen = *options;
	if (chosen.allocator == NULL)
		chosen.allocator = &check->memory.allocator;
	check->container = di_container_new(table, &chosen, &check->error);
	ck_assert_msg(check->container != NULL, "%s", di_check_text(check));
	check->root = check->context = di_container_root(check->container);
	if (scope != NULL)
		di_check_open(check, scope);
}

void di_check_begin(struct di_check *check, const struct di_table *table,
		    const struct di_scope *scope)
{
	di_check_begin_with(check, table, NULL, scope);
}

void di_check_open(struct di_check *check, const struct di_scope *scope)
{
	struct di_context *context = di_context_open(check->context, scope, &check->error);

	ck_assert_msg(context != NULL, "%s", di_check_text(check));
	check->context = context;
}

void di_check_close(struct di_check *check, enum di_outcome outcome)
{
	struct di_context *parent = di_context_parent(check->context);

	di_check_ok(check, di_context_close(check->context, outcome, &check->error));
	check->context = parent;
}

void di_check_end(struct di_check *check)
{
	check->memory.fail_always = 0;
	while (check->context != check->root)
		di_check_close(check, DI_DONE);
	di_check_ok(check, di_container_free(check->container, &check->error));
	check->container = NULL;
	check->root = check->context = NULL;
	di_check_memory_check(&check->memory);
}

/* ---- What is expected. ---- */

const char *di_check_text(const struct di_check *check)
{
	static char text[1024];

	return di_error_text(&check->error, text, sizeof(text));
}

void di_check__ok(const char *file, int line, const char *call, const struct di_check *check,
		  enum di_status status)
{
	ck_assert_msg(status == DI_OK, "%s:%d: %s is %s: %s", file, line, call,
		      di_status_name(status), di_check_text(check));
}

static void expect_part(const char *file, int line, const char *call, const struct di_check *check,
			const char *part)
{
	ck_assert_msg(strstr(di_check_text(check), part) != NULL,
		      "%s:%d: %s: expected: %s, but was: %s", file, line, call, part,
		      di_check_text(check));
}

void di_check__fails(const char *file, int line, const char *call, const struct di_check *check,
		     enum di_status status, enum di_status expected, const char *part)
{
	ck_assert_msg(status == expected, "%s:%d: %s is %s and not %s: %s", file, line, call,
		      di_status_name(status), di_status_name(expected), di_check_text(check));
	ck_assert_msg(check->error.status == expected,
		      "%s:%d: %s did not write the error: give it &test.error", file, line, call);
	expect_part(file, line, call, check, part);
}

void di_check__null(const char *file, int line, const char *call, const struct di_check *check,
		    const void *value, enum di_status expected, const char *part)
{
	ck_assert_msg(value == NULL, "%s:%d: %s is not NULL", file, line, call);
	di_check__fails(file, line, call, check, check->error.status, expected, part);
}

/* ---- Mistakes. ---- */

#ifdef DI_DEBUG

enum {
	ABORTED = 42,
	RETURNED = 43
};

/* So that neither a core nor the complaint of a tool is left behind. */
static void aborted(int signal)
{
	(void)signal;
	_exit(ABORTED);
}

static void run_in_child(di_check_mistake_fn *function, void *data, int out)
{
	struct di_error err = { 0 };

	dup2(out, STDERR_FILENO);
	signal(SIGABRT, aborted);
	function(data, &err);
	_exit(RETURNED);
}

static void read_all(int from, char *buffer, size_t size)
{
	size_t used = 0;
	ssize_t got = 1;

	while (used + 1 < size && (got > 0 || (got < 0 && errno == EINTR))) {
		got = read(from, buffer + used, size - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	buffer[used] = '\0';
}

void di_check__mistake(const char *file, int line, di_check_mistake_fn *function, void *data,
		       enum di_status expected, const char *text)
{
	char said[2048];
	int ends[2], ended = 0;
	pid_t child;

	(void)expected;
	ck_assert_int_eq(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		run_in_child(function, data, ends[1]);
	close(ends[1]);
	read_all(ends[0], said, sizeof(said));
	close(ends[0]);
	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	ck_assert_msg(WIFEXITED(ended) && WEXITSTATUS(ended) == ABORTED,
		      "%s:%d: no assertion failed; said: %s", file, line, said);
	ck_assert_msg(strstr(said, text) != NULL, "%s:%d: expected: %s, but said: %s", file, line,
		      text, said);
}

#else

void di_check__mistake(const char *file, int line, di_check_mistake_fn *function, void *data,
		       enum di_status expected, const char *text)
{
	struct di_error err = { 0 };
	enum di_status found = function(data, &err);
	char said[1024];

	di_error_text(&err, said, sizeof(said));
	ck_assert_msg(found == expected && err.status == expected,
		      "%s:%d: expected %s, but was %s: %s", file, line, di_status_name(expected),
		      di_status_name(found), said);
	ck_assert_msg(strstr(said, text) != NULL, "%s:%d: expected: %s, but said: %s", file, line,
		      text, said);
	function(data, NULL);
}

#endif
