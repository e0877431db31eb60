/* SPDX-License-Identifier: MIT */
#include "samples/notes/handlers.h"
#include "samples/notes/json.h"
#include "tests/support/check_main.h"
#include "tests/support/di_check.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- A session that keeps notes in an array, and fails when it is told to ---- */

enum {
	NOTES_MAX = 4
};

struct fake {
	struct session session; /* first: what the handlers are given */
	struct note notes[NOTES_MAX];
	int count;
	int fail_with;
	char owner[USER_MAX + 1]; /* who was asked for last */
};

static struct fake *fake_of(struct session *session, const char *owner)
{
	struct fake *fake = (struct fake *)session;

	memcpy(fake->owner, owner, strlen(owner) + 1);
	return fake;
}

static int fake_find(struct session *session, const char *owner, int64_t id, struct note *out)
{
	struct fake *fake = fake_of(session, owner);

	if (fake->fail_with)
		return fake->fail_with;
	return id > fake->count ? ENOENT : note_init(out, &fake->notes[id - 1]);
}

static int fake_list(struct session *session, const char *owner, const struct page *page,
		     note_fn *each, void *data)
{
	struct fake *fake = fake_of(session, owner);
	int rc = fake->fail_with;

	for (int64_t i = page->after; rc == 0 && i < fake->count && i < page->after + page->limit;
	     i++)
		rc = each(data, &fake->notes[i]);
	return rc;
}

static int fake_write(struct fake *fake, int64_t id, const struct draft *draft, int64_t now)
{
	struct note *note = &fake->notes[id - 1];
	struct note next = *note;
	char title[64], text[64];

	memcpy(title, draft->title, strlen(draft->title) + 1);
	memcpy(text, draft->text, strlen(draft->text) + 1);
	next.id = id;
	next.created = next.created ? next.created : now;
	next.changed = now;
	next.title = title;
	next.text = text;
	note_release(note);
	return note_init(note, &next);
}

static int fake_add(struct session *session, const char *owner, const struct draft *draft,
		    int64_t now, int64_t *id)
{
	struct fake *fake = fake_of(session, owner);

	if (fake->fail_with)
		return fake->fail_with;
	*id = ++fake->count;
	return fake_write(fake, *id, draft, now);
}

static int fake_change(struct session *session, const char *owner, int64_t id,
		       const struct draft *draft, int64_t now)
{
	struct fake *fake = fake_of(session, owner);

	if (fake->fail_with || id > fake->count)
		return fake->fail_with ? fake->fail_with : ENOENT;
	return fake_write(fake, id, draft, now);
}

static int fake_remove(struct session *session, const char *owner, int64_t id)
{
	struct fake *fake = fake_of(session, owner);

	if (fake->fail_with || id != fake->count)
		return fake->fail_with ? fake->fail_with : ENOENT;
	note_release(&fake->notes[--fake->count]);
	return 0;
}

static const struct session_ops fake_ops = {
	.find = fake_find,
	.list = fake_list,
	.add = fake_add,
	.change = fake_change,
	.remove = fake_remove,
};

/* ---- A clock that stands ---- */

struct fake_clock {
	struct clock clock;
	int64_t at;
};

static int64_t fake_now(const struct clock *clock)
{
	return ((const struct fake_clock *)clock)->at;
}

/* ---- A request with all of that in the place of the real parts: no store is ever opened ---- */

static struct fake fake;
static struct fake_clock fake_clock;
static struct di_check test;

static void setup(void)
{
	static const struct user user = { .name = "ada" };

	fake = (struct fake){ .session = { &fake_ops } };
	fake_clock = (struct fake_clock){ .clock = { fake_now }, .at = 1000 };
	di_check_begin(&test, &notes, &di_scope_request);
	di_check_override(&test, notes_session, &fake.session);
	di_check_override(&test, notes_clock, &fake_clock.clock);
	di_check_ok(&test, notes_user_put(test.context, &user, &test.error));
}

static void teardown(void)
{
	for (int i = 0; i < fake.count; i++)
		note_release(&fake.notes[i]);
	di_check_end(&test);
}

static int add(const char *title, const char *text, struct note *out)
{
	const struct draft draft = { title, text };
	int result = -1;

	di_check_ok(&test, notes_add(test.context, &result, &draft, out, &test.error));
	return result;
}

static void add_some(int count)
{
	struct note note;

	for (int i = 0; i < count; i++) {
		ck_assert_int_eq(add("title", "text", &note), 0);
		note_release(&note);
	}
}

START_TEST(adding_gives_the_note_as_it_is_kept)
{
	struct note note;

	ck_assert_int_eq(add("milk", "two bottles", &note), 0);
	ck_assert_int_eq(note.id, 1);
	ck_assert_int_eq(note.created, 1000);
	ck_assert_int_eq(note.changed, 1000);
	ck_assert_str_eq(note.title, "milk");
	ck_assert_str_eq(note.text, "two bottles");
	ck_assert_str_eq(fake.owner, "ada");
	note_release(&note);
}
END_TEST

