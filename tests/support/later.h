/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_LATER_H
#define DI_TESTS_LATER_H

/**
 * Parts that are made and ended later: what stands for a loop in tests.
 *
 *     LATER(store, app_store)   store_new(struct di_call *), store_end(struct di_call *, ...)
 *     LATER_OF_1(session, app_session)
 *     LATER_OF_2(query, app_query)
 *
 * write "began store"; in the next later_step() the part is made as tests/support/parts.h says, and
 * the call completed. Ends likewise: "ending store", and "ended store done" a step later. The
 * second argument of each is the row that the part completes.
 */

#include "di/di.h"
#include "tests/support/parts.h"

typedef enum di_status later_complete_fn(struct di_call *call, int status, struct part *part);

/** Forgets what is due; for a checked fixture. */
void later_clear(void);

/** Completes whatever was begun before, in that order; returns how much that was. */
int later_step(void);

/** Steps until nothing is due; returns how many steps it took. */
int later_run(void);

/** How much is due. */
int later_due(void);

/** Makes the constructors and finalizers of that name complete at once, before they return. */
void later_at_once(const char *name);

/** The call that is due of that name, or NULL; it is the test's to complete. */
struct di_call *later_take(const char *name);

int later_new(struct di_call *call, later_complete_fn *complete, const char *name,
	      struct part *const *needs);
int later_end(struct di_call *call, struct part *part, enum di_outcome outcome);

#define LATER_END(name_)                                                                           \
	static int name_##_end(struct di_call *call, struct part *part, enum di_outcome outcome)   \
	{                                                                                          \
		return later_end(call, part, outcome);                                             \
	}

#define LATER(name_, row_)                                                                         \
	static int name_##_new(struct di_call *call)                                               \
	{                                                                                          \
		return later_new(call, row_##_complete, #name_, (struct part *const[]){ NULL });   \
	}                                                                                          \
	LATER_END(name_)

#define LATER_OF_1(name_, row_)                                                                    \
	static int name_##_new(struct di_call *call, struct part *a)                               \
	{                                                                                          \
		return later_new(call, row_##_complete, #name_,                                    \
				 (struct part *const[]){ a, NULL });                               \
	}                                                                                          \
	LATER_END(name_)

#define LATER_OF_2(name_, row_)                                                                    \
	static int name_##_new(struct di_call *call, struct part *a, struct part *b)               \
	{                                                                                          \
		return later_new(call, row_##_complete, #name_,                                    \
				 (struct part *const[]){ a, b, NULL });                            \
	}                                                                                          \
	LATER_END(name_)

/** container_end() where values end later. */
void later_container_end(void);

/* ---- Answers. ---- */

/** What a get has called back with. */
struct answer {
	int times;
	struct part *part;
	enum di_status status;
	char text[600];
};

/** The callback of gets of parts; data is a struct answer. */
void answer_take(void *data, struct part *part, const struct di_error *error);
/** The same for di_get_async(). */
void answer_take_any(void *data, void *value, const struct di_error *error);

/** The callback of what is closed, reset, started or freed. */
void answer_done(void *data, enum di_status status, const struct di_error *error);

/** Fails the test unless it has one answer, of that status. */
#define answer_expect(answer_, status_)                                                            \
	do {                                                                                       \
		ck_assert_int_eq((answer_)->times, 1);                                             \
		ck_assert_msg((answer_)->status == (status_), "%s: %s",                            \
			      di_status_name((answer_)->status), (answer_)->text);                 \
	} while (0)
/** Fails the test unless the text of its error has that part. */
#define answer_text(answer_, part_)                                                                \
	ck_assert_msg(strstr((answer_)->text, (part_)) != NULL, "%s", (answer_)->text)

#endif
