/* SPDX-License-Identifier: MIT */
#include "samples/notes/exports.h"
#include "samples/notes/notes.h"

/* clang-format off */
#define NOTES_EXPORTS(X)                                                                           \
	X(object,      default_config, const struct config, &default_config)                       \
	X(field,       struct config,  db.path,            const char *)                           \
	X(field,       struct config,  db.journal,         const char *)                           \
	X(field,       struct config,  db.busy_timeout_ms, int)                                    \
	X(constructor, struct clock,   (clock_new))                                                \
	X(destructor,  struct clock,   clock_free)                                                 \
	X(constructor, struct store,   (store_open, const char *, const char *, int))              \
	X(destructor,  struct store,   store_close)                                                \
	X(type,        struct user)                                                                \
	X(constructor, struct session, (session_begin, struct store *, const struct intent *))     \
	X(destructor,  struct session, session_end)                                                \
	X(constructor, struct query,   (query_new, struct session *))                              \
	X(destructor,  struct query,   query_free)
/* clang-format on */

/* cppcheck-suppress unknownMacro */
/* NOLINTNEXTLINE(bugprone-sizeof-expression): fields are checked by sizes */
DI_EXPORTS_DEFINE(notes_exports, NOTES_EXPORTS);
