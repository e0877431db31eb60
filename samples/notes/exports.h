/* SPDX-License-Identifier: MIT */
#ifndef NOTES_EXPORTS_H
#define NOTES_EXPORTS_H

/**
 * What a YAML file may name of the service.
 */

#include <containers/exports.h>

DI_EXPORTS_DECLARE(notes_exports);

#endif
