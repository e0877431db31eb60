/* SPDX-License-Identifier: MIT */
/* Tables that connect others, one and eight of them, and rows of all kinds with needs of those. */

#include <di/di.h>

struct thing;
struct box {
	struct {
		int number;
		const char *name;
	} in;
};

DI_LIST_TYPE(things, struct thing);
DI_DICT_TYPE(named_things, struct thing);
DI_LAZY_TYPE(later_thing, struct thing);

int thing_new(struct thing **out);
int thing_of_thing(struct thing **out, struct thing *thing);
int thing_of_const(struct thing **out, const struct thing *thing);
int thing_of_field(struct thing **out, int number, const char *name);
int thing_of_context(struct thing **out, struct di_context *context, struct thing *thing);
struct thing *thing_returned(struct thing *a, struct thing *b);
int box_init(struct box *self, struct thing *thing);
void thing_free(struct thing *thing);
const char *thing_choose(struct thing *thing);
int thing_of_things(struct thing **out, const struct things *things);
int thing_use(int number, struct thing *a, struct thing *b);

static const struct box the_box = { { 1, "box" } };

/* clang-format off */
#define ONE(X) \
	X(object,           one_box,    const struct box, &the_box) \
	X(singleton,        one_thing,  struct thing,     (thing_new), thing_free) \
	X(state,            one_user,   struct thing,     request) \
	X(context_resource, one_visit,  struct thing,     (thing_of_thing, one_user), thing_free, request) \
	X(factory,          one_fresh,  struct thing,     (thing_of_thing, one_visit), thing_free)
#define EMPTY(X)
#define TWO(X) \
	X(singleton,        two_thing,  struct thing,     (thing_of_const, one_thing), thing_free) \
	X(resource,         two_field,  struct thing,     (thing_of_field, DI_FIELD(one_box, in.number), DI_FIELD(one_box, in.name)), thing_free) \
	X(context_resource, two_visit,  struct thing,     (thing_of_context, DI_CONTEXT, one_visit), thing_free, request) \
	X(context_resource, two_box,    struct box,       DI_INIT(box_init, two_visit), di_keep, inject) \
	X(selector,         two_choice, struct thing,     (thing_choose, one_thing), ("one", one_visit), ("two", two_visit)) \
	X(list,             two_list,   struct things,    one_thing, two_thing, two_choice) \
	X(dict,             two_dict,   struct named_things, ("one", one_visit), ("two", two_thing)) \
	X(lazy,             two_lazy,   struct later_thing, one_visit, request) \
	X(lazy,             two_later,  struct later_thing, two_last, request) \
	X(factory,          two_last,   struct thing,     (thing_of_things, two_list), thing_free) \
	X(factory,          two_fresh,  struct thing,     DI_RETURNS(thing_returned, one_fresh, two_visit), thing_free)
#define MANY(X) \
	TWO_MORE(X) \
	X(singleton,        many_last,  struct thing,     (thing_of_thing, many_thing), thing_free)
#define TWO_MORE(X) \
	X(singleton,        many_thing, struct thing,     (thing_of_thing, two_thing), thing_free)
/* clang-format on */

DI_CONTAINER_DECLARE(one, ONE);
DI_CONTAINER_DECLARE(e3, EMPTY);
DI_CONTAINER_DECLARE(e4, EMPTY);
DI_CONTAINER_DECLARE(e5, EMPTY);
DI_CONTAINER_DECLARE(e6, EMPTY);
DI_CONTAINER_DECLARE(e7, EMPTY);
DI_CONTAINER_DECLARE(e8, EMPTY, one);
DI_CONTAINER_DECLARE(two, TWO, one);
DI_CONTAINER_DECLARE(many, MANY, one, two, e3, e4, e5, e6, e7, e8);
DI_CONTAINER_DEFINE(one, ONE);
DI_CONTAINER_DEFINE(two, TWO);
DI_CONTAINER_DEFINE(many, MANY);
DI_CONTAINER_DEFINE(e8, EMPTY);

DI_HANDLER(use_both, int, (int), (thing_use, one_visit, two_visit));
DI_CALLBACK(call_both, int, -1, (int), (thing_use, one_fresh, many_last));
