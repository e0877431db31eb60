/* SPDX-License-Identifier: MIT */
#ifndef DI_SCOPE_H
#define DI_SCOPE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Scopes: labels with a rank, which say in which contexts a context resource lives.
 *
 * The rank orders lifetimes for the compiler: a provider may hold only what has a rank at most its
 * own. Contexts themselves nest in any order. A row names a scope by the word after `di_scope_`, so
 * the scope of a user's own,
 *
 *     DI_SCOPE_DECLARE(job, 150);     in a header
 *     DI_SCOPE_DEFINE(job);           in one source file
 *
 * is written `job` in a table and `&di_scope_job` in di_context_open(). Ranks of one's own are from
 * 2 to 299. A container may use at most 32 scopes.
 *
 * A table may have a default scope, for context resources and states that leave theirs out. It is a
 * macro that begins with the name of the container, and stands above DI_CONTAINER_DECLARE():
 *
 *     #define notes_DEFAULT_SCOPE DI_SCOPE(request)
 */

#include "di/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_scope {
	const char *name;
	int rank;
};

/** Declares a scope with its rank, 2 to 299; for headers. */
#define DI_SCOPE_DECLARE(name_, rank_)                                                             \
	enum {                                                                                     \
		di_scope_##name_##__rank = (rank_)                                                 \
	};                                                                                         \
	extern const struct di_scope di_scope_##name_

/** Defines a scope that was declared; in one source file. */
#define DI_SCOPE_DEFINE(name_)                                                                     \
	_Static_assert(di_scope_##name_##__rank > 1 && di_scope_##name_##__rank < 300,             \
		       "the rank of a scope is from 2 to 299");                                    \
	const struct di_scope di_scope_##name_ = { #name_, di_scope_##name_##__rank }

enum {
	di_scope_none__rank = -1,
	di_scope_app__rank = 0,
	di__scope_thread__rank = 1,
	di_scope_request__rank = 100,
	di_scope_inject__rank = 200,
	di_scope_any__rank = 300
};

/**
 * The scope of the root context. A context opened with it begins the app-scoped resources afresh.
 */
DI_API extern const struct di_scope di_scope_app;
/** One request, message or job. */
DI_API extern const struct di_scope di_scope_request;
/** One call of a handler; handlers open it by themselves. */
DI_API extern const struct di_scope di_scope_inject;
/** Whatever context is innermost. For rows only: it cannot be opened. */
DI_API extern const struct di_scope di_scope_any;
/**
 * No scope, for contexts only: one that begins nothing afresh but what its options name, and in
 * which the scope of the context around it goes on. What is overridden or put there is seen there
 * alone.
 */
DI_API extern const struct di_scope di_scope_none;
/** Of what lives with a thread; its name is "thread". It cannot be opened, and no row names it. */
DI_API extern const struct di_scope di__scope_thread;

#ifdef __cplusplus
}
#endif

#endif
