/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/parts.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdlib.h>

/*
 * Random asking, letting go, cancelling and completing, also by constructors: each get calls back
 * once or is let go of, and all that was made ends.
 */

struct thing {
	int number;
};

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_a, struct thing, (a_new),               a_end) \
	X(async_singleton,        app_b, struct thing, (b_new, app_a),        b_end) \
	X(async_factory,          app_p, struct thing, (p_new, app_b),        p_end) \
	X(factory,                app_f, struct thing, (f_new, app_p),        f_end) \
	X(selector,               app_s, struct thing, (choose), ("b", app_b), ("p", app_p), ("f", app_f)) \
	X(selector,               app_o, struct thing, (choose_other), ("s", app_s), ("a", app_a)) \
	X(async_factory,          app_q, struct thing, (q_new, app_o),        q_end) \
	X(async_singleton,        app_t, struct thing, (t_new, app_s, app_a), t_end) \
	X(async_context_resource, app_c, struct thing, (c_new, app_t, app_q), c_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

enum {
	DUE_MAX = 256,
	GETS_MAX = 64
};

typedef enum di_status complete_fn(struct di_call *call, int status, struct thing *thing);

struct due {
	struct di_call *call;
	complete_fn *complete; /* NULL: it ends */
};

static struct due due[DUE_MAX];
static int due_count, alive, quiet;
static uint64_t seed;

static int draw(int below)
{
	return (int)(random_next(&seed) % (uint32_t)below);
}

static struct thing *thing_new(void)
{
	alive++;
	return calloc(1, sizeof(struct thing));
}

static void thing_free(struct thing *thing)
{
	alive--;
	free(thing);
}

static struct due take(int at)
{
	struct due one = due[at];

	due[at] = due[--due_count];
	return one;
}

static void finish(struct due one, int cause)
{
	struct thing *thing = cause == 0 && one.complete != NULL ? thing_new() : NULL;

	if (one.complete == NULL)
		di_call_end(one.call, 0);
	else
		one.complete(one.call, cause, thing);
}

/* Some cancel at once, some later, and some not at all. */
static void cancel(void *data, struct di_call *call)
{
	int at = 0;

	(void)data;
	while (at < due_count && due[at].call != call)
		at++;
	if (at < due_count && draw(3) > 0)
		finish(take(at), ECANCELED);
}

static int begin(struct di_call *call, complete_fn *complete)
{
	ck_assert_int_lt(due_count, DUE_MAX);
	due[due_count++] = (struct due){ call, complete };
	if (complete != NULL && draw(2) > 0)
		di_call_on_cancel(call, cancel, NULL);
	if (draw(8) == 0)
		finish(take(due_count - 1), 0);
	return DI_PENDING;
}

#define ENDS(name_)                                                                                \
	static int name_##_end(struct di_call *call, struct thing *thing)                          \
	{                                                                                          \
		thing_free(thing);                                                                 \
		return begin(call, NULL);                                                          \
	}
#define MADE_OF_1(name_)                                                                           \
	static int name_##_new(struct di_call *call, struct thing *one)                            \
	{                                                                                          \
		ck_assert_int_eq(one->number, 0);                                                  \
		return begin(call, app_##name_##_complete);                                        \
	}                                                                                          \
	ENDS(name_)
#define MADE_OF_2(name_)                                                                           \
	static int name_##_new(struct di_call *call, struct thing *one, struct thing *two)         \
	{                                                                                          \
		ck_assert_int_eq(one->number + two->number, 0);                                    \
		return begin(call, app_##name_##_complete);                                        \
	}                                                                                          \
	ENDS(name_)

static int a_new(struct di_call *call)
{
	return begin(call, app_a_complete);
}

ENDS(a)
MADE_OF_1(b)
MADE_OF_1(p)
MADE_OF_1(q)
MADE_OF_2(t)
MADE_OF_2(c)

static int f_new(struct thing **out, struct thing *one)
{
	ck_assert_int_eq(one->number, 0);
	*out = thing_new();
	return 0;
}

static void f_end(struct thing *thing)
{
	thing_free(thing);
}

static const char *choose(void)
{
	return (const char *const[]){ "b", "p", "f" }[draw(3)];
}

static const char *choose_other(void)
{
	return draw(3) > 0 ? "s" : "a";
}

DI_CONTAINER_DEFINE(app, APP);

static const struct di_provider *const rows[] = { &app_a, &app_b, &app_p, &app_f, &app_s,
						  &app_o, &app_q, &app_t, &app_c };

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

/* ---- Gets. ---- */

struct asked {
	struct di_get get;
	int expected; /* 1: it is to call back */
};

static struct asked gets[GETS_MAX];
static int gets_next, expected;

static void answer(void *data, void *value, const struct di_error *failure)
{
	struct asked *asked = data;

	ck_assert_int_eq(asked->expected, 1);
	ck_assert((value == NULL) == (failure != NULL));
	if (value != NULL)
		ck_assert_int_eq(((struct thing *)value)->number, 0);
	asked->expected = 0;
	expected--;
}

static struct asked *next_asked(void)
{
	struct asked *asked = &gets[gets_next++ % GETS_MAX];

	return asked->expected ? NULL : asked;
}

static void ask(struct di_context *context, struct di_call *call)
{
	struct asked *asked = next_asked();
	const struct di_provider *row = rows[draw(ROWS - (call != NULL))];
	struct di_get get;

	if (asked == NULL)
		return;
	asked->get.number = 0;
	asked->expected = 1;
	expected++;
	get = call != NULL ? di_call_get_async(call, row, answer, asked, &error)
			   : di_get_async(context, row, answer, asked, &error);
	if (get.number == 0) {
		asked->expected = 0;
		expected--;
	} else if (asked->expected) {
		asked->get = get;
	}
}

static void let_go(void)
{
	struct asked *asked = &gets[draw(GETS_MAX)];
	struct di_get get = asked->get;

	switch (draw(3)) {
	case 0:
		if (di_get_detach(get)) {
			ck_assert_int_eq(asked->expected, 1);
			asked->expected = 0;
			expected--;
		}
		break;
	case 1:
		di_get_expire(get);
		break;
	default:
		di_get_cancel(get);
	}
}

static void complete_one(void)
{
	struct due one;
	int at;

	if (due_count == 0)
		return;
	at = draw(due_count);
	one = due[at];
	if (one.complete != NULL && !quiet && draw(3) == 0)
		ask(NULL, one.call);
	/* What it asked for may have completed others. */
	for (at = 0; at < due_count && due[at].call != one.call;)
		at++;
	if (at < due_count)
		finish(take(at), one.complete != NULL && !quiet && draw(6) == 0 ? EIO : 0);
}

static void ignore(void *data, enum di_status status, const struct di_error *failure)
{
	(void)status;
	(void)failure;
	++*(int *)data;
}

static void complete_all(void)
{
	quiet = 1;
	while (due_count > 0)
		complete_one();
	quiet = 0;
}

static void live(int steps)
{
	struct di_context *request = open_in(root, &di_scope_request);
	int done = 0;

	while (steps-- > 0) {
		int what = draw(10);

		if (what < 3)
			ask(draw(2) ? root : request, NULL);
		else if (what < 5)
			let_go();
		else if (what < 9)
			complete_one();
		else
			di_reset_async(root, rows[draw(2)], ignore, &done, NULL);
	}
	done = 0;
	while (di_context_close_async(request, DI_DONE, ignore, &done, &error) != DI_OK) {
		ck_assert_int_gt(due_count, 0);
		complete_one();
	}
	complete_all();
	ck_assert_int_eq(done, 1);
}

START_TEST(whoever_lets_go_of_whatever_all_is_told_and_ends)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int round, done = 0;

	seed = (uint64_t)_i + 1;
	container_begin(&app, &options);
	memset(gets, 0, sizeof(gets));
	due_count = alive = expected = 0;
	for (round = 0; round < 30; round++)
		live(60);
	ck_assert_int_eq(expected, 0);
	expect_ok(di_container_free_async(container, ignore, &done, &error));
	container = NULL;
	complete_all();
	ck_assert_int_eq(done, 1);
	ck_assert_int_eq(alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_let_go_random");
	TCase *tcase = tcase_create("random");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, whoever_lets_go_of_whatever_all_is_told_and_ends, 0, 100);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
