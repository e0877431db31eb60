/* SPDX-License-Identifier: MIT */
#include "containers/yaml/words.h"

#include "tests/support/check_main.h"

#include <locale.h>
#include <string.h>

static const char *const no_integers[] = { "10abc", "010",   "",     "-",    "+1",
					   "1e3",   "1_000", "0b11", "0x1f", " 1",
					   "1 ",    "1.0",   "--1",  "-01",  "9223372036854775808",
					   "1,0",   "٣" };

START_TEST(whole_numbers_are_decimal_digits_and_nothing_else)
{
	int64_t value;

	ck_assert(di__yaml_integer("0", &value) && value == 0);
	ck_assert(di__yaml_integer("-10", &value) && value == -10);
	ck_assert(di__yaml_integer("-9223372036854775808", &value) && value == INT64_MIN);
	ck_assert(di__yaml_integer("9223372036854775807", &value) && value == INT64_MAX);
	for (size_t i = 0; i < sizeof(no_integers) / sizeof(*no_integers); i++)
		ck_assert_msg(!di__yaml_integer(no_integers[i], &value), "%s", no_integers[i]);
}
END_TEST

START_TEST(natural_numbers_are_not_below_zero)
{
	uint64_t value;

	ck_assert(di__yaml_natural("18446744073709551615", &value) && value == UINT64_MAX);
	ck_assert(di__yaml_natural("0", &value) && value == 0);
	ck_assert(!di__yaml_natural("-1", &value));
	ck_assert(!di__yaml_natural("18446744073709551616", &value));
	ck_assert(!di__yaml_natural("00", &value));
	ck_assert(!di__yaml_natural("", &value));
}
END_TEST

static const char *const no_reals[] = { "1.5xyz", "",    ".5",    "5.",   "1e",  "1e+",
					"nan",    "inf", "0x1p3", "01.5", "1,5", "- 1",
					"1e999",  "--1", "+1",    "1.5.2" };

START_TEST(fractions_have_a_point_and_perhaps_an_exponent)
{
	double value;

	ck_assert(di__yaml_real("1", &value) && value == 1);
	ck_assert(di__yaml_real("-0.5", &value) && value == -0.5);
	ck_assert(di__yaml_real("25e-2", &value) && value == 0.25);
	ck_assert(di__yaml_real("1.5E+1", &value) && value == 15);
	ck_assert(di__yaml_real("1e-999", &value) && value == 0);
	for (size_t i = 0; i < sizeof(no_reals) / sizeof(*no_reals); i++)
		ck_assert_msg(!di__yaml_real(no_reals[i], &value), "%s", no_reals[i]);
}
END_TEST

START_TEST(fractions_do_not_depend_on_the_locale)
{
	double value;

	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
		di_check_skip("containers/yaml/words", "the locale de_DE.UTF-8 is not installed");
		return;
	}
	ck_assert(di__yaml_real("1.5", &value) && value == 1.5);
	ck_assert(!di__yaml_real("1,5", &value));
	setlocale(LC_NUMERIC, "C");
}
END_TEST

START_TEST(truths_are_true_and_false)
{
	static const char *const none[] = { "flase", "maybe", "", "yes", "no", "1", "True", "on" };
	int value;

	ck_assert(di__yaml_boolean("true", &value) && value == 1);
	ck_assert(di__yaml_boolean("false", &value) && value == 0);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ck_assert_msg(!di__yaml_boolean(none[i], &value), "%s", none[i]);
}
END_TEST

START_TEST(a_word_is_meant_where_few_letters_differ)
{
	char text[96];
	char longest[100] = "";

	ck_assert_str_eq(di__yaml_nearer("scop", NULL, "scope"), "scope");
	ck_assert_str_eq(di__yaml_nearer("scpoe", "some", "scope"), "scope");
	ck_assert_ptr_null(di__yaml_nearer("colour", NULL, "scope"));
	ck_assert_ptr_null(di__yaml_nearer("x", NULL, "y_long_one"));
	memset(longest, 'a', 99);
	ck_assert_ptr_null(di__yaml_nearer(longest, NULL, "aaa"));
	ck_assert_str_eq(di__yaml_meant("scope", text, sizeof(text)), "; did you mean 'scope'?");
	ck_assert_str_eq(di__yaml_meant(NULL, text, sizeof(text)), "");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/yaml/words");
	TCase *scalars = tcase_create("scalars"), *words = tcase_create("words");

	tcase_add_test(scalars, whole_numbers_are_decimal_digits_and_nothing_else);
	tcase_add_test(scalars, natural_numbers_are_not_below_zero);
	tcase_add_test(scalars, fractions_have_a_point_and_perhaps_an_exponent);
	tcase_add_test(scalars, fractions_do_not_depend_on_the_locale);
	tcase_add_test(scalars, truths_are_true_and_false);
	suite_add_tcase(s, scalars);
	tcase_add_test(words, a_word_is_meant_where_few_letters_differ);
	suite_add_tcase(s, words);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
