/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* Turns on a loop, for what schedules itself. */

/* clang-format off */
#define APP(X) \
	X(singleton, app_config, struct part, (config_new), config_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(config)
DI_CONTAINER_DEFINE(app, APP);

/* It wants what a list says, and then nothing. */
struct player {
	struct di_uv_turns *turns;
	const enum di_uv_turn *wants;
	int turn;
	int frees;
};

static void setup(void)
{
	begin_with(&app);
}

static enum di_uv_turn play(void *data)
{
	struct player *player = data;
	enum di_uv_turn wants = player->wants[player->turn++];

	ck_assert_int_eq(pthread_equal(pthread_self(), loop_thread) != 0, 1);
	if (player->frees)
		di_uv_turns_free(player->turns);
	return wants;
}

static void join_in(struct player *player, const enum di_uv_turn *wants)
{
	*player = (struct player){ .wants = wants };
	player->turns = di_uv_turns_new(uv, play, player, &error);
	ck_assert_ptr_nonnull(player->turns);
}

START_TEST(a_turn_comes_after_waking_and_again_until_nothing_is_wanted)
{
	static const enum di_uv_turn wants[] = { DI_UV_AGAIN, DI_UV_AGAIN, DI_UV_DONE };
	struct player player;

	join_in(&player, wants);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	di_uv_turns_wake(player.turns);
	di_uv_turns_wake(player.turns);
	ck_assert_int_eq(player.turn, 0);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	run_loop();
	ck_assert_int_eq(player.turn, 3);
	di_uv_turns_free(player.turns);
}
END_TEST

static void *wake_it(void *turns)
{
	di_uv_turns_wake(turns);
	return NULL;
}

START_TEST(who_waits_keeps_the_loop_alive_and_is_woken_by_other_threads)
{
	static const enum di_uv_turn wants[] = { DI_UV_WAIT, DI_UV_WAIT, DI_UV_DONE };
	struct player player;
	int i;

	join_in(&player, wants);
	di_uv_turns_wake(player.turns);
	while (player.turn == 0)
		uv_run(&loop, UV_RUN_ONCE);
	for (i = 1; i <= 2; i++) {
		pthread_t thread = thread_start(wake_it, player.turns, 0);

		while (player.turn == i)
			uv_run(&loop, UV_RUN_ONCE);
		thread_join(thread);
	}
	ck_assert_int_eq(player.turn, 3);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	di_uv_turns_free(player.turns);
}
END_TEST

START_TEST(others_have_turns_between)
{
	static const enum di_uv_turn wants[] = { DI_UV_AGAIN, DI_UV_AGAIN, DI_UV_DONE };
	struct player one, other;

	join_in(&one, wants);
	join_in(&other, wants);
	di_uv_turns_wake(one.turns);
	di_uv_turns_wake(other.turns);
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(one.turn, 1);
	ck_assert_int_eq(other.turn, 1);
	run_loop();
	ck_assert_int_eq(one.turn + other.turn, 6);
	di_uv_turns_free(one.turns);
	di_uv_turns_free(other.turns);
}
END_TEST

START_TEST(who_is_freed_has_no_more_turns)
{
	static const enum di_uv_turn wants[] = { DI_UV_WAIT, DI_UV_AGAIN };
	struct player player;

	join_in(&player, wants);
	di_uv_turns_wake(player.turns);
	di_uv_turns_free(player.turns);
	run_loop();
	ck_assert_int_eq(player.turn, 0);
	join_in(&player, wants);
	player.turn = 1;
	player.frees = 1;
	di_uv_turns_wake(player.turns);
	run_loop();
	ck_assert_int_eq(player.turn, 2);
	join_in(&player, wants);
	di_uv_turns_wake(player.turns);
	while (player.turn == 0)
		uv_run(&loop, UV_RUN_ONCE);
	di_uv_turns_free(player.turns);
	di_uv_turns_free(NULL);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
}
END_TEST

START_TEST(turns_for_nothing_are_refused)
{
	struct player player;

	expect_null(di_uv_turns_new(NULL, play, &player, &error), DI_EINVAL);
	expect_text("there is no di_uv");
	expect_null(di_uv_turns_new(uv, NULL, &player, &error), DI_EINVAL);
	expect_text("there is nothing to run");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/turns");
	TCase *tcase = tcase_create("turns");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, a_turn_comes_after_waking_and_again_until_nothing_is_wanted);
	tcase_add_test(tcase, who_waits_keeps_the_loop_alive_and_is_woken_by_other_threads);
	tcase_add_test(tcase, others_have_turns_between);
	tcase_add_test(tcase, who_is_freed_has_no_more_turns);
	tcase_add_test(tcase, turns_for_nothing_are_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
