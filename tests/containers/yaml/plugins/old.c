/* SPDX-License-Identifier: MIT */
#include "containers/exports.h"

/* A plug-in that was compiled against other headers. */

static const struct di_exports old_exports = { .abi = DI_ABI + 41,
					       .export_size = 8,
					       .name = "old" };

DI_EXPORTS_ENTRY(old_exports);
