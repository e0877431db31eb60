/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Values that were written as text. Strict: what could mean something else is no value.
 */

static uint64_t greatest(const struct di_parameter *parameter)
{
	unsigned bits = (unsigned)parameter->type.size * 8;

	if (parameter->kind == DI_VALUE_SIGNED)
		bits--;
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static int digit_of(char c, unsigned base)
{
	int digit = -1;

	if (c >= '0' && c <= '9')
		digit = c - '0';
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10;
	return digit < (int)base ? digit : -1;
}

/* Digits to the end of the text, that make at most `most`. */
static int read_digits(const char *text, unsigned base, uint64_t most, uint64_t *number)
{
	if (*text == '\0')
		return 0;
	*number = 0;
	for (; *text != '\0'; text++) {
		int digit = digit_of(*text, base);

		if (digit < 0 || *number > (most - (unsigned)digit) / base)
			return 0;
		*number = *number * base + (unsigned)digit;
	}
	return 1;
}

static int read_natural(const char *text, uint64_t most, uint64_t *number)
{
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return read_digits(text + 2, 16, most, number);
	if (text[0] == '0' && text[1] != '\0')
		return 0;
	return read_digits(text, 10, most, number);
}

static void store(union di__scalar *value, size_t size, uint64_t bits)
{
	switch (size) {
	case 1:
		value->u8 = (uint8_t)bits;
		break;
	case 2:
		value->u16 = (uint16_t)bits;
		break;
	case 4:
		value->u32 = (uint32_t)bits;
		break;
	default:
		value->u64 = bits;
		break;
	}
}

static int read_integer(const char *text, const struct di_parameter *parameter,
			union di__scalar *value)
{
	int is_negative = parameter->kind == DI_VALUE_SIGNED && text[0] == '-';
	uint64_t most = greatest(parameter), number;

	if (is_negative && (text[1] == '0' || !read_natural(text + 1, most + 1, &number)))
		return 0;
	if (!is_negative && !read_natural(text, most, &number))
		return 0;
	store(value, parameter->type.size, is_negative ? 0 - number : number);
	return 1;
}

/* Of digits, with a fraction and an exponent: what means the same in every language. */
static int is_decimal(const char *text)
{
	const char *at = text + (*text == '-');
	size_t whole = strspn(at, "0123456789");

	if (whole == 0 || (whole > 1 && *at == '0'))
		return 0;
	at += whole;
	if (*at == '.') {
		size_t fraction = strspn(at + 1, "0123456789");

		if (fraction == 0)
			return 0;
		at += 1 + fraction;
	}
	if (*at == 'e' || *at == 'E') {
		at += 1 + (at[1] == '-' || at[1] == '+');
		if (strspn(at, "0123456789") == 0)
			return 0;
		at += strspn(at, "0123456789");
	}
	return *at == '\0';
}

/* strtod() reads the point of the program's locale. */
static int read_number(const char *text, double *number)
{
	const char *point = localeconv()->decimal_point, *dot = strchr(text, '.');
	char buffer[128];
	int length;

	if (dot == NULL || strcmp(point, ".") == 0)
		length = snprintf(buffer, sizeof(buffer), "%s", text);
	else
		length = snprintf(buffer, sizeof(buffer), "%.*s%s%s", (int)(dot - text), text,
				  point, dot + 1);
	if (length < 0 || (size_t)length >= sizeof(buffer))
		return 0;
	*number = strtod(buffer, NULL);
	return 1;
}

static int read_floating(const char *text, const struct di_parameter *parameter,
			 union di__scalar *value)
{
	int is_float = parameter->type.size == sizeof(float);
	double most = is_float ? (double)FLT_MAX : DBL_MAX, number;

	if (!is_decimal(text) || !read_number(text, &number) || number > most || number < -most)
		return 0;
	if (is_float)
		value->f = (float)number;
	else
		value->d = number;
	return 1;
}

static int read_bool(const char *text, union di__scalar *value)
{
	value->u8 = strcmp(text, "true") == 0;
	return value->u8 || strcmp(text, "false") == 0;
}

int di__literal_read(const char *text, const struct di_parameter *parameter,
		     union di__scalar *value)
{
	switch (parameter->kind) {
	case DI_VALUE_BOOL:
		return read_bool(text, value);
	case DI_VALUE_SIGNED:
	case DI_VALUE_UNSIGNED:
		return read_integer(text, parameter, value);
	case DI_VALUE_FLOATING:
		return read_floating(text, parameter, value);
	default:
		return 0;
	}
}

const char *di__literal_form(const struct di_parameter *parameter, char *buffer, size_t size)
{
	unsigned long long most = greatest(parameter);

	switch (parameter->kind) {
	case DI_VALUE_BOOL:
		return "true or false";
	case DI_VALUE_SIGNED:
		snprintf(buffer, size, "a whole number from -%llu to %llu", most + 1, most);
		return buffer;
	case DI_VALUE_UNSIGNED:
		snprintf(buffer, size, "a whole number from 0 to %llu", most);
		return buffer;
	default:
		return parameter->type.size == sizeof(float) ? "a number that a float has"
							     : "a number that a double has";
	}
}

/* ---- From one type to another. ---- */

int di__literal_fits(const struct di_parameter *given, const struct di_parameter *wanted)
{
	if (given->kind == wanted->kind)
		return given->type.size <= wanted->type.size;
	return given->kind == DI_VALUE_UNSIGNED && wanted->kind == DI_VALUE_SIGNED &&
	       given->type.size < wanted->type.size;
}

static uint64_t load(const union di__scalar *value, const struct di_parameter *parameter)
{
	int is_signed = parameter->kind == DI_VALUE_SIGNED;

	switch (parameter->type.size) {
	case 1:
		return is_signed ? (uint64_t)(int64_t)value->s8 : value->u8;
	case 2:
		return is_signed ? (uint64_t)(int64_t)value->s16 : value->u16;
	case 4:
		return is_signed ? (uint64_t)(int64_t)value->s32 : value->u32;
	default:
		return value->u64;
	}
}

void di__literal_convert(const void *from, const struct di_parameter *given,
			 union di__scalar *value, const struct di_parameter *wanted)
{
	union di__scalar read = { 0 };

	memcpy(&read, from, given->type.size);
	if (given->kind == DI_VALUE_FLOATING && given->type.size < wanted->type.size)
		value->d = (double)read.f;
	else if (given->kind == DI_VALUE_FLOATING)
		*value = read;
	else
		store(value, wanted->type.size, load(&read, given));
}
