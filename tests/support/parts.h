/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_PARTS_H
#define DI_TESTS_PARTS_H

/**
 * Values for test containers, and constructors and destructors that write to the journal.
 *
 *     PART(store)                  store_new(struct part **), store_end(struct part *, outcome)
 *     PART_OF_1(session)           session_new(struct part **, struct part *need)
 *     PART_OF_2(query)
 *
 * write "created store", "created query from store session" and "ended store done". Names may be
 * told to fail, "failed store" and "ended badly store" are written then. The memory of a part stays
 * until parts_clear(), so that a test may look at what has ended.
 */

#include "di/observer.h"

enum {
	PART_NEEDS = 4
};

struct part {
	const char *name;
	int number; /**< how many of that name had been made before */
	int alive;
	int needs_count;
	struct part *needs[PART_NEEDS];
};

/** Forgets all parts and failures, and clears the journal; for a checked fixture. */
void parts_clear(void);

/** How many parts of that name are alive. */
int parts_alive(const char *name);

/** Makes the next constructions of that name fail with cause, an errno. */
void parts_fail_new(const char *name, int cause, int times);

/** Makes the next ends of that name return cause. */
void parts_fail_end(const char *name, int cause, int times);

typedef void part_hook_fn(struct part *part);

/**
 * Runs hook in each constructor of that name, before it writes, with NULL; or in each destructor.
 */
void parts_on_new(const char *name, part_hook_fn *hook);
void parts_on_end(const char *name, part_hook_fn *hook);

/** Called by the constructors. needs ends with NULL. Returns 0 or the cause. */
int part_new(struct part **out, const char *name, struct part *const *needs);

/** Called by the destructors; fails the test if a need has ended before. Returns 0 or the cause. */
int part_end(struct part *part, enum di_outcome outcome);

/** A part for overrides: it was not made and does not end. */
#define PART_FAKE(name_) static struct part name_ = { .name = #name_, .alive = 1 };

#define PART_END(name_)                                                                            \
	static int name_##_end(struct part *part, enum di_outcome outcome)                         \
	{                                                                                          \
		return part_end(part, outcome);                                                    \
	}

#define PART(name_)                                                                                \
	static int name_##_new(struct part **out)                                                  \
	{                                                                                          \
		return part_new(out, #name_, (struct part *const[]){ NULL });                      \
	}                                                                                          \
	PART_END(name_)

#define PART_OF_1(name_)                                                                           \
	static int name_##_new(struct part **out, struct part *a)                                  \
	{                                                                                          \
		return part_new(out, #name_, (struct part *const[]){ a, NULL });                   \
	}                                                                                          \
	PART_END(name_)

#define PART_OF_2(name_)                                                                           \
	static int name_##_new(struct part **out, struct part *a, struct part *b)                  \
	{                                                                                          \
		return part_new(out, #name_, (struct part *const[]){ a, b, NULL });                \
	}                                                                                          \
	PART_END(name_)

#endif
