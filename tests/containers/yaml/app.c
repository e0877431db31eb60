/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/app.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DI_SCOPE_DEFINE(job);

char app_ended[1024];

static const struct settings settings = { { "db://here", 3 }, 0.5, 1, "label" };
static const struct settings other_settings = { { "db://there", 4 }, 0.25, 0, "other" };
static struct part given = { "given", 7, NULL, NULL, NULL };

static struct part *alive;

static int DI__PRINTF(3, 4) make(struct part **out, struct part *from, const char *format, ...)
{
	va_list arguments;

	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return ENOMEM;
	va_start(arguments, format);
	vsnprintf((*out)->text, sizeof((*out)->text), format, arguments);
	va_end(arguments);
	(*out)->from = from;
	(*out)->next = alive;
	(*out)->link = &alive;
	if (alive != NULL)
		alive->link = &(*out)->next;
	alive = *out;
	return 0;
}

static int part_new(struct part **out)
{
	return make(out, NULL, "part");
}

static int part_named(struct part **out, const char *name)
{
	return make(out, NULL, "%s", name);
}

static int part_of(struct part **out, struct part *from)
{
	return make(out, from, "part of %.80s", from->text);
}

static int part_of_const(struct part **out, const struct part *from)
{
	return make(out, NULL, "part of const %.80s", from->text);
}

static int part_of_two(struct part **out, struct part *a, struct part *b)
{
	return make(out, a, "part of %.40s and %.40s", a->text, b->text);
}

static int part_of_settings(struct part **out, const char *url, int retries, double ratio,
			    _Bool verbose, const char *label)
{
	return make(out, NULL, "%s %d %g %d %s", url, retries, ratio, verbose, label);
}

static int part_of_numbers(struct part **out, signed char tiny, unsigned short small,
			   unsigned long long large, float ratio, _Bool truth)
{
	return make(out, NULL, "%d %u %llu %g %d", tiny, (unsigned)small, large, (double)ratio,
		    truth);
}

static int part_of_user(struct part **out, const struct user *user, struct di_context *context)
{
	return make(out, NULL, "part for %s in %s", user->name, di_context_scope(context)->name);
}

static int part_of_parts(struct part **out, const struct parts *parts)
{
	return make(out, parts->count > 0 ? parts->items[0] : NULL, "part of %zu", parts->count);
}

static struct part *part_returned(void)
{
	struct part *part;

	return make(&part, NULL, "returned") == 0 ? part : NULL;
}

static int part_init(struct part *part, int number)
{
	part->number = number;
	strcpy(part->text, "initialized");
	return 0;
}

/* ---- What takes time. ---- */

typedef enum di_status complete_fn(struct di_call *call, int status, struct part *part);

struct due {
	struct di_call *call;
	complete_fn *complete; /* NULL: it ends */
	struct part *part;
};

enum {
	DUE_MAX = 64
};

int app_waits;
static struct due due[DUE_MAX];
static int due_count;

static void settle(const struct due *one)
{
	if (one->complete == NULL)
		di_call_end(one->call, 0);
	else
		one->complete(one->call, 0, one->part);
}

static int later(struct due one)
{
	if (app_waits && due_count < DUE_MAX)
		due[due_count++] = one;
	else
		settle(&one);
	return DI_PENDING;
}

int app_turn(void)
{
	struct due now[DUE_MAX];
	int count = due_count, i;

	memcpy(now, due, sizeof(now));
	due_count = 0;
	for (i = 0; i < count; i++)
		settle(&now[i]);
	return count;
}

static int part_later(struct di_call *call);
static int part_later_of(struct di_call *call, struct part *from, const char *name, int number);
DI_COMPLETE_DECLARE(part_later, struct part);
DI_COMPLETE_DECLARE(part_later_of, struct part);

static int part_later(struct di_call *call)
{
	struct part *part;
	int cause = make(&part, NULL, "later");

	return cause != 0 ? cause : later((struct due){ call, part_later_complete, part });
}

