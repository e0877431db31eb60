/* SPDX-License-Identifier: MIT */
#include "di/internal.h"
#include "di/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *di_status_text(enum di_status status)
{
	switch (status) {
#define STATUS_TEXT(name_, text_)                                                                  \
	case name_:                                                                                \
		return text_;
		DI_STATUS_MAP(STATUS_TEXT)
#undef STATUS_TEXT
	}
	return "unknown status";
}

const char *di_status_name(enum di_status status)
{
	switch (status) {
#define STATUS_NAME(name_, text_)                                                                  \
	case name_:                                                                                \
		return #name_;
		DI_STATUS_MAP(STATUS_NAME)
#undef STATUS_NAME
	}
	return "DI_E?";
}

void di__copy_name(char *to, const char *from)
{
	size_t length = strlen(from);

	if (length >= DI_NAME_SIZE)
		length = DI_NAME_SIZE - 1;
	memcpy(to, from, length);
	to[length] = '\0';
}

static void begin(struct di_error *err, enum di_status status, const struct di_provider *provider,
		  const char *detail, va_list arguments) DI__PRINTF(4, 0);

static void begin(struct di_error *err, enum di_status status, const struct di_provider *provider,
		  const char *detail, va_list arguments)
{
	err->status = status;
	err->cause = 0;
	err->more = 0;
	err->hidden = 0;
	err->function[0] = '\0';
	err->detail[0] = '\0';
	err->outermost[0] = '\0';
	err->provider[0] = '\0';
	err->path[0] = '\0';
	if (provider != NULL) {
		di__copy_name(err->provider, provider->name);
		di__error_path(err, provider->name);
	}
	if (detail != NULL)
		vsnprintf(err->detail, sizeof(err->detail), detail, arguments);
}

enum di_status di__fail(struct di_error *err, enum di_status status,
			const struct di_provider *provider, const char *detail, ...)
{
	va_list arguments;

	if (err == NULL)
		return status;
	va_start(arguments, detail);
	begin(err, status, provider, detail, arguments);
	va_end(arguments);
	return status;
}

#ifdef DI_DEBUG
static void say_misuse(const struct di_error *err)
{
	char text[DI_NAME_SIZE + DI_PATH_SIZE + DI_DETAIL_SIZE];

	fprintf(stderr, "di: misuse: %s\n", di_error_text(err, text, sizeof(text)));
	assert(0 && "misuse of di");
}
#endif

enum di_status di__misuse(struct di_error *err, enum di_status status,
			  const struct di_provider *provider, const char *detail, ...)
{
	struct di_error own;
	va_list arguments;

	if (err == NULL)
		err = &own;
	va_start(arguments, detail);
	begin(err, status, provider, detail, arguments);
	va_end(arguments);
#ifdef DI_DEBUG
	say_misuse(err);
#endif
	return status;
}

void di__error_cause(struct di_error *err, const char *function, int cause)
{
	if (err == NULL)
		return;
	err->cause = cause;
	di__copy_name(err->function, function);
}

/*
 * A path that has no more room keeps its innermost names, its outermost one, and how many are
 * between.
 */
void di__error_path(struct di_error *err, const char *name)
{
	static const char arrow[] = " <- ";
	size_t used, length = strlen(name);

	if (err == NULL)
		return;
	used = strlen(err->path);
	if (length >= DI_NAME_SIZE)
		length = DI_NAME_SIZE - 1;
	if (err->outermost[0] == '\0' && used + strlen(arrow) + length < sizeof(err->path)) {
		if (used > 0) {
			memcpy(err->path + used, arrow, sizeof(arrow));
			used += strlen(arrow);
		}
		memcpy(err->path + used, name, length);
		err->path[used + length] = '\0';
		return;
	}
	if (err->outermost[0] != '\0')
		err->hidden++;
	di__copy_name(err->outermost, name);
}

/* "No such file or directory" for an errno, "returned -3" for what is none. */
static void append_cause(struct di__text *text, const struct di_error *error)
{
	char words[128];

	if (error->cause > 0 && strerror_r(error->cause, words, sizeof(words)) == 0)
		di__text_append(text, ": %s", words);
	else if (error->cause != 0)
		di__text_append(text, ": it returned %d", error->cause);
	else if (error->status == DI_ECREATE)
		di__text_append(text, ": it gave no reason");
}

static void append_what(struct di__text *text, const struct di_error *error)
{
	if (error->function[0] != '\0') {
		di__text_append(text, "%s failed for %s", error->function,
				error->provider[0] != '\0' ? error->provider : "a deferred call");
		append_cause(text, error);
		return;
	}
	if (error->provider[0] != '\0')
		di__text_append(text, "%s: ", error->provider);
	di__text_append(text, "%s", di_status_text(error->status));
	if (error->detail[0] != '\0')
		di__text_append(text, ": %s", error->detail);
}

static void append_path(struct di__text *text, const struct di_error *error)
{
	/* A path of one name says nothing that the text has not said. */
	if (strstr(error->path, " <- ") == NULL && error->outermost[0] == '\0' &&
	    strcmp(error->path, error->provider) == 0)
		return;
	if (error->path[0] == '\0')
		return;
	di__text_append(text, " (%s", error->path);
	if (error->hidden > 0)
		di__text_append(text, " <- ... %u more ...", error->hidden);
	if (error->outermost[0] != '\0')
		di__text_append(text, " <- %s", error->outermost);
	di__text_append(text, ")");
}

char *di_error_text(const struct di_error *error, char *buffer, size_t size)
{
	struct di__text text = { buffer, size, 0 };

	if (size == 0)
		return buffer;
	buffer[0] = '\0';
	if (error == NULL || error->status == DI_OK) {
		di__text_append(&text, "%s", di_status_text(DI_OK));
		return buffer;
	}
	append_what(&text, error);
	append_path(&text, error);
	if (error->more > 0)
		di__text_append(&text, " and %u more %s", error->more,
				error->more == 1 ? "error" : "errors");
	return buffer;
}
