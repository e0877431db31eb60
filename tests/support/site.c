/* SPDX-License-Identifier: MIT */
#include "tests/support/site.h"

struct di_container *storage_container, *web_container;
struct di_context *storage_root, *web_root;

int site_cache_new(struct part **out, struct part *store, struct part *router)
{
	return part_new(out, "cache", (struct part *const[]){ store, router, NULL });
}

int site_mail_new(struct part **out, struct part *server)
{
	return part_new(out, "mail", (struct part *const[]){ server, NULL });
}

int site_title_new(struct part **out, const char *name)
{
	journal_write("title of %s", name);
	return part_new(out, "title", (struct part *const[]){ NULL });
}

int site_unit_new(struct part **out, struct part *session, struct part *visit)
{
	return part_new(out, "unit", (struct part *const[]){ session, visit, NULL });
}

int site_page_new(struct part **out, struct part *unit, struct part *query)
{
	return part_new(out, "page", (struct part *const[]){ unit, query, NULL });
}

static int site_part_end(struct part *part, enum di_outcome outcome)
{
	return part_end(part, outcome);
}

DI_CONTAINER_DEFINE(site, SITE);

struct di_container *site_new(const struct di_allocator *allocator)
{
	struct di_container *connected[] = { web_container, storage_container };
	struct di_options options = {
		.abi = DI_ABI, .allocator = allocator, .connected = connected, .connected_count = 2
	};
	struct di_container *made = di_container_new(&site, &options, &error);

	ck_assert_msg(made != NULL, "%s", error_text());
	return made;
}

void site_begin_connected(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &memory.allocator };

	parts_clear();
	failing_allocator_init(&memory);
	memset(&error, 0, sizeof(error));
	storage_container = di_container_new(&storage, &options, &error);
	ck_assert_msg(storage_container != NULL, "%s", error_text());
	options.connected = &storage_container;
	options.connected_count = 1;
	web_container = di_container_new(&web, &options, &error);
	ck_assert_msg(web_container != NULL, "%s", error_text());
	storage_root = di_container_root(storage_container);
	web_root = di_container_root(web_container);
}

void site_begin(void)
{
	site_begin_connected();
	container = site_new(&memory.allocator);
	root = di_container_root(container);
}

void site_end(void)
{
	memory.fail_always = 0;
	di_container_free(container, NULL);
	di_container_free(web_container, NULL);
	di_container_free(storage_container, NULL);
	container = web_container = storage_container = NULL;
	root = web_root = storage_root = NULL;
	parts_clear();
	failing_allocator_check(&memory);
}
