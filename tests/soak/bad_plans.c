/* SPDX-License-Identifier: MIT */
#include "tests/soak/plans.h"
#include "tests/soak/script.h"

#include <string.h>

/* ---- Clients that stop half-way ---- */

/* All of a request but its last bytes, of which there is one at least. */
static void cut(struct client *client, uint64_t *seed, size_t least)
{
	struct script *script = &client->script;

	script->size = (size_t)random_from(seed, (int)least, (int)script->size - 1);
	leave_somehow(script, seed);
}

void half_a_head(struct client *client, uint64_t *seed)
{
	send_request(&client->script, "GET", "/notes?after=1&limit=10", "half", NULL);
	cut(client, seed, 0);
}

void half_a_body(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	char body[256];
	size_t head;

	draft(body, sizeof(body), client, 1);
	send_request(script, "POST", "/notes", "half", body);
	head = script->size - strlen(body);
	cut(client, seed, head);
}

void half_a_large_body(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;

	send_text(script, "PUT /notes/1 HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
			  "Content-Length: 65000\r\n\r\n{\"title\":\"");
	send_filling(script, seed, (size_t)random_from(seed, 1, 64900));
	leave_somehow(script, seed);
}

void half_a_chunk(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	size_t head;

	send_text(script, "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n");
	head = script->size;
	send_text(script, "b\r\n{\"title\":\"t\r\n2\r\n\"}\r\n0\r\n\r\n");
	cut(client, seed, head);
}

/* A service that says "go on" waits for a body that does not come. */
void no_body_at_all(struct client *client, uint64_t *seed)
{
	send_text(&client->script, "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
				   "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n");
	leave_somehow(&client->script, seed);
}

void silence(struct client *client, uint64_t *seed)
{
	leave_somehow(&client->script, seed);
}

/* ---- Clients that do not wait for their answer ---- */

void no_reading(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	int count = random_from(seed, 1, 6);
	char body[256];

	for (int i = 0; i < count; i++) {
		if (random_from(seed, 0, 1))
			send_request(script, "GET", "/notes?limit=20", "deaf", NULL);
		else
			send_request(script, "POST", "/notes", "deaf",
				     draft(body, sizeof(body), client, i));
	}
	leave_somehow(script, seed);
	script->deaf = 1;
}

/* ---- Clients that send garbage ---- */

void any_bytes(struct client *client, uint64_t *seed)
{
	for (int size = random_from(seed, 1, 3000); size; size--) {
		char byte = (char)random_from(seed, 0, 255);

		send_bytes(&client->script, &byte, 1);
	}
	leave_somehow(&client->script, seed);
}

void any_words(struct client *client, uint64_t *seed)
{
	static const char *const words[] = {
		"GET",     "POST",     " ",      "\r\n",   "\n",           ":",  "HTTP/1.1",
		"/notes",  "Host",     "\t",     "0",      "%00%",         "\r", "?a=b&&=&",
		"chunked", "X-User: ", "//..//", "HTTP/9", "Connection: ", "\""
	};
	const int last = (int)(sizeof(words) / sizeof(*words)) - 1;

	for (int count = random_from(seed, 1, 200); count; count--)
		send_text(&client->script, "%s", words[random_from(seed, 0, last)]);
	leave_somehow(&client->script, seed);
}

/* A fit request in which some bytes are not what they should be. */
void a_few_wrong_bytes(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;
	char body[256];

	send_request(script, "POST", "/notes", "mutant", draft(body, sizeof(body), client, 1));
	for (int count = random_from(seed, 1, 5); count; count--) {
		int at = random_from(seed, 0, (int)script->size - 1);

		script->text[at] = (char)random_from(seed, 0, 255);
	}
	leave_somehow(script, seed);
}

void a_wrong_length(struct client *client, uint64_t *seed)
{
	static const char *const lengths[] = { "-1",   "x",          "",
					       "1e3",  "0x10",       "99999999999999999999",
					       "7, 9", "2147483648", "+5",
					       "5 5" };
	const int last = (int)(sizeof(lengths) / sizeof(*lengths)) - 1;

	send_text(&client->script,
		  "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
		  "Content-Length: %s\r\n\r\n{\"title\"",
		  lengths[random_from(seed, 0, last)]);
	leave_somehow(&client->script, seed);
}

/* The length says less than is sent: the rest is no request. */
void a_short_length(struct client *client, uint64_t *seed)
{
	send_text(&client->script,
		  "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
		  "Content-Length: %d\r\n\r\n{\"title\":\"t\",\"text\":\"the rest\"}\r\n",
		  random_from(seed, 0, 25));
	expect(&client->script, 400, "malformed JSON");
	leave_somehow(&client->script, seed);
}

void a_wrong_chunk(struct client *client, uint64_t *seed)
{
	static const char *const chunks[] = { "x\r\n{}\r\n", "-2\r\n{}\r\n", "2\r\n{}}}}}\r\n",
					      "ffffffffffffffffff\r\n{}", "\r\n\r\n" };

	send_text(&client->script,
		  "POST /notes HTTP/1.1\r\nHost: soak\r\nX-User: half\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n%s",
		  chunks[random_from(seed, 0, 4)]);
	leave_somehow(&client->script, seed);
}

void a_huge_head(struct client *client, uint64_t *seed)
{
	struct script *script = &client->script;

	switch (random_from(seed, 0, 2)) {
	case 0:
		send_text(script, "GET /");
		send_filling(script, seed, (size_t)random_from(seed, 1000, 100000));
		break;
	case 1:
		send_text(script, "GET /health HTTP/1.1\r\nHost: soak\r\nX-User: ");
		send_filling(script, seed, (size_t)random_from(seed, 1000, 100000));
		break;
	default:
		send_text(script, "GET /health HTTP/1.1\r\nHost: soak\r\n");
		for (int count = random_from(seed, 10, 5000); count; count--)
			send_text(script, "X-%d: %d\r\n", count, count);
		break;
	}
	send_text(script, " HTTP/1.1\r\n\r\n");
	leave_somehow(script, seed);
}
