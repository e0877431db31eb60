/* SPDX-License-Identifier: MIT */
#include "tests/support/built.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* What a program exports: how values and members of objects reach typed parameters. */

/* What constructors were given, which make nothing of their own. */
static struct given {
	bool flag;
	char letter;
	signed char s8;
	unsigned char u8;
	short s16;
	unsigned short u16;
	int s32;
	unsigned u32;
	long s64;
	unsigned long long u64;
	float f;
	double d;
	const char *text;
	const struct part *part;
} given;

/* clang-format off */
#define TAKER(name_, type_, member_) \
	static int name_(struct given **out, type_ value) \
	{ \
		given.member_ = value; \
		*out = &given; \
		return 0; \
	}
TAKER(take_bool, bool, flag)
TAKER(take_char, char, letter)
TAKER(take_schar, signed char, s8)
TAKER(take_uchar, unsigned char, u8)
TAKER(take_short, short, s16)
TAKER(take_ushort, unsigned short, u16)
TAKER(take_int, int, s32)
TAKER(take_unsigned, unsigned, u32)
TAKER(take_long, long, s64)
TAKER(take_ullong, unsigned long long, u64)
TAKER(take_float, float, f)
TAKER(take_double, double, d)
TAKER(take_text, const char *, text)
TAKER(take_part, const struct part *, part)
/* clang-format on */

static int take_all(struct given **out, const char *text, int number, const struct part *part,
		    double d, struct di_context *context, bool flag, const char *other,
		    unsigned short port)
{
	given = (struct given){
		.text = text, .s32 = number, .part = part, .d = d, .flag = flag, .u16 = port
	};
	*out = context != NULL && other != NULL ? &given : NULL;
	return 0;
}

static int take_any(struct given **out, const void *value)
{
	given.part = value;
	*out = &given;
	return 0;
}

static const char *by_number(int number, const char *otherwise)
{
	return number == 1 ? "one" : otherwise;
}

PART_FAKE(fake)
PART_FAKE(other)

enum mode {
	MODE_SLOW = 3
};

struct config {
	struct {
		char *path;
		char host[16];
		unsigned short port;
	} db;
	struct part *part;
	int32_t number;
	bool on;
	float ratio;
	enum mode mode;
};

static char path[] = "/tmp/db";
static const struct config config = {
	{ path, "localhost", 8080 }, &fake, -5, true, 0.5F, MODE_SLOW
};

static int ends;

static void end_plain(struct given *value)
{
	ends += value == &given;
}

static int end_status(struct given *value)
{
	return value == &given ? 7 : 0;
}

static void end_outcome(struct given *value, enum di_outcome outcome)
{
	ends += value == &given && outcome == DI_DONE ? 10 : 0;
}

static int end_both(const struct given *value, enum di_outcome outcome)
{
	ends += value == &given && outcome == DI_DONE ? 100 : 0;
	return 0;
}

static int take_later(struct di_call *call, short number);
DI_COMPLETE_DECLARE(take_later, const struct given);
static int take_later(struct di_call *call, short number)
{
	given.s16 = number;
	return take_later_complete(call, 0, &given) == DI_OK ? DI_PENDING : EINVAL;
}

static int end_later(struct di_call *call, const struct given *value)
{
	(void)call;
	ends += value == &given ? 1000 : 0;
	return 0;
}

static int end_later_as(struct di_call *call, const struct given *value, enum di_outcome outcome)
{
	ends += value == &given && outcome == DI_DONE ? 10000 : 0;
	return di_call_end(call, 0) == DI_OK ? DI_PENDING : EINVAL;
}

