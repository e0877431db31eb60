/* SPDX-License-Identifier: MIT */
#include "tests/soak/plans.h"
#include "tests/soak/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Clients that do everything right, or at least in a way that has one right answer. */

enum {
	MAX_BODY = 65536 /* of the service */
};

static void path_of(const struct client *client, char *path, size_t size)
{
	snprintf(path, size, "/notes/%" PRIu64, client->id);
}

static void expect_draft(struct client *client, int status, int number)
{
	char text[64];

	snprintf(text, sizeof(text), "\"text\":\"about note %" PRIu64 ".%d\"", client->serial,
		 number);
	expect(&client->script, status, text);
}

static void add_soundly(struct client *client)
{
	char body[256];

	send_request(&client->script, "POST", "/notes", "sound",
		     draft(body, sizeof(body), client, 1));
	expect_draft(client, 201, 1);
	client->script.expected[0].effect = ADDS_A_NOTE;
}

/* Adds, reads, changes, and removes a note; one of sixteen stays. */
void life_of_a_note(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	char path[64], body[256];

	path_of(client, path, sizeof(path));
	switch (client->step) {
	case 0:
		add_soundly(client);
		if (random_from(seed, 0, 15) == 0)
			client->steps = 3;
		break;
	case 1:
		send_request(script, "GET", path, "sound", NULL);
		expect_draft(client, 200, 1);
		break;
	case 2:
		send_request(script, "PUT", path, "sound", draft(body, sizeof(body), client, 2));
		expect_draft(client, 200, 2);
		break;
	default:
		send_request(script, "DELETE", path, "sound", NULL);
		expect(script, 204, "")->effect = REMOVES_A_NOTE;
		break;
	}
}

void many_at_once(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	int count = random_from(seed, 2, EXPECTED_MAX);

	for (int i = 0; i < count; i++) {
		if (random_from(seed, 0, 2) == 0) {
			send_request(script, "GET", "/notes?limit=3", "sound", NULL);
			expect(script, 200, "{\"notes\":[");
		} else if (random_from(seed, 0, 1) == 0) {
			send_request(script, "HEAD", "/health", "sound", NULL);
			expect(script, 200, "application/json")->bare = 1;
		} else {
			send_request(script, "GET", "/health", "sound", NULL);
			expect(script, 200, "{\"status\":\"ok\"}");
		}
	}
	if (random_from(seed, 0, 1))
		script->piece = (size_t)random_from(seed, 1, 400);
}

void drop_by_drop(struct client *client, uint64_t *seed)
{
	add_soundly(client);
	client->script.piece = (size_t)random_from(seed, 1, 9);
	client->script.pause_ms = random_from(seed, 1, 12);
}

void in_chunks(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	char buffer[256];
	const char *body = draft(buffer, sizeof(buffer), client, 1);
	int length = (int)strlen(body);

	send_text(script, "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: sound\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n");
	while (length) {
		int size = random_from(seed, 1, length);

		send_text(script, "%x\r\n%.*s\r\n", (unsigned)size, size, body);
		body += size;
		length -= size;
	}
	send_text(script, "0\r\n\r\n");
	expect_draft(client, 201, 1);
	script->expected[0].effect = ADDS_A_NOTE;
}

/* clang-format off */
static const struct {
	const char *method, *path, *user, *body;
	int status;
	const char *text;
} refused[] = {
	{ "GET",    "/",               "sound",   NULL,             404, "there is nothing at this path" },
	{ "GET",    "/notes/x",        "sound",   NULL,             404, "there is nothing at this path" },
	{ "GET",    "/notes/9223372036854775807", "sound", NULL,    404, "no such note" },
	{ "DELETE", "/notes/1",        "nobody",  NULL,             404, "no such note" },
	{ "GET",    "/notes",          "",        NULL,             401, "X-User is not the name" },
	{ "GET",    "/notes",          "two x",   NULL,             401, "X-User is not the name" },
	{ "PATCH",  "/notes/1",        "sound",   "{}",             405, "does not take that method" },
	{ "GET",    "/notes?limit=0",  "sound",   NULL,             400, "limit is not from 1" },
	{ "GET",    "/notes?after=%ff", "sound",  NULL,             400, "after is not the id" },
	{ "POST",   "/notes",          "half",    "{\"title\":",    400, "malformed JSON" },
	{ "POST",   "/notes",          "half",    "\xFF\xFE",       400, "malformed JSON" },
	{ "POST",   "/notes",          "half",    "",               400, "malformed JSON" },
	{ "POST",   "/notes",          "half",    "[]",             400, "not a JSON object" },
	{ "POST",   "/notes",          "half",    "{\"title\":7}",  400, "title is not a string" },
	{ "PUT",    "/notes/1",        "half",    "{\"title\":\"\"}", 400, "title is empty" },
	{ "PUT",    "/notes/1",        "half",    "{\"title\":\"t\"}", 404, "no such note" },
};
/* clang-format on */

void what_is_refused(struct client *client, uint64_t *seed)
{
	const int last = (int)(sizeof(refused) / sizeof(*refused)) - 1;
	int which = random_from(seed, 0, last);

	send_request(&client->script, refused[which].method, refused[which].path,
		     refused[which].user, refused[which].body);
	expect(&client->script, refused[which].status, refused[which].text);
}

void too_much(struct client *client, uint64_t *seed)
{
	int size = random_from(seed, MAX_BODY + 1, MAX_BODY + 20000);

	send_text(&client->script,
		  "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
		  "Content-Length: %d\r\n\r\n",
		  size);
	send_filling(&client->script, seed, (size_t)size);
	expect(&client->script, 413, "the body is larger than 65536 bytes");
}