START_TEST(a_bad_draft_is_not_added)
{
	char title[TITLE_MAX + 2];
	struct note note;

	memset(title, 'x', sizeof(title));
	title[TITLE_MAX + 1] = '\0';
	ck_assert_int_eq(add("", "text", &note), EINVAL);
	ck_assert_int_eq(add(title, "text", &note), EINVAL);
	ck_assert_int_eq(fake.count, 0);
}
END_TEST

START_TEST(reading_gives_the_note_or_says_that_there_is_none)
{
	struct note note;
	int result;

	add_some(1);
	di_check_ok(&test, notes_read(test.context, &result, 1, &note, &test.error));
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(note.title, "title");
	note_release(&note);
	di_check_ok(&test, notes_read(test.context, &result, 2, &note, &test.error));
	ck_assert_int_eq(result, ENOENT);
}
END_TEST

START_TEST(changing_keeps_when_the_note_was_created)
{
	const struct draft draft = { "new title", "new text" };
	struct note note;
	int result;

	add_some(1);
	fake_clock.at = 2000;
	di_check_ok(&test, notes_change(test.context, &result, 1, &draft, &note, &test.error));
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(note.created, 1000);
	ck_assert_int_eq(note.changed, 2000);
	ck_assert_str_eq(note.text, "new text");
	note_release(&note);
	di_check_ok(&test, notes_change(test.context, &result, 7, &draft, &note, &test.error));
	ck_assert_int_eq(result, ENOENT);
}
END_TEST

START_TEST(removing_removes_once)
{
	int result;

	add_some(1);
	di_check_ok(&test, notes_remove(test.context, &result, 1, &test.error));
	ck_assert_int_eq(result, 0);
	di_check_ok(&test, notes_remove(test.context, &result, 1, &test.error));
	ck_assert_int_eq(result, ENOENT);
}
END_TEST

struct seen {
	int count;
	int64_t last;
	int stop_with;
};

static int see(void *data, const struct note *note)
{
	struct seen *seen = data;

	seen->count++;
	seen->last = note->id;
	return seen->stop_with;
}

START_TEST(listing_gives_one_page)
{
	const struct page page = { .after = 1, .limit = 2 };
	struct seen seen = { 0 };
	int result;

	add_some(4);
	di_check_ok(&test, notes_list(test.context, &result, &page, see, &seen, &test.error));
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(seen.count, 2);
	ck_assert_int_eq(seen.last, 3);
}
END_TEST

START_TEST(listing_ends_where_its_taker_says)
{
	const struct page page = { .limit = 4 };
	struct seen seen = { .stop_with = ENOMEM };
	int result;

	add_some(4);
	di_check_ok(&test, notes_list(test.context, &result, &page, see, &seen, &test.error));
	ck_assert_int_eq(result, ENOMEM);
	ck_assert_int_eq(seen.count, 1);
}
END_TEST

START_TEST(a_query_goes_on_where_it_was)
{
	struct seen seen = { 0 };
	struct query *query = notes_query_get(test.context, &test.error);

	add_some(4);
	query_from(query, &(struct page){ .limit = 3 });
	ck_assert_int_eq(query_each(query, "ada", see, &seen), 0);
	ck_assert_int_eq(seen.count, 3);
	ck_assert_int_eq(query_each(query, "ada", see, &seen), 0);
	ck_assert_int_eq(seen.count, 4);
	di_check_ok(&test, notes_query_drop(test.context, query, &test.error));
}
END_TEST

START_TEST(an_error_of_the_session_is_the_handlers_result)
{
	const struct draft draft = { "title", "text" };
	const struct page page = { .limit = 1 };
	struct seen seen = { 0 };
	struct note note;
	int result;

	fake.fail_with = EBUSY;
	ck_assert_int_eq(add("title", "text", &note), EBUSY);
	di_check_ok(&test, notes_read(test.context, &result, 1, &note, &test.error));
	ck_assert_int_eq(result, EBUSY);
	di_check_ok(&test, notes_change(test.context, &result, 1, &draft, &note, &test.error));
	ck_assert_int_eq(result, EBUSY);
	di_check_ok(&test, notes_remove(test.context, &result, 1, &test.error));
	ck_assert_int_eq(result, EBUSY);
	di_check_ok(&test, notes_list(test.context, &result, &page, see, &seen, &test.error));
	ck_assert_int_eq(result, EBUSY);
}
END_TEST

/* ---- What is not overridden is real ---- */

START_TEST(without_a_user_nothing_is_done)
{
	struct note note;
	int result;

	di_check_close(&test, DI_DONE);
	di_check_open(&test, &di_scope_request);
	di_check_override(&test, notes_session, &fake.session);
	di_check_fails(&test, notes_read(test.context, &result, 1, &note, &test.error), DI_ENOVALUE,
		       "notes_user");
}
END_TEST

