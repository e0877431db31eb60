/* SPDX-License-Identifier: MIT */
#include "di/generator.h"
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

#include <errno.h>

/* Generators: each with values of its own, whoever resumes it. */

static struct di_answer answer;

static struct di_generator *make(enum di_capture_time time, di_generator_fn *body, void *data)
{
	struct di_generator *generator = di_generator_new(&plain, time, body, data, &error);

	ck_assert_ptr_nonnull(generator);
	return generator;
}

static void release(struct di_generator *generator)
{
	ck_assert_msg(di_generator_free(generator, &error) == DI_OK, "%s", error_text());
}

static int yielded(void)
{
	return answer.value != NULL ? *(const int *)answer.value : -1;
}

/* ---- Values ---- */

/* Sets its own number, then yields it, and what it reads afterwards. */
struct keeper {
	int number, steps;
};

static int slots[128];

static void *box(int number)
{
	slots[number] = number;
	return &slots[number];
}

static enum di_turn keep_number(void *data, const struct di_message *message,
				struct di_answer *reply)
{
	struct keeper *self = data;

	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	if (self->steps++ == 0)
		set_a(self->number);
	reply->value = box(a());
	return self->steps < 3 ? DI_TURN_YIELD : DI_TURN_RETURN;
}

START_TEST(each_of_ten_generators_keeps_its_own_value)
{
	struct di_generator *generators[10];
	struct keeper keepers[10] = { { 0, 0 } };
	int i, round;

	for (i = 1; i < 10; i++) {
		keepers[i].number = i;
		generators[i] = make(DI_AT_CREATION, keep_number, &keepers[i]);
	}
	for (round = 0; round < 2; round++) {
		for (i = 1; i < 10; i++) {
			ck_assert_int_eq(di_generator_next(generators[i], &answer, &error),
					 DI_TURN_YIELD);
			ck_assert_int_eq(yielded(), i);
			ck_assert_ptr_null(plain_a_get());
		}
	}
	for (i = 1; i < 10; i++) {
		ck_assert_int_eq(di_generator_next(generators[i], &answer, &error), DI_TURN_RETURN);
		ck_assert_int_eq(yielded(), i);
		release(generators[i]);
	}
}
END_TEST

static enum di_turn report(void *data, const struct di_message *message, struct di_answer *reply)
{
	(void)data;
	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	reply->value = box(10 * a() + b());
	set_b(9);
	return DI_TURN_YIELD;
}

START_TEST(a_copy_is_taken_at_creation_or_at_the_first_step)
{
	struct di_generator *early, *late;

	set_a(1);
	early = make(DI_AT_CREATION, report, NULL);
	late = make(DI_AT_FIRST_STEP, report, NULL);
	set_a(2);
	di_generator_next(early, &answer, &error);
	ck_assert_int_eq(yielded(), 10);
	di_generator_next(late, &answer, &error);
	ck_assert_int_eq(yielded(), 20);
	set_a(3);
	set_b(4);
	di_generator_next(early, &answer, &error);
	ck_assert_int_eq(yielded(), 19);
	di_generator_next(late, &answer, &error);
	ck_assert_int_eq(yielded(), 29);
	ck_assert_int_eq(10 * a() + b(), 34);
	release(early);
	release(late);
}
END_TEST

static enum di_turn set_both(void *data, const struct di_message *message, struct di_answer *reply)
{
	(void)data;
	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	set_a(5);
	set_user(5);
	return DI_TURN_YIELD;
}

START_TEST(only_the_namespace_of_the_generator_is_isolated)
{
	struct di_generator *generator = make(DI_AT_CREATION, set_both, NULL);

	set_a(1);
	set_user(1);
	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(user(), 5);
	release(generator);
}
END_TEST

/* ---- Send, throw, close ---- */

