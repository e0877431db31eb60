/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_GATHERING_APP_H
#define DI_TESTS_GATHERING_APP_H

/** A container of threads' values that need what takes time; for one test file at a time. */

#include "tests/support/fixture.h"
#include "tests/support/later.h"

DI_LIST_TYPE(several, struct part);
DI_LAZY_TYPE(later_part, struct part);

static struct part config = { .name = "config", .alive = 1 };
static const char *chosen;
static const char *choose(struct part *hint)
{
	(void)hint;
	return chosen;
}

/* clang-format off */
#define APP(X) \
	X(object,           app_config, struct part, &config) \
	X(async_singleton,  app_base,   struct part, (base_new),                      base_end) \
	X(async_singleton,  app_feed,   struct part, (feed_new, app_config),          feed_end) \
	X(async_singleton,  app_spare,  struct part, (spare_new),                     spare_end) \
	X(async_factory,    app_line,   struct part, (line_new),                      line_end) \
	X(singleton,        app_mid,    struct part, (mid_new, app_feed),             mid_end) \
	X(singleton,        app_quick,  struct part, (quick_new),                     quick_end) \
	X(factory,          app_slip,   struct part, (slip_new, app_spare),           slip_end) \
	X(selector,         app_any,    struct part, (choose, app_quick), ("feed", app_feed), ("slip", app_slip)) \
	X(thread_singleton, app_view,   struct part, (view_new, app_base),            view_end) \
	X(thread_singleton, app_wide,   struct part, (wide_new, app_view, app_mid),   wide_end) \
	X(thread_singleton, app_deep,   struct part, (deep_new, app_wide, app_slip),  deep_end) \
	X(thread_singleton, app_picky,  struct part, (picky_new, app_any),            picky_end) \
	X(thread_singleton, app_wired,  struct part, (wired_new, app_line),           wired_end) \
	X(thread_singleton, app_fed,    struct part, (fed_new, app_feed),             fed_end) \
	X(list,             app_both,   struct several, app_fed, app_view) \
	X(lazy,             app_later,  struct later_part, app_spare, app) \
	X(thread_singleton, app_calm,   struct part, (calm_of, app_later),            calm_end) \
	X(factory,          app_note,   struct part, (note_new, app_view),            note_end) \
	X(context_resource, app_page,   struct part, (page_new, app_view),            page_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(base, app_base)
LATER_OF_1(feed, app_feed)
LATER(spare, app_spare)
LATER(line, app_line)
PART_OF_1(mid)
PART(quick)
PART_OF_1(slip)
PART_OF_1(view)
PART_OF_2(wide)
PART_OF_2(deep)
PART_OF_1(picky)
PART_OF_1(wired)
PART_OF_1(fed)
PART(calm)
PART_OF_1(note)
PART_OF_1(page)

static int calm_of(struct part **out, const struct later_part *spare)
{
	(void)spare;
	return calm_new(out);
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	chosen = "feed";
}

static struct di_get ask(const struct di_provider *provider)
{
	return di_get_async(root, provider, answer_take_any, &answer, &error);
}

#endif
