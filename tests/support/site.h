/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_SITE_H
#define DI_TESTS_SITE_H

/**
 * Three containers, compiled apart: site connects storage and web, web connects storage. And a
 * fixture with one instance of each.
 *
 *     static void setup(void)
 *     {
 *             site_begin();
 *     }
 *     tcase_add_checked_fixture(tcase, setup, site_end);
 */

#include "tests/support/fixture.h"
#include "tests/support/storage.h"
#include "tests/support/web.h"

int site_cache_new(struct part **out, struct part *store, struct part *router);
int site_mail_new(struct part **out, struct part *server);
int site_title_new(struct part **out, const char *name);
int site_unit_new(struct part **out, struct part *session, struct part *visit);
int site_page_new(struct part **out, struct part *unit, struct part *query);

/* clang-format off */
#define SITE(X) \
	X(singleton,        site_cache, struct part, (site_cache_new, storage_store, web_router),      site_part_end) \
	X(resource,         site_mail,  struct part, (site_mail_new, web_server),                      site_part_end) \
	X(singleton,        site_title, struct part, (site_title_new, DI_FIELD(storage_config, name)), site_part_end) \
	X(context_resource, site_unit,  struct part, (site_unit_new, storage_session, web_visit),      site_part_end, request) \
	X(factory,          site_page,  struct part, (site_page_new, site_unit, storage_query),        site_part_end)
/* clang-format on */

DI_CONTAINER_DECLARE(site, SITE, storage, web);

/** Made by site_begin() with the counting allocator; the site is `container`, its root `root`. */
extern struct di_container *storage_container, *web_container;
extern struct di_context *storage_root, *web_root;

/** Makes the three. */
void site_begin(void);
/** Makes only storage and web, for tests that make a site themselves. */
void site_begin_connected(void);
/** Makes a site of the two, which may not fail: for the fixture the allocator is `memory`. */
struct di_container *site_new(const struct di_allocator *allocator);
/** Frees what the test has not, and checks that all memory was given back. */
void site_end(void);

#endif
