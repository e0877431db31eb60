/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"

#include <string.h>

/*
 * Random steps of blocks, sets, undos, captures, runs and generators against a model that copies
 * arrays. Each seed is a test; the same on every run.
 */

#include "tests/support/threads.h"

enum {
	NAMES = 12,
	DEPTH = 10,
	KEPT = 5,
	STEPS = 4000
};

static const char *const names[NAMES] = {
	"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"
};

/* What a flow sees: two maps, and 0 where nothing is set. */
struct view {
	int values[2][NAMES];
};

struct level {
	int is_block, map, name, old;
	struct di_local_block block;
	struct di_local_undo undo;
	int before[NAMES];
};

struct player {
	struct view view;
	struct level levels[DEPTH];
	int depth;
};

static struct di_local *maps[2];
static uint64_t seed;
static struct di_capture *captures[KEPT];
static struct view captured[KEPT];

static int draw(int limit)
{
	return (int)(random_next(&seed) % (uint32_t)limit);
}

static void end_counted(void *value)
{
	counted_free(value);
}

/* An assertion that holds costs a write of Check's, and this is looked at very often. */
static void check(const struct view *view)
{
	int map, name, count;

	for (map = 0; map < 2; map++) {
		count = 0;
		for (name = 0; name < NAMES; name++) {
			const struct counted *it = di_local_map_get(maps[map], names[name]);

			if ((it != NULL ? it->number : 0) != view->values[map][name])
				ck_abort_msg("%s of map %d", names[name], map);
			count += it != NULL;
		}
		if (di_local_each(maps[map], NULL, NULL) != (size_t)count)
			ck_abort_msg("map %d has not %d names", map, count);
	}
}

static void set_or_unset(struct player *player)
{
	int map = draw(2), name = draw(NAMES), number = draw(3) == 0 ? 0 : 1 + draw(1000);
	int *value = &player->view.values[map][name];

	if (number != 0)
		ck_assert_int_eq(di_local_map_set(maps[map], names[name], counted_new(number),
						  end_counted, &error),
				 DI_OK);
	else
		ck_assert_int_eq(di_local_map_unset(maps[map], names[name], &error),
				 *value != 0 ? DI_OK : DI_ENOVALUE);
	*value = number;
}

static void go_in(struct player *player)
{
	struct level *level = &player->levels[player->depth];
	int map = draw(2), name = draw(NAMES), *values = player->view.values[map];

	if (player->depth == DEPTH)
		return;
	player->depth++;
	level->map = map;
	level->name = name;
	level->old = values[name];
	level->is_block = draw(2);
	memcpy(level->before, values, sizeof(level->before));
	if (level->is_block) {
		ck_assert_int_eq(di_local_begin(maps[map], &level->block, &error), DI_OK);
		return;
	}
	values[name] = 1 + draw(1000);
	ck_assert_int_eq(di_local_map_set_until(maps[map], names[name], counted_new(values[name]),
						end_counted, &level->undo, &error),
			 DI_OK);
}

static void go_out(struct player *player)
{
	struct level *level;
	int *values;

	if (player->depth == 0)
		return;
	level = &player->levels[--player->depth];
	values = player->view.values[level->map];
	if (level->is_block) {
		ck_assert_int_eq(di_local_end(&level->block, &error), DI_OK);
		memcpy(values, level->before, sizeof(level->before));
	} else if (draw(3) == 0) {
		ck_assert_int_eq(di_local_keep(&level->undo, &error), DI_OK);
	} else {
		ck_assert_int_eq(di_local_undo(&level->undo, &error), DI_OK);
		values[level->name] = level->old;
	}
}

static void keep(const struct view *view)
{
	int at = draw(KEPT);

	di_capture_free(captures[at]);
	captures[at] = di_flow_capture(&error);
	ck_assert_ptr_nonnull(captures[at]);
	captured[at] = *view;
}

static void play(struct player *player, int steps, int nesting);

struct game {
	struct player player;
	int nesting;
};

static void play_in_a_run(void *data)
{
	struct game *game = data;

	check(&game->player.view);
	play(&game->player, 12, game->nesting);
	while (game->player.depth > 0)
		go_out(&game->player);
	check(&game->player.view);
}

static void run(int nesting)
{
	struct game game = { { { { { 0 } } }, { { 0 } }, 0 }, nesting };
	int at = draw(KEPT);

	if (captures[at] == NULL || nesting == 0)
		return;
	game.player.view = captured[at];
	ck_assert_int_eq(di_flow_run(captures[at], play_in_a_run, &game, &error), DI_OK);
}

/* Generators isolate the first map; the second is that of who resumes them. */
struct walker {
	struct di_generator *generator;
	struct player player;
	int *shared; /* the second map of who resumes it */
};

static struct walker walkers[KEPT];

static enum di_turn walk(void *data, const struct di_message *message, struct di_answer *answer)
{
	struct walker *self = data;
	int i;

	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, answer);
	for (i = 0; i < 6; i++) {
		int name = draw(NAMES), number = 1 + draw(1000);
		struct player *player = &self->player;

		ck_assert_int_eq(di_local_map_set(maps[i % 2], names[name], counted_new(number),
						  end_counted, &error),
				 DI_OK);
		if (i % 2 == 0)
			player->view.values[0][name] = number;
		else
			self->shared[name] = number;
		memcpy(player->view.values[1], self->shared, sizeof(player->view.values[1]));
		check(&player->view);
		if (draw(3) == 0)
			keep(&player->view);
	}
	return draw(8) == 0 ? DI_TURN_RETURN : DI_TURN_YIELD;
}

static void step(struct player *player)
{
	struct walker *walker = &walkers[draw(KEPT)];
	enum di_turn turn;

	if (walker->generator == NULL) {
		walker->player.view = player->view;
		walker->generator = di_generator_new(maps[0], DI_AT_CREATION, walk, walker, &error);
		ck_assert_ptr_nonnull(walker->generator);
	}
	walker->shared = player->view.values[1];
	turn = di_generator_next(walker->generator, NULL, &error);
	check(&player->view);
	if (turn == DI_TURN_YIELD && draw(6) != 0)
		return;
	ck_assert_int_eq(di_generator_free(walker->generator, &error), DI_OK);
	walker->generator = NULL;
}

/* Steps of one player; runs are players within. */
static void play(struct player *player, int steps, int nesting)
{
	while (steps-- > 0) {
		switch (draw(9)) {
		case 0:
		case 1:
		case 2:
			set_or_unset(player);
			break;
		case 3:
			go_in(player);
			break;
		case 4:
			go_out(player);
			break;
		case 5:
			keep(&player->view);
			break;
		case 6:
			run(nesting - 1);
			break;
		default:
			step(player);
		}
		if (steps % 4 == 0)
			check(&player->view);
	}
}

START_TEST(random_steps_agree_with_a_model_that_copies)
{
	static struct player player;
	int i;

	seed = 1 + (uint64_t)_i;
	memset(&player, 0, sizeof(player));
	for (i = 0; i < 2; i++)
		maps[i] = di_local_map_new("map", &counting, &error);
	play(&player, di_check_quick() ? STEPS / 20 : STEPS, 4);
	while (player.depth > 0)
		go_out(&player);
	check(&player.view);
	for (i = 0; i < KEPT; i++) {
		di_capture_free(captures[i]);
		captures[i] = NULL;
		ck_assert_int_eq(di_generator_free(walkers[i].generator, &error), DI_OK);
		walkers[i].generator = NULL;
	}
	for (i = 0; i < 2; i++)
		di_local_map_free(maps[i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, random_steps_agree_with_a_model_that_copies, 0, 8);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