START_TEST(a_store_that_cannot_be_opened_fails_the_handler_with_its_path)
{
	static const struct config config = { .db = { .path = "/nonexistent/notes.db",
						      .journal = "wal" } };
	static const struct intent intent = { 0 };
	static const struct user user = { .name = "ada" };
	struct note note;
	int result;

	di_check_close(&test, DI_DONE);
	di_check_override(&test, notes_config, &config);
	di_check_open(&test, &di_scope_request);
	di_check_ok(&test, notes_user_put(test.context, &user, &test.error));
	di_check_ok(&test, notes_intent_put(test.context, &intent, &test.error));
	di_check_fails(&test, notes_read(test.context, &result, 1, &note, &test.error), DI_ECREATE,
		       "store_open failed for notes_store: No such file or directory "
		       "(notes_store <- notes_session <- notes_read)");
}
END_TEST

/* ---- Drafts and users ---- */

static const struct {
	const char *body;
	const char *fault; /* NULL: none; else what the reason begins with */
} bodies[] = {
	{ "{\"title\":\"t\",\"text\":\"x\"}", NULL },
	{ "{\"title\":\"t\"}", NULL },
	{ "{\"title\":\"t\",\"other\":1}", NULL },
	{ "", "malformed JSON at line 1, column 0: " },
	{ "{", "malformed JSON at line 1, column 1: " },
	{ "{\"title\":\"t\"} x", "malformed JSON at line 1, column 15: " },
	{ "{\"title\":\"\xFF\"}", "malformed JSON at line 1, column 10: " },
	{ "{\"title\":\"\xC0\x80\"}", "malformed JSON at line 1, column 10: " },
	{ "{\"title\":\"a\\u0000b\"}", "malformed JSON at line 1, column " },
	{ "{\"title\":\"t\",\"title\":\"u\"}", "malformed JSON at line 1, column " },
	{ "[]", "the body is not a JSON object" },
	{ "{}", "title is missing" },
	{ "{\"title\":null}", "title is not a string" },
	{ "{\"title\":7}", "title is not a string" },
	{ "{\"title\":\"t\",\"text\":[]}", "text is not a string" },
};

START_TEST(a_draft_is_read_or_it_is_said_what_is_wrong)
{
	const char *fault = bodies[_i].fault;
	struct reason reason = { "" };
	struct draft draft;
	json_t *document = json_to_draft(&draft, bodies[_i].body, strlen(bodies[_i].body), &reason);

	ck_assert_int_eq(document != NULL, fault == NULL);
	if (fault)
		ck_assert_msg(strncmp(reason.text, fault, strlen(fault)) == 0, "%s", reason.text);
	else
		ck_assert_str_eq(draft.title, "t");
	json_decref(document);
}
END_TEST

START_TEST(a_title_is_measured_in_characters)
{
	char title[2 * TITLE_MAX + 3];
	struct draft draft = { title, "" };

	for (int i = 0; i <= TITLE_MAX; i++)
		memcpy(title + i * 2, "\xC3\xA9", 3);
	ck_assert_ptr_nonnull(draft_fault(&draft));
	title[2 * TITLE_MAX] = '\0';
	ck_assert_ptr_null(draft_fault(&draft));
}
END_TEST

START_TEST(a_user_has_a_name_of_printable_characters)
{
	char name[USER_MAX + 2];
	struct user user;

	memset(name, 'x', sizeof(name));
	name[USER_MAX + 1] = '\0';
	ck_assert_int_eq(user_init(&user, name), EINVAL);
	ck_assert_int_eq(user_init(&user, name + 1), 0);
	ck_assert_int_eq(user_init(&user, ""), EINVAL);
	ck_assert_int_eq(user_init(&user, "two words"), EINVAL);
	ck_assert_int_eq(user_init(&user, "\xC3\xA9"), EINVAL);
	ck_assert_int_eq(user_init(&user, "ada"), 0);
	ck_assert_str_eq(user.name, "ada");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("samples/notes/handlers");
	TCase *handlers = tcase_create("handlers");
	TCase *values = tcase_create("values");

	tcase_add_checked_fixture(handlers, setup, teardown);
	tcase_add_test(handlers, adding_gives_the_note_as_it_is_kept);
	tcase_add_test(handlers, a_bad_draft_is_not_added);
	tcase_add_test(handlers, reading_gives_the_note_or_says_that_there_is_none);
	tcase_add_test(handlers, changing_keeps_when_the_note_was_created);
	tcase_add_test(handlers, removing_removes_once);
	tcase_add_test(handlers, listing_gives_one_page);
	tcase_add_test(handlers, listing_ends_where_its_taker_says);
	tcase_add_test(handlers, a_query_goes_on_where_it_was);
	tcase_add_test(handlers, an_error_of_the_session_is_the_handlers_result);
	tcase_add_test(handlers, without_a_user_nothing_is_done);
	tcase_add_test(handlers, a_store_that_cannot_be_opened_fails_the_handler_with_its_path);
	tcase_add_loop_test(values, a_draft_is_read_or_it_is_said_what_is_wrong, 0,
			    sizeof(bodies) / sizeof(*bodies));
	tcase_add_test(values, a_title_is_measured_in_characters);
	tcase_add_test(values, a_user_has_a_name_of_printable_characters);
	suite_add_tcase(suite, handlers);
	suite_add_tcase(suite, values);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