/* Yields what it is sent, and writes down everything. */
static enum di_turn echo(void *data, const struct di_message *message, struct di_answer *reply)
{
	(void)data;
	switch (message->kind) {
	case DI_MESSAGE_SEND:
		if (a() != 3)
			set_a(3);
		reply->value = message->value;
		return message->value == box(63) ? DI_TURN_RETURN : DI_TURN_YIELD;
	case DI_MESSAGE_THROW:
		journal_write("caught %d with %d", message->error, a());
		if (message->error == EIO)
			return di_generator_pass(message, reply);
		reply->value = box(a() + 40);
		return DI_TURN_YIELD;
	case DI_MESSAGE_CLOSE:
		journal_write("closed with %d", a());
		break;
	}
	return di_generator_pass(message, reply);
}

START_TEST(what_is_sent_arrives_as_it_is)
{
	struct di_generator *generator = make(DI_AT_CREATION, echo, NULL);
	int zero = 0;

	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_ptr_null(answer.value);
	ck_assert_int_eq(di_generator_send(generator, &zero, &answer, &error), DI_TURN_YIELD);
	ck_assert_ptr_eq(answer.value, &zero);
	ck_assert_int_eq(di_generator_send(generator, NULL, &answer, &error), DI_TURN_YIELD);
	ck_assert_ptr_null(answer.value);
	ck_assert_int_eq(di_generator_send(generator, box(63), &answer, &error), DI_TURN_RETURN);
	ck_assert_ptr_eq(answer.value, box(63));
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_ptr_null(answer.value);
	release(generator);
}
END_TEST

