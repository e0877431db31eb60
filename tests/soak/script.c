/* SPDX-License-Identifier: MIT */
#include "tests/soak/script.h"
#include "tests/support/threads.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int random_from(uint64_t *seed, int least, int most)
{
	return least + (int)(random_next(seed) % (uint32_t)(most - least + 1));
}

void send_bytes(struct script *script, const void *bytes, size_t size)
{
	size_t room = sizeof(script->text) - script->size;
	size_t fits = size < room ? size : room;

	memcpy(script->text + script->size, bytes, fits);
	script->size += fits;
}

void send_text(struct script *script, const char *format, ...)
{
	char text[2048];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	send_bytes(script, text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
}

void send_request(struct script *script, const char *method, const char *path, const char *owner,
		  const char *body)
{
	send_text(script, "%s %s HTTP/1.1\r\nHost: soak\r\nX-User: %s\r\n", method, path, owner);
	if (body)
		send_text(script, "Content-Length: %zu\r\n", strlen(body));
	send_text(script, "\r\n%s", body ? body : "");
}

void send_filling(struct script *script, uint64_t *seed, size_t size)
{
	char block[512];

	memset(block, 'a' + random_from(seed, 0, 25), sizeof(block));
	for (; size > sizeof(block); size -= sizeof(block))
		send_bytes(script, block, sizeof(block));
	send_bytes(script, block, size);
}

struct expected *expect(struct script *script, int status, const char *text)
{
	struct expected *expected = &script->expected[script->expecting++];

	*expected = (struct expected){ .status = status };
	snprintf(expected->text, sizeof(expected->text), "%s", text);
	return expected;
}

const char *draft(char *buffer, size_t size, const struct client *client, int number)
{
	char title[48];

	snprintf(title, sizeof(title), "note %" PRIu64 ".%d", client->serial, number);
	snprintf(buffer, size, "{\"title\":\"%s\",\"text\":\"about %s\"}", title, title);
	return buffer;
}

void leave_somehow(struct script *script, uint64_t *seed)
{
	static const enum leaving ways[] = { LEAVE_CLOSING, LEAVE_RESETTING, LEAVE_SHUT };

	script->leaving = ways[random_from(seed, 0, 2)];
	script->hold_ms = 0;
	if (random_from(seed, 0, 2) == 0)
		script->hold_ms = random_from(seed, 1, 50);
	if (random_from(seed, 0, 7) == 0)
		script->hold_ms = random_from(seed, 100, 3000);
}
