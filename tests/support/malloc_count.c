/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif
#include "tests/support/malloc_count.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

static _Thread_local unsigned long calls, refused_call;
static _Thread_local long live;

unsigned long malloc_count(void)
{
	return calls;
}

long malloc_live(void)
{
	return live;
}

void malloc_refuse(unsigned long n)
{
	refused_call = n == 0 ? 0 : calls + n;
}

#ifdef SANITIZED

int malloc_is_counted(void)
{
	return 0;
}

#else

/* Valgrind puts its own in the place of ours. */
int malloc_is_counted(void)
{
	void *(*volatile function)(size_t) = malloc;
	unsigned long before = calls;

	free(function(1));
	return calls > before;
}

/*
 * The next definition of that name, which valgrind may have replaced; kept as bytes, as dlsym()
 * wants.
 */
static void find(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	memcpy(function, &found, sizeof(found));
}

static int is_refused(void)
{
	if (++calls != refused_call)
		return 0;
	errno = ENOMEM;
	return 1;
}

static void *count(void *block)
{
	live += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	static void *(*next)(size_t);

	if (next == NULL)
		find("malloc", &next);
	return is_refused() ? NULL : count(next(size));
}

void *calloc(size_t number, size_t size)
{
	static void *(*next)(size_t, size_t);

	if (next == NULL)
		find("calloc", &next);
	return is_refused() ? NULL : count(next(number, size));
}

void *realloc(void *block, size_t size)
{
	static void *(*next)(void *, size_t);
	int is_ended = block != NULL && size == 0;
	void *moved;

	if (next == NULL)
		find("realloc", &next);
	if (is_refused())
		return NULL;
	moved = next(block, size);
	live -= is_ended && moved == NULL;
	return block == NULL ? count(moved) : moved;
}

void free(void *block)
{
	static void (*next)(void *);

	if (next == NULL)
		find("free", &next);
	live -= block != NULL;
	next(block);
}

#endif
