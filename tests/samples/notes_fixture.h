/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_NOTES_FIXTURE_H
#define DI_TESTS_NOTES_FIXTURE_H

/**
 * The notes program, started on a port of its own with a database of its own, and a client.
 * For one source file of a program: it holds state.
 */

#include "tests/support/check_main.h"
#include "tests/support/http_client.h"
#include "tests/support/program.h"

#include <check.h>
#include <curl/curl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ARGUMENTS_MAX = 24
};

static struct program service;
static uint16_t port;
static char folder[256];
static char db_path[320];
static char log_path[320];

/** Another program that is to be as good as the sample, or NULL: what NOTES_PROGRAM says. */
static inline const char *other_program(void)
{
	return getenv("NOTES_PROGRAM");
}

/** The program's path. */
static inline const char *notes_program(void)
{
	static char path[512];
	const char *build = getenv("DI_BUILD_DIR");

	if (other_program())
		return other_program();
	snprintf(path, sizeof(path), "%s/samples/notes", build ? build : BUILD_DIR);
	return path;
}

/** Starts the program with those arguments, which NULL ends, and the parts of NOTES_CONFIG. */
static inline void launch(const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX] = { notes_program() };
	int count = 0;

	ck_assert_msg(access(argv[0], X_OK) == 0, "%s is not there", argv[0]);
	for (int i = 0; arguments[i]; i++)
		argv[++count] = arguments[i];
#ifdef NOTES_CONFIG
	argv[++count] = "--config";
	argv[++count] = NOTES_CONFIG;
#endif
	ck_assert_int_eq(program_start(&service, argv, log_path), 0);
}

/** Starts the service with further arguments, and waits until it listens. */
static inline void start(const char *const *further)
{
	static const char greeting[] = "listening on http://127.0.0.1:";
	const char *arguments[ARGUMENTS_MAX] = { "--port", "0", "--db", db_path };
	char line[256];

	for (int i = 0; further && further[i]; i++)
		arguments[i + 4] = further[i];
	launch(arguments);
	if (!program_read_line(&service, line, sizeof(line)))
		ck_abort_msg("the service did not start: %s", program_read_file(log_path));
	ck_assert_int_eq(strncmp(line, greeting, sizeof(greeting) - 1), 0);
	port = (uint16_t)atoi(line + sizeof(greeting) - 1);
	ck_assert_int_ne(port, 0);
}

/** Ends the service, which must end well. */
static inline void stop(void)
{
	ck_assert_int_eq(program_end(&service, SIGTERM), 0);
}

/** Whether the log has that text. */
static inline int logged(const char *text)
{
	char *log = program_read_file(log_path);
	int found = log && strstr(log, text);

	free(log);
	return found;
}

/** Whether the log has what the container says; another program has none that could. */
static inline int told(const char *text)
{
	return other_program() || logged(text);
}

static inline void make_folder(void)
{
	const char *place = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/di-notes-XXXXXX", place ? place : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(db_path, sizeof(db_path), "%s/notes.db", folder);
	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	service.pid = 0;
}

static inline void remove_file(const char *name)
{
	char path[320];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

/** Ends what a failed test has left running, and removes its files. */
static inline void remove_folder(void)
{
	static const char *const names[] = { "notes.db",         "notes.db-wal", "notes.db-shm",
					     "notes.db-journal", "moved.db",     "log" };

	if (service.pid)
		program_end(&service, SIGKILL);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		remove_file(names[i]);
	ck_assert_int_eq(rmdir(folder), 0);
}

/** A client that keeps its connection, and the last reply that it got. One thread may use it. */
struct client {
	CURL *curl;
	long status;
	size_t body_size;
	size_t head_size;
	char body[256 * 1024];
	char head[4096];
};

/* Cuts what does not fit. */
static inline size_t keep(char *buffer, size_t *size, size_t capacity, const char *data,
			  size_t length)
{
	size_t fits = capacity - 1 - *size < length ? capacity - 1 - *size : length;

	memcpy(buffer + *size, data, fits);
	*size += fits;
	buffer[*size] = '\0';
	return length;
}

static inline size_t keep_body(char *data, size_t one, size_t length, void *client_)
{
	struct client *client = client_;

	(void)one;
	return keep(client->body, &client->body_size, sizeof(client->body), data, length);
}

static inline size_t keep_head(char *data, size_t one, size_t length, void *client_)
{
	struct client *client = client_;

	(void)one;
	return keep(client->head, &client->head_size, sizeof(client->head), data, length);
}

static inline struct client *client_new(void)
{
	struct client *client = calloc(1, sizeof(*client));

	client->curl = curl_easy_init();
	return client;
}

static inline void client_free(struct client *client)
{
	curl_easy_cleanup(client->curl);
	free(client);
}

static inline void prepare(struct client *client, const char *method, const char *path,
			   const char *body)
{
	char url[512];
	CURL *curl = client->curl;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", (int)port, path);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

/** One request; user and body may be NULL. Returns the status, 0 if there was no whole reply. */
static inline long call(struct client *client, const char *method, const char *path,
			const char *user, const char *body)
{
	char header[256];
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

	client->status = 0;
	client->body_size = client->head_size = 0;
	client->body[0] = client->head[0] = '\0';
	prepare(client, method, path, body);
	if (user) {
		snprintf(header, sizeof(header), *user ? "X-User: %s" : "X-User;", user);
		headers = curl_slist_append(headers, header);
	}
	curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
	if (curl_easy_perform(client->curl) == CURLE_OK)
		curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &client->status);
	curl_slist_free_all(headers);
	return client->status;
}

/** Whether the last reply has that line among its headers. */
static inline int has_header(const struct client *client, const char *line)
{
	const char *found = strstr(client->head, line);

	return found && strncmp(found + strlen(line), "\r\n", 2) == 0;
}

/** The last reply's JSON, owned by the caller. */
static inline json_t *json_of(const struct client *client)
{
	json_t *json = json_loads(client->body, 0, NULL);

	ck_assert_msg(json != NULL, "no JSON: %s", client->body);
	return json;
}

/** Expects that the last reply was {"error": text} and nothing else. */
static inline void expect_error(const struct client *client, const char *text)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "{\"error\":\"%s\"}", text);
	ck_assert_str_eq(client->body, expected);
	ck_assert(has_header(client, "Content-Type: application/json"));
}

/** How many notes a user has; at most 1000 are counted. */
static inline size_t count_notes(struct client *client, const char *user)
{
	json_t *json;
	size_t count;

	ck_assert_int_eq(call(client, "GET", "/notes?limit=1000", user, NULL), 200);
	json = json_of(client);
	count = json_array_size(json_object_get(json, "notes"));
	json_decref(json);
	return count;
}

#endif
