/* SPDX-License-Identifier: MIT */
#include "tests/containers/yaml/loaded.h"

#include "tests/support/check_main.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/*
 * Files of a MiB that repeat something: whatever it is, they take at most a second and 64 MiB.
 * Tools that watch memory make all of that larger, and are not asked.
 */

enum {
	SIZE = 1 << 20,
	SECONDS_MAX = 1,
	KIB_MAX = 64 << 10
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_WATCHED 1
#endif
#endif
#ifndef IS_WATCHED
#define IS_WATCHED 0
#endif

static const char *const units[] = {
	"[",
	"{",
	"- ",
	"? ",
	"? - ",
	"a: ",
	"[a,",
	"{a,",
	"- a\n",
	"a: b\n",
	"\"\\x41",
	"'",
	"\"",
	"|\n",
	"- |\n a\n",
	"# x\n",
	"\n",
	" ",
	"\t",
	"---\n",
	"...\n",
	"&a ",
	"*a ",
	"!a ",
	"a",
	"a ",
	"- - ",
	"-\n",
	"[?",
	"[[],",
	",",
	":",
	"? a\n: b\n",
	"- {kind: x}\n",
	"\xc3\xa4",
	"\xff",
	"<<: a\n",
	"- >\n\n",
	"[a: b, ",
	"'a': b\n",
	"%",
	"[],",
	"{},",
	"- ''\n",
	"- {name: a, kind: list, type: t, items: []}\n",
	"- {kind: state, name: b, type: x}\n",
	"- {name: a, kind: selector, always: b, cases: [{when: b, ref: a}]}\n",
	"- {name: c, kind: singleton, create: part_of, destroy: di_keep, args: [{ref: c}]}\n",
	"- {provider: a, with: b}\n",
	"- {name: x, rank: 5}\n",
};

static const char *const beginnings[] = {
	"",
	"version: 1\ncontainer: app\nproviders:\n",
	"version: 1\ncontainer: app\nproviders: [",
	"version: 1\ncontainer: app\nincludes:\n",
	"version: 1\ncontainer: app\noverrides:\n",
	"version: 1\ncontainer: app\nscopes:\n",
	"version: 1\ncontainer: app\nproviders:\n- {name: a, kind: list, type: struct parts, "
	"items: [",
	"version: 1\ncontainer: app\nproviders:\n- {name: a, kind: singleton, create: part_of, "
	"args: [",
};

static void count_error(void *data, const struct di_yaml_error *fault)
{
	size_t *count = data;

	ck_assert_ptr_null(strchr(fault->text, '\n'));
	++*count;
}

/* Whether time and memory are what they are without a tool. */
static int is_measured(void)
{
	return !IS_WATCHED && !di_check_quick();
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static long peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void load_one(const char *text, size_t size, const char *what)
{
	struct di_yaml_options options = loaded_options();
	size_t count = 0;
	double begun = seconds();

	options.report = count_error;
	options.data = &count;
	ck_assert_msg(di_yaml_load("x.yaml", text, size, &options, &error) == NULL, "%s", what);
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_le(count, 1001);
	if (is_measured())
		ck_assert_msg(seconds() - begun < SECONDS_MAX, "%s: %f s", what, seconds() - begun);
}

START_TEST(no_file_takes_long_or_much)
{
	size_t size = is_measured() ? SIZE : SIZE / 64;
	char *text = malloc(SIZE);
	long before = peak();

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t length = strlen(beginnings[_i]), unit = strlen(units[i]);

		memcpy(text, beginnings[_i], length);
		for (; length + unit <= size; length += unit)
			memcpy(text + length, units[i], unit);
		load_one(text, length, units[i]);
	}
	free(text);
	if (is_measured())
		ck_assert_int_le(peak() - before, KIB_MAX);
}
END_TEST

/* ---- Many providers ---- */

enum {
	MANY = 10000,
	ROW = 120
};

static const char *const shapes[] = { "chain", "fan", "layers" };

/* Row i of a shape needs these. */
static void write_needs(char *text, int shape, int i)
{
	if (i == 0)
		strcpy(text, "create: part_new");
	else if (shape == 0)
		sprintf(text, "create: part_of, args: [{ref: p%d}]", i - 1);
	else if (shape == 1)
		strcpy(text, "create: part_of, args: [{ref: p0}]");
	else if (i < 100)
		strcpy(text, "create: part_new");
	else
		sprintf(text, "create: part_of_two, args: [{ref: p%d}, {ref: p%d}]",
			i - i % 100 - 100 + i % 7, i - i % 100 - 100 + i % 13);
}

static char *write_rows(int shape, int count)
{
	char *text = malloc((size_t)count * ROW + 200), needs[100];
	size_t length = (size_t)sprintf(text, "version: 1\ncontainer: app\nproviders:\n");

	for (int i = 0; i < count; i++) {
		write_needs(needs, shape, i);
		length += (size_t)sprintf(
			text + length,
			"- {name: p%d, kind: singleton, destroy: app_part_free, %s}\n", i, needs);
	}
	return text;
}

static double load_rows(int shape, int count)
{
	struct di_yaml_options options = loaded_options();
	char *text = write_rows(shape, count);
	double begun = seconds(), took;
	char last[16];

	options.bytes_max = 4 << 20;
	yaml = di_yaml_load("many.yaml", text, strlen(text), &options, &error);
	ck_assert_msg(yaml != NULL, "%s", said.text);
	instantiate();
	sprintf(last, "p%d", count - 1);
	part_in(root, last);
	took = seconds() - begun;
	unload();
	free(text);
	return took;
}

START_TEST(ten_thousand_providers_take_time_in_proportion)
{
	int many = is_measured() ? MANY : MANY / 10;
	double few = load_rows(_i, many / 10), all = load_rows(_i, many);

	/* Sorting, and memory that is touched first, are allowed for. */
	if (is_measured())
		ck_assert_msg(all < 40 * few + 0.05 && all < SECONDS_MAX,
			      "%s: %f s, and %f s for a tenth", shapes[_i], all, few);
}
END_TEST

/* ---- Many of what rows name ---- */

START_TEST(many_scopes_are_looked_for_once)
{
	enum {
		SCOPES = 14000,
		ROWS = 9000
	};
	struct di_yaml_options options = loaded_options();
	char *text = malloc(SIZE), *at = text;
	double begun = seconds();
	int i;

	at += sprintf(at, "version: 1\ncontainer: app\ndefault_scope: s%d\nscopes:\n", SCOPES - 1);
	for (i = 0; i < SCOPES; i++)
		at += sprintf(at, "- {name: s%d, rank: 2}\n", i);
	at += sprintf(at, "providers:\n");
	for (i = 0; i < ROWS; i++)
		at += sprintf(at, "- {name: r%d, kind: state, type: const struct user}\n", i);
	ck_assert_int_lt(at - text, SIZE);
	yaml = di_yaml_load("many.yaml", text, (size_t)(at - text), &options, &error);
	ck_assert_msg(yaml != NULL, "%s", said.text);
	if (is_measured())
		ck_assert_msg(seconds() - begun < 0.3, "%f s", seconds() - begun);
	ck_assert_int_eq(di_table_find(di_yaml_table(yaml), "r7")->scope->rank, 2);
	unload();
	free(text);
}
END_TEST

/* ---- What costs more than memory ---- */

static const char *const lists[] = { "includes", "connects", "plugins" };

START_TEST(what_costs_more_than_memory_stands_there_at_most_256_times)
{
	struct di_yaml_options options = loaded_options();
	char *text = malloc(SIZE), *at, wanted[128];
	int i;

	sprintf(wanted, "3:1: there are at most 256 %s, not 257 [%s]\n", lists[_i], lists[_i]);
	at = text + sprintf(text, "version: 1\ncontainer: app\n%s: [", lists[_i]);
	for (i = 0; i < 257; i++)
		at += sprintf(at, "storage, ");
	at += sprintf(at, "]\n");
	ck_assert_ptr_null(di_yaml_load("x.yaml", text, (size_t)(at - text), &options, &error));
	ck_assert_str_eq(said.text, wanted);
	free(text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/bounds");
	TCase *bounds = tcase_create("bounds"), *many = tcase_create("many");

	tcase_set_timeout(bounds, 300);
	tcase_add_loop_test(bounds, no_file_takes_long_or_much, 0,
			    (int)(sizeof(beginnings) / sizeof(*beginnings)));
	suite_add_tcase(s, bounds);
	tcase_set_timeout(many, 120);
	tcase_add_loop_test(many, ten_thousand_providers_take_time_in_proportion, 0, 3);
	tcase_add_test(many, many_scopes_are_looked_for_once);
	tcase_add_loop_test(many, what_costs_more_than_memory_stands_there_at_most_256_times, 0, 3);
	suite_add_tcase(s, many);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
