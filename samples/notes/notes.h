/* SPDX-License-Identifier: MIT */
#ifndef NOTES_NOTES_H
#define NOTES_NOTES_H

/**
 * The parts of the service: how each is made, what it needs, and how it ends.
 */

#include "samples/notes/clock.h"
#include "samples/notes/config.h"
#include "samples/notes/query.h"
#include "samples/notes/session.h"
#include "samples/notes/store.h"

#include <di/di.h>

/* clang-format off */
#define NOTES(X)                                                                                   \
	/* kind             name           type                 (made by, needs...), ended by */   \
	X(object,           notes_config,  const struct config, &default_config)                   \
	X(singleton,        notes_clock,   struct clock,        (clock_new), clock_free)           \
	X(resource,         notes_store,   struct store,                                           \
	  (store_open, DI_FIELD(notes_config, db.path), DI_FIELD(notes_config, db.journal),        \
	   DI_FIELD(notes_config, db.busy_timeout_ms)),         store_close)                       \
	X(state,            notes_user,    const struct user,   request)                           \
	X(state,            notes_intent,  const struct intent, request)                           \
	X(context_resource, notes_session, struct session,                                         \
	  (session_begin, notes_store, notes_intent),           session_end, request)              \
	X(factory,          notes_query,   struct query,                                           \
	  (query_new, notes_session),                           query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);

#endif
