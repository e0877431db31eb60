/* SPDX-License-Identifier: MIT */
/* Scopes: strict ones, left out ones, and those of handlers. */
#include <di/di.h>

struct session;
struct user;

int session_begin(struct session **out);
int session_of(struct session **out, struct session *other);
void session_end(struct session *session, enum di_outcome outcome);

DI_SCOPE_DECLARE(job, 50);

/* clang-format off */
#define app_DEFAULT_SCOPE DI_SCOPE(request)
#define APP(X) \
	X(context_resource, app_session, struct session, (session_begin),           session_end) \
	X(context_resource, app_call,    struct session, (session_of, app_session), session_end, inject) \
	X(context_resource, app_strict,  struct session, (session_of, app_session), session_end, DI_STRICT(request)) \
	X(context_resource, app_job,     struct session, (session_begin),           session_end, DI_STRICT(job)) \
	X(state,            app_user,    const struct user) \
	X(state,            app_owner,   struct user, any)

#define other_DEFAULT_SCOPE DI_SCOPE(DI_STRICT(job))
#define OTHER(X) \
	X(context_resource, other_session, struct session, (session_begin), session_end) \
	X(state,            other_user,    const struct user)

#define ONLY(X) X(context_resource, only_session, struct session, (session_begin), session_end, DI_STRICT(app))
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);
DI_CONTAINER_DECLARE(only, ONLY);
DI_CONTAINER_DEFINE(only, ONLY);

int work(struct session *session);
void work_silently(int number, struct session *session);
struct session *find(struct session *session);

DI_HANDLER_DECLARE(app_work, int, (void));
DI_HANDLER_IN(request, app_work, int, (void), (work, app_session));
DI_HANDLER_IN(job, app_judged, DI_FAILS_IF(int, < 0), (void), (work, app_job));
DI_HANDLER_IN(inject, app_silent, void, (int), (work_silently, app_call));
DI_HANDLER_IN(app, app_find, struct session *, (), (find, app_session));
DI_CALLBACK_IN(request, app_callback, int, -1, (void), (work, app_strict));
DI_CALLBACK_IN(job, app_visit, void, , (int), (work_silently, app_job));
