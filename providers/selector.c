/* SPDX-License-Identifier: MIT */
#include "providers/selector.h"

#include "di/internal.h"

#include <stdio.h>
#include <string.h>

/* Writes `"a", "b"`, as far as there is room. */
static void list_keys(const struct di_provider *provider, char *buffer, size_t size)
{
	const struct di_choice *choice = provider->object;
	size_t used = 0;
	uint32_t i;

	for (i = 0; i < provider->options_count && used < size; i++) {
		int length = snprintf(buffer + used, size - used, "%s\"%s\"", i > 0 ? ", " : "",
				      choice->keys[i]);

		used += length > 0 ? (size_t)length : 0;
	}
}

static const struct di_provider *choose_by_key(const struct di_provider *provider,
					       void *const *args, struct di_error *err)
{
	const struct di_choice *choice = provider->object;
	const char *key = choice->choose(args);
	char keys[128];
	uint32_t i;

	for (i = 0; key != NULL && i < provider->options_count; i++) {
		if (strcmp(key, choice->keys[i]) == 0)
			return provider->needs[provider->needs_count + i];
	}
	list_keys(provider, keys, sizeof(keys));
	if (key == NULL)
		di__fail(err, DI_ENOVALUE, provider, "%s chose nothing; the keys are %s",
			 provider->constructor, keys);
	else
		di__fail(err, DI_ENOVALUE, provider, "%s chose \"%s\"; the keys are %s",
			 provider->constructor, key, keys);
	return NULL;
}

const struct di_kind di_selector = {
	.name = "selector",
	.home = DI_HOME_ASKED,
	.cached = 0,
	.choose = choose_by_key,
};
