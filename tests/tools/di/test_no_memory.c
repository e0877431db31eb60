/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "tools/di/command.h"

#include "tests/containers/yaml/folder.h"
#include "tests/support/check_main.h"
#include "tests/support/malloc_count.h"

#include <errno.h>
#include <sys/wait.h>

/*
 * The di command without memory: each allocation of each subcommand fails in its turn, in a process
 * of its own. Nothing is lost, nothing crashes, and it ends with the status for that and a word.
 */

enum {
	ENDLESS = 20000
};

static const char base[] = "version: 1\n"
			   "container: base\n"
			   "providers:\n"
			   "- {name: limit, kind: object, type: const int, value: {int: 5}}\n";

static const char app[] =
	"version: 1\n"
	"container: app\n"
	"default_scope: request\n"
	"connects: [base, other]\n"
	"scopes: [{name: batch, rank: 120}]\n"
	"providers:\n"
	"- {name: clock, kind: singleton, type: struct clock, create: clock_new, destroy: "
	"di_keep}\n"
	"- {name: store, kind: resource, type: struct store, create: store_open, destroy: "
	"di_keep,\n"
	"   args: [{ref: clock}, {ref: limit}, {str: 'a \"text\"'}, {int: 5}, {env: "
	"DI_TEST_NOT_SET}]}\n"
	"- {name: session, kind: context_resource, type: struct session, create: session_new,\n"
	"   args: [{ref: store}], destroy: di_keep, scope: late}\n"
	"- {name: either, kind: selector, type: struct store, always: a, cases: [{when: a, ref: "
	"store}]}\n"
	"- {name: all, kind: list, type: struct stores, items: [store, either]}\n"
	"- {name: slow, kind: async_resource, type: struct store, create: slow_open, args: [{ref: "
	"store}], destroy: slow_close}\n"
	"- {name: nobody, kind: state, type: const struct user, scope: batch}\n"
	"overrides:\n"
	"- {provider: clock, object: a_clock}\n";

static const char plain[] = "version: 1\n"
			    "container: app\n"
			    "providers:\n"
			    "- {name: clock, kind: singleton, type: struct clock, create: "
			    "clock_new, destroy: di_keep}\n"
			    "- {name: store, kind: resource, type: struct store, create: "
			    "store_open, destroy: di_keep,\n"
			    "   args: [{ref: clock}, {str: 'a \"text\"'}, {int: 5}]}\n"
			    "- {name: slow, kind: async_singleton, type: struct slow, create: "
			    "slow_open, destroy: slow_close, args: [{ref: store}, {int: 5}]}\n";

static const char wrong[] =
	"version: 1\n"
	"container: app\n"
	"providers:\n"
	"- {name: a, kind: singelton, create: a_new, destroy: di_keep}\n"
	"- {name: b, kind: singleton, create: b_new, args: [{ref: nobody}], destroy: di_keep}\n"
	"- {name: c, kind: async_singleton, create: b_new, args: [{ref: b}], destroy: di_keep}\n";

static const char plugged[] =
	"version: 1\n"
	"container: app\n"
	"providers:\n"
	"- {name: a, kind: singleton, create: plugged_new, args: [{int: 3}], destroy: di_keep}\n";

static char exports[4200];

static void set_up(void)
{
	const char *build = getenv("DI_BUILD_DIR");

	folder_begin();
	folder_write("base.yaml", base);
	folder_write("app.yaml", app);
	folder_write("plain.yaml", plain);
	folder_write("wrong.yaml", wrong);
	folder_write("plugged.yaml", plugged);
	folder_write("used.c", "clock_get(context, err); nobody_put(context, &user, err);\n");
	snprintf(exports, sizeof(exports), "%s%s%s/plugins/good.so",
		 build != NULL ? build : folder_before, build != NULL ? "" : "/",
		 build != NULL ? "" : BUILD_DIR);
}

/* What became of one call. */
struct outcome {
	int status;
	int is_refused; /* the allocation was asked for */
	long left;
};

enum {
	WORDS_MAX = 16
};

/* A call of the command as it is written, by words with one blank between; E is the exports. */
static int split(const char *call, char *buffer, char **words)
{
	int count = 0;

	strcpy(buffer, call);
	for (words[count] = strtok(buffer, " "); words[count] != NULL;
	     words[++count] = strtok(NULL, " ")) {
		if (strcmp(words[count], "E") == 0)
			words[count] = exports;
	}
	return count;
}

