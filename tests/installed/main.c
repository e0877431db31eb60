/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <stdio.h>

/* Also compiled as C++: it keeps to what both languages have. */
int main(void)
{
	struct di_error err;
	struct di_container *container = di_container_new(&app, NULL, &err);
	struct di_context *request;
	int counted;

	if (container == NULL)
		return 1;
	request = di_context_open(di_container_root(container), &di_scope_request, &err);
	if (request == NULL)
		return 2;
	counted = app_count(request, &err);
	if (counted != 42 || counters_alive() != 1)
		return 3;
	if (di_context_close(request, DI_DONE, &err) != DI_OK || counters_alive() != 0)
		return 4;
	if (di_container_free(container, &err) != DI_OK)
		return 5;
	printf("counted to %d\n", counted);
	return 0;
}