static int make_block(char **out)
{
	*out = malloc(8);
	return *out != NULL ? 0 : 12;
}

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct given, (take_bool, bool)) \
	X(constructor, struct given, (take_char, char)) \
	X(constructor, struct given, (take_schar, signed char)) \
	X(constructor, struct given, (take_uchar, unsigned char)) \
	X(constructor, struct given, (take_short, short)) \
	X(constructor, struct given, (take_ushort, unsigned short)) \
	X(constructor, struct given, (take_int, int)) \
	X(constructor, struct given, (take_unsigned, unsigned)) \
	X(constructor, struct given, (take_long, long)) \
	X(constructor, struct given, (take_ullong, unsigned long long)) \
	X(constructor, struct given, (take_float, float)) \
	X(constructor, struct given, (take_double, double)) \
	X(constructor, struct given, (take_text, const char *)) \
	X(constructor, struct given, (take_part, const struct part *)) \
	X(constructor, struct given, (take_any, const void *)) \
	X(constructor, struct given, (take_all, const char *, int, const struct part *, double, \
				      struct di_context *, bool, const char *, unsigned short)) \
	X(constructor, char,         (make_block)) \
	X(destructor,  struct given, end_plain) \
	X(destructor,  struct given, end_status) \
	X(destructor,  struct given, end_outcome) \
	X(destructor,  const struct given, end_both) \
	X(constructor, const struct given, DI_ASYNC(take_later, short)) \
	X(destructor,  const struct given, end_later) \
	X(destructor,  const struct given, end_later_as) \
	X(destructor,  void,         free) \
	X(chooser,     (by_number, int, const char *)) \
	X(object,      config,       const struct config, &config) \
	X(object,      fake,         struct part, &fake) \
	X(object,      other,        struct part, &other) \
	X(field,       struct config, db.path, const char *) \
	X(field,       struct config, db.host, const char *) \
	X(field,       struct config, db.port, unsigned short) \
	X(field,       struct config, part, struct part *) \
	X(field,       struct config, number, int32_t) \
	X(field,       struct config, on, bool) \
	X(field,       struct config, ratio, float) \
	X(field,       struct config, mode, enum mode)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);
DI_EXPORTS_ENTRY(exports);

static void begin(void)
{
	built_begin("app", &exports, NULL);
	memset(&given, 0, sizeof(given));
	ends = 0;
}

#define TAKE(name_, function_, ...)                                                                \
	ROW("singleton", name_, .constructor = (function_), .destructor = "di_keep",               \
	    ARGUMENTS(__VA_ARGS__))

/* ---- Values. ---- */

struct value {
	const char *function, *text;
	const char *fault; /* what is said, or NULL */
};

static const struct value values[] = {
	{ "take_bool", "true", NULL },
	{ "take_bool", "false", NULL },
	{ "take_bool", "flase", "argument 1 of take_bool is a _Bool: true or false, not flase" },
	{ "take_bool", "1", "argument 1 of take_bool is a _Bool: true or false, not 1" },
	{ "take_bool", "yes", "argument 1 of take_bool is a _Bool: true or false, not yes" },
	{ "take_int", "0", NULL },
	{ "take_int", "-1", NULL },
	{ "take_int", "2147483647", NULL },
	{ "take_int", "-2147483648", NULL },
	{ "take_int", "0x7f", NULL },
	{ "take_int", "2147483648",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "2147483648" },
	{ "take_int", "-2147483649",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "-2147483649" },
	{ "take_int", "10abc",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "10abc" },
	{ "take_int", "010",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "010" },
	{ "take_int", "",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "\"\"" },
	{ "take_int", "+1",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "+1" },
	{ "take_int", " 1",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  " 1" },
	{ "take_int", "1.0",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "1.0" },
	{ "take_int", "-",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "-" },
	{ "take_int", "-0",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "-0" },
	{ "take_int", "0x",
	  "argument 1 of take_int is an int: a whole number from -2147483648 to 2147483647, not "
	  "0x" },
	{ "take_schar", "-128", NULL },
	{ "take_schar", "-129",
	  "argument 1 of take_schar is a signed char: a whole number from -128 to 127, not -129" },
	{ "take_uchar", "255", NULL },
	{ "take_uchar", "0xFF", NULL },
	{ "take_uchar", "256",
	  "argument 1 of take_uchar is an unsigned char: a whole number from 0 to 255, not 256" },
	{ "take_uchar", "-1",
	  "argument 1 of take_uchar is an unsigned char: a whole number from 0 to 255, not -1" },
	{ "take_short", "-32768", NULL },
	{ "take_short", "32768",
	  "argument 1 of take_short is a short: a whole number from -32768 to 32767, not 32768" },
	{ "take_ushort", "65535", NULL },
	{ "take_ushort", "65536",
	  "argument 1 of take_ushort is an unsigned short: a whole number from 0 to 65535, not "
	  "65536" },
	{ "take_unsigned", "4294967295", NULL },
	{ "take_unsigned", "4294967296",
	  "argument 1 of take_unsigned is an unsigned: a whole number from 0 to 4294967295, not "
	  "4294967296" },
	{ "take_ullong", "18446744073709551615", NULL },
	{ "take_ullong", "18446744073709551616",
	  "argument 1 of take_ullong is an unsigned long long: a whole number from 0 to "
	  "18446744073709551615, not 18446744073709551616" },
	{ "take_ullong", "99999999999999999999999",
	  "argument 1 of take_ullong is an unsigned long long: a whole number from 0 to "
	  "18446744073709551615, not 99999999999999999999999" },
	{ "take_double", "0.5", NULL },
	{ "take_double", "-12e3", NULL },
	{ "take_double", "1e400",
	  "argument 1 of take_double is a double: a number that a double has, not 1e400" },
	{ "take_double", "nan",
	  "argument 1 of take_double is a double: a number that a double has, not nan" },
	{ "take_double", ".5",
	  "argument 1 of take_double is a double: a number that a double has, not .5" },
	{ "take_double", "1.",
	  "argument 1 of take_double is a double: a number that a double has, not 1." },
	{ "take_double", "1e",
	  "argument 1 of take_double is a double: a number that a double has, not 1e" },
	{ "take_double", "01",
	  "argument 1 of take_double is a double: a number that a double has, not 01" },
	{ "take_double", "1,5",
	  "argument 1 of take_double is a double: a number that a double has, not 1,5" },
	{ "take_float", "-0.25", NULL },
	{ "take_float", "1e39",
	  "argument 1 of take_float is a float: a number that a float has, not 1e39" },
	{ "take_text", "no", NULL },
};

