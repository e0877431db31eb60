/* SPDX-License-Identifier: MIT */
#include "samples/notes/http.h"
#include "samples/notes/answers.h"
#include "samples/notes/notes.h"
#include "samples/notes/reply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct method {
	const char *name;
	answer_fn *answer;
	const struct intent *intent;
};

static const struct intent reading = { .writes = 0 };
static const struct intent writing = { .writes = 1 };

/* clang-format off */
/* libmicrohttpd leaves out the body of a reply to HEAD. */
static const struct method health_methods[] = {
	{ "GET",    get_health,  NULL },
	{ "HEAD",   get_health,  NULL },
	{ NULL,     NULL,        NULL },
};
static const struct method list_methods[] = {
	{ "GET",    get_notes,   &reading },
	{ "HEAD",   get_notes,   &reading },
	{ "POST",   save_note,   &writing },
	{ NULL,     NULL,        NULL },
};
static const struct method note_methods[] = {
	{ "GET",    get_note,    &reading },
	{ "HEAD",   get_note,    &reading },
	{ "PUT",    save_note,   &writing },
	{ "DELETE", delete_note, &writing },
	{ NULL,     NULL,        NULL },
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
static const struct method *find_resource(struct exchange *exchange)
{
	static const char below[] = "/notes/";
	const char *url = exchange->http->url;

	if (strcmp(url, "/health") == 0)
		return health_methods;
	if (strcmp(url, "/notes") == 0)
		return list_methods;
	if (strncmp(url, below, sizeof(below) - 1) != 0)
		return NULL;
	exchange->id = parse_id(url + sizeof(below) - 1);
	return exchange->id ? note_methods : NULL;
}

static const struct method *find_method(const struct method *methods, const char *name)
{
	while (methods->name && strcmp(methods->name, name) != 0)
		methods++;
	return methods->name ? methods : NULL;
}

static enum di_status refuse_method(struct exchange *exchange, const struct method *methods)
{
	char allow[64];
	size_t length = 0;

	for (const struct method *method = methods; method->name; method++) {
		length += (size_t)snprintf(allow + length, sizeof(allow) - length, "%s%s",
					   length ? ", " : "", method->name);
	}
	di_mhd_reply_header(exchange->reply, MHD_HTTP_HEADER_ALLOW, allow);
	return refuse(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "this path does not take that method");
}

static int free_user(void *user, enum di_outcome outcome)
{
	(void)outcome;
	free(user);
	return 0;
}

/* The value of a state must outlive the context's finalizers: it is freed by the last of them. */
static enum di_status put_user(struct di_context *context, const struct user *from,
			       struct di_error *err)
{
	struct user *user = malloc(sizeof(*user));
	enum di_status status;

	if (!user) {
		*err = (struct di_error){ .status = DI_ENOMEM };
		return DI_ENOMEM;
	}
	*user = *from;
	status = di_context_defer(context, free_user, user, err);
	if (status != DI_OK) {
		free(user);
		return status;
	}
	return notes_user_put(context, user, err);
}

static enum di_status refuse_user(struct exchange *exchange, const char *text)
{
	di_mhd_reply_header(exchange->reply, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "X-User");
	return refuse(exchange, MHD_HTTP_UNAUTHORIZED, text);
}

static enum di_status answer_user(struct exchange *exchange, const struct method *method)
{
	const char *name = di_mhd_header(exchange->http, "X-User");
	struct user user;
	enum di_status status;

	if (!name)
		return refuse_user(exchange, "the header X-User is missing");
	if (user_init(&user, name))
		return refuse_user(exchange, "X-User is not the name of a user");
	status = put_user(exchange->context, &user, exchange->err);
	if (status == DI_OK)
		status = notes_intent_put(exchange->context, method->intent, exchange->err);
	return status == DI_OK ? method->answer(exchange) : status;
}

enum di_status http_answer(void *data, struct di_context *context,
			   const struct di_mhd_request *http, struct di_mhd_reply *reply,
			   struct di_error *err)
{
	struct exchange exchange = { context, http, reply, err, 0 };
	const struct method *methods = find_resource(&exchange);
	const struct method *method;

	(void)data;
	if (!methods)
		return refuse(&exchange, MHD_HTTP_NOT_FOUND, "there is nothing at this path");
	method = find_method(methods, http->method);
	if (!method)
		return refuse_method(&exchange, methods);
	return method->intent ? answer_user(&exchange, method) : method->answer(&exchange);
}

static void refuse_body(const struct config *config, struct di_mhd_reply *reply)
{
	char text[64];

	snprintf(text, sizeof(text), "the body is larger than %zu bytes", config->http.max_body);
	reply_error(reply, MHD_HTTP_CONTENT_TOO_LARGE, text);
}

void http_failed(void *data, const struct di_mhd_request *http, const struct di_error *error,
		 struct di_mhd_reply *reply)
{
	char text[1024];

	if (!error)
		refuse_body(data, reply);
	else if (error->cause == EBUSY)
		reply_busy(reply);
	else
		reply_internal(reply, http, di_error_text(error, text, sizeof(text)));
}
