/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Telling of faults: each to the caller's function, the first and the number of all to the error.
 */

static void count_fault(struct di_builder *builder, const char *provider, const char *text)
{
	builder->faults++;
	if (builder->faults > 1) {
		builder->error.more++;
		return;
	}
	di__fail(&builder->error, DI_EINVAL, NULL, "%s", text);
	di__copy_name(builder->error.provider, provider);
}

static void DI__PRINTF(3, 0)
	tell(struct di_builder *builder, struct di_fault fault, const char *text, va_list arguments)
{
	char written[512];

	vsnprintf(written, sizeof(written), text, arguments);
	fault.text = written;
	count_fault(builder, fault.provider, written);
	if (builder->report != NULL)
		builder->report(&fault, builder->data);
}

static const void *position_of(const struct di__built_row *row, enum di_row_part part,
			       uint32_t number)
{
	switch ((int)part) {
	case DI_PART_ARGUMENT:
		return number < row->arguments_count ? row->arguments[number].at : row->at;
	case DI_PART_MEMBER:
		return number < row->members_count ? row->members[number].at : row->at;
	case DI_PART_VALUE:
		return row->value != NULL ? row->value->at : row->at;
	default:
		return row->at;
	}
}

void di__report(struct di_builder *builder, enum di_fault_kind kind,
		const struct di__built_row *row, enum di_row_part part, uint32_t number,
		const char *text, ...)
{
	struct di_fault fault = { .kind = kind, .part = part, .number = number, .provider = "" };
	va_list arguments;

	if (row != NULL) {
		fault.provider = row->name->text;
		fault.row_at = row->at;
		fault.at = position_of(row, part, number);
	}
	va_start(arguments, text);
	tell(builder, fault, text, arguments);
	va_end(arguments);
}

void di__report_scope(struct di_builder *builder, enum di_fault_kind kind,
		      const struct di__made_scope *scope, const char *text, ...)
{
	struct di_fault fault = { .kind = kind, .part = DI_PART_SCOPE, .provider = "" };
	va_list arguments;

	fault.row_at = fault.at = scope->at;
	va_start(arguments, text);
	tell(builder, fault, text, arguments);
	va_end(arguments);
}

const char *di__article(const char *word)
{
	return word[0] != '\0' && strchr("aeiou", word[0]) != NULL ? "an" : "a";
}

struct di__hint di__hint(struct di_builder *builder, const char *text, di__fits_fn *fits,
			 const void *data)
{
	const struct di__name *nearest =
		di__names_nearest(&builder->names, text, fits, data, &builder->budget);
	struct di__hint hint = { "" };

	if (nearest != NULL)
		snprintf(hint.text, sizeof(hint.text), "; did you mean %s?", nearest->text);
	return hint;
}

const char *di_fault_name(enum di_fault_kind kind)
{
	static const char *const names[] = {
#define NAME(name_, text_) [name_] = #name_,
		DI_FAULT_MAP(NAME)
#undef NAME
	};

	return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "DI_FAULT_?";
}