START_TEST(what_is_yielded_in_answer_to_a_throw_goes_to_who_has_thrown)
{
	struct di_generator *generator = make(DI_AT_CREATION, echo, NULL);
	int seven = 7;

	set_a(1);
	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_throw(generator, ENOENT, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(yielded(), 43);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_generator_send(generator, &seven, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(yielded(), 7);
	journal_expect("caught 2 with 3");
	release(generator);
	journal_expect("closed with 3");
}
END_TEST

START_TEST(an_error_that_is_not_handled_comes_back_and_ends_the_generator)
{
	struct di_generator *generator = make(DI_AT_CREATION, echo, NULL);

	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_throw(generator, EIO, &answer, &error), DI_TURN_RAISE);
	ck_assert_int_eq(answer.error, EIO);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(di_generator_throw(generator, EIO, &answer, &error), DI_TURN_RAISE);
	ck_assert_ptr_null(plain_a_get());
	journal_expect("caught 5 with 3");
	release(generator);
	journal_expect_nothing();
}
END_TEST

START_TEST(closing_lets_the_body_clean_up_with_its_own_values)
{
	struct di_generator *generator = make(DI_AT_CREATION, echo, NULL);

	set_a(1);
	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_close(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(answer.error, 0);
	journal_expect("closed with 3");
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_generator_close(generator, NULL, &error), DI_TURN_RETURN);
	journal_expect_nothing();
	release(generator);
}
END_TEST

START_TEST(one_that_has_not_begun_is_closed_and_thrown_at_without_its_body)
{
	struct di_generator *closed = make(DI_AT_CREATION, echo, NULL);
	struct di_generator *thrown = make(DI_AT_FIRST_STEP, echo, NULL);

	ck_assert_int_eq(di_generator_close(closed, NULL, &error), DI_TURN_RETURN);
	ck_assert_int_eq(di_generator_throw(thrown, EIO, &answer, &error), DI_TURN_RAISE);
	ck_assert_int_eq(answer.error, EIO);
	ck_assert_int_eq(di_generator_next(closed, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(di_generator_next(thrown, &answer, &error), DI_TURN_RETURN);
	journal_expect_nothing();
	release(closed);
	release(thrown);
}
END_TEST

static enum di_turn end_badly(void *data, const struct di_message *message, struct di_answer *reply)
{
	int *stubborn = data;

	if (message->kind == DI_MESSAGE_SEND)
		return DI_TURN_YIELD;
	if ((*stubborn)-- > 0)
		return DI_TURN_YIELD;
	reply->error = ENOSPC;
	return DI_TURN_RAISE;
}

START_TEST(a_body_that_yields_where_it_is_to_end_is_refused)
{
	int stubborn = 1;
	struct di_generator *generator = make(DI_AT_CREATION, end_badly, &stubborn);

	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_close(generator, &answer, &error), DI_TURN_REFUSED);
	ck_assert_int_eq(error.status, DI_EINVAL);
	expect_text("invalid argument: the generator has yielded where it was to end");
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(di_generator_close(generator, &answer, &error), DI_TURN_RAISE);
	ck_assert_int_eq(answer.error, ENOSPC);
	release(generator);
}
END_TEST

START_TEST(freeing_one_whose_body_will_not_end_says_so)
{
	int stubborn = 5;
	struct di_generator *generator = make(DI_AT_CREATION, end_badly, &stubborn);

	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_free(generator, &error), DI_EINVAL);
	expect_text("invalid argument: the generator has yielded where it was to end");
	ck_assert_int_eq(di_generator_free(NULL, &error), DI_OK);
}
END_TEST

/* ---- Blocks ---- */

/* A block of `app`, which is not the generator's, is held over its yields. */
struct holder {
	struct di_local_block block, own;
	int steps;
};

static enum di_turn hold(void *data, const struct di_message *message, struct di_answer *reply)
{
	struct holder *self = data;

	if (message->kind == DI_MESSAGE_THROW)
		return di_generator_pass(message, reply);
	switch (message->kind == DI_MESSAGE_CLOSE ? 2 : self->steps++) {
	case 0:
		set_user(10);
		ck_assert_int_eq(di_local_begin(&app, &self->block, &error), DI_OK);
		set_user(20);
		ck_assert_int_eq(di_local_begin(&plain, &self->own, &error), DI_OK);
		set_a(8);
		return DI_TURN_YIELD;
	case 1:
		reply->value = box(user() + a());
		return DI_TURN_YIELD;
	default:
		ck_assert_msg(di_local_end(&self->own, &error) == DI_OK, "%s", error_text());
		ck_assert_msg(di_local_end(&self->block, &error) == DI_OK, "%s", error_text());
		reply->value = box(user() + a());
		return DI_TURN_RETURN;
	}
}

START_TEST(a_block_is_held_over_a_yield)
{
	struct holder holder = { .steps = 0 };
	struct di_generator *generator = make(DI_AT_CREATION, hold, &holder);
	struct di_local_block block;

	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(user(), 10);
	ck_assert_int_eq(di_local_begin(&app, &block, &error), DI_OK);
	set_user(30);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(yielded(), 28);
	ck_assert_int_eq(user(), 30);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_int_eq(user(), 10);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(yielded(), 10);
	ck_assert_int_eq(user(), 10);
	release(generator);
}
END_TEST

START_TEST(closing_ends_blocks_in_the_generator)
{
	struct holder holder = { .steps = 0 };
	struct di_generator *generator = make(DI_AT_CREATION, hold, &holder);

	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(di_generator_close(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(yielded(), 10);
	ck_assert_int_eq(alive, 1);
	release(generator);
}
END_TEST

/* Leaves by an error with its blocks begun. */
START_TEST(blocks_that_a_generator_leaves_go_with_it)
{
	struct holder holder = { .steps = 0 };
	struct di_generator *generator = make(DI_AT_CREATION, hold, &holder);

	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(alive, 2);
	ck_assert_int_eq(di_generator_throw(generator, EIO, &answer, &error), DI_TURN_RAISE);
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(user(), 10);
	release(generator);
}
END_TEST

static enum di_status end_of_the_generator(void *data, struct di_error *err)
{
	return di_local_end(data, err);
}

START_TEST(a_generators_block_is_not_ended_outside)
{
	struct holder holder = { .steps = 0 };
	struct di_generator *generator = make(DI_AT_CREATION, hold, &holder);

	di_generator_next(generator, NULL, &error);
	misuse_expect(end_of_the_generator, &holder.own, DI_EINVAL,
		      "this block is not open in this flow");
	release(generator);
}
END_TEST

/* ---- Who resumes ---- */

/* Resumes another generator in its own steps. */
static enum di_turn nest(void *data, const struct di_message *message, struct di_answer *reply)
{
	struct di_generator *inner = data;

	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	set_a(6);
	di_generator_next(inner, reply, NULL);
	ck_assert_int_eq(a(), 6);
	return DI_TURN_YIELD;
}

START_TEST(generators_resume_generators)
{
	struct di_generator *inner = make(DI_AT_FIRST_STEP, report, NULL);
	struct di_generator *outer = make(DI_AT_CREATION, nest, inner);

	set_a(1);
	di_generator_next(outer, &answer, &error);
	ck_assert_int_eq(yielded(), 60);
	ck_assert_int_eq(a(), 1);
	di_generator_next(inner, &answer, &error);
	ck_assert_int_eq(yielded(), 69);
	release(outer);
	release(inner);
}
END_TEST

static struct di_generator *itself;

static enum di_turn resume_itself(void *data, const struct di_message *message,
				  struct di_answer *reply)
{
	struct di_error inner = { .status = DI_OK };

	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	*(int *)data = di_generator_next(itself, NULL, &inner) == DI_TURN_REFUSED &&
		       inner.status == DI_EBUSY && di_generator_free(itself, &inner) == DI_EBUSY;
	error = inner;
	return DI_TURN_YIELD;
}

START_TEST(one_that_runs_is_not_resumed_again)
{
	int refused = 0;

	itself = make(DI_AT_CREATION, resume_itself, &refused);
	ck_assert_int_eq(di_generator_next(itself, NULL, &error), DI_TURN_YIELD);
	ck_assert_int_eq(refused, 1);
	expect_text("in use: the generator is running");
	release(itself);
}
END_TEST

struct resumer {
	struct di_generator *generator;
	struct di_answer answer;
	int own;
};

static void *resume_elsewhere(void *data)
{
	struct resumer *self = data;

	plain_a_set(&numbers[9], NULL);
	di_generator_next(self->generator, &self->answer, NULL);
	self->own = a();
	return NULL;
}

START_TEST(another_thread_may_resume_a_generator)
{
	struct keeper keeper = { 4, 0 };
	struct resumer resumer = { .generator = make(DI_AT_CREATION, keep_number, &keeper) };

	di_generator_next(resumer.generator, NULL, &error);
	thread_join(thread_start(resume_elsewhere, &resumer, 0));
	ck_assert_int_eq(*(const int *)resumer.answer.value, 4);
	ck_assert_int_eq(resumer.own, 9);
	ck_assert_ptr_null(plain_a_get());
	release(resumer.generator);
}
END_TEST

START_TEST(a_block_travels_with_its_generator_to_another_thread)
{
	struct holder holder = { .steps = 0 };
	struct resumer resumer = { .generator = make(DI_AT_CREATION, hold, &holder) };

	di_generator_next(resumer.generator, NULL, &error);
	thread_join(thread_start(resume_elsewhere, &resumer, 0));
	ck_assert_int_eq(*(const int *)resumer.answer.value, 28);
	ck_assert_int_eq(resumer.own, 9);
	ck_assert_int_eq(user(), 10);
	ck_assert_int_eq(di_generator_close(resumer.generator, NULL, &error), DI_TURN_RETURN);
	release(resumer.generator);
}
END_TEST

START_TEST(nothing_is_left_of_a_hundred_generators)
{
	unsigned long blocks = memory.live;
	int i;

	for (i = 0; i < 100; i++) {
		struct keeper keeper = { 1 + i % 9, 0 };
		struct di_generator *generator = make(DI_AT_CREATION, keep_number, &keeper);

		if (i % 2 == 0)
			di_generator_next(generator, NULL, &error);
		release(generator);
	}
	ck_assert_uint_eq(memory.live, blocks);
}
END_TEST

static enum di_turn ask_for_user(void *data, const struct di_message *message,
				 struct di_answer *reply)
{
	struct di_capture **capture = data;

	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	set_a(2);
	*capture = di_flow_capture(&error);
	return DI_TURN_YIELD;
}

static void write_a(void *data)
{
	*(int *)data = a();
}

START_TEST(a_capture_in_a_step_has_the_generators_values)
{
	struct di_capture *capture = NULL;
	struct di_generator *generator = make(DI_AT_CREATION, ask_for_user, &capture);
	int seen = 0;

	set_a(1);
	di_generator_next(generator, NULL, &error);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_flow_run(capture, write_a, &seen, &error), DI_OK);
	ck_assert_int_eq(seen, 2);
	di_capture_free(capture);
	release(generator);
}
END_TEST

/* ---- Mistakes ---- */

static enum di_status status_of(enum di_turn turn, const struct di_error *err)
{
	ck_assert_int_eq(turn, DI_TURN_REFUSED);
	return err != NULL ? err->status : DI_EINVAL;
}

static enum di_status send_early(void *data, struct di_error *err)
{
	return status_of(di_generator_send(data, box(1), NULL, err), err);
}

static enum di_status throw_nothing(void *data, struct di_error *err)
{
	return status_of(di_generator_throw(data, 0, NULL, err), err);
}

static enum di_status resume_nothing(void *data, struct di_error *err)
{
	(void)data;
	return status_of(di_generator_next(NULL, NULL, err), err);
}

static enum di_status make_of_nothing(void *data, struct di_error *err)
{
	(void)data;
	ck_assert_ptr_null(di_generator_new(NULL, DI_AT_CREATION, echo, NULL, err));
	return DI_EINVAL;
}

static enum di_status make_without_body(void *data, struct di_error *err)
{
	(void)data;
	ck_assert_ptr_null(di_generator_new(&plain, DI_AT_CREATION, NULL, NULL, err));
	return DI_EINVAL;
}

START_TEST(mistakes_are_refused)
{
	struct di_generator *generator = make(DI_AT_CREATION, echo, NULL);

	misuse_expect(send_early, generator, DI_EINVAL,
		      "the generator has not begun: nothing waits for a value there");
	misuse_expect(throw_nothing, generator, DI_EINVAL, "0 is no error to throw");
	misuse_expect(resume_nothing, NULL, DI_EINVAL, "there is no generator");
	misuse_expect(make_of_nothing, NULL, DI_EINVAL, "there is no namespace");
	misuse_expect(make_without_body, NULL, DI_EINVAL, "a generator of plain needs a body");
	ck_assert_int_eq(di_generator_next(generator, NULL, &error), DI_TURN_YIELD);
	release(generator);
	journal_expect("closed with 3");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/generator");
	TCase *values = di_check_case(all, "values", setup, teardown);
	TCase *messages = di_check_case(all, "messages", setup, teardown);
	TCase *blocks = di_check_case(all, "blocks", setup, teardown);
	TCase *resumers = di_check_case(all, "resumers", setup, teardown);
	TCase *mistakes = di_check_case(all, "mistakes", setup, teardown);

	tcase_add_test(values, each_of_ten_generators_keeps_its_own_value);
	tcase_add_test(values, a_copy_is_taken_at_creation_or_at_the_first_step);
	tcase_add_test(values, only_the_namespace_of_the_generator_is_isolated);
	tcase_add_test(messages, what_is_sent_arrives_as_it_is);
	tcase_add_test(messages, what_is_yielded_in_answer_to_a_throw_goes_to_who_has_thrown);
	tcase_add_test(messages, an_error_that_is_not_handled_comes_back_and_ends_the_generator);
	tcase_add_test(messages, closing_lets_the_body_clean_up_with_its_own_values);
	tcase_add_test(messages, one_that_has_not_begun_is_closed_and_thrown_at_without_its_body);
	tcase_add_test(messages, a_body_that_yields_where_it_is_to_end_is_refused);
	tcase_add_test(messages, freeing_one_whose_body_will_not_end_says_so);
	tcase_add_test(blocks, a_block_is_held_over_a_yield);
	tcase_add_test(blocks, closing_ends_blocks_in_the_generator);
	tcase_add_test(blocks, blocks_that_a_generator_leaves_go_with_it);
	tcase_add_test(blocks, a_generators_block_is_not_ended_outside);
	tcase_add_test(resumers, generators_resume_generators);
	tcase_add_test(resumers, one_that_runs_is_not_resumed_again);
	tcase_add_test(resumers, another_thread_may_resume_a_generator);
	tcase_add_test(resumers, a_block_travels_with_its_generator_to_another_thread);
	tcase_add_test(resumers, nothing_is_left_of_a_hundred_generators);
	tcase_add_test(resumers, a_capture_in_a_step_has_the_generators_values);
	tcase_add_test(mistakes, mistakes_are_refused);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