START_TEST(values_are_read_strictly)
{
	const struct value *value = &values[_i];
	char line[400] = "";

	TAKE("row", value->function, PLAIN(value->text));
	if (value->fault != NULL) {
		strcat(strcat(strcat(line, "row(0) VALUE argument 0: "), value->fault), "\n");
		built_expect(line);
	} else {
		built_expect("");
		built_build();
	}
}
END_TEST

START_TEST(values_reach_parameters_of_every_type)
{
	TAKE("a", "take_bool", PLAIN("true"));
	TAKE("b", "take_char", PLAIN("65"));
	TAKE("c", "take_schar", PLAIN("-128"));
	TAKE("d", "take_uchar", PLAIN("255"));
	TAKE("e", "take_short", PLAIN("-32768"));
	TAKE("f", "take_ushort", PLAIN("0xffff"));
	TAKE("g", "take_int", PLAIN("-2147483648"));
	TAKE("h", "take_unsigned", PLAIN("4294967295"));
	TAKE("i", "take_long", PLAIN("-9223372036854775808"));
	TAKE("j", "take_ullong", PLAIN("18446744073709551615"));
	TAKE("k", "take_float", PLAIN("-0.25"));
	TAKE("l", "take_double", PLAIN("12.5e-1"));
	TAKE("m", "take_text", PLAIN("no"));
	TAKE("n", "take_part", OBJECT("other"));
	built_container();
	for (uint32_t i = 0; i < built->count; i++)
		ck_assert_ptr_eq(get(root, built->providers[i]->name), &given);
	ck_assert(given.flag);
	ck_assert_int_eq(given.letter, 'A');
	ck_assert_int_eq(given.s8, SCHAR_MIN);
	ck_assert_uint_eq(given.u8, UCHAR_MAX);
	ck_assert_int_eq(given.s16, SHRT_MIN);
	ck_assert_uint_eq(given.u16, USHRT_MAX);
	ck_assert_int_eq(given.s32, INT_MIN);
	ck_assert_uint_eq(given.u32, UINT_MAX);
	ck_assert_int_eq(given.s64, LONG_MIN);
	ck_assert_uint_eq(given.u64, ULLONG_MAX);
	ck_assert_float_eq(given.f, -0.25F);
	ck_assert_double_eq(given.d, 1.25);
	ck_assert_str_eq(given.text, "no");
	ck_assert_ptr_eq(given.part, &other);
}
END_TEST