static void run_here(const char *call, unsigned long n, int text, int result)
{
	char buffer[256], *words[WORDS_MAX];
	int count = split(call, buffer, words);
	struct outcome outcome = { 0 };
	unsigned long before = malloc_count();
	long live = malloc_live();

	dup2(text, STDOUT_FILENO);
	dup2(text, STDERR_FILENO);
	malloc_refuse(n);
	outcome.status = di_command(count, words);
	malloc_refuse(0);
	outcome.left = malloc_live() - live;
	outcome.is_refused = malloc_count() - before >= n;
	_exit(write(result, &outcome, sizeof(outcome)) != sizeof(outcome));
}

/* What both streams of the last call had together. */
static char said[65536];

static void read_said(int from)
{
	size_t length = 0;
	ssize_t more;

	while ((more = read(from, said + length, sizeof(said) - 1 - length)) > 0)
		length += (size_t)more;
	said[length] = '\0';
	close(from);
}

static struct outcome run(const char *call, unsigned long n)
{
	struct outcome outcome = { .status = -1 };
	int results[2], texts[2], ended = -1;
	pid_t child;

	ck_assert(pipe(results) == 0 && pipe(texts) == 0);
	child = fork();
	if (child == 0)
		run_here(call, n, texts[1], results[1]);
	close(results[1]);
	close(texts[1]);
	read_said(texts[0]);
	ck_assert_msg(read(results[0], &outcome, sizeof(outcome)) == sizeof(outcome),
		      "di %s: allocation %lu: %s", call, n, said);
	close(results[0]);
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	ck_assert_int_eq(ended, 0);
	return outcome;
}

static const struct {
	const char *call;
	int status;
	long kept; /* by the loader of shared objects, where it fails */
} calls[] = {
	{ "di check app.yaml base.yaml", 0, 0 },
	{ "di check --connect base.yaml --root either --used-in used.c --werror app.yaml", 1, 0 },
	{ "di check wrong.yaml", 1, 0 },
	{ "di check -e E plugged.yaml", 0, 4 },
	{ "di graph --connect base.yaml app.yaml", 0, 0 },
	{ "di graph -f mermaid app.yaml", 0, 0 },
	{ "di graph -f json -o out.json app.yaml", 0, 0 },
	{ "di graph wrong.yaml", 1, 0 },
	{ "di explain --connect base.yaml app.yaml store", 0, 0 },
	{ "di explain app.yaml stroe", 1, 0 },
	{ "di generate -I app.h -R clock_new plain.yaml", 0, 0 },
	{ "di generate app.yaml", 1, 0 },
	{ "di schema", 0, 0 },
	{ "di --help", 0, 0 },
	{ "di check --help", 0, 0 },
	{ "di chek", 2, 0 },
};

START_TEST(each_allocation_of_a_command_may_fail)
{
	const char *call = calls[_i].call;
	struct outcome outcome = run(call, 0);
	unsigned long n, failed = 0;
	long left = outcome.left;

	ck_assert_msg(outcome.status == calls[_i].status, "di %s: %d: %s", call, outcome.status,
		      said);
	if (!malloc_is_counted())
		return;
	/* The buffers of the streams, and what the loader of shared objects keeps. */
	ck_assert_int_le(left, 4);
	for (n = 1; n < ENDLESS; n++) {
		outcome = run(call, n);
		if (!outcome.is_refused)
			break;
		ck_assert_msg(outcome.left <= left + calls[_i].kept,
			      "%s: allocation %lu: %ld blocks are left", call, n, outcome.left);
		if (outcome.status == calls[_i].status)
			continue;
		/* The loader of shared objects has words of its own, and not always those. */
		if (calls[_i].kept > 0 && strncmp(said, "di: --exports: ", 15) == 0)
			continue;
		ck_assert_msg(outcome.status == STATUS_TROUBLE, "%s: allocation %lu: status %d: %s",
			      call, n, outcome.status, said);
		ck_assert_msg(strstr(said, "out of memory") != NULL ||
				      strstr(said, "Cannot allocate memory") != NULL ||
				      strstr(said, "could not be written") != NULL,
			      "%s: allocation %lu: %s", call, n, said);
		failed++;
	}
	ck_assert_uint_lt(n, ENDLESS);
	ck_assert_int_eq(outcome.status, calls[_i].status);
	ck_assert(failed > 0 || n < 8);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("tools/di/no_memory");
	TCase *tcase = tcase_create("no memory");

	tcase_add_checked_fixture(tcase, set_up, folder_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, each_allocation_of_a_command_may_fail, 0,
			    (int)(sizeof(calls) / sizeof(*calls)));
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
