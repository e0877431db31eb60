/* SPDX-License-Identifier: MIT */
/* Rows of asynchronous kinds: all forms of constructors and destructors, needs and users. */

#include <di/di.h>

struct thing;
struct box {
	int number;
};

DI_SCOPE_DECLARE(job, 150);
DI_LIST_TYPE(things, struct thing);

static const struct box the_box = { 1 };

int thing_make(struct di_call *call);
int thing_of_thing(struct di_call *call, struct thing *thing, int number);
int thing_of_const(struct di_call *call, const struct thing *thing, struct di_context *context);
int thing_new(struct thing **out, struct thing *thing);
int thing_of_things(struct di_call *call, const struct things *things);
int box_make(struct di_call *call);
DI_COMPLETE_DECLARE(thing_make, struct thing);
DI_COMPLETE_DECLARE(box_make, const struct box);
void thing_free(struct thing *thing);
int thing_close(struct thing *thing, enum di_outcome outcome);
int thing_end(struct di_call *call, struct thing *thing);
int thing_commit(struct di_call *call, struct thing *thing, enum di_outcome outcome);
void any_free(void *memory);

/* clang-format off */
#define APP(X) \
	X(object,                 app_box,     const struct box, &the_box) \
	X(async_singleton,        app_one,     struct thing,  (thing_make),                       thing_free) \
	X(async_singleton,        app_const,   const struct box, (box_make),                      di_keep) \
	X(async_resource,         app_two,     struct thing,  (thing_of_thing, app_one, DI_FIELD(app_box, number)), thing_end) \
	X(async_context_resource, app_visit,   struct thing,  (thing_of_const, app_two, DI_CONTEXT), thing_commit, request) \
	X(async_context_resource, app_job,     struct thing,  (thing_make),                       any_free, job) \
	X(async_context_resource, app_strict,  struct thing,  (thing_make),                       thing_close, DI_STRICT(request)) \
	X(async_factory,          app_fresh,   struct thing,  (thing_of_const, app_visit, DI_CONTEXT), thing_end) \
	X(list,                   app_all,     struct things, app_one, app_two) \
	X(async_factory,          app_of_all,  struct thing,  (thing_of_things, app_all),         di_keep) \
	X(factory,                app_plain,   struct thing,  (thing_new, app_fresh),             thing_free)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void take(void *data, struct thing *thing, const struct di_error *error)
{
	(void)data;
	(void)thing;
	(void)error;
}

struct di_get ask(struct di_context *context);
struct di_get ask(struct di_context *context)
{
	return app_visit_get_async(context, take, NULL, NULL);
}

enum di_status complete(struct di_call *call, struct thing *thing, const struct box *box);
enum di_status complete(struct di_call *call, struct thing *thing, const struct box *box)
{
	app_const_complete(call, 0, box);
	box_make_complete(call, 0, box);
	thing_make_complete(call, 0, thing);
	return app_one_complete(call, 0, thing);
}