START_TEST(rows_values_and_members_fill_one_call)
{
	ROW("object", "settings", VALUE(OBJECT("config")));
	ROW("object", "part", VALUE(OBJECT("fake")));
	TAKE("all", "take_all", STRING("text"), PLAIN("12"), NEED("part"), PLAIN("0.5"),
	     NEED("DI_CONTEXT"), PLAIN("true"), NEED("settings.db.path"), NEED("settings.db.port"));
	built_container();
	get(root, "all");
	ck_assert_str_eq(given.text, "text");
	ck_assert_int_eq(given.s32, 12);
	ck_assert_ptr_eq(given.part, &fake);
	ck_assert_double_eq(given.d, 0.5);
	ck_assert(given.flag);
	ck_assert_uint_eq(given.u16, 8080);
	ck_assert_uint_eq(row_named("all")->needs_count, 4);
	ck_assert_ptr_eq(row_named("all")->needs[0], row_named("part"));
	ck_assert_ptr_eq(row_named("all")->needs[3], row_named("settings"));
}
END_TEST

START_TEST(members_are_passed_by_value)
{
	ROW("object", "settings", VALUE(OBJECT("config")));
	TAKE("a", "take_bool", NEED("settings.on"));
	TAKE("b", "take_long", NEED("settings.number"));
	TAKE("c", "take_int", NEED("settings.db.port"));
	TAKE("d", "take_double", NEED("settings.ratio"));
	TAKE("e", "take_text", NEED("settings.db.path"));
	TAKE("f", "take_part", NEED("settings.part"));
	TAKE("g", "take_unsigned", NEED("settings.mode"));
	built_container();
	for (uint32_t i = 1; i < built->count; i++)
		get(root, built->providers[i]->name);
	ck_assert(given.flag);
	ck_assert_int_eq(given.s64, -5);
	ck_assert_int_eq(given.s32, 8080);
	ck_assert_double_eq(given.d, 0.5);
	ck_assert_ptr_eq(given.text, path);
	ck_assert_ptr_eq(given.part, &fake);
	ck_assert_uint_eq(given.u32, MODE_SLOW);
}
END_TEST

START_TEST(a_member_that_is_an_array_is_passed_by_its_address)
{
	ROW("object", "settings", VALUE(OBJECT("config")));
	TAKE("a", "take_text", NEED("settings.db.host"));
	built_container();
	get(root, "a");
	ck_assert_ptr_eq(given.text, config.db.host);
}
END_TEST

START_TEST(members_that_do_not_fit_are_told)
{
	ROW("object", "settings", VALUE(OBJECT("config")));
	TAKE("a", "take_short", NEED("settings.number"));
	TAKE("b", "take_unsigned", NEED("settings.number"));
	TAKE("c", "take_text", NEED("settings.part"));
	TAKE("d", "take_float", NEED("settings.number"));
	TAKE("e", "take_short", NEED("settings.db.port"));
	built_expect("a(1) TYPE argument 0: argument 1 of take_short is a short, and "
		     "settings.number is an int32_t\n"
		     "b(2) TYPE argument 0: argument 1 of take_unsigned is an unsigned, and "
		     "settings.number is an int32_t\n"
		     "c(3) TYPE argument 0: argument 1 of take_text is a const char *, and "
		     "settings.part is a struct part *\n"
		     "d(4) TYPE argument 0: argument 1 of take_float is a float, and "
		     "settings.number is an int32_t\n"
		     "e(5) TYPE argument 0: argument 1 of take_short is a short, and "
		     "settings.db.port is an unsigned short\n");
}
END_TEST

