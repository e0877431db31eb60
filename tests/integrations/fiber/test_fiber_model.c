/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/last_words.h"

#include <stdlib.h>

/*
 * Random schedules of fibers against a model: each fiber knows what it has entered, set and begun,
 * and looks after each of its steps, between which others run, whether that is still so.
 */

enum {
	DEPTH = 6,
	CHILDREN = 3,
	CONTEXTS = 4,
	WORDS = 10
};

static const char words[WORDS + 1] = "0123456789";
static uint64_t seed;
static int constructions, resolves;

static int value_new(struct part **out)
{
	constructions++;
	if (random_next(&seed) % 3 == 0)
		di_fiber_yield();
	return part_new(out, "value", (struct part *const[]){ NULL });
}

static int built_new(struct part **out, struct part *value)
{
	constructions++;
	if (random_next(&seed) % 2 == 0)
		di_fiber_yield();
	return part_new(out, "built", (struct part *const[]){ value, NULL });
}

PART_END(value)
PART_END(built)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_value, struct part, (value_new),            value_end) \
	X(context_resource, app_built, struct part, (built_new, app_value), built_end, request)
#define LOCALS(X) X(local_word, const char, di_keep) X(local_other, const char, di_keep)
#define FURTHER(X) X(further_word, const char, di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_LOCAL_DECLARE(locals, LOCALS);
DI_LOCAL_DEFINE(locals, LOCALS);
DI_LOCAL_DECLARE(further, FURTHER);
DI_LOCAL_DEFINE(further, FURTHER);

static struct di_context *contexts[CONTEXTS];

/* What a flow sees: of the two words of one namespace, and the one of another. */
struct view {
	const char *word, *other, *further;
};

struct model {
	struct view view;
	struct {
		struct di_local_block block;
		struct view before;
		int of_further;
	} blocks[DEPTH];
	int blocks_count;
	struct di_context *entered[DEPTH];
	int entered_count;
	struct di_fiber *children[CHILDREN];
	int children_count;
	int generation;
};

static const char *any_word(void)
{
	return &words[random_next(&seed) % WORDS];
}

static void look(const struct model *model)
{
	const struct di_context *current =
		model->entered_count > 0 ? model->entered[model->entered_count - 1] : NULL;

	ck_assert_ptr_eq(local_word_get(), model->view.word);
	ck_assert_ptr_eq(local_other_get(), model->view.other);
	ck_assert_ptr_eq(further_word_get(), model->view.further);
	ck_assert_ptr_eq(di_context_current(&app), current);
}

static void set_one(struct model *model)
{
	const char *word = any_word();

	switch (random_next(&seed) % 3) {
	case 0:
		expect_ok(local_word_set(word, &error));
		model->view.word = word;
		break;
	case 1:
		expect_ok(local_other_set(word, &error));
		model->view.other = word;
		break;
	default:
		expect_ok(further_word_set(word, &error));
		model->view.further = word;
	}
}

static void begin_block(struct model *model)
{
	int of_further = random_next(&seed) % 2 == 0, at = model->blocks_count;

	if (at == DEPTH)
		return;
	expect_ok(
		di_local_begin(of_further ? &further : &locals, &model->blocks[at].block, &error));
	model->blocks[at].before = model->view;
	model->blocks[at].of_further = of_further;
	model->blocks_count++;
}

static void end_block(struct model *model)
{
	int at = model->blocks_count - 1;

	if (at < 0)
		return;
	expect_ok(di_local_end(&model->blocks[at].block, &error));
	if (model->blocks[at].of_further) {
		model->view.further = model->blocks[at].before.further;
	} else {
		model->view.word = model->blocks[at].before.word;
		model->view.other = model->blocks[at].before.other;
	}
	model->blocks_count--;
}

static void enter(struct model *model)
{
	struct di_context *context = contexts[random_next(&seed) % CONTEXTS];

	if (model->entered_count == DEPTH)
		return;
	expect_ok(di_context_enter(context, &error));
	model->entered[model->entered_count++] = context;
}

static void leave(struct model *model)
{
	if (model->entered_count == 0)
		return;
	expect_ok(di_context_leave(model->entered[--model->entered_count], &error));
}

static void resolve(void)
{
	struct part *built = app_built_get(contexts[random_next(&seed) % CONTEXTS], &error);

	resolves++;
	ck_assert_msg(built != NULL, "%s", error_text());
	ck_assert_ptr_eq(built->needs[0], app_value_get(root, &error));
}

static void *live(void *data);

/* A child sees what its maker sees now, and has begun and entered nothing. */
static void make_child(struct model *model)
{
	struct model *child;

	if (model->children_count == CHILDREN || model->generation == 3)
		return;
	child = calloc(1, sizeof(*child));
	ck_assert_ptr_nonnull(child);
	child->view = model->view;
	child->generation = model->generation + 1;
	model->children[model->children_count++] = spawn(live, child);
}

static void join_child(struct model *model)
{
	if (model->children_count > 0)
		join(model->children[--model->children_count]);
}

static void do_something(struct model *model)
{
	switch (random_next(&seed) % 10) {
	case 0:
		begin_block(model);
		break;
	case 1:
		end_block(model);
		break;
	case 2:
		enter(model);
		break;
	case 3:
		leave(model);
		break;
	case 4:
		resolve();
		break;
	case 5:
		make_child(model);
		break;
	case 6:
		join_child(model);
		break;
	case 7:
		set_one(model);
		break;
	default:
		di_fiber_yield();
	}
	look(model);
}

static void *live(void *data)
{
	struct model *model = data;
	int steps = (int)(random_next(&seed) % 40);

	look(model);
	while (steps-- > 0)
		do_something(model);
	while (model->children_count > 0)
		join_child(model);
	look(model);
	/* What is entered and begun is left to the end of the fiber. */
	free(model);
	return NULL;
}

static void run_case(unsigned number)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_fiber *ancestors[4];
	int i;

	seed = number;
	constructions = 0;
	parts_clear();
	container_begin(&app, &options);
	for (i = 0; i < CONTEXTS; i++)
		contexts[i] = open_in(root, &di_scope_request);
	for (i = 0; i < 4; i++)
		ancestors[i] = spawn(live, calloc(1, sizeof(struct model)));
	run_all();
	for (i = 0; i < 4; i++)
		join(ancestors[i]);
	ck_assert_int_le(constructions, 1 + CONTEXTS);
	for (i = 0; i < CONTEXTS; i++)
		close_as(contexts[i], DI_DONE);
	container_end();
}

START_TEST(whatever_the_schedule_each_fiber_has_what_is_its_own)
{
	unsigned number, first = di_check_number("DI_MODEL_SEED", 1);
	unsigned count = di_check_quick() ? 10 : 120;

	last_words_begin("seed", 120);
	fibers = di_fiber_scheduler_new(NULL, &error);
	resolves = 0;
	for (number = first; number < first + count; number++) {
		last_words_number(number);
		run_case(number);
	}
	ck_assert_int_gt(resolves, 0);
	expect_ok(di_fiber_scheduler_free(fibers, &error));
	last_words_end();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/model");
	TCase *model = tcase_create("model");

	tcase_set_timeout(model, 120);
	tcase_add_test(model, whatever_the_schedule_each_fiber_has_what_is_its_own);
	suite_add_tcase(all, model);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
