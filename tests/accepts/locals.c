/* SPDX-License-Identifier: MIT */
/* Namespaces of context-local values, with every form of destructor, and blocks within blocks. */
#include <di/di.h>
#include <stdlib.h>

struct user;
void user_free(struct user *user);
void trace_free(const char *trace);
typedef struct user person;

/* clang-format off */
#define FIRST_LOCALS(X) \
	X(web_user,   struct user,  user_free) \
	X(web_person, const person, di_keep)
#define WEB_LOCALS(X) \
	FIRST_LOCALS(X) \
	X(web_trace,  const char,   trace_free) \
	X(web_name,   char,         free) \
	X(web_any,    void,         free)
/* clang-format on */

DI_LOCAL_DECLARE(web, WEB_LOCALS);
DI_LOCAL_DEFINE(web, WEB_LOCALS);

#define OTHER_LOCALS(X) X(other_user, struct user, di_keep)

static void *take(size_t size, void *data)
{
	return data != NULL ? NULL : malloc(size);
}

static void give(void *memory, size_t size, void *data)
{
	(void)size;
	(void)data;
	free(memory);
}

static const struct di_allocator allocator = { take, give, NULL };

DI_LOCAL_DECLARE(other, OTHER_LOCALS);
DI_LOCAL_DEFINE_IN(other, OTHER_LOCALS, &allocator);

int isolated(struct user *user, struct di_error *err);
int isolated(struct user *user, struct di_error *err)
{
	DI_WITH_LOCAL (&web, err) {
		DI_WITH_LOCAL (&other, err) {
			if (web_user_set(user, err) != DI_OK)
				break;
			return web_user_get() == user && other_user_get_or(user) == user;
		}
	}
	return -1;
}