START_TEST(overriding_a_row_changes_what_its_members_fill)
{
	static const struct config changed = { { path, "elsewhere", 1 }, &other, 9, 0, 0, 0 };
	struct di_context *request;

	ROW("object", "settings", VALUE(OBJECT("config")));
	ROW("factory", "a", .constructor = "take_long", .destructor = "di_keep",
	    ARGUMENTS(NEED("settings.number")));
	built_container();
	get(root, "a");
	ck_assert_int_eq(given.s64, -5);
	request = open_in(root, &di_scope_request);
	expect_ok(di_override(request, row_named("settings"), &changed, &error));
	get(request, "a");
	ck_assert_int_eq(given.s64, 9);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(void_pointers_take_whatever_there_is)
{
	ROW("object", "part", VALUE(OBJECT("fake")));
	TAKE("a", "take_any", NEED("part"));
	built_container();
	get(root, "a");
	ck_assert_ptr_eq(given.part, &fake);
}
END_TEST

START_TEST(choosers_take_values_too)
{
	ROW("object", "one", VALUE(OBJECT("fake")));
	ROW("object", "two", VALUE(OBJECT("other")));
	ROW("object", "settings", VALUE(OBJECT("config")));
	ROW("selector", "a", .constructor = "by_number", ARGUMENTS(PLAIN("1"), STRING("two")),
	    MEMBERS(KEYED("one", "one"), KEYED("two", "two")));
	ROW("selector", "b", .constructor = "by_number",
	    ARGUMENTS(NEED("settings.number"), STRING("two")),
	    MEMBERS(KEYED("one", "one"), KEYED("two", "two")));
	built_container();
	ck_assert_ptr_eq(get(root, "a"), &fake);
	ck_assert_ptr_eq(get(root, "b"), &other);
}
END_TEST

/* ---- The environment. ---- */

START_TEST(variables_of_the_environment_are_read_when_the_table_is_built)
{
	setenv("DI_TEST_PORT", "81", 1);
	unsetenv("DI_TEST_NAME");
	TAKE("a", "take_ushort", ENVIRONMENT("DI_TEST_PORT", "80"));
	TAKE("b", "take_text", ENVIRONMENT("DI_TEST_NAME", "nobody"));
	built_container();
	setenv("DI_TEST_PORT", "82", 1);
	get(root, "a");
	get(root, "b");
	ck_assert_uint_eq(given.u16, 81);
	ck_assert_str_eq(given.text, "nobody");
}
END_TEST

START_TEST(variables_that_are_not_set_or_have_no_value_are_told)
{
	setenv("DI_TEST_PORT", "eighty", 1);
	unsetenv("DI_TEST_NAME");
	TAKE("a", "take_ushort", ENVIRONMENT("DI_TEST_PORT", "80"));
	TAKE("b", "take_text", ENVIRONMENT("DI_TEST_NAME", NULL));
	built_expect("a(0) VALUE argument 0: argument 1 of take_ushort is an unsigned short: a "
		     "whole number from 0 to 65535, not eighty\n"
		     "b(1) VALUE argument 0: DI_TEST_NAME is not set in the environment, and there "
		     "is no default\n");
}
END_TEST

/* ---- Objects with values. ---- */

START_TEST(objects_may_have_values_of_cs_own_types)
{
	ROW("object", "a", .type = "const int", VALUE(PLAIN("-3")));
	ROW("object", "b", .type = "const char", VALUE(STRING("hello")));
	ROW("object", "c", .type = "const bool", VALUE(PLAIN("true")));
	ROW("object", "d", .type = "const double", VALUE(PLAIN("1.5")));
	ROW("object", "e", .type = "uint8_t const", VALUE(PLAIN("200")));
	ROW("object", "f", .type = "const char", VALUE(PLAIN("true")));
	TAKE("g", "take_text", NEED("b"));
	built_container();
	ck_assert_int_eq(*(const int *)get(root, "a"), -3);
	ck_assert_str_eq(get(root, "b"), "hello");
	ck_assert(*(const bool *)get(root, "c"));
	ck_assert_double_eq(*(const double *)get(root, "d"), 1.5);
	ck_assert_uint_eq(*(const uint8_t *)get(root, "e"), 200);
	ck_assert_str_eq(get(root, "f"), "true");
	get(root, "g");
	ck_assert_str_eq(given.text, "hello");
}
END_TEST

START_TEST(objects_with_wrong_values_are_told)
{
	ROW("object", "a", .type = "const int", VALUE(PLAIN("3x")));
	ROW("object", "b", .type = "int", VALUE(PLAIN("3")));
	ROW("object", "c", .type = "const struct part", VALUE(PLAIN("3")));
	ROW("object", "d", VALUE(PLAIN("3")));
	ROW("object", "e", .type = "const int", VALUE(STRING("3")));
	ROW("object", "f", VALUE(NEED("a")));
	built_expect("a(0) VALUE value: it is an int: a whole number from -2147483648 to "
		     "2147483647, not 3x\n"
		     "b(1) TYPE type: an object with a value is of a type as const int or const "
		     "char, not int\n"
		     "c(2) TYPE type: an object with a value is of a type as const int or const "
		     "char, not const struct part\n"
		     "d(3) KIND row: an object with a value needs a type\n"
		     "e(4) TYPE value: it is an int, not a string\n"
		     "f(5) KIND value: the value of an object is no other row\n");
}
END_TEST

START_TEST(numbers_are_read_alike_in_every_locale)
{
	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL)
		setlocale(LC_NUMERIC, "C");
	TAKE("a", "take_double", PLAIN("2.5"));
	built_container();
	get(root, "a");
	setlocale(LC_NUMERIC, "C");
	ck_assert_double_eq(given.d, 2.5);
}
END_TEST

