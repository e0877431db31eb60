/* SPDX-License-Identifier: MIT */
/* Handlers and callbacks with 0 to 8 passed parameters, 0 to 8 needs and each kind of result. */
#include <di/di.h>
#include <stdbool.h>
#include <stddef.h>

struct clock;
struct session;
struct config {
	int port;
};
struct reply {
	int code;
	double seconds;
};
enum verdict {
	GOOD,
	BAD
};
typedef void visit_fn(int number);

static const struct config default_config = { 8080 };

int clock_new(struct clock **out);
void clock_free(struct clock *clock);
int session_begin(struct session **out, struct clock *clock);
void session_end(struct session *session, enum di_outcome outcome);

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  const struct config, &default_config) \
	X(singleton,        app_clock,   struct clock,   (clock_new),                clock_free) \
	X(context_resource, app_session, struct session, (session_begin, app_clock), session_end, request) \
	X(context_resource, app_call,    struct session, (session_begin, app_clock), session_end, inject) \
	X(factory,          app_timer,   struct clock,   (clock_new),                clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

int nothing(void);
void silent(void);
int one(int a);
int two(int a, const char *b);
int three(int a, const char *b, double c);
int four(int a, const char *b, double c, struct reply d);
int five(int a, const char *b, double c, struct reply d, enum verdict e);
int six(int a, const char *b, double c, struct reply d, enum verdict e, bool f);
int seven(int a, const char *b, double c, struct reply d, enum verdict e, bool f, void *g);
int eight(int a, const char *b, double c, struct reply d, enum verdict e, bool f, void *g,
	  size_t h);
int needing(struct clock *a, struct session *b, int port, struct di_context *context,
	    struct clock *e, struct clock *f, struct clock *g, struct clock *h);
void *full(int a, const char *b, double c, struct reply d, enum verdict e, bool f, void *g,
	   size_t h, struct clock *i, struct session *j, int k, struct di_context *l,
	   struct clock *m, struct session *n, struct clock *o, const struct config *p);
void with_typedefs(int *numbers, visit_fn *visit, struct clock *clock);
struct reply answer(struct session *session);
const struct reply *find(struct session *session, struct clock *clock);
enum verdict judge(struct session *session);
unsigned long measure(struct session *session);

DI_HANDLER_DECLARE(app_nothing, int, ());
DI_HANDLER(app_nothing, int, (), (nothing));
DI_HANDLER_DECLARE(app_void, int, (void));
DI_HANDLER(app_void, int, (void), (nothing));
DI_HANDLER_DECLARE(app_silent, void, ());
DI_HANDLER(app_silent, void, (), (silent));
DI_HANDLER_DECLARE(app_two, int, (int, const char *));
DI_HANDLER(app_one, int, (int), (one));
DI_HANDLER(app_two, int, (int, const char *), (two));
DI_HANDLER(app_three, int, (int, const char *, double), (three));
DI_HANDLER(app_four, int, (int, const char *, double, struct reply), (four));
DI_HANDLER(app_five, int, (int, const char *, double, struct reply, enum verdict), (five));
DI_HANDLER(app_six, int, (int, const char *, double, struct reply, enum verdict, bool), (six));
DI_HANDLER(app_seven, int, (int, const char *, double, struct reply, enum verdict, bool, void *),
	   (seven));
DI_HANDLER(app_eight, int,
	   (int, const char *, double, struct reply, enum verdict, bool, void *, size_t), (eight));
DI_HANDLER(app_needing, int, (),
	   (needing, app_clock, app_session, DI_FIELD(app_config, port), DI_CONTEXT, app_clock,
	    app_timer, app_timer, app_clock));
DI_HANDLER(app_full, void *,
	   (int, const char *, double, struct reply, enum verdict, bool, void *, size_t),
	   (full, app_clock, app_session, DI_FIELD(app_config, port), DI_CONTEXT, app_timer,
	    app_call, app_clock, app_config));
DI_HANDLER(app_typedefs, void, (int *, visit_fn *), (with_typedefs, app_clock));

DI_HANDLER(app_answer, struct reply, (), (answer, app_session));
DI_HANDLER(app_find, const struct reply *, (), (find, app_session, app_timer));
DI_HANDLER(app_judge, enum verdict, (), (judge, app_call));
DI_HANDLER(app_measure, unsigned long, (), (measure, app_call));
DI_HANDLER_DECLARE(app_judged, DI_FAILS_IF(enum verdict, == BAD), (void));
DI_HANDLER(app_judged, DI_FAILS_IF(enum verdict, == BAD), (void), (judge, app_call));
DI_HANDLER_DECLARE(app_replied, struct reply, ());
DI_HANDLER(app_replied, DI_FAILS_IF(struct reply, .code >= 500), (), (answer, app_call));
DI_HANDLER(app_found, DI_FAILS_IF(const struct reply *, == NULL), (),
	   (find, app_session, app_timer));
DI_HANDLER(app_negative, DI_FAILS_IF(int, < 0), (int), (one));

int compare(const void *a, const void *b, struct clock *clock);
void visit(int number, struct session *session);
struct reply *make_reply(struct clock *clock);
void tick(struct clock *clock, struct di_context *context);

DI_CALLBACK(app_compare, int, 0, (const void *, const void *), (compare, app_clock));
DI_CALLBACK(app_compare_new, int, -1, (const void *, const void *), (compare, app_timer));
DI_CALLBACK(app_visit, void, , (int), (visit, app_session));
DI_CALLBACK(app_visit_call, void, 0, (int), (visit, app_call));
DI_CALLBACK(app_make_reply, struct reply *, NULL, (void), (make_reply, app_clock));
DI_CALLBACK(app_tick, void, , (), (tick, app_timer, DI_CONTEXT));

void use(void);

void use(void)
{
	visit_fn *visitor = app_visit;
	int (*comparer)(const void *, const void *) = app_compare;

	(void)visitor;
	(void)comparer;
}
