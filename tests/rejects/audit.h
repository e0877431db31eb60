/* SPDX-License-Identifier: MIT */
#ifndef TESTS_REJECTS_AUDIT_H
#define TESTS_REJECTS_AUDIT_H

/**
 * A container that others connect, and one that no other does. Both are correct.
 */

#include "domain.h"

/* clang-format off */
#define AUDIT(X) \
	X(object,           audit_config,  const struct config, &default_config)                                                   \
	X(singleton,        audit_clock,   struct clock,   (clock_new), clock_free)                                                \
	X(singleton,        audit_store,   struct store,   (store_open, DI_FIELD(audit_config, db.path)), store_close)             \
	X(context_resource, audit_session, struct session, (session_begin, audit_store, audit_clock), session_end, request)        \
	X(factory,          audit_query,   struct query,   DI_RETURNS(query_make, audit_session), query_free)
#define OTHER(X) \
	X(singleton,        other_clock,   struct clock,   (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(audit, AUDIT);
DI_CONTAINER_DECLARE(other, OTHER);

#endif