/* ---- Destructors. ---- */

START_TEST(destructors_of_all_forms_end_values)
{
	ROW("singleton", "a", .constructor = "take_int", .destructor = "end_plain",
	    ARGUMENTS(PLAIN("1")));
	ROW("singleton", "b", .constructor = "take_int", .destructor = "end_outcome",
	    ARGUMENTS(PLAIN("1")));
	ROW("singleton", "c", .constructor = "take_int", .destructor = "end_both",
	    ARGUMENTS(PLAIN("1")));
	ROW("singleton", "d", .constructor = "make_block", .destructor = "free");
	built_container();
	for (uint32_t i = 0; i < built->count; i++)
		get(root, built->providers[i]->name);
	container_free_expect(DI_OK);
	ck_assert_int_eq(ends, 111);
}
END_TEST

START_TEST(destructors_that_fail_are_told_by_name)
{
	ROW("singleton", "a", .constructor = "take_int", .destructor = "end_status",
	    ARGUMENTS(PLAIN("1")));
	built_container();
	get(root, "a");
	container_free_expect(DI_EFINALIZE);
	expect_text("end_status failed for a");
}
END_TEST

/* ---- Tables of exports. ---- */

START_TEST(a_table_describes_what_it_exports)
{
	const struct di_export *first = &exports.exports[0];

	ck_assert_str_eq(exports.name, "exports");
	ck_assert_uint_eq(exports.abi, DI_ABI);
	ck_assert_uint_eq(exports.export_size, sizeof(struct di_export));
	ck_assert_uint_eq(exports.count, 37);
	ck_assert_uint_eq(first->kind, DI_EXPORT_CONSTRUCTOR);
	ck_assert_str_eq(first->name, "take_bool");
	ck_assert_str_eq(first->type.name, "struct given");
	ck_assert_uint_eq(first->parameters_count, 1);
	ck_assert_uint_eq(first->parameters[0].kind, DI_VALUE_BOOL);
	ck_assert_uint_eq(first->parameters[0].type.size, sizeof(bool));
}
END_TEST

static const struct di_export *exported(const char *name)
{
	uint32_t i = 0;

	while (strcmp(exports.exports[i].name, name) != 0)
		i++;
	return &exports.exports[i];
}

START_TEST(what_is_asynchronous_is_described_as_such)
{
	const struct di_export *maker = exported("take_later"), *ender = exported("end_later");

	ck_assert_uint_eq(maker->kind, DI_EXPORT_CONSTRUCTOR);
	ck_assert_uint_eq(maker->convention, DI_EXPORT_ASYNCHRONOUS);
	ck_assert_str_eq(maker->type.name, "const struct given");
	ck_assert_uint_eq(maker->parameters_count, 1);
	ck_assert(maker->begin != NULL && maker->create == NULL);
	ck_assert_uint_eq(ender->kind, DI_EXPORT_DESTRUCTOR);
	ck_assert(ender->end != NULL && ender->destroy == NULL);
	ck_assert(exported("end_both")->end == NULL && exported("take_int")->begin == NULL);
	ck_assert_uint_eq(exported("take_int")->convention, DI_EXPORT_MADE);
}
END_TEST

static void take_answer(void *data, void *value, const struct di_error *failure)
{
	ck_assert_ptr_null(failure);
	*(void **)data = value;
}

static void end_answer(void *data, enum di_status status, const struct di_error *failure)
{
	ck_assert_ptr_null(failure);
	*(enum di_status *)data = status;
}

START_TEST(asynchronous_functions_make_and_end_values)
{
	static const struct {
		const char *name;
		int ends;
	} enders[] = { { "end_later", 1000 }, { "end_later_as", 10000 }, { "end_both", 100 } };
	enum di_status status = DI_EBUSY;
	void *value = NULL;

	ROW("async_singleton", "a", .constructor = "take_later", .destructor = enders[_i].name,
	    ARGUMENTS(PLAIN("-7")));
	built_container();
	di_get_async(root, row_named("a"), take_answer, &value, &error);
	ck_assert_ptr_eq(value, &given);
	ck_assert_int_eq(given.s16, -7);
	expect_ok(di_container_free_async(container, end_answer, &status, &error));
	container = NULL;
	ck_assert_int_eq(status, DI_OK);
	ck_assert_int_eq(ends, enders[_i].ends);
}
END_TEST

