/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/answers.h"
#include "bench/notes_by_hand/reply.h"

#include <stdio.h>
#include <string.h>

struct method {
	const char *name;
	answer_fn *answer;
	int for_users;
};

/* clang-format off */
static const struct method health_methods[] = {
	{ "GET",    get_health,  0 },
	{ "HEAD",   get_health,  0 },
	{ NULL,     NULL,        0 },
};
static const struct method list_methods[] = {
	{ "GET",    get_notes,   1 },
	{ "HEAD",   get_notes,   1 },
	{ "POST",   save_note,   1 },
	{ NULL,     NULL,        0 },
};
static const struct method note_methods[] = {
	{ "GET",    get_note,    1 },
	{ "HEAD",   get_note,    1 },
	{ "PUT",    save_note,   1 },
	{ "DELETE", delete_note, 1 },
	{ NULL,     NULL,        0 },
};
/* clang-format on */

/* An id is digits and nothing else; returns 0 where text is none. */
static int64_t parse_id(const char *text)
{
	int64_t id = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		int digit = *text - '0';

		if (id > (INT64_MAX - digit) / 10)
			return 0;
		id = id * 10 + digit;
	}
	return *text ? 0 : id;
}

/* What the path names, as the methods that it has; or NULL. */
static const struct method *find_resource(struct request *request)
{
	static const char below[] = "/notes/";
	const char *url = request->url;

	if (strcmp(url, "/health") == 0)
		return health_methods;
	if (strcmp(url, "/notes") == 0)
		return list_methods;
	if (strncmp(url, below, sizeof(below) - 1) != 0)
		return NULL;
	request->id = parse_id(url + sizeof(below) - 1);
	return request->id ? note_methods : NULL;
}

static void refuse_method(struct request *request, const struct method *methods)
{
	char allow[64];
	size_t length = 0;

	for (const struct method *method = methods; method->name; method++) {
		length += (size_t)snprintf(allow + length, sizeof(allow) - length, "%s%s",
					   length ? ", " : "", method->name);
	}
	reply_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "this path does not take that method");
	reply_header(request, MHD_HTTP_HEADER_ALLOW, allow);
}

static void refuse_user(struct request *request, const char *text)
{
	reply_error(request, MHD_HTTP_UNAUTHORIZED, text);
	reply_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "X-User");
}

static void answer_user(struct request *request, const struct method *method)
{
	const char *name =
		MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-User");

	if (!name)
		refuse_user(request, "the header X-User is missing");
	else if (user_init(&request->user, name))
		refuse_user(request, "X-User is not the name of a user");
	else
		method->answer(request);
}

void answer(struct request *request)
{
	const struct method *methods = find_resource(request);
	const struct method *method = methods;

	if (!methods) {
		reply_error(request, MHD_HTTP_NOT_FOUND, "there is nothing at this path");
		return;
	}
	while (method->name && strcmp(method->name, request->method) != 0)
		method++;
	if (!method->name)
		refuse_method(request, methods);
	else if (method->for_users)
		answer_user(request, method);
	else
		method->answer(request);
}