static int part_later_of(struct di_call *call, struct part *from, const char *name, int number)
{
	struct part *part;
	int cause = make(&part, from, "%s of %.80s", name, from->text);

	if (cause != 0)
		return cause;
	part->number = number;
	return later((struct due){ call, part_later_of_complete, part });
}

static int part_fails(struct part **out)
{
	(void)out;
	return EIO;
}

static void note_end(const char *text)
{
	size_t length = strlen(app_ended);

	snprintf(app_ended + length, sizeof(app_ended) - length, "%s ", text);
}

/* A file may name a destructor for what was made in place. */
static void free_part(struct part *part)
{
	if (part->link == NULL)
		return;
	*part->link = part->next;
	if (part->next != NULL)
		part->next->link = part->link;
	free(part);
}

void app_free_kept(void)
{
	while (alive != NULL)
		free_part(alive);
}

void app_part_free(struct part *part)
{
	note_end(part->text);
	free_part(part);
}

static int part_commit(struct part *part, enum di_outcome outcome)
{
	note_end(part->text);
	note_end(di_outcome_text(outcome));
	free_part(part);
	return 0;
}

static int part_end_later(struct di_call *call, struct part *part, enum di_outcome outcome)
{
	part_commit(part, outcome);
	return later((struct due){ call, NULL, NULL });
}

static void part_release(struct part *part)
{
	note_end(part->text);
}

static const char *choose(const struct settings *from)
{
	return from->verbose ? "loud" : "quiet";
}

static int user_new(struct user **out)
{
	static struct user user = { "nobody" };

	*out = &user;
	return 0;
}

/* clang-format off */
#define APP_EXPORTS(X)                                                                             \
	X(object,      app_settings,   const struct settings, &settings)                           \
	X(object,      other_settings, const struct settings, &other_settings)                     \
	X(object,      app_given,      struct part, &given)                                        \
	X(constructor, struct part,    (part_new))                                                 \
	X(constructor, struct part,    (part_named, const char *))                                 \
	X(constructor, struct part,    (part_of, struct part *))                                   \
	X(constructor, struct part,    (part_of_const, const struct part *))                       \
	X(constructor, struct part,    (part_of_two, struct part *, struct part *))                \
	X(constructor, struct part,    (part_of_settings, const char *, int, double, _Bool,        \
					const char *))                                             \
	X(constructor, struct part,    (part_of_numbers, signed char, unsigned short,              \
					unsigned long long, float, _Bool))                         \
	X(constructor, struct part,    (part_of_user, const struct user *, struct di_context *))   \
	X(constructor, struct part,    (part_of_parts, const struct parts *))                      \
	X(constructor, struct part,    DI_RETURNS(part_returned))                                  \
	X(constructor, struct part,    DI_INIT(part_init, int))                                    \
	X(constructor, struct part,    (part_fails))                                               \
	X(constructor, struct part,    DI_ASYNC(part_later))                                       \
	X(constructor, struct part,    DI_ASYNC(part_later_of, struct part *, const char *, int))  \
	X(constructor, struct user,    (user_new))                                                 \
	X(destructor,  struct part,    app_part_free)                                              \
	X(destructor,  struct part,    part_commit)                                                \
	X(destructor,  struct part,    part_release)                                               \
	X(destructor,  struct part,    part_end_later)                                             \
	X(chooser,     (choose, const struct settings *))                                          \
	X(field,       struct settings, db.url,     const char *)                                  \
	X(field,       struct settings, db.retries, int)                                           \
	X(field,       struct settings, ratio,      double)                                        \
	X(field,       struct settings, verbose,    _Bool)                                         \
	X(field,       struct settings, label,      const char *)                                  \
	X(list,        parts,           struct part)                                               \
	X(dict,        parts_by_name,   struct part)                                               \
	X(lazy,        later_part,      struct part)                                               \
	X(scope,       job)
/* clang-format on */

DI_EXPORTS_DEFINE(app_exports, APP_EXPORTS);

int storage_part_new(struct part **out)
{
	return make(out, NULL, "stored");
}

DI_CONTAINER_DEFINE(storage, STORAGE);
