/* SPDX-License-Identifier: MIT */
#include "samples/feed/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page *page_new(void)
{
	struct page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	page->body = calloc(1, 1);
	page->type = calloc(1, 1);
	if (page->body && page->type)
		return page;
	page_free(page);
	return NULL;
}

int page_append(struct page *page, const void *piece, size_t size, size_t most)
{
	char *body;

	if (size > most - page->size)
		return EFBIG;
	body = realloc(page->body, page->size + size + 1);
	if (!body)
		return ENOMEM;
	memcpy(body + page->size, piece, size);
	page->body = body;
	page->size += size;
	body[page->size] = '\0';
	return 0;
}

int page_set_type(struct page *page, const char *type)
{
	char *copy = strdup(type);

	if (!copy)
		return ENOMEM;
	free(page->type);
	page->type = copy;
	return 0;
}

void page_free(struct page *page)
{
	if (!page)
		return;
	free(page->type);
	free(page->body);
	free(page);
}

int page_save(const struct page *page, const char *path)
{
	FILE *file = fopen(path, "wb");
	int cause = 0;

	if (!file)
		return errno;
	if (fwrite(page->body, 1, page->size, file) != page->size)
		cause = errno;
	if (fclose(file) != 0 && cause == 0)
		cause = errno;
	return cause;
}
