/* SPDX-License-Identifier: MIT */
#include "providers/thread_singleton.h"

const struct di_kind di_thread_singleton = {
	.name = "thread_singleton",
	.home = DI_HOME_THREAD,
	.cached = 1,
	.eager = 0,
};
