/* SPDX-License-Identifier: MIT */
#include "samples/feed/report.h"
#include "samples/feed/feed.h"

#include <stdio.h>
#include <unistd.h>

static void clear_progress(const struct report *report)
{
	if (report->shows_progress)
		fputs("\r\033[K", stderr);
}

static void show_progress(const struct report *report)
{
	if (!report->shows_progress)
		return;
	fprintf(stderr, "%zu of %zu, %zu failed, %zu bytes", report->fetched, report->count,
		report->failed, report->bytes);
	fflush(stderr);
}

void report_begin(struct report *report, size_t count)
{
	*report = (struct report){ .count = count, .shows_progress = isatty(STDERR_FILENO) };
	show_progress(report);
}

/* The line is the flow's: whoever reports need not be told of what. */
static const char *name(void)
{
	return feed_name_get_or("?");
}

void report_page(struct report *report, const struct page *page)
{
	clear_progress(report);
	if (page->status < 400)
		report->fetched++;
	else
		report->failed++;
	report->bytes += page->size;
	printf("%ld %10zu bytes %7.3f s  %s\n", page->status, page->size, page->seconds, name());
	fflush(stdout);
	show_progress(report);
}

void report_failure(struct report *report, const struct di_error *error)
{
	char text[1024];

	clear_progress(report);
	report->failed++;
	printf("failed  %s: %s\n", name(), di_error_text(error, text, sizeof(text)));
	fflush(stdout);
	show_progress(report);
}

void report_cancelled(struct report *report)
{
	clear_progress(report);
	report->cancelled++;
	printf("cancelled  %s\n", name());
	fflush(stdout);
	show_progress(report);
}

void report_end(struct report *report)
{
	clear_progress(report);
	fprintf(stderr, "%zu fetched, %zu failed, %zu cancelled, %zu bytes\n", report->fetched,
		report->failed, report->cancelled, report->bytes);
}