START_TEST(a_shared_object_hands_it_over_by_a_function_of_one_name)
{
	di_exports_entry_fn *entry = di_exports_entry;

	ck_assert_ptr_eq(entry(), &exports);
	ck_assert_str_eq(DI_EXPORTS_ENTRY_NAME, "di_exports_entry");
}
END_TEST

START_TEST(the_same_table_twice_is_one)
{
	expect_ok(di_builder_export(builder, &exports, &error));
	TAKE("a", "take_int", PLAIN("1"));
	built_build();
}
END_TEST

/* clang-format off */
#define SAME(X) \
	X(destructor, struct given, end_plain) \
	X(object,     fake, struct part, &fake) \
	X(field,      struct config, number, int32_t)
#define OBJECT_AGAIN(X) X(object, fake, struct part, &other)
#define FIELD_AGAIN(X)  X(field, struct config, db.path, char *)
/* clang-format on */

/* In one file a function is exported once; here, twice. */
#define end_plain__type same__type
#define end_plain__end same__end
#define end_plain__destroy same__destroy
#define end_plain__ends same__ends
#define end_plain__end_async same__end_async
#define fake__exported same__exported
DI_EXPORTS_DEFINE(same, SAME);
#undef fake__exported
#define fake__exported again__exported
DI_EXPORTS_DEFINE(object_again, OBJECT_AGAIN);
DI_EXPORTS_DEFINE(field_again, FIELD_AGAIN);

START_TEST(two_tables_may_export_the_same_thing_and_not_two_of_a_name)
{
	expect_ok(di_builder_export(builder, &same, &error));
	expect_error(di_builder_export(builder, &object_again, &error), DI_EINVAL);
	ck_assert_str_eq(error_text(), "invalid argument: object_again exports fake, of which "
				       "same has another");
	expect_error(di_builder_export(builder, &field_again, &error), DI_EINVAL);
	ck_assert_str_eq(error_text(), "invalid argument: field_again exports db.path, of which "
				       "exports has another");
}
END_TEST

static TCase *filling(void)
{
	TCase *tcase = tcase_create("filling");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_loop_test(tcase, values_are_read_strictly, 0,
			    (int)(sizeof(values) / sizeof(values[0])));
	tcase_add_test(tcase, values_reach_parameters_of_every_type);
	tcase_add_test(tcase, rows_values_and_members_fill_one_call);
	tcase_add_test(tcase, members_are_passed_by_value);
	tcase_add_test(tcase, a_member_that_is_an_array_is_passed_by_its_address);
	tcase_add_test(tcase, members_that_do_not_fit_are_told);
	tcase_add_test(tcase, overriding_a_row_changes_what_its_members_fill);
	tcase_add_test(tcase, void_pointers_take_whatever_there_is);
	tcase_add_test(tcase, choosers_take_values_too);
	tcase_add_test(tcase, variables_of_the_environment_are_read_when_the_table_is_built);
	tcase_add_test(tcase, variables_that_are_not_set_or_have_no_value_are_told);
	tcase_add_test(tcase, objects_may_have_values_of_cs_own_types);
	tcase_add_test(tcase, objects_with_wrong_values_are_told);
	tcase_add_test(tcase, numbers_are_read_alike_in_every_locale);
	return tcase;
}

static TCase *tables(void)
{
	TCase *tcase = tcase_create("tables");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, destructors_of_all_forms_end_values);
	tcase_add_test(tcase, destructors_that_fail_are_told_by_name);
	tcase_add_test(tcase, a_table_describes_what_it_exports);
	tcase_add_test(tcase, what_is_asynchronous_is_described_as_such);
	tcase_add_loop_test(tcase, asynchronous_functions_make_and_end_values, 0, 3);
	tcase_add_test(tcase, a_shared_object_hands_it_over_by_a_function_of_one_name);
	tcase_add_test(tcase, the_same_table_twice_is_one);
	tcase_add_test(tcase, two_tables_may_export_the_same_thing_and_not_two_of_a_name);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("containers/exports");

	suite_add_tcase(suite, filling());
	suite_add_tcase(suite, tables());
	return di_check_run(suite);
}
