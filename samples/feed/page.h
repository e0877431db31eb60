/* SPDX-License-Identifier: MIT */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

/**
 * What was fetched.
 */

#include <stddef.h>

struct page {
	long status; /**< of HTTP: 200 */
	char *type;  /**< Content-Type, or "" */
	char *body;  /**< with a NUL behind it */
	size_t size; /**< without that */
	double seconds;
};

/** An empty page, or NULL. */
struct page *page_new(void);
/** Appends a piece of body. Returns 0, EFBIG (over most bytes in all) or ENOMEM. */
int page_append(struct page *page, const void *piece, size_t size, size_t most);
/** Sets the type, which is copied. Returns 0 or ENOMEM. */
int page_set_type(struct page *page, const char *type);
/** NULL is legal. */
void page_free(struct page *page);

/** Writes the body to a file, which is new or replaced. Returns 0 or an errno. It blocks. */
int page_save(const struct page *page, const char *path);

#endif
