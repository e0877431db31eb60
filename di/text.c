/* SPDX-License-Identifier: MIT */
#include "di/text.h"

#include <stdarg.h>
#include <stdio.h>

void di__text_append(struct di__text *text, const char *format, ...)
{
	size_t room = text->length < text->size ? text->size - text->length : 0;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(room > 0 ? text->buffer + text->length : NULL, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->length += (size_t)length;
}
